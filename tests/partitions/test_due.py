"""What a schedule runs: bounded, safe twice at once, and no table in the way of another."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from lake.commands.partitions.scheduled import JsonLines
from lake.errors import StorageFailed, TableNotFound, Throttled
from lake.model import Partition, Refusal, StoredObject, Table, TableName
from lake.partitions.due import DueOptions, TableOutcome, repair_due, summary
from lake.partitions.repair import apply as applying
from lake.partitions.repair.undo import Undo, take_back
from tests.partitions.small_lake import (
    LATER,
    NOW,
    SmallLake,
    counts,
    lake_of,
    registered,
    run,
    table,
)
from tests.partitions.tables import DESCRIPTOR


def test_tables_are_repaired_and_the_next_day_is_registered(small_lake: SmallLake) -> None:
    hourly, daily, plain = repair_due(small_lake, ["hourly", "daily", "plain"], LATER)
    assert [counts(each) for each in (hourly, daily, plain)] == [(40, 0, 0, 0, 24), (1, 0, 0, 0, 1), (1, 0, 0, 0, 0)]
    assert (hourly.lag_seconds, daily.lag_seconds, plain.lag_seconds) == (0.0, 36.5 * 3600, None)
    assert hourly.full
    coming = small_lake.catalog.partitions[TableName("web", "hourly")]["2026-02-04", "07"]
    assert coming.location == "s3://lake/web/hourly/dt=2026-02-04/hour=07/"
    assert coming.parameters == {"tap_lake.expected": "2026-02-07T00:00:00+00:00"}
    [ahead] = [each for each in small_lake.catalog.partitions[TableName("web", "daily")].values() if each.parameters]
    assert (ahead.values, ahead.location) == (("2026-02-04",), "s3://lake/web/daily/2026/02/04/")
    again = repair_due(small_lake, ["hourly", "daily", "plain"], timedelta(minutes=10))
    assert repair_due(small_lake, ["plain"], 600)[0].in_time
    assert [counts(each) for each in again] == [(0,) * 5] * 3
    assert [each.full for each in again] == [False, False, True]
    assert summary(again[2]) == "nothing to do"


def test_an_hourly_run_makes_few_calls_and_a_daily_one_drops(small_lake: SmallLake) -> None:
    repair_due(small_lake, ["hourly"], LATER)
    small_lake.storage.objects["s3://lake/web/hourly/dt=2026-02-03/hour=13/a"] = b"data"
    gone = "s3://lake/web/hourly/dt=2026-02-02/hour=01/a"
    del small_lake.storage.objects[gone]
    small_lake.clock.advance(timedelta(hours=1))
    [outcome] = repair_due(small_lake, ["hourly"], LATER + timedelta(hours=1), options=DueOptions(drop=True))
    assert (counts(outcome), outcome.full) == ((1, 0, 0, 0, 0), False)
    assert sum(outcome.calls.values()) <= 16
    small_lake.clock.advance(timedelta(days=3))
    later = small_lake.clock.now() + timedelta(hours=1)
    [outcome] = repair_due(small_lake, ["hourly"], later, options=DueOptions(drop=True, share=0.0))
    assert outcome.full
    assert outcome.guard is not None
    assert not outcome.failed
    small_lake.storage.objects.pop("s3://lake/web/hourly/_tap_lake/last_full_run")
    [outcome] = repair_due(small_lake, ["hourly"], later, options=DueOptions(drop=True, share=1.0))
    assert (outcome.dropped, outcome.guard) == (1, None)


def test_what_was_registered_ahead_and_never_came_is_gone_when_its_time_is_over(small_lake: SmallLake) -> None:
    repair_due(small_lake, ["daily"], LATER)
    small_lake.storage.objects["s3://lake/web/daily/2026/02/03/x"] = b"data"
    for days, dropped in ((3, 0), (1, 1)):
        small_lake.clock.advance(timedelta(days=days))
        options = DueOptions(drop=True, share=1.0, ahead=False)
        [outcome] = repair_due(small_lake, ["daily"], small_lake.clock.now() + timedelta(hours=1), options=options)
        assert (outcome.full, outcome.dropped) == (True, dropped)


def test_one_bad_table_stops_no_other(small_lake: SmallLake) -> None:
    listed = small_lake.storage.list_keys

    def failing(prefix: str) -> Iterator[StoredObject]:
        if "daily" in prefix:
            raise StorageFailed("s3://lake/web/daily/ could not be read: Permission denied")
        found: Iterator[StoredObject] = listed(prefix)
        return found

    small_lake.storage.list_keys = failing
    absent, daily, plain = repair_due(small_lake, ["absent", "daily", "plain"], LATER)
    assert absent.error == str(TableNotFound("web.absent"))
    assert daily.failed
    assert (plain.added, plain.failed) == (1, False)


def test_nothing_is_begun_at_the_deadline_and_a_listing_is_given_up(small_lake: SmallLake) -> None:
    outcomes = repair_due(small_lake, ["hourly", "plain"], NOW)
    assert [(each.in_time, each.error, each.added) for each in outcomes] == [(False, "time ran out", 0)] * 2
    listed = small_lake.storage.list_keys

    def slow(prefix: str) -> Iterator[StoredObject]:
        for number in range(5_000):
            small_lake.clock.advance(timedelta(seconds=1))
            yield StoredObject(f"{prefix}region=R{number}/a", 1, NOW)
        yield from listed(prefix)

    small_lake.storage.list_keys = slow
    begun = small_lake.clock.now()
    [outcome] = repair_due(small_lake, ["plain"], begun + timedelta(seconds=1_500))
    assert (outcome.in_time, outcome.failed) == (False, True)
    assert small_lake.clock.now() - begun < timedelta(seconds=2_500)


def test_two_at_once_do_each_thing_once(small_lake: SmallLake) -> None:
    outcomes: list[TableOutcome] = []
    runs = [
        threading.Thread(target=lambda: outcomes.extend(repair_due(small_lake, ["hourly", "daily", "plain"], LATER)))
        for _ in range(2)
    ]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join()
    assert not [outcome for outcome in outcomes if outcome.failed]
    assert sum(outcome.added for outcome in outcomes) == 42
    assert len(small_lake.catalog.partitions[TableName("web", "hourly")]) == 40 + 24


def slow_additions(db: SmallLake, *, minutes: float) -> None:
    """Have each call that adds partitions take its time."""
    add = db.catalog.add_partitions

    def slow(name: TableName, partitions: Any) -> list[Refusal]:
        refused: list[Refusal] = add(name, partitions)
        db.clock.advance(timedelta(minutes=minutes))
        return refused

    db.catalog.add_partitions = slow


def slow_listings(db: SmallLake, **seconds: float) -> None:
    """Have each object of a table take its time where the whole table is listed."""
    listed = db.storage.list_keys

    def slow(prefix: str) -> Iterator[StoredObject]:
        for stored in listed(prefix):
            db.clock.advance(timedelta(seconds=seconds.get(prefix.split("/")[-2], 0)))
            yield stored

    db.storage.list_keys = slow


def test_what_takes_too_long_keeps_no_table_from_its_turn() -> None:
    names = ["big", "daily", "plain"]
    days = [f"dt={NOW - timedelta(days=day):%Y-%m-%d}/a" for day in range(1500)]
    db = lake_of(
        table("big", dt="date"), table("daily", dt="date"), table("plain", region="string"),
        big=days, daily=["dt=2026-02-03/a"], plain=["region=EU/a"],
    )  # fmt: skip
    slow_listings(db, big=1)
    outcomes = run(db, *names)
    assert [each.table for each in outcomes] == names
    assert [(each.added, each.full, each.in_time) for each in outcomes] == [
        (3, False, False),
        (1, False, False),
        (1, True, True),
    ]
    assert [each.error for each in outcomes] == ["time ran out", "time ran out", None]
    outcomes = run(db, *names)
    assert [(each.full, each.in_time) for each in outcomes] == [(False, False), (True, True), (True, True)]
    [outcome] = run(db, "big", minutes=30)
    assert (outcome.full, outcome.in_time, outcome.added) == (True, True, 1497)


def test_a_lease_that_another_run_holds_is_not_waited_for_beyond_the_deadline(small_lake: SmallLake) -> None:
    repair_due(small_lake, ["hourly"], LATER)
    values = ("2026-02-03", "12")
    registered(small_lake, "hourly")[values] = Partition(values, "s3://lake/web/hourly/gone/", DESCRIPTOR)
    small_lake.storage.objects["s3://lake/web/hourly/dt=2026-02-03/hour=13/a"] = b"data"
    lease = {"holder": "another", "until": LATER.isoformat()}
    small_lake.storage.objects["s3://lake/web/hourly/_tap_lake/lease.json"] = json.dumps(lease).encode()
    begun = time.monotonic()
    [outcome] = run(small_lake, "hourly", minutes=0.01)
    assert time.monotonic() - begun < 0.6
    assert (outcome.added, outcome.moved, outcome.in_time, outcome.error) == (1, 0, False, "time ran out")
    assert len(outcome.undo) == 1


def test_everything_is_listed_of_the_longest_ago_first(small_lake: SmallLake) -> None:
    asked: list[str] = []
    listed = small_lake.storage.list_keys
    small_lake.storage.list_keys = lambda prefix: (asked.append(prefix), listed(prefix))[1]
    tables = "hourly", "daily", "plain"
    for name, ago in zip(tables, (30, 40, 35), strict=True):
        at = NOW - timedelta(hours=ago)
        small_lake.storage.objects[f"s3://lake/web/{name}/_tap_lake/last_full_run"] = at.isoformat().encode()
    repair_due(small_lake, tables, LATER)
    whole = [prefix.split("/")[-2] for prefix in asked if prefix.split("/")[-2] in tables]
    assert list(dict.fromkeys(whole)) == ["daily", "plain", "hourly"]


def test_counts_of_both_looks_are_summed_and_findings_are_the_last_ones() -> None:
    keys = ["dt=2026-01-03/a", "dt=2026-02-03/a", "dt=2026-02-31/a", "junk/a"]
    [outcome] = run(lake_of(table("daily", dt="date"), daily=keys), "daily")
    assert (counts(outcome), outcome.stray, outcome.full) == ((2, 0, 0, 0, 1), 2, True)
    assert len(outcome.undo) == 3


@pytest.mark.parametrize("text", ["2036-01-01T00:00:00+00:00", "never\n2036-01-01", "2026-02-03T12:00:00", ""])
def test_a_full_run_that_is_yet_to_come_or_cannot_be_read_is_due(small_lake: SmallLake, text: str) -> None:
    small_lake.storage.objects["s3://lake/web/daily/_tap_lake/last_full_run"] = text.encode()
    assert repair_due(small_lake, ["daily"], LATER)[0].full
    assert not repair_due(small_lake, ["daily"], LATER)[0].full


# What is kept where something fails


def test_what_was_done_is_told_where_time_runs_out_afterwards(small_lake: SmallLake) -> None:
    slow_additions(small_lake, minutes=20)
    [outcome] = run(small_lake, "hourly")
    assert (outcome.added, outcome.expected, outcome.in_time, outcome.error) == (40, 0, False, "time ran out")
    assert (len(outcome.undo), outcome.lag_seconds) == (1, 0.0)


def test_what_was_done_is_told_where_time_runs_out_in_the_middle(
    small_lake: SmallLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "ADDED_AT_ONCE", 10)
    slow_additions(small_lake, minutes=4)
    [outcome] = run(small_lake, "hourly")
    assert (outcome.added, outcome.in_time, len(registered(small_lake, "hourly"))) == (30, False, 30)
    [place] = outcome.undo
    assert take_back(small_lake.catalog, Undo.from_json(small_lake.storage.get_range(place))).removed == 30


def test_a_full_look_that_just_makes_it_was_in_time(small_lake: SmallLake) -> None:
    slow_additions(small_lake, minutes=20)
    [outcome] = run(small_lake, "plain")
    assert (outcome.added, outcome.full, outcome.in_time, outcome.failed) == (1, True, True, False)


def test_what_was_done_is_told_where_the_next_day_is_refused(small_lake: SmallLake) -> None:
    add = small_lake.catalog.add_partitions

    def throttled(name: TableName, partitions: Any) -> list[Refusal]:
        given = list(partitions)
        if given[0].parameters:
            raise Throttled("too many calls")
        refused: list[Refusal] = add(name, given)
        return refused

    small_lake.catalog.add_partitions = throttled
    [outcome] = repair_due(small_lake, ["hourly"], LATER)
    assert (outcome.added, outcome.expected, outcome.full, outcome.error) == (40, 0, True, "too many calls")


def test_a_fault_of_ours_stops_no_other_table(small_lake: SmallLake, caplog: pytest.LogCaptureFixture) -> None:
    find = small_lake.table

    def malformed(name: str) -> Table:
        if name == "bad":
            raise KeyError("StorageDescriptor")
        return find(name)

    small_lake.table = malformed  # type: ignore[method-assign]
    bad, plain = repair_due(small_lake, ["bad", "plain"], LATER)
    assert (bad.failed, bad.error) == (True, "unexpected KeyError: 'StorageDescriptor'")
    assert (plain.added, plain.failed) == (1, False)
    [record] = [record for record in caplog.records if record.exc_info]
    line = json.loads(JsonLines().format(record))
    assert (line["level"], line["message"]) == ("ERROR", "bad: unexpected KeyError")
    assert "in malformed" in line["trace"]
