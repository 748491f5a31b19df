"""DuckDB's own result types as types that Athena has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa

from lake.errors import NotSupported, QueryFailed
from lake.sql.translate import result_names
from lake.types import from_duckdb

BIGINTS = frozenset({"HUGEINT", "UHUGEINT", "UBIGINT", "UINTEGER"})
SMALL = {"USMALLINT": pa.int32(), "UTINYINT": pa.int16()}


def arrow_caster(
    schema: pa.Schema, types: Sequence[str]
) -> tuple[pa.Schema, Callable[[pa.RecordBatch], pa.RecordBatch]]:
    """Return the schema to show, its columns named, and the function that brings a batch to it.

    Integers wider than Athena's become bigint; a value that does not fit raises QueryFailed.
    """
    fields = [
        field.with_type(_shown(field.type, type_)).with_name(name)
        for field, type_, name in zip(schema, types, result_names(schema.names), strict=True)
    ]
    wanted = pa.schema(fields)
    if wanted.equals(schema):
        return schema, lambda batch: batch

    def cast(batch: pa.RecordBatch) -> pa.RecordBatch:
        try:
            columns = [column.cast(field.type) for column, field in zip(batch.columns, wanted, strict=True)]
        except pa.ArrowInvalid as error:
            raise QueryFailed(f"a number is out of bigint's range: {error}") from error
        return pa.RecordBatch.from_arrays(columns, schema=wanted)

    return wanted, cast


def _shown(arrow: pa.DataType, duckdb_type: str) -> pa.DataType:
    if duckdb_type in BIGINTS:
        return pa.int64()
    if duckdb_type in SMALL:
        return SMALL[duckdb_type]
    if pa.types.is_dictionary(arrow):
        return arrow.value_type
    return arrow


def catalog_type(duckdb_type: str) -> str:
    """Return the type of a result's column in Hive's text, or in Trino's where Hive has none."""
    if duckdb_type in BIGINTS:
        return "bigint"
    type_ = from_duckdb(duckdb_type)
    try:
        return type_.hive
    except NotSupported:
        return type_.athena
