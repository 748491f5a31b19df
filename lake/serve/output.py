"""Where result objects go: S3, or the storage of a lake that has no S3."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from lake.errors import LakeError, StorageFailed
from lake.interfaces import Storage
from lake.serve.refusals import invalid

PUT_AT_ONCE = 64 * 1024 * 1024
"""Larger objects go in parts."""

ENCRYPTIONS = {"SSE_S3": "AES256", "SSE_KMS": "aws:kms"}
BINARY, OCTETS = "binary/octet-stream", "application/octet-stream"


@dataclass(frozen=True, slots=True)
class ResultObject:
    """`settings` is the ResultConfiguration that the object is written under."""

    location: str
    content: Path | bytes
    content_type: str = OCTETS
    settings: dict[str, Any] = field(default_factory=dict, hash=False)


class Output(Protocol):
    def check(self, location: str) -> None:
        """Raise Refused when nothing can be written below a location."""
        ...

    def put(self, item: ResultObject) -> None:
        """Write an object; raise StorageFailed."""
        ...


class S3Output:
    """Remembers the buckets it has seen, so that only the first query to one waits for S3."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._seen: set[str] = set()
        self._lock = threading.Lock()

    def check(self, location: str) -> None:
        bucket, _ = split_location(location)
        with self._lock:
            if bucket in self._seen:
                return
        try:
            self._client.head_bucket(Bucket=bucket)
        except (ClientError, BotoCoreError) as error:
            raise invalid(f"Unable to verify/create output bucket {bucket}") from error
        with self._lock:
            self._seen.add(bucket)

    def put(self, item: ResultObject) -> None:
        bucket, key = split_location(item.location)
        extra = {"ContentType": item.content_type, **_encryption(item.settings)}
        try:
            if isinstance(item.content, bytes):
                self._client.put_object(Bucket=bucket, Key=key, Body=item.content, **extra)
            elif item.content.stat().st_size > PUT_AT_ONCE:
                self._client.upload_file(str(item.content), bucket, key, ExtraArgs=extra)
            else:
                with item.content.open("rb") as body:
                    self._client.put_object(Bucket=bucket, Key=key, Body=body, **extra)
        except (ClientError, BotoCoreError) as error:
            raise StorageFailed(f"the result could not be written to {item.location}: {error}") from error


class LakeOutput:
    """Writes into the lake's own bucket."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def check(self, location: str) -> None:
        bucket, _ = split_location(location)
        try:
            self._storage.head(f"s3://{bucket}/")
        except LakeError as error:
            raise invalid(f"Unable to verify/create output bucket {bucket}") from error

    def put(self, item: ResultObject) -> None:
        content = item.content if isinstance(item.content, bytes) else item.content.read_bytes()
        self._storage.put(item.location, content)


def split_location(location: str) -> tuple[str, str]:
    """Return bucket and key of a URL."""
    bucket, _, key = location.removeprefix("s3://").partition("/")
    return bucket, key


def _encryption(settings: dict[str, Any]) -> dict[str, str]:
    extra = {}
    chosen = settings.get("EncryptionConfiguration", {})
    if chosen.get("EncryptionOption") in ENCRYPTIONS:
        extra["ServerSideEncryption"] = ENCRYPTIONS[chosen["EncryptionOption"]]
        if chosen["EncryptionOption"] == "SSE_KMS" and "KmsKey" in chosen:
            extra["SSEKMSKeyId"] = chosen["KmsKey"]
    if settings.get("AclConfiguration", {}).get("S3AclOption") == "BUCKET_OWNER_FULL_CONTROL":
        extra["ACL"] = "bucket-owner-full-control"
    if "ExpectedBucketOwner" in settings:
        extra["ExpectedBucketOwner"] = settings["ExpectedBucketOwner"]
    return extra
