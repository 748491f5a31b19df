"""Whether S3 lets one see and read the files of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lake.commands.console.amounts import counted
from lake.commands.console.aws_account import Account, attempt, held_up, not_tried
from lake.commands.console.checks import Check
from lake.storage.s3 import place_of

KEYS_SEEN = 100
S3_SCHEMES = ("s3://", "s3a://", "s3n://")


def check_table_objects(account: Account) -> Iterator[Check]:
    """Leave in the account the location of the first file that is found."""
    if account.tables is None:
        yield held_up("s3:ListBucket, s3:GetObject")
        return
    location = next(filter(None, map(_location, account.tables)), None)
    if location is None:
        reason = "no table whose files are in S3" if account.tables else "no table"
        yield not_tried("s3:ListBucket, s3:GetObject", reason)
        return
    yield attempt("s3:ListBucket", lambda: _list(account, location))
    if account.file is None:
        yield not_tried("s3:GetObject", f"no file was found in {location}")
        return
    yield attempt("s3:GetObject", lambda: _read(account, account.file or location))


def _list(account: Account, location: str) -> str:
    place = place_of(location if location.endswith("/") else f"{location}/")
    answer = account.probe.ask(
        "s3", "list_objects_v2", location, Bucket=place.bucket, Prefix=place.key, MaxKeys=KEYS_SEEN
    )
    objects = answer.get("Contents", [])
    file = next((found["Key"] for found in objects if found["Size"] and not _is_hidden(found["Key"], place.key)), None)
    account.file = f"{place.root}{file}" if file else None
    return f"{location}: {counted(len(objects), 'object', more=bool(answer.get('IsTruncated')))}"


def _read(account: Account, location: str) -> str:
    place = place_of(location)
    account.probe.ask("s3", "get_object", location, Bucket=place.bucket, Key=place.key, Range="bytes=0-0")
    return location


def _location(table: dict[str, Any]) -> str | None:
    location = str(table.get("StorageDescriptor", {}).get("Location") or "")
    return location if location.startswith(S3_SCHEMES) else None


def _is_hidden(key: str, prefix: str) -> bool:
    """Say whether queries pass a file over, by its name or that of a folder."""
    return any(part.startswith(("_", ".")) for part in key.removeprefix(prefix).split("/"))
