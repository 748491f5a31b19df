"""Each kind of finding, and what is none."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lake.clock import FixedClock
from lake.errors import StorageFailed
from lake.model import NULL_PARTITION, Column, Partition, StoredObject, Table
from lake.partitions.diff.full import DiffOptions, plan_repair
from lake.partitions.diff.plan import Change, PartitionPlan
from lake.partitions.layouts.names import escape
from lake.partitions.survey.folders import FLAT_KEYS
from tests.partitions.conftest import Pair
from tests.partitions.memory import WRITTEN, MemoryCatalog, MemoryStorage
from tests.partitions.tables import DESCRIPTOR, LOCATION, partitioned_by

DAILY = partitioned_by(dt="string")
HOURLY = partitioned_by(dt="string", hour="int")
FIREHOSE = partitioned_by(dt="date", hour="int")
FIREHOSE_TYPED = partitioned_by("${dt}/${hour}", dt="date", hour="int", dt__format="yyyy/MM/dd")


def at(path: str) -> str:
    return path if "://" in path else LOCATION + path


def shown(change: Change) -> tuple[str, str, str]:
    before = change.registered_location
    return (
        str(change.kind),
        change.location.removeprefix(LOCATION),
        "" if before is None else before.removeprefix(LOCATION),
    )


def findings(plan: PartitionPlan) -> list[tuple[str, str, str]]:
    return sorted(map(shown, (*plan.changes, *plan.skipped)))


def expect(pair: Pair, table: Table, objects: list[str], registered: dict[Any, str], *wanted: tuple[str, ...]) -> None:
    pair.create(table)
    pair.put(*map(at, objects))
    values = {key if isinstance(key, tuple) else (key,): at(place) for key, place in registered.items()}
    pair.register(table, values)
    assert findings(pair.plan(table)) == sorted((*each, "")[:3] for each in wanted)


def test_what_is_in_step_is_not_told(pair: Pair) -> None:
    expect(
        pair, HOURLY, ["dt=1/hour=07/a", "dt=1/hour=8/x/y/a"], {("1", "7"): "dt=1/hour=07", ("1", "8"): "dt=1/hour=8/"}
    )


def test_nothing_at_either_place_is_dropped(pair: Pair) -> None:
    registered = {"1": "dt=1/", "2": "dt=2/", "3": "elsewhere/3/"}
    expect(pair, DAILY, ["dt=1/a"], registered, ("drop", "dt=2/"), ("drop", "elsewhere/3/"))


def test_data_at_its_own_place_and_nothing_where_it_is_registered_is_moved(pair: Pair) -> None:
    registered = {"1": "old/1/", "2": "s3://lake/gone/2/"}
    moves = [("move", "dt=1/", "old/1/"), ("move", "dt=2/", "s3://lake/gone/2/")]
    expect(pair, DAILY, ["dt=1/a", "dt=2/a"], registered, *moves)


def test_two_partitions_at_each_others_place_change_places(pair: Pair) -> None:
    registered = {"1": "dt=2/", "2": "dt=1/"}
    expect(pair, DAILY, ["dt=1/a", "dt=2/a"], registered, ("move", "dt=1/", "dt=2/"), ("move", "dt=2/", "dt=1/"))


def test_a_place_that_becomes_free_goes_to_its_own_values(pair: Pair) -> None:
    expect(pair, DAILY, ["dt=1/a", "dt=2/a"], {"1": "dt=2/"}, ("move", "dt=1/", "dt=2/"), ("add", "dt=2/"))


def test_a_partition_at_the_place_of_others_without_data_of_its_own_is_told(pair: Pair) -> None:
    expect(pair, DAILY, ["dt=2/a"], {"1": "dt=2/"}, ("duplicate", "dt=2/"))
    assert pair.repair(DAILY, drop=True, share=1).changed == 0


def test_two_values_registered_at_one_place_are_told(pair: Pair) -> None:
    expect(pair, DAILY, ["dt=2/a"], {"1": "dt=2/", "2": "dt=2/"}, ("duplicate", "dt=2/"))
    assert pair.plan(DAILY).skipped[0].values == ("1",)


def test_what_is_registered_outside_the_layout_and_holds_data_is_left_alone(pair: Pair) -> None:
    registered = {"1": "s3://lake/else/", "2": "dt=2/v2/", "3": "_versions/7/dt=3/", "4": "archive/4/"}
    objects = ["s3://lake/else/a", "dt=2/a", "dt=2/v2/b", "_versions/7/dt=3/a", "dt=3/a", "archive/4/deep/a"]
    expect(pair, DAILY, objects, registered)


def test_only_markers_are_empty_and_never_dropped(pair: Pair) -> None:
    registered = {str(number): f"dt={number}/" for number in range(5)}
    pair.put(at("dt=1/zero"), data=b"")
    objects = ["dt=0/a", "dt=2/_SUCCESS", "dt=3_$folder$", "dt=4/.hidden/x", "dt=1/x_$folder$"]
    expect(pair, DAILY, objects, registered, *(("empty", f"dt={number}/") for number in range(1, 5)))
    assert pair.repair(DAILY, drop=True, share=1).changed == 0


def test_objects_in_no_partition_are_stray(pair: Pair) -> None:
    pair.put(at("x/zero"), at("dt=1/zero"), data=b"")
    objects = ["readme", "dt=1/half", "x/y/z/a", "x/y/b", "dt=1/hour=1/a", "dt=1/noon/a", "_tmp/a", ".tmp/a", "x/_y/a"]
    pair.create(HOURLY)
    pair.put(*map(at, objects))
    plan = pair.plan(HOURLY)
    strays = [("stray", "", ""), ("stray", "dt=1/", ""), ("stray", "dt=1/noon/", ""), ("stray", "x/", "")]
    assert findings(plan) == [("add", "dt=1/hour=1/", ""), *strays]
    assert [(change.values, change.files, change.bytes) for change in plan.skipped] == [
        ((), 1, 4), ((), 1, 4), ((), 1, 4), ((), 2, 8)
    ]  # fmt: skip


def test_files_and_bytes_are_counted_once_whatever_the_order(clock: FixedClock) -> None:
    places = [at(f"dt={number % 3}/{number:02}") for number in range(9)] + [at("dt=0/x/y")]
    storage = MemoryStorage(dict.fromkeys(places, b"12"))
    plan = plan_repair(MemoryCatalog([DAILY]), storage, DAILY, clock=clock)  # type: ignore[arg-type]
    assert [(change.files, change.bytes) for change in plan.changes] == [(4, 8), (3, 6), (3, 6)]


def test_a_drop_is_no_drop_while_the_partition_is_expected(pair: Pair, clock: FixedClock) -> None:
    table = pair.create(DAILY)
    now = clock.now()
    parameters: list[tuple[str, Any]] = [
        ("1", {"tap_lake.expected": "true"}),
        ("2", {"tap_lake.expected": (now + timedelta(hours=1)).isoformat()}),
        ("3", {"tap_lake.expected": (now - timedelta(hours=1)).isoformat()}),
        (f"{now + timedelta(days=1):%Y-%m-%d}", {}),
        (f"{now - timedelta(days=1):%Y-%m-%d}", {}),
        (f"{now - timedelta(days=9):%Y-%m-%d}", {}),
    ]
    pair.put(at("dt=0/a"))
    partitions = [Partition((dt,), at(f"dt={dt}/"), DESCRIPTOR, given) for dt, given in parameters]
    pair.catalog.add_partitions(table.full_name, partitions)
    drops = [change for change in pair.plan(table).changes if change.kind == "drop"]
    assert [change.values for change in drops] == [(f"{now - timedelta(days=9):%Y-%m-%d}",), ("3",)]


def test_columns_that_are_not_the_tables_are_told_with_what_is_safe(pair: Pair) -> None:
    table = pair.create(partitioned_by(dt="string"))
    columns = {
        "1": [Column("visitor", "string")],
        "2": [],
        "3": [Column("visitor", "varchar(10)")],
        "4": [Column("guest", "string")],
        "5": [Column("visitor", "int")],
        "6": [Column("visitor", "string"), Column("more", "int")],
    }
    pair.put(*(at(f"dt={number}/a") for number in columns))
    for number, each in columns.items():
        descriptor = type(DESCRIPTOR)(columns=tuple(each), input_format="parquet")
        pair.catalog.add_partitions(table.full_name, [Partition((number,), at(f"dt={number}/"), descriptor)])
    plan = pair.plan(table)
    assert [(change.values, change.safe, change.reason) for change in plan.changes] == [
        (("2",), True, "the table has 'visitor' more at the end"),
        (("3",), True, "column 'visitor' is varchar(10) here and the wider string in the table"),
        (("4",), False, "column 'guest' is called 'visitor' in the table"),
        (("5",), False, "column 'visitor' is int here and string in the table"),
        (("6",), False, "column 'more' is not in the table"),
    ]
    assert pair.repair(table).cascaded == ()
    assert [change.values for change in pair.repair(table, cascade=True).cascaded] == [("2",), ("3",)]
    assert [change.values for change in pair.plan(table).changes] == [("4",), ("5",), ("6",)]


class Forbidding(MemoryStorage):
    """Refuses to list what lies below one prefix, as S3 does for who may not."""

    forbidden = ""

    def list_keys(self, prefix: str) -> Any:
        found = super().list_keys(prefix)
        for stored in found:
            if self.forbidden and stored.location.startswith(self.forbidden):
                raise StorageFailed(f"{stored.location} could not be read: Permission denied")
            yield stored

    def list_level(self, prefix: str) -> Any:
        if self.forbidden and prefix.startswith(self.forbidden):
            raise StorageFailed(f"{prefix} could not be read: Permission denied")
        yield from self.list_prefixes(prefix)
        for location, data in self.objects.items():
            if location.startswith(prefix) and "/" not in location.removeprefix(prefix):
                yield StoredObject(location, len(data), WRITTEN)


@pytest.mark.parametrize("at_once", [1, 4])
def test_what_may_not_be_listed_is_unknown_and_the_rest_is_not(at_once: int, clock: FixedClock) -> None:
    catalog = MemoryCatalog([HOURLY])
    objects = [at(f"dt={day}/hour={hour}/a") for day in range(4) for hour in range(3)]
    storage = Forbidding(dict.fromkeys(objects, b"data"))
    storage.listings_at_once = at_once
    pair = Pair(catalog, storage, clock)
    pair.repair(HOURLY)
    for gone in (at("dt=1/hour=1/a"), at("dt=2/hour=1/a")):
        del storage.objects[gone]
    storage.objects[at("dt=3/hour=9/a")] = b"data"
    storage.forbidden = at("dt=1/hour=0/")
    plan = pair.plan(HOURLY)
    assert plan.unknown == ((at("dt=1/hour=0/"), f"{at('dt=1/hour=0/a')} could not be read: Permission denied"),)
    drops = [("drop", "dt=1/hour=1/", ""), ("drop", "dt=2/hour=1/", "")]
    assert findings(plan) == [("add", "dt=3/hour=9/", ""), *drops]
    assert [(change.files, change.bytes) for change in plan.changes] == [(0, 0), (0, 0), (1, 4)]
    storage.forbidden = at("dt=1/")
    assert [prefix for prefix, _ in pair.plan(HOURLY).unknown] == [at("dt=1/")]
    storage.forbidden = LOCATION
    with pytest.raises(StorageFailed, match="Permission denied"):
        pair.plan(HOURLY)


def test_firehoses_layout_is_found_without_being_declared(pair: Pair) -> None:
    objects = ["2026/11/24/03/a", "2026/11/24/04/a", "processing-failed/2026/11/24/03/x"]
    pair.create(FIREHOSE)
    pair.put(*map(at, objects))
    pair.register(FIREHOSE, {("2026-11-24", "3"): at("2026/11/24/03/")})
    plan = pair.plan(FIREHOSE)
    assert findings(plan) == [("add", "2026/11/24/04/", ""), ("stray", "processing-failed/", "")]
    assert plan.changes[0].values == ("2026-11-24", "04")


@pytest.mark.parametrize(
    ("keys", "path", "values"),
    [
        ({"dt": "date", "hour": "int"}, "2026/11/24/03/", ("2026-11-24", "03")),
        ({"dt": "date", "hour": "int"}, "2025/4/1/7/", ("2025-04-01", "7")),
        ({"dt": "string", "hour": "string"}, "2026/11/24/03/", ("2026/11/24", "03")),
        ({"year": "int", "month": "int", "day": "int", "hour": "int"}, "2026/11/24/03/", ("2026", "11", "24", "03")),
        ({"y": "string", "m": "string", "d": "string"}, "2026/11/24/", ("2026", "11", "24")),
        ({"at": "timestamp"}, "2026/11/24/03/", ("2026-11-24 03:00:00",)),
        ({"at": "string"}, "2026/11/24/03/", ("2026/11/24/03",)),
        ({"at": "string"}, "2025/4/1/7/", ("2025/4/1/7",)),
        ({"dt": "date"}, "2026/11/24/", ("2026-11-24",)),
        ({"dt": "date"}, "2026-11-24/", ("2026-11-24",)),
        ({"dt": "date", "region": "string"}, "raw/2026-11-24/region=EU/", ("2026-11-24", "EU")),
        ({"dt": "string", "region": "string"}, "raw/dt=1/region=EU/", ("1", "EU")),
        ({"dt": "date", "region": "string"}, "region=EU/2026/11/24/", ("2026-11-24", "EU")),
        ({"a": "string", "b": "int", "c": "string", "d": "string", "e": "string", "f": "int"},
         "a=x/b=5/c=y/d=z/e=w/f=7/", ("x", "5", "y", "z", "w", "7")),
    ],
)  # fmt: skip
def test_layouts_are_inferred(keys: dict[str, str], path: str, values: tuple[str, ...], pair: Pair) -> None:
    table = pair.create(partitioned_by(**keys))
    pair.put(at(f"{path}part-0"), at(f"{path}nested/part-1"), at("_SUCCESS"))
    plan = pair.plan(table)
    assert [(change.values, change.location) for change in plan.changes] == [(values, at(path))]
    assert plan.skipped == ()
    assert len(pair.repair(table).added) == 1
    assert findings(pair.plan(table)) == []


def test_two_generations_of_a_layout_lie_side_by_side(pair: Pair) -> None:
    pair.create(FIREHOSE)
    pair.put(at("2025/01/31/23/a"), at("dt=2025-02-01/hour=00/a"), at("dt=2025-02-01/hour=01/a"))
    assert findings(pair.plan(FIREHOSE)) == [
        ("add", "2025/01/31/23/", ""), ("add", "dt=2025-02-01/hour=00/", ""), ("add", "dt=2025-02-01/hour=01/", ""),
    ]  # fmt: skip
    pair.put(at("2025/02/01/00/late"))
    told = [(change.kind, change.location) for change in pair.plan(FIREHOSE).skipped]
    assert told == [("duplicate", at("2025/02/01/00/")), ("duplicate", at("dt=2025-02-01/hour=00/"))]


def test_further_templates_are_declared_by_number(pair: Pair) -> None:
    parameters = {
        "storage.location.template": at("${dt}/${hour}/"),
        "storage.location.template.10": at("v3/dt=${dt}/${hour}"),
        "storage.location.template.2": at("raw/${dt}/h=${hour}"),
        "projection.dt.format": "yyyy/MM/dd",
        "projection.hour.digits": "2",
    }
    table = pair.create(Table("web", "clicks", DESCRIPTOR, LOCATION, FIREHOSE.partition_keys, parameters=parameters))
    pair.put(
        at("2026/01/31/07/a"), at("raw/2026/02/01/h=08/a"), at("v3/dt=2026/02/02/09/a"), at("dt=2026-01-01/hour=1/a")
    )
    plan = pair.plan(table)
    assert [change.values for change in plan.changes] == [("2026-01-31", "7"), ("2026-02-01", "8"), ("2026-02-02", "9")]
    assert findings(plan)[-1] == ("stray", "dt=2026-01-01/", "")


def test_a_listing_from_elsewhere_serves_as_well_and_spares_what_is_younger(pair: Pair, clock: FixedClock) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=1/a"), at("dt=2/a"))
    pair.repair(table)
    objects = [stored for stored in pair.storage.list_keys(LOCATION) if "dt=1" in stored.location]
    old = DiffOptions(objects=lambda roots: objects, objects_at=datetime(2100, 1, 1, tzinfo=UTC))
    plan = plan_repair(pair.catalog, pair.storage, table, clock=clock, options=old)
    assert [change.kind for change in plan.changes] == ["drop"]
    if next(iter(pair.catalog.list_partitions(table))).created_at is not None:
        young = DiffOptions(objects=lambda roots: objects, objects_at=datetime(2001, 1, 1, tzinfo=UTC))
        assert plan_repair(pair.catalog, pair.storage, table, clock=clock, options=young).changes == ()


def test_several_values_at_one_place_that_holds_nothing_are_gone(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=9/a"))
    pair.register(table, {(number,): at("dt=2/") for number in "123"} | {("9",): at("dt=9/")})
    assert [(change.kind, change.values) for change in pair.plan(table).changes] == [
        ("drop", (number,)) for number in "123"
    ]
    assert pair.plan(table).skipped == ()


def test_each_value_at_the_place_of_another_one_is_told(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=2/a"))
    pair.register(table, {(number,): at("dt=2/") for number in "123"})
    assert [(change.kind, change.values) for change in pair.plan(table).skipped] == [
        ("duplicate", ("1",)),
        ("duplicate", ("3",)),
    ]


def test_partitions_that_stand_in_each_others_way_cost_no_more_than_others(clock: FixedClock) -> None:
    count = 20_000
    catalog = MemoryCatalog([DAILY])
    places = {number: at(f"dt={number:05}/") for number in range(count + 1)}
    partitions = [Partition((f"{number:05}",), places[number + 1], DESCRIPTOR) for number in range(count)]
    # The first place stays another one's, so that nobody can move.
    catalog.add_partitions(DAILY.full_name, [*partitions, Partition(("other",), places[0], DESCRIPTOR)])
    storage = MemoryStorage({f"{place}a": b"data" for place in places.values()})
    began = time.perf_counter()
    plan = plan_repair(catalog, storage, DAILY, clock=clock)  # type: ignore[arg-type]
    assert time.perf_counter() - began < 3
    assert plan.counts["move"] == 0


def test_what_lies_directly_at_a_failing_prefix_or_the_root_is_told_too(clock: FixedClock) -> None:
    objects = [at("readme"), at("x/half"), at("x/deep/a"), at("dt=1/hour=1/a")]
    storage = Forbidding(dict.fromkeys(objects, b"data"))
    storage.forbidden = at("x/deep/")
    plan = plan_repair(MemoryCatalog([HOURLY]), storage, HOURLY, clock=clock)  # type: ignore[arg-type]
    assert findings(plan) == [("add", "dt=1/hour=1/", ""), ("stray", "", ""), ("stray", "x/", "")]
    assert [prefix for prefix, _ in plan.unknown] == [at("x/deep/")]


def test_a_partition_above_what_may_not_be_listed_is_unknown(clock: FixedClock) -> None:
    catalog = MemoryCatalog([HOURLY])
    catalog.add_partitions(HOURLY.full_name, [Partition(("1", "1"), at("dt=1/"), DESCRIPTOR)])
    storage = Forbidding({at("dt=1/hour=3/a"): b"data", at("dt=2/hour=1/a"): b"data"})
    storage.forbidden = at("dt=1/hour=3/")
    plan = plan_repair(catalog, storage, HOURLY, clock=clock)  # type: ignore[arg-type]
    assert [(change.kind, change.values) for change in plan.changes] == [("add", ("2", "1"))]


def test_strays_at_the_root_of_many_keys_are_told(clock: FixedClock) -> None:
    objects = [f"dt={number % 5}/hour=1/{number:05}" for number in range(FLAT_KEYS)] + ["first", "zz", "zzz"]
    storage = MemoryStorage(dict.fromkeys(map(at, objects), b"data"))
    storage.listings_at_once = 4
    plan = plan_repair(MemoryCatalog([HOURLY]), storage, HOURLY, clock=clock)  # type: ignore[arg-type]
    assert len(storage.listed) > 5
    assert [(change.location, change.files) for change in plan.skipped] == [(LOCATION, 3)]
    assert sum(change.files or 0 for change in plan.changes) == FLAT_KEYS


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("boolean", "true", "TRUE"),
        ("decimal(38,2)", "1.5", "1.50"),
        ("double", "1000", "1e3"),
        ("timestamp", "2026-01-31 07:00:00", "2026-01-31 07:00:00.000"),
    ],
)
def test_one_value_in_two_spellings_is_told_as_one(kind: str, one: str, other: str, clock: FixedClock) -> None:
    table = partitioned_by(k=kind)
    storage = MemoryStorage({at(f"k={escape(text)}/a"): b"data" for text in (one, other)})
    plan = plan_repair(MemoryCatalog([table]), storage, table, clock=clock)  # type: ignore[arg-type]
    assert [change.kind for change in (*plan.changes, *plan.skipped)] == ["duplicate", "duplicate"]


def test_long_decimals_that_differ_in_their_last_digit_are_two(clock: FixedClock) -> None:
    table = partitioned_by(k="decimal(38,0)")
    storage = MemoryStorage({at(f"k={'1' * 37}{digit}/a"): b"data" for digit in "12"})
    plan = plan_repair(MemoryCatalog([table]), storage, table, clock=clock)  # type: ignore[arg-type]
    assert [change.kind for change in plan.changes] == ["add", "add"]


def test_a_partition_that_is_gone_has_no_columns_to_tell_of(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=2/a"))
    other = replace(DESCRIPTOR, columns=(Column("guest", "int"),))
    partitions = [Partition((dt,), at(f"dt={dt}/"), other) for dt in "12"]
    pair.catalog.add_partitions(table.full_name, partitions)
    assert [(change.kind, change.values) for change in pair.plan(table).changes] == [
        ("drop", ("1",)),
        ("schema", ("2",)),
    ]


def test_null_at_no_place_is_a_stray(clock: FixedClock) -> None:
    storage = MemoryStorage({at(f"{NULL_PARTITION}/07/a"): b"data", at("_hidden/07/a"): b"data"})
    plan = plan_repair(MemoryCatalog([FIREHOSE_TYPED]), storage, FIREHOSE_TYPED, clock=clock)  # type: ignore[arg-type]
    assert [(change.kind, change.location) for change in (*plan.changes, *plan.skipped)] == [
        ("stray", at(f"{NULL_PARTITION}/07/"))
    ]


def test_a_value_of_another_type_is_not_gone_while_its_place_holds_data(pair: Pair) -> None:
    table = pair.create(partitioned_by(k="tinyint"))
    pair.put(at("k=300/a"), at("k=1/a"))
    pair.register(table, {("300",): at("old/"), ("1",): at("k=1/")})
    assert findings(pair.plan(table)) == [("stray", "k=300/", "")]


def test_an_empty_partition_is_told_where_its_markers_are(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=1/_x"), at("dt=2/a"))
    pair.register(table, {("1",): at("old/"), ("2",): at("dt=2/")})
    assert findings(pair.plan(table)) == [("empty", "dt=1/", "old/")]
