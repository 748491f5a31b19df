"""Counts calls as the services would: a listing is a call for every thousand that it gives, a change one for each batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

from lake.interfaces import Catalog, Storage
from lake.model import KeyBounds, Partition, Refusal, Table, TableName

PAGE = 1000
CREATED_PER_CALL, DELETED_PER_CALL = 100, 25

Item = TypeVar("Item")


class Calls:
    """How often each call was made. `on_call` is called before each one and may raise, to stop what takes too long.

    `counts` are those of who counts already.
    """

    def __init__(self, on_call: Callable[[], None] = lambda: None, *, counts: Counter[str] | None = None) -> None:
        self.counts: Counter[str] = Counter() if counts is None else counts
        self._on_call = on_call

    def note(self, name: str, times: int = 1) -> None:
        self._on_call()
        self.counts[name] += times

    def __str__(self) -> str:
        return ", ".join(f"{name} {count:,}" for name, count in sorted(self.counts.items())) or "none"

    def paged(self, name: str, items: Iterable[Item]) -> Iterator[Item]:
        self.note(name)
        for number, item in enumerate(items):
            if number and not number % PAGE:
                self.note(name)
            yield item


class CountedStorage:
    """A storage whose calls are counted; whatever else it can do is left as it is."""

    def __init__(self, storage: Storage, calls: Calls) -> None:
        self._storage = storage
        self._calls = calls
        self.listings_at_once = storage.listings_at_once

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def list_keys(self, prefix: str) -> Iterator[Any]:
        return self._calls.paged("list", self._storage.list_keys(prefix))

    def list_prefixes(self, prefix: str) -> Iterator[str]:
        return self._calls.paged("list", self._storage.list_prefixes(prefix))

    def list_level(self, prefix: str) -> Iterator[Any]:
        return self._calls.paged("list", self._storage.list_level(prefix))

    def head(self, location: str) -> Any:
        self._calls.note("head")
        return self._storage.head(location)

    def get_range(self, location: str, *, start: int = 0, length: int | None = None) -> bytes:
        self._calls.note("get")
        return self._storage.get_range(location, start=start, length=length)

    def put(self, location: str, data: bytes, *, if_absent: bool = False, if_match: str | None = None) -> bool:
        self._calls.note("put")
        return self._storage.put(location, data, if_absent=if_absent, if_match=if_match)

    def delete(self, locations: Iterable[str]) -> None:
        self._calls.note("delete")
        self._storage.delete(locations)


class CountedCatalog:
    """A catalog whose calls on partitions are counted; whatever else it can do is left as it is."""

    def __init__(self, catalog: Catalog, calls: Calls) -> None:
        self._catalog = catalog
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._catalog, name)
        if name != "replace_partitions":
            return found

        def replace_partitions(table: TableName, pairs: Collection[tuple[Partition, Partition]]) -> Any:
            self._calls.note("update_partitions", _batches(len(pairs), CREATED_PER_CALL))
            return found(table, pairs)

        return replace_partitions

    def get_table(self, name: TableName) -> Table:
        self._calls.note("get_table")
        return self._catalog.get_table(name)

    def list_partitions(
        self, table: Table, where: Iterable[KeyBounds] = (), *, columns: bool = True, ordered: bool = True
    ) -> Iterator[Partition]:
        listed = self._catalog.list_partitions(table, where, columns=columns, ordered=ordered)
        return self._calls.paged("get_partitions", listed)

    def add_partitions(self, name: TableName, partitions: Iterable[Partition]) -> list[Refusal]:
        given = list(partitions)
        self._calls.note("create_partitions", _batches(len(given), CREATED_PER_CALL))
        return self._catalog.add_partitions(name, given)

    def replace_partition(self, name: TableName, new: Partition, *, expected: Partition) -> Refusal | None:
        self._calls.note("update_partitions")
        return self._catalog.replace_partition(name, new, expected=expected)

    def drop_partitions(self, name: TableName, values: Collection[tuple[str, ...]]) -> list[Refusal]:
        self._calls.note("delete_partitions", _batches(len(values), DELETED_PER_CALL))
        return self._catalog.drop_partitions(name, values)


def _batches(count: int, size: int) -> int:
    return -(-count // size)
