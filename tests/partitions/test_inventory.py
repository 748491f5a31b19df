"""S3 Inventory in the place of a listing: the same plan, from each of its formats."""

from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import orc

from lake.errors import DamagedFile, StorageFailed, UsageError
from lake.model import StorageDescriptor
from lake.partitions import Partitions
from lake.partitions.survey.inventory import open_inventory
from tests.partitions.conftest import Pair
from tests.partitions.tables import DESCRIPTOR, LOCATION, partitioned_by

MADE = datetime(2026, 1, 2, tzinfo=UTC)
MANIFEST = "s3://lake/inventory/manifest.json"
HOURLY = partitioned_by(dt="string", hour="int")
SCHEMA = "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate"
Rows = list[tuple[str, int, bool, bool]]


def as_csv(rows: Rows) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for key, size, latest, marker in rows:
        writer.writerow(
            ["lake", quote(key), "", str(latest).lower(), str(marker).lower(), size, "2026-01-01T00:00:00Z"]
        )
    return gzip.compress(text.getvalue().encode())


def as_table(rows: Rows) -> pa.Table:
    keys, sizes, latest, markers = map(list, zip(*rows, strict=True))
    return pa.table(
        {"bucket": ["lake"] * len(keys), "key": keys, "is_latest": latest, "is_delete_marker": markers, "size": sizes}
    )


def as_parquet(rows: Rows) -> bytes:
    stream = io.BytesIO()
    pq.write_table(as_table(rows), stream)
    return stream.getvalue()


def as_orc(rows: Rows) -> bytes:
    stream = io.BytesIO()
    orc.write_table(as_table(rows), stream)
    return stream.getvalue()


FORMS: dict[str, Any] = {"CSV": as_csv, "Parquet": as_parquet, "ORC": as_orc}


def put_inventory(pair: Pair, form: str, rows: Rows, **others: Any) -> None:
    half = len(rows) // 2
    files = {f"inventory/data/{number}": part for number, part in enumerate((rows[:half], rows[half:]))}
    for key, part in files.items():
        pair.storage.put(f"s3://lake/{key}", FORMS[form](part))
    document = {
        "sourceBucket": "lake",
        "destinationBucket": "arn:aws:s3:::lake",
        "version": "2016-11-30",
        "creationTimestamp": str(int(MADE.timestamp() * 1000)),
        "fileFormat": form,
        "fileSchema": SCHEMA if form == "CSV" else "message s3.inventory { … }",
        "files": [{"key": key, "size": 1, "MD5checksum": ""} for key in files],
    }
    pair.storage.put(MANIFEST, json.dumps(document | others).encode())


@pytest.mark.parametrize("form", FORMS)
def test_the_same_plan_comes_out_of_an_inventory(form: str, pair: Pair) -> None:
    table = pair.create(HOURLY)
    names = ["dt=1/hour=1/a b+c", "dt=Zürich/hour=2/ä", "dt=a%3Ab/hour=3/x", "dt=1/hour=1/_SUCCESS", "junk/y"]
    pair.put(*(LOCATION + name for name in names))
    rows = [(f"web/clicks/{name}", 4, True, False) for name in names]
    rows += [("web/clicks/dt=old/hour=1/a", 4, False, False), ("web/clicks/dt=gone/hour=1/a", 0, True, True)]
    rows += [("web/clicks_too/dt=1/hour=9/a", 4, True, False), ("web/clicks/dt=5/hour=5/", 0, True, False)]
    put_inventory(pair, form, rows)
    partitions = Partitions(pair.catalog, pair.storage, pair.clock, lambda name: table)
    plan, listed = partitions.plan_repair("clicks", inventory=MANIFEST), partitions.plan_repair("clicks")
    assert (plan.changes, plan.skipped) == (listed.changes, listed.skipped)
    assert [change.values for change in plan.changes] == [("1", "1"), ("Zürich", "2"), ("a:b", "3")]


