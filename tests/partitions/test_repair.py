"""Storage against the catalog: what is found, what is left alone, what is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from lake.clock import FixedClock
from lake.errors import NewerFormat, TableNotFound, UsageError
from lake.model import ALREADY_EXISTS, CHANGED, NULL_PARTITION, Column, Table
from lake.partitions import Partitions
from lake.partitions.diff.full import plan_repair
from lake.partitions.diff.plan import Change, ChangeKind, PartitionPlan
from tests.partitions.conftest import Pair
from tests.partitions.memory import MemoryCatalog, MemoryStorage
from tests.partitions.tables import DESCRIPTOR, LOCATION, partitioned_by

DAILY = partitioned_by(dt="string")
HOURLY = partitioned_by(dt="string", hour="int")


def at(path: str, location: str = LOCATION) -> str:
    return location + path


def additions(plan: PartitionPlan) -> dict[tuple[str, ...], str]:
    assert all(change.kind == ChangeKind.ADD for change in plan.changes)
    return {change.values: change.location for change in plan.changes}


def told(plan: PartitionPlan) -> list[tuple[str, str]]:
    return [(change.kind.value, change.location.removeprefix(LOCATION)) for change in plan.skipped]


def test_a_file_put_by_hand_is_found_and_registered_with_the_tables_columns(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=2026-01-01/part-0.parquet"))
    report = pair.repair(table)
    assert [change.values for change in report.added] == [("2026-01-01",)]
    [partition] = pair.catalog.list_partitions(table)
    assert (partition.values, partition.location) == (("2026-01-01",), at("dt=2026-01-01/"))
    assert partition.descriptor == DESCRIPTOR


def test_repairing_twice_adds_nothing_more(pair: Pair) -> None:
    table = pair.create(HOURLY)
    pair.put(at("dt=2026-01-01/hour=07/a"), at("dt=2026-01-01/hour=08/b/c/d"), at("dt=2026-01-02/hour=7/a"))
    assert len(pair.repair(table).added) == 3
    registered = pair.registered(table)
    second = pair.plan(table)
    assert (second.changes, second.skipped, second.registered) == ((), (), 3)
    assert pair.repair(table).added == ()
    assert pair.registered(table) == registered


def test_planning_changes_nothing(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=1/a"))
    plan = pair.plan(table)
    assert plan.made_at == pair.clock.now()
    assert plan.table == table.full_name
    assert dict(plan.counts) == {ChangeKind.ADD: 1}
    assert pair.registered(table) == {}


def test_a_table_whose_location_holds_nothing_needs_nothing(pair: Pair) -> None:
    table = pair.create(DAILY)
    assert pair.plan(table).changes == ()


def test_what_engines_pass_over_makes_no_partition(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(
        at("dt=hidden/_SUCCESS"),
        at("dt=hidden/.part.crc"),
        at("dt=hidden/_versions/1/part-0.parquet"),
        at("dt=hidden/x/.staging/part-0.parquet"),
        at("dt=marked/x_$folder$"),
        at("dt=marked_$folder$"),
        at("_versions/dt=old/part-0.parquet"),
        at(".staging/dt=old/part-0.parquet"),
    )
    pair.put(at("dt=empty/part-0.parquet"), data=b"")
    assert pair.plan(table).changes == ()
    assert pair.plan(table).skipped == ()


def test_one_data_object_among_others_makes_a_partition(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=1/_SUCCESS"), at("dt=1/x_$folder$"), at("dt=1/.crc"), at("dt=1/nested/deep/part-0.parquet"))
    assert additions(pair.plan(table)) == {("1",): at("dt=1/")}


def test_what_does_not_fit_the_layout_is_no_error(pair: Pair) -> None:
    table = pair.create(HOURLY)
    pair.put(at("part-0"), at("dt=1/part-0"), at("hour=1/day=1/a"), at("dt=/hour=1/a"), at("day=1/hour=1/a"))
    pair.put(at("dt=1/hour=/a"), at("dt=1/x/hour=1/a"), "s3://lake/web/clicks_old/dt=1/hour=1/a", at("dt=1/hour=2/a"))
    assert additions(pair.plan(table)) == {("1", "2"): at("dt=1/hour=2/")}


def test_values_keep_their_case_and_keys_do_not(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("DT=Berlin/a"), at("dt=berlin/a"))
    assert additions(pair.plan(table)) == {("Berlin",): at("DT=Berlin/"), ("berlin",): at("dt=berlin/")}


def test_escapes_unicode_and_null_are_read(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=2026-01-01 07%3A00/a"), at("dt=Zürich 東京/a"), at("dt=a=b/a"), at(f"dt={NULL_PARTITION}/a"))
    assert set(additions(pair.plan(table))) == {("2026-01-01 07:00",), ("Zürich 東京",), ("a=b",), (NULL_PARTITION,)}


def test_a_partition_at_another_place_is_left_alone(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=1/part-0"), at("dt=1/_versions/2/part-1"), "s3://lake/elsewhere/a", at("dt=2/a"))
    pair.register(table, {("1",): at("dt=1/_versions/2/"), ("2",): "s3://lake/elsewhere"})
    plan = pair.plan(table)
    assert (plan.changes, plan.skipped, plan.registered) == ((), (), 2)


def test_leading_zeros_are_the_same_integer_and_another_string(pair: Pair) -> None:
    table = pair.create(HOURLY)
    pair.put(at("dt=07/hour=05/a"), at("dt=7/hour=5/a"))
    pair.register(table, {("7", "5"): at("dt=7/hour=5")})
    assert additions(pair.plan(table)) == {("07", "05"): at("dt=07/hour=05/")}
    pair.put(at("dt=7/hour=005/a"))
    assert told(pair.plan(table)) == [("duplicate", "dt=7/hour=005/")]


def test_one_value_at_two_places_is_told_and_not_added(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=1/a"), at("DT=1/a"), at("dt=%31/_hidden"))
    plan = pair.plan(table)
    assert plan.changes == ()
    assert sorted(told(plan)) == [("duplicate", "DT=1/"), ("duplicate", "dt=1/")]


def test_a_place_registered_under_other_values_is_told_and_not_added(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=1/a"))
    pair.register(table, {("one",): at("dt=1/")})
    assert told(pair.plan(table)) == [("duplicate", "dt=1/")]
    assert pair.plan(table).changes == ()


def test_values_that_are_none_of_the_keys_type_are_told_and_not_added(pair: Pair) -> None:
    table = pair.create(partitioned_by(dt="date", hour="int"))
    pair.put(at("dt=2026-02-30/hour=1/a"), at("dt=2026-02-01/hour=noon/a"), at("dt=2026-02-01/hour=1/a"))
    pair.put(at("dt=2026-02-31/hour=1/_SUCCESS"))
    plan = pair.plan(table)
    assert additions(plan) == {("2026-02-01", "1"): at("dt=2026-02-01/hour=1/")}
    assert told(plan) == [("stray", "dt=2026-02-01/hour=noon/"), ("stray", "dt=2026-02-30/hour=1/")]
    assert [change.reason for change in plan.skipped] == [
        "hour: 'noon' is no integer",
        "dt: '2026-02-30' is no date",
    ]


def test_firehoses_default_prefix_is_found(pair: Pair) -> None:
    table = pair.create(partitioned_by(at("${dt}/${hour}"), dt="date", hour="int", dt__format="yyyy/MM/dd"))
    pair.put(
        at("2026/11/24/03/d-1"), at("2026/11/24/04/d-2"), at("2026/11/readme"), at("processing-failed/2026/11/24/x")
    )
    pair.register(table, {("2026-11-24", "3"): at("2026/11/24/03/")})
    assert additions(pair.plan(table)) == {("2026-11-24", "04"): at("2026/11/24/04/")}


def test_a_partition_that_someone_else_added_meanwhile_is_already_there(pair: Pair) -> None:
    table = pair.create(HOURLY)
    pair.put(*(at(f"dt=1/hour={hour}/a") for hour in range(3)))
    plan = pair.plan(table)
    pair.register(table, {("1", "0"): at("dt=1/hour=0"), ("1", "1"): "s3://lake/elsewhere/"})
    report = pair.apply(plan)
    assert [change.values for change in report.added] == [("1", "2")]
    assert [change.values for change in report.already_there] == [("1", "0")]
    [refusal] = report.refused
    assert (refusal.values, refusal.reason) == (("1", "1"), ALREADY_EXISTS)
    assert "s3://lake/elsewhere/" in refusal.message
    assert pair.registered(table)["1", "1"] == "s3://lake/elsewhere/"


def test_applying_a_plan_twice_is_success(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=1/a"), at("dt=2/a"))
    plan = pair.plan(table)
    first, second = pair.apply(plan), pair.apply(plan)
    assert len(first.added) == len(second.already_there) == 2
    assert (second.added, second.refused, first.already_there) == ((), (), ())


def test_a_plan_of_a_table_with_other_keys_by_now_is_refused(pair: Pair) -> None:
    table = pair.create(DAILY)
    pair.put(at("dt=1/a"))
    plan = pair.plan(table)
    pair.catalog.drop_table(table.full_name)
    pair.create(HOURLY)
    report = pair.apply(plan)
    assert [(refusal.values, refusal.reason) for refusal in report.refused] == [(("1",), CHANGED)]
    assert report.added == ()


def test_a_table_that_is_gone_is_not_found(pair: Pair) -> None:
    table = pair.create(DAILY)
    plan = pair.plan(table)
    pair.catalog.drop_table(table.full_name)
    with pytest.raises(TableNotFound):
        pair.apply(plan)
    with pytest.raises(TableNotFound):
        pair.plan(table)


def test_a_table_without_partition_keys_cannot_be_repaired(pair: Pair) -> None:
    with pytest.raises(UsageError, match="not partitioned"):
        pair.plan(pair.create(Table("web", "flat", location=LOCATION)))


def test_partitions_go_to_the_catalog_at_once(clock: FixedClock) -> None:
    catalog = MemoryCatalog([DAILY])
    storage = MemoryStorage({at(f"dt={number}/a"): b"data" for number in range(250)})
    pair = Pair(catalog, storage, clock)
    assert len(pair.repair(DAILY).added) == 250
    assert catalog.calls == [250]


def test_folder_objects_of_an_object_store_hold_no_data(clock: object) -> None:
    catalog = MemoryCatalog([DAILY])
    storage = MemoryStorage(
        {at("dt=1/"): b"", at("dt=2/"): b"", at("dt=2/x/"): b"x", at("dt=3/"): b"", at("dt=3/a"): b"a"}
    )
    plan = plan_repair(catalog, storage, DAILY, clock=clock)  # type: ignore[arg-type]
    assert additions(plan) == {("3",): at("dt=3/")}


def test_the_facade_lists_plans_and_repairs(pair: Pair) -> None:
    table = pair.create(HOURLY)
    pair.put(at("dt=2026-01-01/hour=07/a"), at("dt=2026-01-02/hour=07/a"), at(f"dt={NULL_PARTITION}/hour=8/a"))
    partitions = Partitions(pair.catalog, pair.storage, pair.clock, {"clicks": table}.__getitem__)
    assert len(partitions.repair("clicks").added) == 3
    assert partitions.plan_repair("clicks").changes == ()

    def listed(**where: str) -> list[tuple[str, ...]]:
        return [partition.values for partition in partitions.list("clicks", where=where)]

    assert len(listed()) == 3
    assert listed(hour="7", DT="2026-01-02") == [("2026-01-02", "07")]
    assert listed(dt="") == [(NULL_PARTITION, "8")]
    assert listed(dt="2026") == []
    with pytest.raises(UsageError, match="'day' is no partition key"):
        listed(day="1")


PLAN = PartitionPlan(
    DAILY.full_name,
    ("dt",),
    datetime(2026, 2, 3, tzinfo=UTC),
    (
        Change(ChangeKind.ADD, ("Zürich\n",), "s3://b/x/", reason="why"),
        Change(ChangeKind.MOVE, ("1",), "a", "b", "", 3, 4),
    ),
    (Change(ChangeKind.STRAY, (NULL_PARTITION,), "s3://b/y/"),),
    7,
)


CHANGE = json.loads(PLAN.to_json())["changes"][0]


def test_a_plan_survives_being_saved() -> None:
    assert PartitionPlan.from_json(PLAN.to_json()) == PLAN


def test_a_plan_of_a_later_version_is_declined() -> None:
    with pytest.raises(NewerFormat, match="version 2"):
        PartitionPlan.from_json(PLAN.to_json().replace('"version": 1', '"version": 2'))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"version": 1}',
        PLAN.to_json().replace('"add"', '"explode"'),
        PLAN.to_json().replace("web.", ""),
        "[" * 100_000,
        *(
            json.dumps(json.loads(PLAN.to_json()) | {name: odd})
            for name, odd in [
                ("version", "1"),
                ("version", True),
                ("table", 5),
                ("keys", "dt"),
                ("keys", [1]),
                ("changes", {}),
                ("changes", [5]),
                ("made_at", "2026-01-01T00:00:00"),
                ("registered", "7"),
                ("unknown", [{"prefix": 1}]),
            ]
        ),
        *(
            json.dumps(json.loads(PLAN.to_json()) | {"changes": [CHANGE | {name: odd}]})
            for name, odd in [
                ("values", []),
                ("values", "a"),
                ("values", ["1", "2"]),
                ("values", [None]),
                ("location", None),
                ("registered_location", 5),
                ("files", "x"),
                ("bytes", 1.5),
                ("safe", 1),
                ("reason", None),
            ]
        ),
    ],
)
def test_a_text_that_is_no_plan_is_declined(text: str) -> None:
    with pytest.raises(UsageError, match="no partition plan"):
        PartitionPlan.from_json(text)


def test_columns_of_a_plan_are_in_key_order(pair: Pair) -> None:
    table = pair.create(Table("web", "clicks", DESCRIPTOR, LOCATION, (Column("b", "int"), Column("a", "int"))))
    pair.put(at("b=1/a=2/x"))
    plan = pair.plan(table)
    assert (plan.keys, plan.changes[0].values) == (("b", "a"), ("1", "2"))
