"""Sees what a catalog takes, so that a run that is cut short can tell what it has done."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from lake.interfaces import Catalog, Storage
from lake.model import Partition, Refusal, Table, TableName
from lake.partitions.repair.undo import undo_folder


class WitnessedCatalog:
    """A catalog whose changes of partitions are counted; whatever else it can do is left as it is."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.added = self.moved = self.dropped = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._catalog, name)
        if name != "replace_partitions":
            return found

        def replace_partitions(table: TableName, pairs: Collection[tuple[Partition, Partition]]) -> Any:
            refusals = found(table, pairs)
            self.moved += len(pairs) - len(refusals)
            return refusals

        return replace_partitions

    def add_partitions(self, name: TableName, partitions: Iterable[Partition]) -> list[Refusal]:
        given = list(partitions)
        refusals = self._catalog.add_partitions(name, given)
        self.added += len(given) - len(refusals)
        return refusals

    def replace_partition(self, name: TableName, new: Partition, *, expected: Partition) -> Refusal | None:
        refusal = self._catalog.replace_partition(name, new, expected=expected)
        self.moved += refusal is None
        return refusal

    def drop_partitions(self, name: TableName, values: Collection[tuple[str, ...]]) -> list[Refusal]:
        refusals = self._catalog.drop_partitions(name, values)
        self.dropped += len(values) - len(refusals)
        return refusals


class WitnessedStorage:
    """A storage of which is known where the last undo file of a table was written."""

    def __init__(self, storage: Storage, table: Table) -> None:
        self._storage = storage
        self._folder = undo_folder(table)
        self.undo: str | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def put(self, location: str, data: bytes, **conditions: Any) -> bool:
        written = self._storage.put(location, data, **conditions)
        if location.startswith(self._folder):
            self.undo = location
        return written
