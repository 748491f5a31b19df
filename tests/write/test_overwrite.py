"""Overwriting swaps locations; what was there stays for a while, for those who still read it."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lake.clock import FixedClock
from lake.errors import UsageError
from lake.model import Column, Partition, Table
from lake.write.target import parquet_descriptor
from tests.write.place import Place

HOUR = dt.timedelta(hours=1)


def days(*pairs: tuple[int, str]) -> pa.Table:
    return pa.table({"n": [number for number, _ in pairs], "day": [day for _, day in pairs]})


def files_below(place: Place) -> set[Path]:
    return set(place.data.rglob("*.parquet"))


def test_partitions_in_the_data_are_replaced_and_others_stay(place: Place) -> None:
    place.write(days((1, "a"), (2, "b")), "t", partition_by="day")
    written = place.write(days((3, "b"), (4, "c"), (5, "c")), "t", mode="overwrite_partitions")
    assert (written.rows, written.files, written.partitions, written.added) == (3, 2, 2, 1)
    assert place.rows("t") == [(1, "a"), (3, "b"), (4, "c"), (5, "c")]


def test_an_overwrite_makes_the_table(place: Place) -> None:
    place.write(days((1, "a")), "t", partition_by="day", mode="overwrite_partitions")
    place.write(days((1, "a")), "flat", mode="overwrite_partitions")
    assert place.rows("t") == place.rows("flat") == [(1, "a")]


def test_a_table_without_keys_is_replaced_whole(place: Place) -> None:
    for number in range(4):
        place.write(days((number, "x")), "t", mode="overwrite_partitions")
        assert place.rows("t") == [(number, "x")]
    place.write(days((9, "y")), "t")
    assert place.rows("t") == [(3, "x"), (9, "y")]
    location = place.table("t").location
    assert location is not None
    assert location.count("_versions") == 1
    place.write(
        days().slice(0, 0).cast(pa.schema([("n", pa.int64()), ("day", pa.string())])), "t", mode="overwrite_partitions"
    )
    assert place.rows("t") == []


def test_no_rows_replace_no_partition(place: Place) -> None:
    place.write(days((1, "a")), "t", partition_by="day")
    place.write(days((1, "a")).slice(0, 0), "t", mode="overwrite_partitions")
    assert place.rows("t") == [(1, "a")]
    assert not (place.data / "default/t/_versions").exists()


def test_old_files_stay_for_the_grace_then_go_with_the_next_write(place: Place, clock: FixedClock) -> None:
    place.write(days((1, "a"), (2, "b")), "t", partition_by="day")
    old = {path for values, path in place.files("t") if values == ("a",)}
    place.write(days((3, "a")), "t", mode="overwrite_partitions")
    clock.advance(HOUR - dt.timedelta(seconds=1))
    place.write(days((4, "a")), "t")
    assert old <= files_below(place)
    clock.advance(dt.timedelta(seconds=1))
    place.write(days((5, "a")), "t")
    assert not old & files_below(place)
    assert not (place.data / "default/t/day=a").exists()
    assert place.rows("t") == [(2, "b"), (3, "a"), (4, "a"), (5, "a")]


def test_versions_are_swept_in_turn_by_repair(place: Place, clock: FixedClock) -> None:
    for number in range(3):
        place.write(days((number, "a")), "t", partition_by="day", mode="overwrite_partitions")
    place.write(days((7, "a")), "flat", mode="overwrite_partitions")
    place.write(days((8, "a")), "flat", mode="overwrite_partitions")
    clock.advance(HOUR)
    name = place.table("t").full_name
    assert place.writer.sweep(name) == 2
    assert place.writer.sweep(name) == 0
    assert place.writer.sweep(place.table("flat").full_name) == 1
    assert len(list((place.data / "default/t/_versions").iterdir())) == 1
    assert (place.rows("t"), place.rows("flat")) == ([(2, "a")], [(8, "a")])


def test_what_came_later_to_an_old_place_is_not_deleted(place: Place, clock: FixedClock) -> None:
    place.write(days((1, "a")), "t", partition_by="day")
    [(_, old)] = place.files("t")
    place.write(days((2, "a")), "t", mode="overwrite_partitions")
    late = old.with_name("late.parquet")
    late.write_bytes(b"late")
    clock.advance(HOUR)
    place.writer.sweep(place.table("t").full_name)
    assert late.exists()
    assert not old.exists()


def test_data_that_something_else_reads_are_not_deleted(place: Place, clock: FixedClock) -> None:
    place.write(days((1, "a"), (2, "b"), (3, "c")), "t", partition_by="day")
    table = place.table("t")
    shared = next(partition for partition in place.catalog.list_partitions(table) if partition.values == ("a",))
    twin = Partition(("twin",), shared.location.removesuffix("/"), table.descriptor)
    assert place.catalog.add_partitions(table.full_name, [twin]) == []
    descriptor = parquet_descriptor((Column("n", "bigint"),))
    place.catalog.create_table(Table("default", "other", descriptor, "s3://lake/default/t/day=b"))
    place.write(days((4, "a"), (5, "b"), (6, "c")), "t", mode="overwrite_partitions")
    clock.advance(HOUR)
    assert place.writer.sweep(table.full_name) == 1
    assert place.rows("t") == [(1, "twin"), (4, "a"), (5, "b"), (6, "c")]
    assert place.rows("other") == [(2,)]


def test_all_spellings_of_a_partition_are_replaced(place: Place) -> None:
    descriptor = parquet_descriptor((Column("n", "bigint"),))
    table = Table("default", "t", descriptor, "s3://lake/default/t/", (Column("hour", "int"),))
    place.catalog.create_table(table)
    for text in ("7", "07"):
        folder = place.data / f"default/t/hour={text}"
        folder.mkdir(parents=True)
        pq.write_table(pa.table({"n": [1]}), folder / "old.parquet")
        location = f"s3://lake/default/t/hour={text}/"
        place.catalog.add_partitions(table.full_name, [Partition((text,), location, descriptor)])
    written = place.write(pa.table({"n": [2], "hour": pa.array([7], pa.int32())}), "t", mode="overwrite_partitions")
    assert written.added == 0
    assert place.rows("t") == [(2, 7)]


def test_a_reader_goes_on_over_what_it_has_listed(place: Place, clock: FixedClock) -> None:
    place.write(days(*((number, f"d{number}") for number in range(10))), "t", partition_by="day")
    seen = []
    for number, (_, path) in enumerate(place.files("t")):
        if number == 3:
            place.write(days(*((-n, f"d{n}") for n in range(10))), "t", mode="overwrite_partitions")
            clock.advance(HOUR / 2)
            place.write(days((99, "d99")), "t")
        seen += pq.read_table(path, partitioning=None).column("n").to_pylist()
    assert sorted(seen) == list(range(10))


def test_an_unknown_mode_is_refused(place: Place) -> None:
    with pytest.raises(UsageError, match="'replace'") as refused:
        place.write(days((1, "a")), "t", mode="replace")
    assert "append" in str(refused.value) + str(refused.value.hint)
