"""What a schedule registers ahead of its data, and what takes that back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lake.errors import AccessDenied
from lake.model import Partition, Refusal, Table, TableName
from lake.partitions.due import repair_due
from lake.partitions.repair.undo import Undo, take_back
from tests.partitions.small_lake import (
    LATER,
    SmallLake,
    ahead,
    counts,
    lake_of,
    registered,
    run,
    table,
)
from tests.partitions.tables import DESCRIPTOR

SPELLED = {
    "texts without zeros": (table("t", dt="string", hour="string"), "dt=2026-02-03/hour=7/a", "dt=2026-02-04/hour=7/"),
    "texts with zeros": (table("t", dt="string", hour="string"), "dt=2026-02-03/hour=07/a", "dt=2026-02-04/hour=07/"),
    "numbers without zeros": (table("t", dt="date", hour="int"), "dt=2026-02-03/hour=7/a", "dt=2026-02-04/hour=7/"),
    "numbers with zeros": (table("t", dt="date", hour="int"), "dt=2026-02-03/hour=07/a", "dt=2026-02-04/hour=07/"),
    "firehose": (table("t", dt="date", hour="int"), "2026/02/03/07/a", "2026/02/04/07/"),
    "firehose, four texts": (
        table("t", year="string", month="string", day="string", hour="string"),
        "2026/2/3/7/a",
        "2026/2/4/7/",
    ),
    "firehose, one text": (table("t", dt="string"), "2026/02/03/07/a", "2026/02/04/07/"),
    "digits": (
        table("t", "${dt}/${hour}", dt="string", hour="string", dt__format="yyyyMMdd", hour__digits="3"),
        "20260203/007/a",
        "20260204/007/",
    ),
}


@pytest.mark.parametrize("case", SPELLED)
def test_what_is_to_come_is_registered_as_it_will_be_written(case: str) -> None:
    made, key, coming = SPELLED[case]
    db = lake_of(made, t=[key])
    [outcome] = run(db, "t")
    assert (outcome.expected, outcome.failed, len(ahead(db, "t"))) == (24, False, 24)
    assert coming in ahead(db, "t")
    for location in ahead(db, "t"):
        db.storage.objects[f"s3://lake/web/t/{location}a"] = b"data"
    db.clock.advance(timedelta(days=1))
    [outcome] = run(db, "t", ahead=False)
    assert (counts(outcome), outcome.stray, outcome.full) == ((0, 0, 0, 0, 0), 0, True)


@pytest.mark.parametrize(
    ("keys", "first"),
    [
        (["dt=2025-12-31/hour=23/a", "dt=2026-01-03/hour=7/a"], "dt=2026-02-04/hour=0/"),
        (["dt=2026-01-03/hour=07/a"], "dt=2026-02-04/hour=00/"),
        (["2026/01/03/07/a"], "2026/02/04/00/"),
        (["2026/1/3/7/a"], "2026/2/4/0/"),
    ],
)
def test_where_the_last_days_hold_nothing_the_last_data_show_how_it_is_written(keys: list[str], first: str) -> None:
    db = lake_of(table("t", dt="date", hour="int"), t=keys)
    [outcome] = run(db, "t")
    assert (outcome.expected, min(ahead(db, "t"))) == (24, first)


@pytest.mark.parametrize(
    ("made", "keys"),
    [
        (table("t", "${dt}/${hour}", dt="date", hour="string"), ["2026-02-03/12/a"]),
        (table("t", "${dt}/${hour}", dt="date", hour="int"), []),
        (table("t", dt="date", hour="string"), []),
        (table("t", dt="date"), []),
        (table("t", dt="string", region="string"), ["dt=2026-02-03/region=EU/a"]),
        (table("t", dt="string", dt__format="yyyy/MM/dd/HH/mm"), []),
    ],
)
def test_nothing_is_registered_where_nobody_knows_how_it_will_be_written(made: Table, keys: list[str]) -> None:
    db = lake_of(made, t=keys)
    [outcome] = run(db, "t")
    assert (outcome.expected, ahead(db, "t"), outcome.failed) == (0, [], False)


def test_a_layout_that_leaves_no_doubt_is_enough() -> None:
    tables = [
        table("a", "dt=${dt}/hour=${hour}", dt="date", hour="int"),
        table("b", "${dt}", dt="date", dt__format="yyyy/MM/dd"),
    ]
    db = lake_of(*tables)
    assert [each.expected for each in run(db, "a", "b")] == [24, 1]
    assert ("dt=2026-02-04/hour=7/" in ahead(db, "a"), ahead(db, "b")) == (True, ["2026/02/04/"])


def test_what_others_have_registered_shows_the_spelling_and_is_not_registered_again() -> None:
    db = lake_of(table("t", "dt=${dt}/hour=${hour}", dt="date", hour="int"))
    values = "2026-02-04", "07"
    by_hand = Partition(values, "s3://lake/web/t/dt=2026-02-04/hour=07/", DESCRIPTOR)
    registered(db, "t")[values] = by_hand
    assert run(db, "t")[0].expected == 23
    assert "dt=2026-02-04/hour=08/" in ahead(db, "t")
    assert [each for each in registered(db, "t").values() if each.values[1] in ("7", "07")] == [by_hand]
    assert run(db, "t")[0].calls.get("create_partitions", 0) == 0


def test_the_newest_spelling_is_the_one_to_come() -> None:
    old, new = [f"dt=2026-02-02/hour=0{hour}/a" for hour in range(9)], ["dt=2026-02-03/hour=7/a"]
    db = lake_of(table("t", dt="string", hour="string"), t=old + new)
    run(db, "t")
    assert "dt=2026-02-04/hour=3/" in ahead(db, "t")


def test_each_run_says_what_takes_it_back(small_lake: SmallLake) -> None:
    [outcome] = repair_due(small_lake, ["hourly"], LATER)
    assert outcome.undo
    for place in reversed(outcome.undo):
        report = take_back(small_lake.catalog, Undo.from_json(small_lake.storage.get_range(place)))
        assert report.refused == ()
    assert registered(small_lake, "hourly") == {}
    assert [each.undo for each in repair_due(small_lake, ["plain"], LATER)] != [()]
    assert [each.undo for each in repair_due(small_lake, ["plain"], LATER)] == [()]


def test_an_undo_file_tells_only_of_what_was_registered(small_lake: SmallLake) -> None:
    repair_due(small_lake, ["daily", "hourly"], LATER)
    small_lake.clock.advance(timedelta(days=1))
    add = small_lake.catalog.add_partitions

    def overtaken(name: TableName, partitions: Any) -> list[Refusal]:
        given = list(partitions)
        add(name, given[:1])
        refused: list[Refusal] = add(name, given)
        return refused

    small_lake.catalog.add_partitions = overtaken
    small_lake.storage.objects["s3://lake/web/daily/2026/02/03/x"] = b"data"
    small_lake.storage.objects["s3://lake/web/hourly/dt=2026-02-04/hour=07/x"] = b"data"
    daily, hourly = repair_due(small_lake, ["daily", "hourly"], LATER + timedelta(days=1))
    assert (daily.expected, daily.undo, hourly.expected) == (0, (), 23)
    [place] = hourly.undo
    assert len(Undo.from_json(small_lake.storage.get_range(place)).added) == 23


def test_where_nothing_may_be_written_partitions_are_registered_all_the_same(small_lake: SmallLake) -> None:
    def denied(location: str, data: bytes, **conditions: Any) -> bool:
        raise AccessDenied(f"{location} may not be written")

    small_lake.storage.put = denied
    [outcome] = repair_due(small_lake, ["hourly"], LATER)
    assert (counts(outcome), outcome.undo, outcome.failed) == ((40, 0, 0, 0, 24), (), False)
