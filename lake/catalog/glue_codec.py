"""Glue's structures as the model, and back as what Glue takes: what the service says of itself is left out or left unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from lake.catalog import codec
from lake.catalog.glue_calls import Target
from lake.model import NOTHING, Database, Partition, StorageDescriptor, Table, TableName

LINK = "TargetTable"

# Of a table, what `TableInput` has too and the model has no place of its own for.
KEPT = frozenset({"LastAccessTime", "LastAnalyzedTime", LINK, "FederatedTable", "ViewDefinition"})
# Of a table, what only Glue says: which engine may read it depends on these.
TOLD = frozenset({"IsRegisteredWithLakeFormation", "IsMultiDialectView", "IsMaterializedView", "CatalogId"})


def database_from_glue(fields: Mapping[str, Any]) -> Database:
    return Database(
        fields["Name"],
        description=fields.get("Description"),
        location=fields.get("LocationUri"),
        parameters=codec.frozen(fields.get("Parameters")),
        created_at=_instant(fields.get("CreateTime")),
    )


def database_to_glue(database: Database) -> dict[str, Any]:
    fields = {
        "Name": database.name,
        "Description": database.description,
        "LocationUri": database.location,
        "Parameters": dict(database.parameters) or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def table_from_glue(fields: Mapping[str, Any], name: TableName, *, target: Target | None = None) -> Table:
    """Read a table that is known by `name`; `target` is where it is, when a link led there."""
    described = dict(fields.get("StorageDescriptor") or {})
    location = described.pop("Location", None)
    created = _instant(fields.get("CreateTime"))
    known = {key: value for key, value in fields.items() if key in codec.TABLE_FIELDS and value is not None}
    known |= {key: fields[key] for key in KEPT if fields.get(key) is not None}
    known |= {key: fields[key] for key in TOLD if fields.get(key)}
    if str(known.get("CatalogId", "")).isdigit():
        # An account's own catalog; the catalogs within one (`…:s3tablescatalog/bucket`) are told.
        del known["CatalogId"]
    if target is not None:
        known[LINK] = {"CatalogId": target.catalog_id, "DatabaseName": target.database, "Name": target.name}
    return codec.table_from_glue(
        known,
        database=name.database,
        name=name.name,
        descriptor=codec.descriptor_from_glue(described),
        location=location,
        instants=(created, _instant(fields.get("UpdateTime")) or created),
    )


def table_to_glue(table: Table, *, name: str | None = None) -> dict[str, Any]:
    """Write a `TableInput`; under another name where a link leads to the table."""
    fields = {key: value for key, value in codec.table_to_glue(table).items() if key not in table.extra or key in KEPT}
    described = codec.descriptor_to_glue(table.descriptor)
    if table.location is not None:
        described["Location"] = table.location
    fields["Name"] = name or table.name
    if name is not None:
        fields.pop(LINK, None)
    if LINK not in fields:
        fields["StorageDescriptor"] = described
    return fields


def partition_to_glue(partition: Partition) -> dict[str, Any]:
    described = codec.descriptor_to_glue(partition.descriptor) | {"Location": partition.location}
    fields: dict[str, Any] = {"Values": list(partition.values), "StorageDescriptor": described}
    if partition.parameters:
        fields["Parameters"] = dict(partition.parameters)
    return fields


class PartitionReader:
    """Reads the partitions of one table, all with the table's own descriptor object where they are equal.

    Without `columns` they have the table's, whatever their own are.
    """

    def __init__(self, table: Table, *, columns: bool = True) -> None:
        self._table = table
        self._columns = columns
        self._descriptors: dict[str, StorageDescriptor] = {}
        self._last: tuple[dict[str, Any], StorageDescriptor] | None = None

    def read(self, found: Iterable[dict[str, Any]]) -> list[Partition]:
        """Read what GetPartitions gives; the dictionaries are taken apart."""
        return [self._partition(fields) for fields in found]

    def _partition(self, fields: dict[str, Any]) -> Partition:
        described = fields.get("StorageDescriptor") or {}
        location = described.pop("Location", None) or self._table.location or ""
        parameters = fields.get("Parameters")
        return Partition(
            tuple(fields.get("Values", ())),
            location,
            self._descriptor(described),
            MappingProxyType(parameters) if parameters else NOTHING,
            _instant(fields.get("CreationTime")),
        )

    def _descriptor(self, described: dict[str, Any]) -> StorageDescriptor:
        if not self._columns:
            described.pop("Columns", None)
        if self._last is not None and self._last[0] == described:
            return self._last[1]
        key = codec.to_json(described, canonical=True)
        descriptor = self._descriptors.get(key)
        if descriptor is None:
            descriptor = self._descriptors[key] = self._shared(codec.descriptor_from_glue(described))
        self._last = (described, descriptor)
        return descriptor

    def _shared(self, found: StorageDescriptor) -> StorageDescriptor:
        own = self._table.descriptor
        if not self._columns:
            found = replace(found, columns=own.columns)
        if found == own:
            return own
        return next((known for known in self._descriptors.values() if known == found), found)


def _instant(value: datetime | float | None) -> datetime | None:
    if value is None:
        return None
    return value.astimezone(UTC) if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC)
