"""Partition keys: values as Hive writes them, folders, tables that exist, and which keys a table can have."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lake.errors import WriteRefused
from lake.model import NULL_PARTITION, Column, Partition, Table
from lake.write.target import parquet_descriptor
from tests.write.place import Place, moment

KEYS = [
    (pa.string(), ["a b", "ä/ö=%", None], "string", ["a b", "ä/ö=%", NULL_PARTITION]),
    (pa.int8(), [7, -7, None], "tinyint", ["7", "-7", NULL_PARTITION]),
    (pa.uint32(), [0, 2**32 - 1], "bigint", ["0", "4294967295"]),
    (pa.date32(), [dt.date(2026, 1, 1), dt.date(33, 1, 1)], "date", ["2026-01-01", "0033-01-01"]),
    (pa.bool_(), [True, False], "boolean", ["true", "false"]),
    (pa.decimal128(20, 10), [Decimal("1E-10"), Decimal("1.5")], "decimal(20,10)", ["0.0000000001", "1.5000000000"]),
    (
        pa.timestamp("ns", "Asia/Kathmandu"),
        [moment(2026, 1, 1), moment(2026, 1, 1, 5, 45, 10, 120000)],
        "timestamp",
        ["2025-12-31 18:15:00", "2026-01-01 00:00:10.12"],
    ),
]


@pytest.mark.parametrize(("arrow_type", "keys", "column", "texts"), KEYS, ids=lambda value: str(value)[:30])
def test_values_are_written_as_hive_writes_them(
    place: Place, arrow_type: pa.DataType, keys: list[Any], column: str, texts: list[str]
) -> None:
    if pa.types.is_timestamp(arrow_type):
        array = pa.array(keys, pa.timestamp("ns")).cast(pa.timestamp("ns"))
        array = pa.compute.assume_timezone(array, "Asia/Kathmandu")
    else:
        array = pa.array(keys, arrow_type)
    place.write(pa.table({"n": range(len(keys)), "k": array}), "t", partition_by="k")
    assert place.table("t").partition_keys == (Column("k", column),)
    found = list(place.catalog.list_partitions(place.table("t")))
    assert sorted(partition.values for partition in found) == sorted((text,) for text in texts)
    assert [row[0] for row in sorted(place.rows("t"))] == list(range(len(keys)))


def test_folders_are_named_as_hive_names_them(place: Place) -> None:
    data = pa.table({"n": [1, 2], "day": [dt.date(2026, 1, 1), None], "zone": ["a/b", "x y"]})
    place.write(data, "t", partition_by=("day", "zone"))
    folders = {str(path.parent.relative_to(place.data)) for _, path in place.files("t")}
    assert folders == {
        "default/t/day=2026-01-01/zone=a%2Fb",
        "default/t/day=__HIVE_DEFAULT_PARTITION__/zone=x y",
    }


def test_files_sort_by_the_time_of_the_write(place: Place, clock: Any) -> None:
    for value in range(3):
        clock.advance(dt.timedelta(seconds=1))
        place.write(pa.table({"n": [value]}), "t")
    names = sorted(path.name for _, path in place.files("t"))
    assert len(names) == 3
    assert names[0].startswith("20260203T120001000000-")


def test_rows_keep_their_order_within_a_partition(place: Place) -> None:
    import duckdb

    data = pa.table({"n": range(10_000), "k": [str(n % 7) for n in range(10_000)]})
    place.write(data, "t", partition_by="k")
    for values, path in place.files("t"):
        numbers = [row[0] for row in duckdb.sql(f"SELECT n FROM read_parquet('{path}')").fetchall()]
        assert numbers == [n for n in range(10_000) if str(n % 7) == values[0]]


@pytest.mark.parametrize("arrow_type", [pa.float32(), pa.float64(), pa.binary(), pa.list_(pa.int8())], ids=str)
def test_types_that_make_no_key_are_refused(place: Place, arrow_type: pa.DataType) -> None:
    with pytest.raises(WriteRefused, match=r"column 'k'.*partition key"):
        place.write(pa.table({"n": [1], "k": pa.array([None], arrow_type)}), "t", partition_by="k")


@pytest.mark.parametrize("value", ["", "x" * 254])
def test_values_that_no_folder_can_hold_are_refused(place: Place, value: str) -> None:
    with pytest.raises(WriteRefused, match="column 'k'"):
        place.write(pa.table({"n": [1, 2], "k": ["fine", value]}), "t", partition_by="k")
    assert place.left_over() == []
    assert list(place.catalog.list_tables("default")) == []


@pytest.mark.parametrize(
    ("partition_by", "reason"),
    [("absent", "no such column"), (("k", "K"), "twice"), (("k", "n"), "at least one column")],
)
def test_keys_that_make_no_table_are_refused(place: Place, partition_by: Any, reason: str) -> None:
    with pytest.raises(WriteRefused, match=reason):
        place.write(pa.table({"n": [1], "k": ["a"]}), "t", partition_by=partition_by)


def test_keys_of_an_existing_table_may_be_left_out_and_must_match(place: Place) -> None:
    data = pa.table({"n": [1], "k": ["a"], "l": ["b"]})
    place.write(data, "t", partition_by=("k", "l"))
    place.write(data, "t")
    place.write(data, "t", partition_by=("K", "l"))
    assert place.rows("t") == [(1, "a", "b")] * 3
    for other in (("l", "k"), ("k",)):
        with pytest.raises(WriteRefused, match="partitioned by k, l, not by"):
            place.write(data, "t", partition_by=other)
    place.write(data, "flat")
    with pytest.raises(WriteRefused, match="not partitioned"):
        place.write(data, "flat", partition_by=("k",))


def test_an_append_goes_to_where_a_partition_lies(place: Place) -> None:
    """Whatever spelling it has, and wherever it lies."""
    table = Table(
        "default",
        "t",
        parquet_descriptor((Column("n", "bigint"),)),
        "s3://lake/default/t",
        (Column("hour", "int"),),
    )
    place.catalog.create_table(table)
    there = Partition(("07",), "s3://lake/elsewhere/seven/", table.descriptor)
    assert place.catalog.add_partitions(table.full_name, [there]) == []
    written = place.write(pa.table({"n": [1, 2], "hour": pa.array([7, 8], pa.int32())}), "t")
    assert written.added == 1
    places = {values: str(path.parent.relative_to(place.data)) for values, path in place.files("t")}
    assert places == {("07",): "elsewhere/seven", ("8",): "default/t/hour=8"}


def test_a_new_table_does_not_take_files_over(place: Place) -> None:
    folder = place.data / "default" / "t"
    folder.mkdir(parents=True)
    (folder / "old.parquet").write_bytes(b"old")
    with pytest.raises(WriteRefused, match="holds files of no table"):
        place.write(pa.table({"n": [1]}), "t")


def test_a_new_table_lies_where_its_database_says(place: Place) -> None:
    from lake.model import Database

    place.catalog.create_database(Database("web", location="s3://lake/raw/web"))
    place.write(pa.table({"n": [1]}), "Web.Clicks")
    assert place.table("web.clicks").location == "s3://lake/raw/web/clicks/"
    assert place.rows("web.clicks") == [(1,)]


def test_projected_tables_are_refused(place: Place) -> None:
    parameters = {"projection.enabled": "TRUE"}
    descriptor = parquet_descriptor((Column("n", "bigint"),))
    table = Table("default", "t", descriptor, "s3://lake/t/", (Column("k", "string"),), parameters)
    place.catalog.create_table(table)
    with pytest.raises(WriteRefused, match="projected"):
        place.write(pa.table({"n": [1], "k": ["a"]}), "t")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(min_size=1, max_size=8), st.integers(0, 3) | st.none()), min_size=1))
def test_any_text_makes_a_partition_and_comes_back(place: Place, rows: list[tuple[str, int | None]]) -> None:
    keys = [row[0] for row in rows]
    data = pa.table({"n": range(len(rows)), "k": keys, "l": pa.array([row[1] for row in rows], pa.int32())})
    name = f"t{len(list(place.catalog.list_tables('default')))}"
    place.write(data, name, partition_by=("k", "l"))
    expected = [(n, None if key == NULL_PARTITION else key, l) for n, (key, l) in enumerate(rows)]  # noqa: E741
    assert sorted(place.rows(name)) == expected


def test_null_and_the_text_that_stands_for_it_are_one_partition(place: Place) -> None:
    written = place.write(pa.table({"n": [1, 2, 3], "k": [None, NULL_PARTITION, None]}), "t", partition_by="k")
    assert (written.files, written.partitions) == (1, 1)
    assert place.rows("t") == [(1, None), (2, None), (3, None)]


def test_many_keys_of_many_values_are_told_apart(place: Place) -> None:
    columns = {name: pa.array(range(place_ * 7, place_ * 7 + 300)) for place_, name in enumerate("abcdefgh")}
    written = place.write(pa.table({"n": range(300), **columns}), "t", partition_by=tuple("abcdefgh"))
    assert written.partitions == 300
    assert [row[:3] for row in sorted(place.rows("t"))] == [(n, n, n + 7) for n in range(300)]
