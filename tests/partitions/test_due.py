"""What a schedule runs: bounded, safe twice at once, and no table in the way of another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lake.clock import FixedClock
from lake.errors import StorageFailed, TableNotFound
from lake.model import StoredObject, Table, TableName
from lake.partitions.due import DueOptions, TableOutcome, repair_due, summary
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


def table(name: str, **keys: str) -> Table:
    made = partitioned_by(**keys)
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