def test_what_was_registered_since_is_not_judged_and_said(tmp_path: Path, pair: Pair) -> None:
    table = pair.create(HOURLY)
    pair.put(LOCATION + "dt=1/hour=1/a")
    pair.repair(table)
    put_inventory(pair, "CSV", [("web/clicks/dt=2/hour=1/a", 4, True, False)] * 2)
    partitions = Partitions(pair.catalog, pair.storage, pair.clock, lambda name: table)
    plan = partitions.plan_repair("clicks", inventory=MANIFEST)
    created = next(iter(pair.catalog.list_partitions(table))).created_at
    if created is None or created < MADE:
        assert [change.kind for change in plan.changes] == ["drop", "add"]
    else:
        assert [change.kind for change in plan.changes] == ["add"]
        assert "older than the newest partition" in plan.notes[0]


@pytest.mark.parametrize(
    ("others", "message"),
    [
        ({"fileFormat": "XML"}, "is of format XML"),
        ({"fileSchema": "Bucket, Key"}, "has no field 'size'"),
        ({"files": None}, "is no manifest"),
        ({"creationTimestamp": "soon"}, "is no manifest"),
        ({"sourceBucket": "other"}, "is not in it"),
    ],
)
def test_what_is_no_manifest_is_told(others: dict[str, Any], message: str, pair: Pair) -> None:
    put_inventory(pair, "CSV", [("a", 1, True, False)] * 2, **others)
    with pytest.raises(UsageError, match=message):
        list(open_inventory(pair.storage, MANIFEST).objects(pair.storage, [LOCATION]))


def test_a_file_that_is_damaged_or_absent_is_told(pair: Pair) -> None:
    for form in FORMS:
        put_inventory(pair, form, [("a", 1, True, False)] * 2)
        pair.storage.put("s3://lake/inventory/data/1", b"\x1f\x8bdamaged")
        with pytest.raises(DamagedFile, match="data/1"):
            list(open_inventory(pair.storage, MANIFEST).objects(pair.storage, [LOCATION]))
    with pytest.raises(StorageFailed):
        open_inventory(pair.storage, "s3://lake/absent.json")


def test_columns_in_files_are_compared(tmp_path: Path, pair: Pair) -> None:
    table = pair.create(HOURLY)
    files = {
        1: pa.table({"visitor": ["a"]}),
        2: pa.table({"visitor": [1]}),
        3: pa.table({"visitor": ["a"], "more": [1.5], "dt": ["1"]}),
        4: pa.table({"guest": ["a"]}),
    }
    for hour, columns in files.items():
        stream = io.BytesIO()
        pq.write_table(columns, stream)
        pair.storage.put(f"{LOCATION}dt=1/hour={hour}/x.parquet", stream.getvalue())
    pair.storage.put(f"{LOCATION}dt=1/hour=5/x.parquet", b"no parquet at all")
    pair.repair(table)
    partitions = Partitions(pair.catalog, pair.storage, pair.clock, lambda name: table)
    plan = partitions.plan_repair("clicks", footers=True)
    assert [(change.values[1], change.safe, change.reason) for change in plan.skipped] == [
        ("2", False, "x.parquet: column 'visitor' is bigint in the file and string in the table"),
        ("3", True, "x.parquet: column 'more' is not in the table"),
        ("4", False, "x.parquet: column 'guest' is not in the table; the table has 'visitor' more"),
        ("5", False, f"{LOCATION}dt=1/hour=5/x.parquet is no Parquet"),
    ]
    assert partitions.plan_repair("clicks").skipped == ()


def test_of_a_table_that_is_no_parquet_no_columns_are_compared(pair: Pair) -> None:
    text = StorageDescriptor(columns=DESCRIPTOR.columns, input_format="org.apache.hadoop.mapred.TextInputFormat")
    table = pair.create(replace(HOURLY, descriptor=text))
    pair.put(f"{LOCATION}dt=1/hour=1/a")
    pair.repair(table)
    plan = Partitions(pair.catalog, pair.storage, pair.clock, lambda name: table).plan_repair("clicks", footers=True)
    assert (plan.changes, plan.skipped) == ((), ())
    assert plan.notes == ("its files are no Parquet, whose columns alone are compared",)
