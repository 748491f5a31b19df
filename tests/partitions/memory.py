"""An object store and a catalog in memory: quick, and able to hold what a file system cannot (`dt=1/` as an object)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime

from lake.errors import TableNotFound
from lake.model import ALREADY_EXISTS, NOT_FOUND, KeyBounds, Partition, Refusal, StoredObject, Table, TableName

WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)


class MemoryStorage:
    listings_at_once = 1

    def __init__(self, objects: dict[str, bytes] | None = None) -> None:
        self.objects = dict(objects or {})
        self.listed: list[str] = []

    def list_keys(self, prefix: str) -> Iterator[StoredObject]:
        self.listed.append(prefix)
        for location, data in list(self.objects.items()):
            if location.startswith(prefix):
                yield StoredObject(location, len(data), WRITTEN)

    def list_prefixes(self, prefix: str) -> Iterator[str]:
        self.listed.append(prefix)
        rests = [location.removeprefix(prefix) for location in self.objects if location.startswith(prefix)]
        yield from {f"{prefix}{rest.split('/')[0]}/" for rest in rests if "/" in rest}

    def put(self, location: str, data: bytes, *, if_absent: bool = False) -> bool:
        self.objects[location] = data
        return True


class MemoryCatalog:
    """Only what partition management uses; `calls` counts the partitions of each `add_partitions`."""

    def __init__(self, tables: Iterable[Table] = ()) -> None:
        self.tables = {table.full_name: table for table in tables}
        self.partitions: dict[TableName, dict[tuple[str, ...], Partition]] = {name: {} for name in self.tables}
        self.calls: list[int] = []

    def create_table(self, table: Table) -> None:
        self.tables[table.full_name] = table
        self.partitions[table.full_name] = {}

    def get_table(self, name: TableName) -> Table:
        if name not in self.tables:
            raise TableNotFound(str(name))
        return self.tables[name]

    def drop_table(self, name: TableName) -> None:
        del self.tables[name], self.partitions[name]

    def list_partitions(
        self, table: Table, where: Iterable[KeyBounds] = (), *, columns: bool = True, ordered: bool = True
    ) -> Iterator[Partition]:
        self.get_table(table.full_name)
        yield from sorted(self.partitions[table.full_name].values(), key=lambda partition: partition.values)

    def add_partitions(self, name: TableName, partitions: Iterable[Partition]) -> list[Refusal]:
        refused = []
        added = 0
        for partition in partitions:
            if partition.values in self.partitions[name]:
                refused.append(Refusal(partition.values, ALREADY_EXISTS, "Partition already exists."))
            else:
                self.partitions[name][partition.values] = partition
            added += 1
        self.calls.append(added)
        return refused

    def drop_partitions(self, name: TableName, values: Collection[tuple[str, ...]]) -> list[Refusal]:
        known = self.partitions[name]
        return [Refusal(value, NOT_FOUND, "") for value in values if known.pop(value, None) is None]
