"""An object store and a catalog in memory: quick, and able to hold what a file system cannot (`dt=1/` as an object)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import md5

from lake.errors import CatalogChanged, StorageFailed, TableNotFound
from lake.model import ALREADY_EXISTS, CHANGED, NOT_FOUND, KeyBounds, Partition, Refusal, StoredObject, Table, TableName

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

    def list_level(self, prefix: str) -> Iterator[StoredObject | str]:
        yield from self.list_prefixes(prefix)
        found = [stored for stored in self.list_keys(prefix) if "/" not in stored.location.removeprefix(prefix)]
        yield from found

    def head(self, location: str) -> StoredObject | None:
        data = self.objects.get(location)
        return None if data is None else StoredObject(location, len(data), WRITTEN, md5(data).hexdigest())

    def get_range(self, location: str, *, start: int = 0, length: int | None = None) -> bytes:
        if location not in self.objects:
            raise StorageFailed(f"{location} is not there")
        data = self.objects[location]
        return data[start : None if length is None else start + length]

    def put(self, location: str, data: bytes, *, if_absent: bool = False, if_match: str | None = None) -> bool:
        there = self.head(location)
        if if_absent and there is not None:
            return False
        if if_match is not None and (there is None or there.etag != if_match):
            return False
        self.objects[location] = data
        return True

    def delete(self, locations: Iterable[str]) -> None:
        for location in locations:
            self.objects.pop(location, None)


class MemoryCatalog:
    """Only what partition management uses; `calls` counts the partitions of each `add_partitions`."""

    def __init__(self, tables: Iterable[Table] = ()) -> None:
        self.tables = {table.full_name: table for table in tables}
        self.partitions: dict[TableName, dict[tuple[str, ...], Partition]] = {name: {} for name in self.tables}
        self.calls: list[int] = []
        self.asked: list[list[KeyBounds]] = []

    def create_table(self, table: Table) -> None:
        self.tables[table.full_name] = table
        self.partitions[table.full_name] = {}

    def get_table(self, name: TableName) -> Table:
        if name not in self.tables:
            raise TableNotFound(str(name))
        return self.tables[name]

    def drop_table(self, name: TableName) -> None:
        del self.tables[name], self.partitions[name]

    def replace_table(self, table: Table, *, expected: Table | None = None) -> None:
        if expected is not None and self.get_table(table.full_name) != expected:
            raise CatalogChanged(f"{table.full_name} was changed meanwhile")
        self.tables[table.full_name] = table

    def list_partitions(
        self, table: Table, where: Iterable[KeyBounds] = (), *, columns: bool = True, ordered: bool = True
    ) -> Iterator[Partition]:
        self.get_table(table.full_name)
        bounds = list(where)
        self.asked.append(bounds)
        names = [key.name for key in table.partition_keys]
        for partition in sorted(self.partitions[table.full_name].values(), key=lambda partition: partition.values):
            if all(keeps(bound, partition.values[names.index(bound.key)]) for bound in bounds):
                yield partition

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

    def replace_partition(self, name: TableName, new: Partition, *, expected: Partition) -> Refusal | None:
        stored = self.partitions[name].get(new.values)
        if stored is None:
            return Refusal(new.values, NOT_FOUND, "")
        if stored != expected:
            return Refusal(new.values, CHANGED, "")
        self.partitions[name][new.values] = new
        return None

    def drop_partitions(self, name: TableName, values: Collection[tuple[str, ...]]) -> list[Refusal]:
        known = self.partitions[name]
        return [Refusal(value, NOT_FOUND, "") for value in values if known.pop(value, None) is None]


def keeps(bound: KeyBounds, value: str) -> bool:
    if bound.values is not None and value not in bound.values:
        return False
    return (bound.low is None or value >= bound.low) and (bound.high is None or value <= bound.high)
