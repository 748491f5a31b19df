"""Objects in S3 by boto3's own client, so that credentials, endpoints, regions and retries are exactly what boto3 makes of them.

A key is any text: `a//b`, `/a`, `a/` and `a/../b` are keys of their own, and none of them is a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lake.aws.faults import error_code
from lake.errors import LocationForbidden, StorageFailed
from lake.model import StoredObject
from lake.storage.s3_calls import ABSENT, BEYOND_END, CONFLICT, PRESENT, read_body, told, unless, was_retried
from lake.storage.s3_pages import PageReader

if TYPE_CHECKING:
    from lake.aws.connection import AwsConnection

KEYS_PER_DELETE = 1000
"""docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html"""

READ_ATTEMPTS = 4
"""Of an object whose body is cut off: botocore retries requests, not the reading of what they answer."""

CONFLICT_ATTEMPTS = 10
"""Of a put-if-absent that meets another one under way, which S3 answers with 409 until one of them is in."""

_LOCATION = re.compile(r"(s3[an]?://([^/]+))(?:/(.*))?", re.DOTALL)
_NOT_IN_XML = re.compile("[\x00-\x1f\ufffe\uffff]")


class Place(NamedTuple):
    """A location taken apart: `root` is all before the key."""

    root: str
    bucket: str
    key: str


class ObjectStorage:
    """Implements `lake.interfaces.Storage` for every bucket that the connection's credentials can reach.

    Errors of AWS are those of `lake.aws.faults`; what is neither connection nor rights is StorageFailed.
    Safe to share between threads.
    """

    listings_at_once = 16

    def __init__(self, connection: AwsConnection) -> None:
        self.connection = connection
        self._regions: dict[str, str] = {}

    def list_keys(self, prefix: str) -> Iterator[StoredObject]:
        """Yield locations that begin with `prefix` as it was written, page by page."""
        for objects, _ in self._pages(prefix):
            yield from objects

    def list_prefixes(self, prefix: str) -> Iterator[str]:
        return (found for found in self.list_level(prefix) if isinstance(found, str))

    def list_level(self, prefix: str) -> Iterator[StoredObject | str]:
        root = place_of(prefix).root
        for objects, answer in self._pages(prefix, Delimiter="/"):
            yield from objects
            for found in answer.get("CommonPrefixes", ()):
                yield root + found["Prefix"]

    def head(self, location: str) -> StoredObject | None:
        place = place_of(location)
        if not place.key:
            return None
        with self.translated(location):
            answer = unless(ABSENT, self.client.head_object, Bucket=place.bucket, Key=place.key)
        if answer is None:
            return None
        return StoredObject(
            location, answer["ContentLength"], answer["LastModified"].astimezone(UTC), answer.get("ETag")
        )

    def get_range(self, location: str, *, start: int = 0, length: int | None = None) -> bytes:
        place = object_of(location)
        if length == 0:
            if self.head(location) is None:
                raise StorageFailed(f"{location} is not there")
            return b""
        end = "" if length is None else start + length - 1
        part = {"Range": f"bytes={start}-{end}"} if start or length is not None else {}
        with self.translated(location):
            for attempt in range(READ_ATTEMPTS):
                answer = unless(BEYOND_END, self.client.get_object, Bucket=place.bucket, Key=place.key, **part)
                if answer is None:
                    return b""
                data = read_body(answer, last=attempt == READ_ATTEMPTS - 1)
                if data is not None:
                    return data
        raise AssertionError("the last attempt raises")

    def put(self, location: str, data: bytes, *, if_absent: bool = False, if_match: str | None = None) -> bool:
        place = object_of(location)
        condition = {"IfNoneMatch": "*"} if if_absent else {"IfMatch": if_match} if if_match is not None else {}
        with self.translated(location):
            for _ in range(CONFLICT_ATTEMPTS):
                refusal = self._refusal_of_put(place, data, condition)
                if refusal is None:
                    return True
                code = error_code(refusal)
                if if_match is not None and code in ABSENT:
                    return False
                if condition and code in PRESENT:
                    # A put that was sent again, its answer lost, may have met itself.
                    return was_retried(refusal) and self.get_range(location) == data
                if not condition or code not in CONFLICT:
                    break
            raise refusal

    def delete(self, locations: Iterable[str]) -> None:
        """Delete objects, 1,000 a call; those that S3 refuses are raised together, the others are gone."""
        rest = iter(locations)
        while batch := [object_of(location) for location in islice(rest, KEYS_PER_DELETE)]:
            by_bucket: dict[str, list[Place]] = {}
            for place in batch:
                by_bucket.setdefault(place.bucket, []).append(place)
            for bucket, places in by_bucket.items():
                self._delete(bucket, places)

    def download(self, location: str, path: Path) -> None:
        """Write an object to a new file: whole, or an error."""
        place = object_of(location)
        with self.translated(location):
            self.client.download_file(place.bucket, place.key, str(path))

    def upload(self, path: Path, location: str) -> None:
        """Put a file: the object appears whole, also where it is sent in parts."""
        place = object_of(location)
        with self.translated(location):
            self.client.upload_file(str(path), place.bucket, place.key)

    def download_many(self, targets: Mapping[str, Path], *, at_once: int = 16) -> Iterator[str]:
        """Download several at once; yield each location as it is there."""
        with ThreadPoolExecutor(max(1, min(at_once, len(targets)))) as pool:
            futures = {location: pool.submit(self.download, location, path) for location, path in targets.items()}
            try:
                for location, future in futures.items():
                    future.result()
                    yield location
            finally:
                for future in futures.values():
                    future.cancel()

    def region(self, bucket: str) -> str | None:
        """Return where a bucket is, as S3 told with a listing of it or tells now; None where it does not tell."""
        if bucket not in self._regions:
            from botocore.exceptions import ClientError

            with self.translated(f"s3://{bucket}"):
                try:
                    answer = self.client.head_bucket(Bucket=bucket)
                except ClientError as error:
                    # Refusals name the region too.
                    answer = error.response
            self._note_region(bucket, answer)
        return self._regions.get(bucket)

    @property
    def client(self) -> Any:
        """The client of boto3."""
        return self.connection.client("s3")

    @cached_property
    def _reader(self) -> PageReader:
        return PageReader(self.client)

    def translated(self, subject: str) -> AbstractContextManager[None]:
        """Raise what goes wrong in calls of boto3 in a lake's own errors, about `subject`."""
        return told(subject, self.connection.options.profile)

    def _pages(self, prefix: str, **more: Any) -> Iterator[tuple[list[StoredObject], Mapping[str, Any]]]:
        root, bucket, key = place_of(prefix)
        arguments = {"Bucket": bucket, "Prefix": key, **more}
        while True:
            with self.translated(prefix):
                objects, answer = self._reader.page(root, **arguments)
            self._note_region(bucket, answer)
            yield objects, answer
            if not answer.get("IsTruncated"):
                return
            token = answer.get("NextContinuationToken")
            if not token or token == arguments.get("ContinuationToken"):
                raise StorageFailed(
                    f"{prefix}: the endpoint does not say how its listing goes on", hint="check --endpoint-url"
                )
            arguments["ContinuationToken"] = token

    def _note_region(self, bucket: str, answer: Mapping[str, Any]) -> None:
        headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        region = headers.get("x-amz-bucket-region")
        if region:
            self._regions[bucket] = region

    def _refusal_of_put(self, place: Place, data: bytes, condition: Mapping[str, str]) -> Any:
        from botocore.exceptions import ClientError

        try:
            self.client.put_object(Bucket=place.bucket, Key=place.key, Body=data, **condition)
        except ClientError as error:
            return error
        return None

    def _delete(self, bucket: str, places: list[Place]) -> None:
        # A list of keys is sent as XML, which cannot hold all of them.
        plain = [place for place in places if not _NOT_IN_XML.search(place.key)]
        for place in places:
            if _NOT_IN_XML.search(place.key):
                with self.translated(f"{place.root}{place.key}"):
                    self.client.delete_object(Bucket=bucket, Key=place.key)
        if not plain:
            return
        keys = [{"Key": key} for key in dict.fromkeys(place.key for place in plain)]
        with self.translated(f"s3://{bucket}"):
            answer = self.client.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
        refused = answer.get("Errors", ())
        if refused:
            self._raise_refused(bucket, refused)

    def _raise_refused(self, bucket: str, refused: list[Mapping[str, str]]) -> None:
        from botocore.exceptions import ClientError

        first = refused[0]
        subject = f"s3://{bucket}/{first.get('Key', '')}"
        if len(refused) > 1:
            subject += f" and {len(refused) - 1} other objects"
        with self.translated(subject):
            raise ClientError(
                {"Error": {"Code": first.get("Code", ""), "Message": first.get("Message", "")}}, "DeleteObjects"
            )


def place_of(location: str) -> Place:
    """Take a location or prefix apart; raise LocationForbidden for what is not in S3."""
    found = _LOCATION.fullmatch(location)
    if found is None:
        raise LocationForbidden(f"{location!r} is no place in S3", hint="write s3://bucket/key")
    if not location.isascii():
        try:
            location.encode()
        except UnicodeEncodeError:
            raise LocationForbidden(f"{location!r} has no UTF-8 form") from None
    return Place(f"{found[1]}/", found[2], found[3] or "")


def object_of(location: str) -> Place:
    place = place_of(location)
    if not place.key:
        raise StorageFailed(f"{location} names a bucket; an object needs a key")
    return place
