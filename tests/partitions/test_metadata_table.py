"""A table of S3 Metadata in the place of a listing: the same plan, by every engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

import lake
from lake.errors import UsageError
from lake.partitions.survey.metadata_table import open_metadata_table
from tests.lakes import put

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SCHEMA = pa.schema(
    {
        "bucket": pa.string(),
        "key": pa.string(),
        "sequence_number": pa.string(),
        "version_id": pa.string(),
        "is_delete_marker": pa.bool_(),
        "size": pa.int64(),
        "last_modified_date": pa.timestamp("us"),
    }
)
Version = tuple[str, str, str, bool, int | None]


def write_inventory(db: lake.Lake, versions: list[Version]) -> None:
    """Have a table tell of bucket, key, sequence number, whether it is a deletion, size."""
    db.query("CREATE DATABASE IF NOT EXISTS meta LOCATION 's3://lake/meta/'")
    rows = [
        {"bucket": bucket, "key": key, "sequence_number": number, "version_id": number, "is_delete_marker": gone, "size": size,
         "last_modified_date": NOW.replace(tzinfo=None)}
        for bucket, key, number, gone, size in versions
    ]  # fmt: skip
    db.write(pa.Table.from_pylist(rows, SCHEMA), "meta.inventory")


@pytest.mark.everywhere
def test_the_plan_is_that_of_a_listing(db: lake.Lake) -> None:
    db.query("CREATE EXTERNAL TABLE t (id string) PARTITIONED BY (dt string, hour int) LOCATION 's3://lake/t/'")
    names = ["dt=1/hour=1/a b+c", "dt=Zürich/hour=2/ä", "dt=a%3Ab/hour=3/x", "dt=1/hour=1/_SUCCESS", "junk/y"]
    for name in names:
        put(db, f"s3://lake/t/{name}", "data")
    versions: list[Version] = [("lake", f"t/{name}", "2", False, 4) for name in names]
    versions += [("lake", "t/dt=1/hour=1/a b+c", "1", True, None), ("lake", "t/dt=old/hour=1/a", "1", False, 4)]
    versions += [("lake", "t/dt=old/hour=1/a", "2", True, None), ("other", "t/dt=5/hour=5/a", "1", False, 4)]
    versions += [("lake", "t0/dt=6/hour=6/a", "1", False, 4), ("lake", "s/dt=6/hour=6/a", "1", False, 4)]
    write_inventory(db, versions)
    plan, listed = db.partitions.plan_repair("t", inventory="meta.inventory"), db.partitions.plan_repair("t")
    assert (plan.changes, plan.skipped) == (listed.changes, listed.skipped)
    assert [change.values for change in plan.changes] == [("1", "1"), ("Zürich", "2"), ("a:b", "3")]


@pytest.mark.everywhere
def test_what_was_registered_within_the_last_hour_is_not_judged(db: lake.Lake) -> None:
    db.query("CREATE EXTERNAL TABLE t (id string) PARTITIONED BY (dt string) LOCATION 's3://lake/t/'")
    put(db, "s3://lake/t/dt=1/a", "data")
    db.partitions.repair("t")
    write_inventory(db, [("lake", "t/dt=2/a", "1", False, 4)])
    plan = db.partitions.plan_repair("t", inventory="meta.inventory")
    assert [(change.kind, change.values) for change in plan.changes] == [("add", ("2",))]
    assert "1 registered since are not judged" in plan.notes[0]


class Asked:
    """Answers nothing and keeps what was asked."""

    def __init__(self) -> None:
        self.queries: list[tuple[str, Mapping[str, str]]] = []

    def __call__(self, sql: str, values: Mapping[str, str]) -> Any:
        self.queries.append((sql, values))
        return self

    def batches(self) -> list[pa.RecordBatch]:
        return []


def test_the_buckets_own_table_is_asked_between_the_bounds_of_each_prefix() -> None:
    asked = Asked()
    table = open_metadata_table(asked, "s3-metadata", NOW)
    assert table.made_at == NOW - timedelta(hours=1)
    assert list(table.objects(["s3://web-logs/in/", "s3://other/"])) == []
    assert [values for _, values in asked.queries] == [
        {"bucket": "web-logs", "first": "in/", "end": "in0"},
        {"bucket": "other", "first": "", "end": "\U0010ffff"},
    ]
    assert 'FROM "s3tablescatalog/aws-s3"."b_web-logs"."inventory"\n' in asked.queries[0][0]


@pytest.mark.parametrize("name", ["", "a b", "a.b.c.d", "a; DROP TABLE x", '"a', "a.", "s3://lake/x.csv"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is no inventory"):
        open_metadata_table(Asked(), name, NOW)
