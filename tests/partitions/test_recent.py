"""A run over what can have changed lately: what it finds, and how few calls it makes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lake.clock import FixedClock
from lake.errors import UsageError
from lake.model import Partition, Table
from lake.partitions import Partitions
from lake.partitions.diff.full import plan_repair
from lake.partitions.diff.recent import plan_recent
from tests.partitions.memory import MemoryCatalog, MemoryStorage
from tests.partitions.tables import DESCRIPTOR, LOCATION, partitioned_by

NOW = datetime(2026, 2, 3, 12, 30, tzinfo=UTC)
CLOCK = FixedClock(NOW)
HOURS = [NOW.replace(minute=0) - timedelta(hours=hours) for hours in range(24 * 80)]
LAYOUTS: dict[str, tuple[Table, Any]] = {
    "hive": (partitioned_by(dt="string", hour="int"), lambda at: f"dt={at:%Y-%m-%d}/hour={at:%H}/"),
    "hive, dates": (partitioned_by(dt="date", hour="string"), lambda at: f"dt={at:%Y-%m-%d}/hour={at:%H}/"),
    "hive, days": (partitioned_by(dt="string"), lambda at: f"dt={at:%Y-%m-%d}/"),
    "hours in one": (partitioned_by(dt="string"), lambda at: f"dt={at:%Y-%m-%d-%H}/"),
    "firehose": (partitioned_by(dt="date", hour="int"), lambda at: f"{at:%Y/%m/%d/%H}/"),
    "firehose, one text": (partitioned_by(at="string"), lambda at: f"{at:%Y/%m/%d/%H}/"),
    "firehose, one timestamp": (partitioned_by(at="timestamp"), lambda at: f"{at:%Y/%m/%d/%H}/"),
    "firehose, four": (
        partitioned_by(year="int", month="int", day="int", hour="int"),
        lambda at: f"{at:%Y/%m/%d/%H}/",
    ),
    "unpadded": (partitioned_by(dt="date", hour="int"), lambda at: f"{at.year}/{at.month}/{at.day}/{at.hour}/"),
    "hive, four": (
        partitioned_by(y="string", m="string", d="string", h="string"),
        lambda at: f"y={at.year}/m={at.month}/d={at.day}/h={at.hour}/",
    ),
    "declared": (
        partitioned_by("raw/${dt}/h${hour}", dt="date", hour="int", dt__format="yyyy-MM/dd"),
        lambda at: f"raw/{at:%Y-%m/%d}/h{at.hour}/",
    ),
    "region first": (
        partitioned_by(region="string", dt="string"),
        lambda at: f"region={'EU' if at.hour % 2 else 'US'}/dt={at:%Y-%m-%d}/",
    ),
}


@pytest.fixture(params=LAYOUTS)
def lived(request: pytest.FixtureRequest) -> tuple[Table, Any, MemoryCatalog, MemoryStorage]:
    """A table of eighty days, all in step."""
    table, path = LAYOUTS[request.param]
    catalog = MemoryCatalog([table])
    storage = MemoryStorage({f"{LOCATION}{path(at)}a": b"data" for at in HOURS[3:]})
    plan = plan_repair(catalog, storage, table, clock=CLOCK)  # type: ignore[arg-type]
    added = [Partition(change.values, change.location, DESCRIPTOR) for change in plan.changes]
    assert catalog.add_partitions(table.full_name, added) == []
    return table, path, catalog, storage


def test_what_is_new_is_found_and_nothing_old_is_listed(lived: Any) -> None:
    table, path, catalog, storage = lived
    for at in (HOURS[0], HOURS[1], HOURS[0] + timedelta(hours=20)):
        storage.objects[f"{LOCATION}{path(at)}new"] = b"data"
    for key in [key for key in storage.objects if path(HOURS[9]) in key or path(HOURS[-1]) in key]:
        del storage.objects[key]
    full = plan_repair(catalog, storage, table, clock=CLOCK)
    assert "drop" in {change.kind for change in full.changes} or len(path(HOURS[0])) < 20
    catalog.asked.clear()
    storage.listed.clear()
    plan = plan_recent(catalog, storage, table, clock=CLOCK)
    additions = [change for change in full.changes if change.kind == "add"]
    assert list(plan.changes) == additions
    assert plan.partial
    assert plan.newest is None
    assert len(storage.listed) < 130
    assert not [prefix for prefix in storage.listed if "2025" in prefix]
    assert 0 < plan.registered < len(HOURS) / 5


def test_a_move_is_found(lived: Any) -> None:
    table, path, catalog, storage = lived
    partition = next(
        each for each in catalog.partitions[table.full_name].values() if each.location == LOCATION + path(HOURS[5])
    )
    moved = Partition(partition.values, f"{LOCATION}gone/", DESCRIPTOR)
    catalog.partitions[table.full_name][partition.values] = moved
    [change] = plan_recent(catalog, storage, table, clock=CLOCK).changes
    assert (change.kind, change.location, change.registered_location) == ("move", partition.location, moved.location)
    storage.objects[f"{LOCATION}gone/back"] = b"data"
    assert plan_recent(catalog, storage, table, clock=CLOCK).changes == ()


def test_calls_are_counted_and_few() -> None:
    table, path = LAYOUTS["hive"]
    catalog = MemoryCatalog([table])
    storage = MemoryStorage({f"{LOCATION}{path(at)}a": b"data" for at in HOURS[2:]})
    partitions = Partitions(catalog, storage, CLOCK, lambda name: table)  # type: ignore[arg-type]
    assert len(partitions.repair("clicks").added) == len(HOURS) - 2
    storage.objects[f"{LOCATION}{path(HOURS[0])}a"] = b"data"
    partitions.calls.counts.clear()
    report = partitions.apply(partitions.plan_recent("clicks"))
    assert [change.values for change in report.added] == [("2026-02-03", "12")]
    assert str(partitions.calls) == "create_partitions 1, get_partitions 1, list 6, put 1"


def test_how_far_it_looks_back_can_be_told(lived: Any) -> None:
    table, path, catalog, storage = lived
    storage.objects[f"{LOCATION}{path(HOURS[24 * 10])}late/x"] = b"data"
    values = next(
        v for v, p in catalog.partitions[table.full_name].items() if p.location == LOCATION + path(HOURS[240])
    )
    del catalog.partitions[table.full_name][values]
    assert plan_recent(catalog, storage, table, clock=CLOCK).changes == ()
    plan = plan_recent(catalog, storage, table, clock=CLOCK, since=NOW - timedelta(days=11))
    assert [change.values for change in plan.changes] == [values]


def test_a_table_without_time_is_told(clock: FixedClock) -> None:
    table = partitioned_by(region="string")
    storage = MemoryStorage({f"{LOCATION}region=EU/a": b"data"})
    with pytest.raises(UsageError, match="tells time"):
        plan_recent(MemoryCatalog([table]), storage, table, clock=clock)  # type: ignore[arg-type]
