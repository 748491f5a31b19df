"""Trino's timestamp with time zone in Arrow: an instant and, for each value, the name of a zone."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

INSTANT, ZONE = "t", "z"
STORAGE = pa.struct([(INSTANT, pa.timestamp("us", "UTC")), (ZONE, pa.string())])
NAME = "tap_lake.timestamp_with_time_zone"


class ZonedTimestamps(pa.ExtensionType):  # type: ignore[misc]
    """Within the project only: what is handed out has plain instants (see `without_zones`)."""

    def __init__(self) -> None:
        super().__init__(STORAGE, NAME)

    def __arrow_ext_serialize__(self) -> bytes:
        return b""

    @classmethod
    def __arrow_ext_deserialize__(cls, storage_type: pa.DataType, serialized: bytes) -> ZonedTimestamps:
        return cls()


def has_zones(schema: pa.Schema) -> bool:
    return any(_is_zoned(kind) for kind in schema.types)


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema of `without_zones`."""
    if not has_zones(schema):
        return schema
    return pa.schema([field.with_type(_plain(field.type)) for field in schema], schema.metadata)


def without_zones(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Give the instants alone, in UTC; `schema` is the plain one."""
    columns = [instants(column) if _is_zoned(column.type) else column for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def instants(zoned: pa.Array) -> pa.Array:
    return pc.struct_field(zoned.storage, INSTANT)


def zones(zoned: pa.Array) -> pa.Array:
    return pc.struct_field(zoned.storage, ZONE)


def _is_zoned(kind: pa.DataType) -> bool:
    return isinstance(kind, ZonedTimestamps)


def _plain(kind: pa.DataType) -> pa.DataType:
    return STORAGE[0].type if _is_zoned(kind) else kind
