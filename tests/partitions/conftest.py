"""A catalog and a storage together: each behaviour runs on every pair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lake.catalog.glue import GlueCatalog
from lake.clock import FixedClock
from lake.model import Database, Partition, Table
from lake.partitions.diff.full import plan_repair
from lake.partitions.diff.plan import PartitionPlan
from lake.partitions.repair.apply import ApplyOptions, RepairReport, apply
from lake.partitions.repair.lease import StorageLease
from lake.partitions.repair.undo import Undo, UndoReport, take_back
from lake.storage.s3 import ObjectStorage
from tests.catalog.conftest import connection_to
from tests.catalog.fake_glue import fake_glue
from tests.partitions.directory import create_directory
from tests.partitions.memory import MemoryCatalog, MemoryStorage
from tests.partitions.small_lake import NOW, SmallLake, table
from tests.partitions.tables import DESCRIPTOR


@dataclass
class Pair:
    catalog: Any
    storage: Any
    clock: FixedClock

    def create(self, table: Table) -> Table:
        self.catalog.create_table(table)
        return table

    def put(self, *locations: str, data: bytes = b"data") -> None:
        for location in locations:
            self.storage.put(location, data)

    def register(self, table: Table, locations: dict[tuple[str, ...], str]) -> None:
        partitions = [Partition(values, location, DESCRIPTOR) for values, location in locations.items()]
        assert self.catalog.add_partitions(table.full_name, partitions) == []

    def plan(self, table: Table) -> PartitionPlan:
        return plan_repair(self.catalog, self.storage, table, clock=self.clock)

    def repair(self, table: Table, **options: Any) -> RepairReport:
        return self.apply(self.plan(table), **options)

    def apply(
        self, plan: PartitionPlan, *, sleep: Callable[[float], None] = lambda seconds: None, **options: Any
    ) -> RepairReport:
        lease = StorageLease(self.storage, self.clock, sleep=sleep)
        return apply(self.catalog, self.storage, plan, clock=self.clock, options=ApplyOptions(**options), lease=lease)

    def undo(self, place: str) -> UndoReport:
        return take_back(self.catalog, Undo.from_json(self.storage.get_range(place)))

    def registered(self, table: Table) -> dict[tuple[str, ...], str]:
        return {partition.values: partition.location for partition in self.catalog.list_partitions(table)}


def aws_pair(request: pytest.FixtureRequest, catalog: GlueCatalog, clock: FixedClock) -> Pair:
    server = request.getfixturevalue("moto")
    server.client("s3").create_bucket(Bucket="lake")
    catalog.create_database(Database("web"))
    return Pair(catalog, ObjectStorage(connection_to(server)), clock)


PAIRS = ("memory", "directory", "moto", pytest.param("fake_glue", marks=pytest.mark.slow))


@pytest.fixture(params=PAIRS)
def pair(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[Pair]:
    """Catalog and storage: in memory, in a folder, in Glue and S3 of moto, and in the fake Glue that pages as Glue does."""
    if request.param == "memory":
        yield Pair(MemoryCatalog(), MemoryStorage(), clock)
    elif request.param == "directory":
        catalog, storage = create_directory(tmp_path)
        with catalog:
            yield Pair(catalog, storage, clock)
    elif request.param == "moto":
        yield aws_pair(request, GlueCatalog(connection_to(request.getfixturevalue("moto"))), clock)
    else:
        with fake_glue(page=3, empty_pages=1) as fake:
            yield aws_pair(request, GlueCatalog(connection_to(fake.server)), clock)


@pytest.fixture
def small_lake() -> SmallLake:
    tables = [table("hourly", dt="string", hour="int"), table("daily", dt="date"), table("plain", region="string")]
    storage = MemoryStorage()
    for hour in range(40):
        at = NOW - timedelta(hours=hour)
        storage.objects[f"s3://lake/web/hourly/dt={at:%Y-%m-%d}/hour={at:%H}/a"] = b"data"
    storage.objects["s3://lake/web/daily/2026/02/01/x"] = b"data"
    storage.objects["s3://lake/web/plain/region=EU/a"] = b"data"
    return SmallLake(MemoryCatalog(tables), storage, FixedClock(NOW))
