"""Which table a write goes to, and whether the data fit it; decided before anything is written, checked when committed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lake.errors import AlreadyExists, CatalogChanged, TableNotFound, WriteRefused
from lake.interfaces import Catalog, Storage
from lake.model import Column, Database, SerDe, StorageDescriptor, Table, TableName
from lake.partitions.survey.discovery import holds_data
from lake.sql.ddl.serdes import FORMATS
from lake.write.fitting import Fit, fit_to, new_columns
from lake.write.keys import check_key_types
from lake.write.places import as_folder, base_of

if TYPE_CHECKING:
    import pyarrow as pa

PROJECTION = "projection.enabled"


@dataclass(frozen=True)
class Target:
    """The table as it is, or as the commit is to make it (`is_new`)."""

    table: Table
    fit: Fit
    is_new: bool

    @property
    def name(self) -> TableName:
        return self.table.full_name

    @property
    def base(self) -> str:
        """The location that the table's hidden folders lie in."""
        assert self.table.location is not None
        return base_of(self.table.location)

    def table_now(self, catalog: Catalog) -> Table:
        """When it is committed: return the table, made if need be; raise CatalogChanged if it has become another."""
        current = find_table(catalog, self.name)
        if current is None and self.is_new:
            with suppress(AlreadyExists):
                catalog.create_table(self.table)
            current = catalog.get_table(self.name)
        if current is None or _shape(current) != _shape(self.table):
            raise CatalogChanged(
                f"table {str(self.name)!r} was changed meanwhile", hint="nothing was written: write again"
            )
        return current


def choose_target(
    catalog: Catalog,
    storage: Storage,
    name: TableName,
    schema: pa.Schema,
    partition_by: Sequence[str],
    *,
    bucket: str | None,
) -> Target:
    """Raise WriteRefused naming what does not fit, DatabaseNotFound when there is no place for a new table.

    `bucket` is where tables of a database lie that has no location.
    """
    keys = tuple(key.lower() for key in partition_by)
    table = find_table(catalog, name)
    if table is None:
        made = new_table(catalog, name, schema, keys, bucket)
        # Another process may have made it since, data included.
        if not holds_data(storage, as_folder(made.location or "")):
            return Target(made, fit_to(schema, made), is_new=True)
        table = find_table(catalog, name)
        if table is None:
            hint = "CREATE EXTERNAL TABLE makes them a table; delete them to begin anew"
            raise WriteRefused(str(name), None, f"{made.location} holds files of no table", hint=hint)
    check_writable(table)
    check_keys(table, keys)
    return Target(table, fit_to(schema, table), is_new=False)


def find_table(catalog: Catalog, name: TableName) -> Table | None:
    try:
        return catalog.get_table(name)
    except TableNotFound:
        return None


def new_table(catalog: Catalog, name: TableName, schema: pa.Schema, keys: Sequence[str], bucket: str | None) -> Table:
    columns = {column.name: column for column in new_columns(schema, str(name))}
    for key in keys:
        if key not in columns:
            raise WriteRefused(str(name), key, "the data have no such column to partition by")
    if len(set(keys)) < len(keys):
        raise WriteRefused(str(name), None, f"partition_by names a column twice: {', '.join(keys)}")
    if len(keys) == len(columns):
        raise WriteRefused(str(name), None, "at least one column must not be a partition key")
    partition_keys = tuple(columns.pop(key) for key in keys)
    check_key_types(partition_keys, str(name))
    database = next(found for found in catalog.list_databases() if found.name == name.database)
    return Table(
        name.database,
        name.name,
        descriptor=parquet_descriptor(tuple(columns.values())),
        location=default_location(database, name, bucket),
        partition_keys=partition_keys,
        parameters={"EXTERNAL": "TRUE", "classification": "parquet"},
    )


def default_location(database: Database, name: TableName, bucket: str | None) -> str:
    if database.location:
        return f"{as_folder(database.location)}{name.name}/"
    if bucket is None:
        hint = "make the table first, by CREATE EXTERNAL TABLE with its LOCATION"
        raise WriteRefused(str(name), None, "its database has no location, so a new table has no place", hint=hint)
    return f"s3://{bucket}/{database.name}/{name.name}/"


def parquet_descriptor(columns: tuple[Column, ...]) -> StorageDescriptor:
    parquet = FORMATS["parquet"]
    return StorageDescriptor(
        columns=columns,
        input_format=parquet.input_format,
        output_format=parquet.output_format,
        serde=SerDe(parquet.serde, {"serialization.format": "1"}),
    )


def check_writable(table: Table) -> None:
    name = str(table.full_name)
    if table.is_view:
        raise WriteRefused(name, None, "it is a view", hint="write to the tables that it reads")
    if table.location is None:
        raise WriteRefused(name, None, "it has no location")
    if not table.descriptor.is_parquet:
        found = (table.descriptor.serde.library or "another format").rpartition(".")[2]
        raise WriteRefused(name, None, f"only Parquet tables are written, and it is read by {found}")
    if table.descriptor.bucket_columns:
        raise WriteRefused(name, None, "it is bucketed, and buckets are not written")
    if {key.lower(): value for key, value in table.parameters.items()}.get(PROJECTION, "").lower() == "true":
        raise WriteRefused(name, None, "its partitions are projected, and such tables are not written yet")
    check_key_types(table.partition_keys, name)


def check_keys(table: Table, keys: Sequence[str]) -> None:
    actual = tuple(key.name for key in table.partition_keys)
    if keys and tuple(keys) != actual:
        is_by = f"it is partitioned by {', '.join(actual)}" if actual else "it is not partitioned"
        hint = "leave partition_by out: the table's own is used"
        raise WriteRefused(str(table.full_name), None, f"{is_by}, not by {', '.join(keys)}", hint=hint)


def _shape(table: Table) -> object:
    """What files staged for a table depend on."""
    columns = [(column.name, column.type) for column in table.all_columns]
    location = base_of(table.location) if table.location else None
    return columns, len(table.partition_keys), location, table.descriptor.is_parquet
