"""Chooses registered partitions by the values of their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lake.interfaces import Catalog
from lake.model import Partition, Table
from lake.partitions.where import condition_of, equal_to


def select(
    catalog: Catalog, table: Table, where: Mapping[str, str] | Sequence[str], *, columns: bool = True
) -> Iterator[Partition]:
    """Yield the partitions that satisfy conditions, or whose keys have the given values, as the keys' types compare them."""
    condition = equal_to(table, where) if isinstance(where, Mapping) else condition_of(table, where)
    listed = catalog.list_partitions(table, condition.bounds, columns=columns)
    return (partition for partition in listed if condition.admits(partition.values))
