"""How long ago data came last, as far as few looks can tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from lake.errors import AccessDenied
from lake.model import Partition, StoredObject
from tests.partitions.small_lake import (
    DAYS_OF_HOURS,
    ahead,
    lake_of,
    registered,
    run,
    table,
)
from tests.partitions.tables import DESCRIPTOR


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
