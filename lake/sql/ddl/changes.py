"""What running a statement will change, in the catalog's terms. A statement that only reads has no change."""

from __future__ import annotations

from dataclasses import dataclass

from lake.model import Database, Partition, Table, TableName


@dataclass(frozen=True)
class Change:
    pass


@dataclass(frozen=True)
class DatabaseCreated(Change):
    database: Database
    if_not_exists: bool = False


@dataclass(frozen=True)
class DatabaseDropped(Change):
    name: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True)
class TableCreated(Change):
    """With `or_replace` there was none to replace."""

    table: Table
    if_not_exists: bool = False
    or_replace: bool = False


@dataclass(frozen=True)
class TableReplaced(Change):
    new: Table
    expected: Table


@dataclass(frozen=True)
class TableDropped(Change):
    name: TableName
    if_exists: bool = False


@dataclass(frozen=True)
class PartitionsAdded(Change):
    table: Table
    partitions: tuple[Partition, ...]
    if_not_exists: bool = False


@dataclass(frozen=True)
class PartitionsDropped(Change):
    table: Table
    values: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PartitionReplaced(Change):
    table: Table
    new: Partition
    expected: Partition


@dataclass(frozen=True)
class PartitionRenamed(Change):
    table: Table
    new: Partition
    old: Partition


@dataclass(frozen=True)
class TableRepaired(Change):
    table: Table


@dataclass(frozen=True)
class NoChange(Change):
    """IF EXISTS found nothing."""
