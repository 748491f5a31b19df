"""A small lake in memory for what a schedule runs, and short ways to ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from lake.clock import FixedClock
from lake.model import Partition, Table, TableName
from lake.partitions.due import DueOptions, TableOutcome, repair_due
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


DAYS_OF_HOURS = [NOW - timedelta(hours=hours) for hours in range(72)]
