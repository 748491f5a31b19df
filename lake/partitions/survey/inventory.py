"""S3 Inventory in the place of a listing: a manifest, and files in CSV, ORC or Parquet with a row a key.

docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from lake.errors import DamagedFile, UsageError
from lake.interfaces import Storage
from lake.model import StoredObject

NEEDED = ("key", "size")
ROWS_AT_ONCE = 50_000
HINT = "give the manifest.json that S3 Inventory wrote, with the fields Key and Size"

Row = tuple[str, int]


@dataclass(frozen=True)
class Inventory:
    """What lay in one bucket at one time."""

    bucket: str
    made_at: datetime
    form: str
    fields: tuple[str, ...]
    files: tuple[str, ...]
    location: str

    def objects(self, storage: Storage, roots: Collection[str]) -> Iterator[StoredObject]:
        """Yield the objects below some roots, old versions and delete markers left out; raise UsageError for another bucket."""
        wanted: dict[str, list[str]] = {}
        for root in roots:
            bucket, prefix = split_root(root)
            if bucket.partition("://")[2] != f"{self.bucket}/":
                raise UsageError(f"{self.location} is of bucket {self.bucket!r}, and {root} is not in it", hint=HINT)
            wanted.setdefault(bucket, []).append(prefix)
        below = [(bucket, tuple(prefixes)) for bucket, prefixes in wanted.items()]
        read = {"csv": _csv_rows, "orc": _columnar_rows, "parquet": _columnar_rows}[self.form]
        for file in self.files:
            for key, size in read(self, storage, file):
                for bucket, prefixes in below:
                    if key.startswith(prefixes):
                        yield StoredObject(bucket + key, size, self.made_at)


def split_root(root: str) -> tuple[str, str]:
    """Cut `s3://bucket/prefix/` (or s3a, s3n, as a table may say) into its bucket's URL and what keys begin with."""
    scheme, _, rest = root.partition("://")
    bucket, _, prefix = rest.partition("/")
    return f"{scheme}://{bucket}/", prefix


def open_inventory(storage: Storage, location: str) -> Inventory:
    """Read a manifest; raise UsageError for what is none, and what `get_range` raises."""
    text = storage.get_range(location)
    try:
        document = json.loads(text)
        destination = document["destinationBucket"].rpartition(":")[2]
        made_at = datetime.fromtimestamp(int(document["creationTimestamp"]) / 1000, UTC)
        form = document["fileFormat"].lower()
        fields = _fields(form, document.get("fileSchema", ""))
        files = tuple(f"s3://{destination}/{each['key']}" for each in document["files"])
        inventory = Inventory(document["sourceBucket"], made_at, form, fields, files, location)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{location} is no manifest of an inventory: {error}", hint=HINT) from error
    if form not in ("csv", "orc", "parquet"):
        raise UsageError(f"{location} is of format {document['fileFormat']}", hint="CSV, ORC and Parquet are read")
    missing = [name for name in NEEDED if form == "csv" and name not in fields]
    if missing:
        raise UsageError(f"{location} has no field {missing[0]!r}", hint=HINT)
    return inventory


def _fields(form: str, schema: str) -> tuple[str, ...]:
    return tuple(_plain(name) for name in schema.split(",")) if form == "csv" else ()


def _plain(name: str) -> str:
    return name.strip().replace("_", "").lower()


def _csv_rows(inventory: Inventory, storage: Storage, file: str) -> Iterator[Row]:
    """Read gzipped CSV, whose keys are URL-coded."""
    data = storage.get_range(file)
    places = {name: place for place, name in enumerate(inventory.fields)}
    key, size = places["key"], places["size"]
    latest, marker = places.get("islatest"), places.get("isdeletemarker")
    try:
        raw = gzip.GzipFile(fileobj=io.BytesIO(data)) if data[:2] == b"\x1f\x8b" else io.BytesIO(data)
        for row in csv.reader(io.TextIOWrapper(raw, "utf-8", newline="")):
            if _is_current(row, latest, marker):
                yield unquote_plus(row[key]), int(row[size] or 0)
    except (OSError, EOFError, ValueError, IndexError, csv.Error) as error:
        raise DamagedFile(f"{file} cannot be read: {error}") from error


def _is_current(row: Sequence[str], latest: int | None, marker: int | None) -> bool:
    if latest is not None and row[latest].lower() == "false":
        return False
    return marker is None or row[marker].lower() != "true"


def _columnar_rows(inventory: Inventory, storage: Storage, file: str) -> Iterator[Row]:
    """Read ORC or Parquet, batch by batch, from a temporary file; keys stand there as they are."""
    import pyarrow as pa

    with tempfile.NamedTemporaryFile() as copy:
        copy.write(storage.get_range(file))
        copy.flush()
        try:
            for columns in _BATCHES[inventory.form](copy.name):
                yield from _current_rows(columns, file)
        except (pa.ArrowException, OSError) as error:
            raise DamagedFile(f"{file} cannot be read: {error}") from error


def _current_rows(columns: Mapping[str, Any], file: str) -> Iterator[Row]:
    for name in NEEDED:
        if name not in columns:
            raise UsageError(f"{file} has no column {name!r}", hint=HINT)
    rows: Iterable[Row] = zip(columns["key"], (size or 0 for size in columns["size"]), strict=True)
    latest, marker = columns.get("islatest"), columns.get("isdeletemarker")
    for place, row in enumerate(rows):
        if (latest is None or latest[place] is not False) and (marker is None or marker[place] is not True):
            yield row


def _parquet_batches(path: str) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        wanted = [name for name in file.schema_arrow.names if _plain(name) in _READ]
        for batch in file.iter_batches(ROWS_AT_ONCE, columns=wanted):
            yield {_plain(name): batch.column(name).to_pylist() for name in wanted}


def _orc_batches(path: str) -> Iterator[dict[str, Any]]:
    from pyarrow import orc

    file = orc.ORCFile(path)
    wanted = [name for name in file.schema.names if _plain(name) in _READ]
    for stripe in range(file.nstripes):
        batch = file.read_stripe(stripe, columns=wanted)
        yield {_plain(name): batch.column(name).to_pylist() for name in wanted}


_READ = frozenset({"key", "size", "islatest", "isdeletemarker"})
_BATCHES: Mapping[str, Callable[[str], Iterator[dict[str, Any]]]] = {"parquet": _parquet_batches, "orc": _orc_batches}
