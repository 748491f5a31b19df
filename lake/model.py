"""The vocabulary: databases, tables, partitions, objects, executions, in Glue's and Athena's own terms.

Everything is frozen. Names are stored lower case, as Glue does; values keep their case. Instants are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})
"""The empty mapping that a million partitions share."""

Parameters = Mapping[str, str]


def _nothing() -> Parameters:
    return NOTHING


NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"
"""How Hive, Glue and Athena write the NULL of a partition value."""


@dataclass(frozen=True, slots=True, order=True)
class TableName:
    database: str
    name: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "database", self.database.lower())
        object.__setattr__(self, "name", self.name.lower())

    def __str__(self) -> str:
        return f"{self.database}.{self.name}"

    @classmethod
    def parse(cls, text: str, default_database: str) -> TableName:
        """Read `table`, `database.table` or `awsdatacatalog.database.table`."""
        parts = [part.strip('"`') for part in text.split(".")]
        if len(parts) == 3 and parts[0].lower() == "awsdatacatalog":
            parts = parts[1:]
        if len(parts) > 2 or not all(parts):
            raise ValueError(f"{text!r} is no table name: write table or database.table")
        return cls(parts[0] if len(parts) == 2 else default_database, parts[-1])


@dataclass(frozen=True, slots=True)
class Database:
    name: str
    description: str | None = None
    location: str | None = None
    parameters: Parameters = field(default_factory=_nothing, hash=False)
    created_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name.lower())


@dataclass(frozen=True, slots=True)
class Column:
    """`type` is Hive's text as Glue keeps it (`bigint`, `array<struct<a:int>>`); `lake.types` reads it."""

    name: str
    type: str
    comment: str | None = None
    parameters: Parameters = field(default_factory=_nothing, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name.lower())


@dataclass(frozen=True, slots=True)
class SerDe:
    library: str | None = None
    parameters: Parameters = field(default_factory=_nothing, hash=False)
    name: str | None = None


@dataclass(frozen=True, slots=True)
class StorageDescriptor:
    """How data lie: Glue's StorageDescriptor without its Location, so that partitions can share one object.

    `extra` holds the fields of Glue's structure that nothing here reads, as Glue gave them.
    """

    columns: tuple[Column, ...] = ()
    input_format: str | None = None
    output_format: str | None = None
    serde: SerDe = SerDe()
    parameters: Parameters = field(default_factory=_nothing, hash=False)
    compressed: bool = False
    number_of_buckets: int = -1
    bucket_columns: tuple[str, ...] = ()
    stored_as_sub_directories: bool = False
    extra: Mapping[str, object] = field(default_factory=_nothing, hash=False)

    @property
    def is_parquet(self) -> bool:
        return "parquet" in (self.serde.library or self.input_format or "").lower()


class TableType(StrEnum):
    EXTERNAL = "EXTERNAL_TABLE"
    VIEW = "VIRTUAL_VIEW"


@dataclass(frozen=True, slots=True)
class Table:
    """A table or a view. `location` is a URL (`s3://bucket/prefix/`) or None for a view."""

    database: str
    name: str
    descriptor: StorageDescriptor = StorageDescriptor()
    location: str | None = None
    partition_keys: tuple[Column, ...] = ()
    parameters: Parameters = field(default_factory=_nothing, hash=False)
    table_type: str = TableType.EXTERNAL
    view_original_text: str | None = None
    view_expanded_text: str | None = None
    description: str | None = None
    owner: str | None = None
    retention: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
    extra: Mapping[str, object] = field(default_factory=_nothing, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "database", self.database.lower())
        object.__setattr__(self, "name", self.name.lower())

    @property
    def full_name(self) -> TableName:
        return TableName(self.database, self.name)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns held in files; `all_columns` adds the partition keys, as `SELECT *` shows them."""
        return self.descriptor.columns

    @property
    def all_columns(self) -> tuple[Column, ...]:
        return self.descriptor.columns + self.partition_keys

    @property
    def is_view(self) -> bool:
        return self.table_type == TableType.VIEW


@dataclass(frozen=True, slots=True)
class Partition:
    """One registered partition: `values` in the order of the table's keys, as text.

    `descriptor` is the same object as the table's wherever they are equal.
    """

    values: tuple[str, ...]
    location: str
    descriptor: StorageDescriptor
    parameters: Parameters = field(default_factory=_nothing, hash=False)
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyBounds:
    """What a predicate says of one partition key, as text: one of `values`, or between `low` and `high` inclusive."""

    key: str
    values: frozenset[str] | None = None
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A partition that a catalog did not take, and why: `reason` is the service's code, `message` its words."""

    values: tuple[str, ...]
    reason: str
    message: str


ALREADY_EXISTS = "AlreadyExistsException"
NOT_FOUND = "EntityNotFoundException"
CHANGED = "ConcurrentModificationException"


@dataclass(frozen=True, slots=True)
class StoredObject:
    location: str
    size: int
    modified_at: datetime
    etag: str | None = None


class State(StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def ended(self) -> bool:
        return self in (State.SUCCEEDED, State.FAILED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of one statement. Sizes in bytes; None where not known or not yet."""

    id: str
    sql: str
    state: State
    engine: str
    database: str
    submitted_at: datetime
    ended_at: datetime | None = None
    parameters: Parameters = field(default_factory=_nothing, hash=False)
    statement_type: str = "DML"
    error_id: str | None = None
    error_message: str | None = None
    estimated_bytes: int | None = None
    scanned_bytes: int | None = None
    cost_usd: float | None = None
    rows: int | None = None
