"""What a schedule runs: bounded, safe twice at once, and no table in the way of another."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lake.clock import FixedClock
from lake.commands.partitions.scheduled import JsonLines
from lake.errors import AccessDenied, StorageFailed, TableNotFound, Throttled
from lake.model import Partition, Refusal, StoredObject, Table, TableName
from lake.partitions.due import DueOptions, TableOutcome, repair_due, summary
from lake.partitions.repair import apply as applying
from lake.partitions.repair.undo import Undo, take_back
from tests.partitions.memory import MemoryCatalog, MemoryStorage
from tests.partitions.tables import DESCRIPTOR, partitioned_by

NOW = datetime(2026, 2, 3, 12, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@dataclass
class SmallLake:
    catalog: Any
    storage: Any
    clock: FixedClock

    def table(self, name: str) -> Table:
        found: Table = self.catalog.get_table(TableName("web", name))
        return found


def table(name: str, template: str | None = None, /, **keys: str) -> Table:
    made = partitioned_by(template, **keys)
    return Table("web", name, DESCRIPTOR, f"s3://lake/web/{name}/", made.partition_keys, made.parameters)


@pytest.fixture
def db() -> SmallLake:
    tables = [table("hourly", dt="string", hour="int"), table("daily", dt="date"), table("plain", region="string")]
    storage = MemoryStorage()
    for hour in range(40):
        at = NOW - timedelta(hours=hour)
        storage.objects[f"s3://lake/web/hourly/dt={at:%Y-%m-%d}/hour={at:%H}/a"] = b"data"
    storage.objects["s3://lake/web/daily/2026/02/01/x"] = b"data"
    storage.objects["s3://lake/web/plain/region=EU/a"] = b"data"
    return SmallLake(MemoryCatalog(tables), storage, FixedClock(NOW))


def lake_of(*tables: Table, **objects: list[str]) -> SmallLake:
    """Make a lake whose tables hold the named objects: `daily=["dt=2026-02-03/a"]`."""
    keys = [f"s3://lake/web/{name}/{key}" for name, below in objects.items() for key in below]
    return SmallLake(MemoryCatalog(tables), MemoryStorage(dict.fromkeys(keys, b"data")), FixedClock(NOW))


def registered(db: SmallLake, name: str) -> dict[tuple[str, ...], Partition]:
    found: dict[tuple[str, ...], Partition] = db.catalog.partitions[TableName("web", name)]
    return found


def ahead(db: SmallLake, name: str) -> list[str]:
    """Where partitions are registered ahead, below the table."""
    made = (each.location for each in registered(db, name).values() if each.parameters)
    return sorted(location.partition(f"/{name}/")[2] for location in made)


def run(db: SmallLake, *names: str, minutes: float = 10, **options: Any) -> list[TableOutcome]:
    return repair_due(db, names, timedelta(minutes=minutes), options=DueOptions(**options))


def counts(outcome: TableOutcome) -> tuple[int, ...]:
    return outcome.added, outcome.moved, outcome.dropped, outcome.refused, outcome.expected


def test_tables_are_repaired_and_the_next_day_is_registered(db: SmallLake) -> None:
    hourly, daily, plain = repair_due(db, ["hourly", "daily", "plain"], LATER)
    assert [counts(each) for each in (hourly, daily, plain)] == [(40, 0, 0, 0, 24), (1, 0, 0, 0, 1), (1, 0, 0, 0, 0)]
    assert (hourly.lag_seconds, daily.lag_seconds, plain.lag_seconds) == (0.0, 36.5 * 3600, None)
    assert hourly.full
    coming = db.catalog.partitions[TableName("web", "hourly")]["2026-02-04", "07"]
    assert coming.location == "s3://lake/web/hourly/dt=2026-02-04/hour=07/"
    assert coming.parameters == {"tap_lake.expected": "2026-02-07T00:00:00+00:00"}
    [ahead] = [each for each in db.catalog.partitions[TableName("web", "daily")].values() if each.parameters]
    assert (ahead.values, ahead.location) == (("2026-02-04",), "s3://lake/web/daily/2026/02/04/")
    again = repair_due(db, ["hourly", "daily", "plain"], timedelta(minutes=10))
    assert repair_due(db, ["plain"], 600)[0].in_time
    assert [counts(each) for each in again] == [(0,) * 5] * 3
    assert [each.full for each in again] == [False, False, True]
    assert summary(again[2]) == "nothing to do"


def test_an_hourly_run_makes_few_calls_and_a_daily_one_drops(db: SmallLake) -> None:
    repair_due(db, ["hourly"], LATER)
    db.storage.objects["s3://lake/web/hourly/dt=2026-02-03/hour=13/a"] = b"data"
    gone = "s3://lake/web/hourly/dt=2026-02-02/hour=01/a"
    del db.storage.objects[gone]
    db.clock.advance(timedelta(hours=1))
    [outcome] = repair_due(db, ["hourly"], LATER + timedelta(hours=1), options=DueOptions(drop=True))
    assert (counts(outcome), outcome.full) == ((1, 0, 0, 0, 0), False)
    assert sum(outcome.calls.values()) <= 16
    db.clock.advance(timedelta(days=3))
    later = db.clock.now() + timedelta(hours=1)
    [outcome] = repair_due(db, ["hourly"], later, options=DueOptions(drop=True, share=0.0))
    assert outcome.full
    assert outcome.guard is not None
    assert not outcome.failed
    db.storage.objects.pop("s3://lake/web/hourly/_tap_lake/last_full_run")
    [outcome] = repair_due(db, ["hourly"], later, options=DueOptions(drop=True, share=1.0))
    assert (outcome.dropped, outcome.guard) == (1, None)


def test_what_was_registered_ahead_and_never_came_is_gone_when_its_time_is_over(db: SmallLake) -> None:
    repair_due(db, ["daily"], LATER)
    db.storage.objects["s3://lake/web/daily/2026/02/03/x"] = b"data"
    for days, dropped in ((3, 0), (1, 1)):
        db.clock.advance(timedelta(days=days))
        options = DueOptions(drop=True, share=1.0, ahead=False)
        [outcome] = repair_due(db, ["daily"], db.clock.now() + timedelta(hours=1), options=options)
        assert (outcome.full, outcome.dropped) == (True, dropped)


def test_one_bad_table_stops_no_other(db: SmallLake) -> None:
    listed = db.storage.list_keys

    def failing(prefix: str) -> Iterator[StoredObject]:
        if "daily" in prefix:
            raise StorageFailed("s3://lake/web/daily/ could not be read: Permission denied")
        found: Iterator[StoredObject] = listed(prefix)
        return found

    db.storage.list_keys = failing
    absent, daily, plain = repair_due(db, ["absent", "daily", "plain"], LATER)
    assert absent.error == str(TableNotFound("web.absent"))
    assert daily.failed
    assert (plain.added, plain.failed) == (1, False)


def test_nothing_is_begun_at_the_deadline_and_a_listing_is_given_up(db: SmallLake) -> None:
    outcomes = repair_due(db, ["hourly", "plain"], NOW)
    assert [(each.in_time, each.error, each.added) for each in outcomes] == [(False, "time ran out", 0)] * 2
    listed = db.storage.list_keys

    def slow(prefix: str) -> Iterator[StoredObject]:
        for number in range(5_000):
            db.clock.advance(timedelta(seconds=1))
            yield StoredObject(f"{prefix}region=R{number}/a", 1, NOW)
        yield from listed(prefix)

    db.storage.list_keys = slow
    begun = db.clock.now()
    [outcome] = repair_due(db, ["plain"], begun + timedelta(seconds=1_500))
    assert (outcome.in_time, outcome.failed) == (False, True)
    assert db.clock.now() - begun < timedelta(seconds=2_500)


def test_two_at_once_do_each_thing_once(db: SmallLake) -> None:
    outcomes: list[TableOutcome] = []
    runs = [
        threading.Thread(target=lambda: outcomes.extend(repair_due(db, ["hourly", "daily", "plain"], LATER)))
        for _ in range(2)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert not [outcome for outcome in outcomes if outcome.failed]
    assert sum(outcome.added for outcome in outcomes) == 42
    assert len(db.catalog.partitions[TableName("web", "hourly")]) == 40 + 24


# How long ago data came


DAYS_OF_HOURS = [NOW - timedelta(hours=hours) for hours in range(72)]


def test_a_feed_that_stopped_is_seen_though_the_next_days_are_registered() -> None:
    db = lake_of(table("daily", dt="date"), daily=["dt=2026-02-02/a", "dt=2026-02-03/a"])
    for days, hours in ((0, 0), (1, 12.5), (2, 36.5)):
        [outcome] = run(db, "daily")
        assert outcome.lag_seconds == hours * 3600
        assert run(db, "daily")[0].lag_seconds == hours * 3600
        db.clock.advance(timedelta(days=1))
        assert days < 2 or len(ahead(db, "daily")) == 3


def test_a_lag_beyond_the_last_days_is_at_least_their_age_until_all_is_listed() -> None:
    db = lake_of(table("daily", dt="date"), daily=["dt=2026-01-03/a"])
    first, second = run(db, "daily"), run(db, "daily")
    assert (first[0].full, first[0].lag_seconds) == (True, (30 * 24 + 12.5) * 3600)
    assert (second[0].full, second[0].lag_seconds) == (False, 60.5 * 3600)


def test_markers_and_places_outside_of_the_layout_tell_of_data_what_they_hold() -> None:
    db = lake_of(
        table("hourly", dt="string", hour="int"), hourly=["dt=2026-02-03/hour=07/a", "dt=2026-02-03/hour=09/a"]
    )
    run(db, "hourly")
    db.storage.objects["s3://lake/web/hourly/dt=2026-02-03/hour=09/a"] = b""
    assert run(db, "hourly")[0].lag_seconds == 4.5 * 3600
    before = registered(db, "hourly")["2026-02-03", "10"] = Partition(
        ("2026-02-03", "10"), "s3://lake/odd/", DESCRIPTOR
    )
    assert run(db, "hourly")[0].lag_seconds == 4.5 * 3600
    db.storage.objects[f"{before.location}a"] = b"data"
    assert run(db, "hourly")[0].lag_seconds == 1.5 * 3600


def test_what_cannot_be_looked_at_leaves_the_lag_unknown() -> None:
    db = lake_of(table("daily", dt="date"), daily=["dt=2026-02-03/a"])
    run(db, "daily")
    listed = db.storage.list_keys

    def denied(prefix: str) -> Iterator[StoredObject]:
        if "dt=2026-02-03" in prefix:
            raise AccessDenied(f"{prefix} may not be listed")
        found: Iterator[StoredObject] = listed(prefix)
        return found

    db.storage.list_keys = denied
    [outcome] = run(db, "daily")
    assert (outcome.lag_seconds, outcome.unknown, outcome.failed) == (None, 1, True)


def test_a_lag_is_not_looked_for_in_more_than_a_few_places() -> None:
    keys = [f"dt={at:%Y-%m-%d}/hour={at:%H}/a" for at in DAYS_OF_HOURS]
    db = lake_of(table("hourly", dt="string", hour="int"), hourly=keys)
    run(db, "hourly")
    db.storage.objects.update({key: b"" for key in db.storage.objects if "/hour=" in key})
    [outcome] = run(db, "hourly")
    assert (outcome.lag_seconds, outcome.failed) == (None, False)
    assert outcome.calls["list"] <= 32


@pytest.mark.parametrize(("name", "most"), [("daily", 12), ("hourly", 40)])
def test_an_hourly_run_makes_no_more_calls_than_it_may(name: str, most: int) -> None:
    keys = [f"dt={at:%Y-%m-%d}/hour={at:%H}/a" for at in DAYS_OF_HOURS]
    db = lake_of(
        table("daily", dt="date"),
        table("hourly", dt="string", hour="int"),
        daily=["dt=2026-02-01/a", "dt=2026-02-02/a"],
        hourly=keys[1:],
    )
    run(db, name)
    db.storage.objects |= {f"s3://lake/web/hourly/{keys[0]}": b"data", "s3://lake/web/daily/dt=2026-02-03/a": b"data"}
    for added in (1, 0):
        [outcome] = run(db, name)
        assert (outcome.added, outcome.full, outcome.lag_seconds) == (added, False, 0.0)
        assert sum(outcome.calls.values()) <= most


# The day to come


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


def test_each_run_says_what_takes_it_back(db: SmallLake) -> None:
    [outcome] = repair_due(db, ["hourly"], LATER)
    assert outcome.undo
    for place in reversed(outcome.undo):
        report = take_back(db.catalog, Undo.from_json(db.storage.get_range(place)))
        assert report.refused == ()
    assert registered(db, "hourly") == {}
    assert [each.undo for each in repair_due(db, ["plain"], LATER)] != [()]
    assert [each.undo for each in repair_due(db, ["plain"], LATER)] == [()]


def test_an_undo_file_tells_only_of_what_was_registered(db: SmallLake) -> None:
    repair_due(db, ["daily", "hourly"], LATER)
    db.clock.advance(timedelta(days=1))
    add = db.catalog.add_partitions

    def overtaken(name: TableName, partitions: Any) -> list[Refusal]:
        given = list(partitions)
        add(name, given[:1])
        refused: list[Refusal] = add(name, given)
        return refused

    db.catalog.add_partitions = overtaken
    db.storage.objects["s3://lake/web/daily/2026/02/03/x"] = b"data"
    db.storage.objects["s3://lake/web/hourly/dt=2026-02-04/hour=07/x"] = b"data"
    daily, hourly = repair_due(db, ["daily", "hourly"], LATER + timedelta(days=1))
    assert (daily.expected, daily.undo, hourly.expected) == (0, (), 23)
    [place] = hourly.undo
    assert len(Undo.from_json(db.storage.get_range(place)).added) == 23


def test_where_nothing_may_be_written_partitions_are_registered_all_the_same(db: SmallLake) -> None:
    def denied(location: str, data: bytes, **conditions: Any) -> bool:
        raise AccessDenied(f"{location} may not be written")

    db.storage.put = denied
    [outcome] = repair_due(db, ["hourly"], LATER)
    assert (counts(outcome), outcome.undo, outcome.failed) == ((40, 0, 0, 0, 24), (), False)


# Whose turn it is


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


def test_a_lease_that_another_run_holds_is_not_waited_for_beyond_the_deadline(db: SmallLake) -> None:
    repair_due(db, ["hourly"], LATER)
    values = ("2026-02-03", "12")
    registered(db, "hourly")[values] = Partition(values, "s3://lake/web/hourly/gone/", DESCRIPTOR)
    db.storage.objects["s3://lake/web/hourly/dt=2026-02-03/hour=13/a"] = b"data"
    lease = {"holder": "another", "until": LATER.isoformat()}
    db.storage.objects["s3://lake/web/hourly/_tap_lake/lease.json"] = json.dumps(lease).encode()
    begun = time.monotonic()
    [outcome] = run(db, "hourly", minutes=0.01)
    assert time.monotonic() - begun < 0.6
    assert (outcome.added, outcome.moved, outcome.in_time, outcome.error) == (1, 0, False, "time ran out")
    assert len(outcome.undo) == 1


def test_everything_is_listed_of_the_longest_ago_first(db: SmallLake) -> None:
    asked: list[str] = []
    listed = db.storage.list_keys
    db.storage.list_keys = lambda prefix: (asked.append(prefix), listed(prefix))[1]
    tables = "hourly", "daily", "plain"
    for name, ago in zip(tables, (30, 40, 35), strict=True):
        at = NOW - timedelta(hours=ago)
        db.storage.objects[f"s3://lake/web/{name}/_tap_lake/last_full_run"] = at.isoformat().encode()
    repair_due(db, tables, LATER)
    whole = [prefix.split("/")[-2] for prefix in asked if prefix.split("/")[-2] in tables]
    assert list(dict.fromkeys(whole)) == ["daily", "plain", "hourly"]


def test_counts_of_both_looks_are_summed_and_findings_are_the_last_ones() -> None:
    keys = ["dt=2026-01-03/a", "dt=2026-02-03/a", "dt=2026-02-31/a", "junk/a"]
    [outcome] = run(lake_of(table("daily", dt="date"), daily=keys), "daily")
    assert (counts(outcome), outcome.stray, outcome.full) == ((2, 0, 0, 0, 1), 2, True)
    assert len(outcome.undo) == 3


@pytest.mark.parametrize("text", ["2036-01-01T00:00:00+00:00", "never\n2036-01-01", "2026-02-03T12:00:00", ""])
def test_a_full_run_that_is_yet_to_come_or_cannot_be_read_is_due(db: SmallLake, text: str) -> None:
    db.storage.objects["s3://lake/web/daily/_tap_lake/last_full_run"] = text.encode()
    assert repair_due(db, ["daily"], LATER)[0].full
    assert not repair_due(db, ["daily"], LATER)[0].full


# What is kept where something fails


def test_what_was_done_is_told_where_time_runs_out_afterwards(db: SmallLake) -> None:
    add = db.catalog.add_partitions

    def slow(name: TableName, partitions: Any) -> list[Refusal]:
        refused: list[Refusal] = add(name, partitions)
        db.clock.advance(timedelta(minutes=20))
        return refused

    db.catalog.add_partitions = slow
    [outcome] = run(db, "hourly")
    assert (outcome.added, outcome.expected, outcome.in_time, outcome.error) == (40, 0, False, "time ran out")
    assert (len(outcome.undo), outcome.lag_seconds) == (1, 0.0)


def test_what_was_done_is_told_where_time_runs_out_in_the_middle(
    db: SmallLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "ADDED_AT_ONCE", 10)
    add = db.catalog.add_partitions

    def slow(name: TableName, partitions: Any) -> list[Refusal]:
        refused: list[Refusal] = add(name, partitions)
        db.clock.advance(timedelta(minutes=4))
        return refused

    db.catalog.add_partitions = slow
    [outcome] = run(db, "hourly")
    assert (outcome.added, outcome.in_time, len(registered(db, "hourly"))) == (30, False, 30)
    [place] = outcome.undo
    assert take_back(db.catalog, Undo.from_json(db.storage.get_range(place))).removed == 30


def test_a_full_look_that_just_makes_it_was_in_time(db: SmallLake) -> None:
    add = db.catalog.add_partitions

    def slow(name: TableName, partitions: Any) -> list[Refusal]:
        refused: list[Refusal] = add(name, partitions)
        db.clock.advance(timedelta(minutes=20))
        return refused

    db.catalog.add_partitions = slow
    [outcome] = run(db, "plain")
    assert (outcome.added, outcome.full, outcome.in_time, outcome.failed) == (1, True, True, False)


def test_what_was_done_is_told_where_the_next_day_is_refused(db: SmallLake) -> None:
    add = db.catalog.add_partitions

    def throttled(name: TableName, partitions: Any) -> list[Refusal]:
        given = list(partitions)
        if given[0].parameters:
            raise Throttled("too many calls")
        refused: list[Refusal] = add(name, given)
        return refused

    db.catalog.add_partitions = throttled
    [outcome] = repair_due(db, ["hourly"], LATER)
    assert (outcome.added, outcome.expected, outcome.full, outcome.error) == (40, 0, True, "too many calls")


def test_a_fault_of_ours_stops_no_other_table(db: SmallLake, caplog: pytest.LogCaptureFixture) -> None:
    find = db.table

    def malformed(name: str) -> Table:
        if name == "bad":
            raise KeyError("StorageDescriptor")
        return find(name)

    db.table = malformed  # type: ignore[method-assign]
    bad, plain = repair_due(db, ["bad", "plain"], LATER)
    assert (bad.failed, bad.error) == (True, "unexpected KeyError: 'StorageDescriptor'")
    assert (plain.added, plain.failed) == (1, False)
    [record] = [record for record in caplog.records if record.exc_info]
    line = json.loads(JsonLines().format(record))
    assert (line["level"], line["message"]) == ("ERROR", "bad: unexpected KeyError")
    assert "in malformed" in line["trace"]
