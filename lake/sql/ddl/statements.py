"""What a statement says, one frozen class each, before anything is looked up. Names are lower case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lake.types import DataType

Properties = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableRef:
    """A table as it is named in a statement; without a database the session's is meant."""

    name: str
    database: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnDefinition:
    name: str
    type: DataType
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """A partition's value as written. `kind` is string, number, date, timestamp, boolean or null."""

    text: str
    kind: str


PartitionSpec = tuple[tuple[str, Constant], ...]
"""Keys and values in the order of the statement, which need not be the table's."""


@dataclass(frozen=True, slots=True)
class Delimited:
    """ROW FORMAT DELIMITED; None where the statement says nothing."""

    fields: str | None = None
    escaped: str | None = None
    collection_items: str | None = None
    map_keys: str | None = None
    lines: str | None = None
    null: str | None = None


@dataclass(frozen=True, slots=True)
class StoredAs:
    """Either a format by name (`parquet`) or the classes."""

    format: str | None = None
    input_format: str | None = None
    output_format: str | None = None


@dataclass(frozen=True)
class Statement:
    pass


@dataclass(frozen=True)
class CreateDatabase(Statement):
    name: str
    if_not_exists: bool = False
    comment: str | None = None
    location: str | None = None
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True)
class DropDatabase(Statement):
    name: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True)
class CreateTable(Statement):
    table: TableRef
    external: bool
    if_not_exists: bool = False
    columns: tuple[ColumnDefinition, ...] = ()
    comment: str | None = None
    partition_keys: tuple[ColumnDefinition, ...] = ()
    bucket_columns: tuple[str, ...] = ()
    buckets: int | None = None
    delimited: Delimited | None = None
    serde: str | None = None
    serde_properties: Properties = field(default_factory=dict)
    stored_as: StoredAs | None = None
    location: str | None = None
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True)
class DropTable(Statement):
    table: TableRef
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class NewPartition:
    spec: PartitionSpec
    location: str | None = None


@dataclass(frozen=True)
class AddPartitions(Statement):
    table: TableRef
    partitions: tuple[NewPartition, ...]
    if_not_exists: bool = False


@dataclass(frozen=True)
class DropPartitions(Statement):
    table: TableRef
    specs: tuple[PartitionSpec, ...]
    if_exists: bool = False


@dataclass(frozen=True)
class RenamePartition(Statement):
    table: TableRef
    spec: PartitionSpec
    new_spec: PartitionSpec


@dataclass(frozen=True)
class ChangeColumns(Statement):
    """ADD COLUMNS, or REPLACE COLUMNS where `replace`."""

    table: TableRef
    columns: tuple[ColumnDefinition, ...]
    replace: bool = False
    partition: PartitionSpec | None = None


@dataclass(frozen=True)
class SetLocation(Statement):
    table: TableRef
    location: str
    partition: PartitionSpec | None = None


@dataclass(frozen=True)
class SetProperties(Statement):
    table: TableRef
    properties: Properties


@dataclass(frozen=True)
class RepairTable(Statement):
    table: TableRef


@dataclass(frozen=True)
class CreateView(Statement):
    view: TableRef
    query: str
    or_replace: bool = False
    comment: str | None = None
    # Where the query begins in the statement.
    line: int = field(default=1, compare=False)
    column: int = field(default=1, compare=False)


@dataclass(frozen=True)
class DropView(Statement):
    view: TableRef
    if_exists: bool = False


@dataclass(frozen=True)
class ShowDatabases(Statement):
    pattern: str | None = None


@dataclass(frozen=True)
class ShowTables(Statement):
    database: str | None = None
    pattern: str | None = None
    views_only: bool = False


@dataclass(frozen=True)
class ShowPartitions(Statement):
    table: TableRef


@dataclass(frozen=True)
class ShowColumns(Statement):
    table: TableRef


@dataclass(frozen=True)
class ShowProperties(Statement):
    table: TableRef
    key: str | None = None


@dataclass(frozen=True)
class ShowCreate(Statement):
    """SHOW CREATE TABLE, or SHOW CREATE VIEW where `view`."""

    table: TableRef
    view: bool = False


@dataclass(frozen=True)
class Describe(Statement):
    table: TableRef
    detailed: bool = False
    partition: PartitionSpec | None = None
    column: tuple[str, ...] = ()
