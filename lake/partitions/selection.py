"""Chooses registered partitions by the values of their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lake.errors import UsageError
from lake.interfaces import Catalog
from lake.model import NULL_PARTITION, KeyBounds, Partition, Table
from lake.partitions.keys import TextKey, is_null, key_of


def select(catalog: Catalog, table: Table, equal: Mapping[str, str]) -> Iterator[Partition]:
    """Yield the partitions whose keys have the given values, as the keys' types compare them; NULL is ''."""
    names = [column.name for column in table.partition_keys]
    wanted: dict[int, str] = {}
    bounds: list[KeyBounds] = []
    keys = [key_of(column, {}) for column in table.partition_keys]
    for name, value in equal.items():
        if name.lower() not in names:
            raise UsageError(f"{name!r} is no partition key of {str(table.full_name)!r}")
        index = names.index(name.lower())
        text = NULL_PARTITION if is_null(value) else value
        wanted[index] = keys[index].identity(text)
        if isinstance(keys[index], TextKey):
            bounds.append(KeyBounds(names[index], values=frozenset([text])))
    return (
        partition
        for partition in catalog.list_partitions(table, bounds)
        if all(keys[index].identity(partition.values[index]) == value for index, value in wanted.items())
    )
