"""What S3 refuses to DuckDB's own reader, told as if boto3 had asked: its words never leave, they may hold URLs and keys."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import duckdb
import pyarrow as pa

from lake.aws.faults import EXPIRED, translate
from lake.engine.faults import translate as translate_duckdb
from lake.engine.faults import translate_streamed
from lake.errors import ConnectionFailed, CredentialsFailed, DamagedFile, LakeError, StorageFailed
from lake.storage.s3 import place_of

CHANGED_HINT = "run the query again"
ENDPOINT_HINT = "check the network, that the endpoint is up and --endpoint-url is right"
UNREADABLE = "changed while it was read, or the endpoint does not answer as S3 does"

_REMOTE = re.compile(r"^(?:HTTP|IO) Error: .*(?:HTTP (?:GET|HEAD|POST|Error)|\bHTTP \d{3}|ETag)", re.DOTALL)
_STATUS = re.compile(r"HTTP (\d{3})")
_ANSWER = re.compile(r"^([A-Z][A-Za-z.]+): (.*)$", re.MULTILINE)
_PLACE = re.compile(r"""['"]((?:s3|https?)://[^'"]+)['"]""")
_REASON = re.compile(r"^IO Error: (.*?) error for HTTP")


def told(
    failure: Exception, locations: Sequence[str], copies: Mapping[str, str], profile: str | None
) -> LakeError | None:
    """Return what to raise for a failure that S3 is the reason of, or that names a copy; None for any other."""
    said = str(failure)
    if isinstance(failure, DamagedFile):
        return DamagedFile(_renamed(failure.message, copies), hint=failure.hint)
    if isinstance(failure, LakeError):
        return None
    if _REMOTE.search(said):
        return _refused(said, locations, profile)
    if isinstance(failure, UnicodeDecodeError):
        # DuckDB's error holds what was sent. Data are in it where their ETag is not the one that was seen first.
        which = locations[0] if len(locations) == 1 else f"one of {len(locations)} files, the first {locations[0]},"
        return StorageFailed(f"{which} {UNREADABLE}", hint=CHANGED_HINT)
    if not any(path in said for path in copies):
        return None
    found = (
        translate_duckdb(failure)
        if isinstance(failure, duckdb.Error)
        else translate_streamed(failure)
        if isinstance(failure, OSError | pa.ArrowException)
        else None
    )
    if found is not None:
        renamed = _renamed(found.message, copies)
        found.message, found.args = renamed, (renamed,)
    return found


def _refused(said: str, locations: Sequence[str], profile: str | None) -> LakeError:
    from botocore.exceptions import ClientError

    subject = _subject(said, locations)
    status = _STATUS.search(said)
    if "ETag" in said:
        return StorageFailed(f"{subject} changed while it was read", hint=CHANGED_HINT)
    if status is None:
        reason = _REASON.search(said)
        return ConnectionFailed(
            f"{subject}: {reason[1] if reason else 'the endpoint did not answer'}",
            hint=ENDPOINT_HINT,
        )
    code, words = _code(said)
    if status[1] == "404" and code != "NoSuchBucket":
        return StorageFailed(f"{subject} is not there any more", hint=CHANGED_HINT)
    if code in EXPIRED:
        return CredentialsFailed(
            f"{subject}: the credentials expired while the query ran",
            hint="run it again, with new ones unless the profile renews them by itself",
        )
    answer: Any = {
        "Error": {"Code": code or status[1], "Message": words},
        "ResponseMetadata": {"HTTPStatusCode": int(status[1])},
    }
    return translate(ClientError(answer, "GetObject"), subject, profile=profile, failure=StorageFailed)


def _code(said: str) -> tuple[str, str]:
    for found in _ANSWER.finditer(said):
        if found[1] not in ("HTTP", "IO"):
            return found[1], found[2]
    return "", ""


def _subject(said: str, locations: Sequence[str]) -> str:
    found = _PLACE.search(said)
    if found is not None:
        shown = found[1].partition("?")[0]
        if shown.startswith("s3://"):
            return shown
        path = unquote(urlsplit(found[1]).path)
        for location in locations:
            if path.endswith(f"/{place_of(location).key}"):
                return location
    return locations[0] if locations else "S3"


def _renamed(message: str, copies: Mapping[str, str]) -> str:
    for path, location in copies.items():
        message = message.replace(path, location)
    return message
