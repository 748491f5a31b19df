"""DESCRIBE: a table's columns, its partition block, and with EXTENDED or FORMATTED all else that is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lake.errors import ColumnNotFound
from lake.model import Column, StorageDescriptor, Table
from lake.sql.ddl.result import Row
from lake.types import DataType, parse_type

EMPTY: Row = ("", None, None)
HEADER: Row = ("# col_name", "data_type", "comment")
LAST_STEP = {"$elem$": ("array", 0), "$key$": ("map", 0), "$value$": ("map", 1)}


def describe_table(table: Table, descriptor: StorageDescriptor, *, detailed: bool) -> Iterator[Row]:
    """Yield rows as Hive orders them. Partition keys stand with the columns, and again in a block of their own."""
    if detailed:
        yield from (HEADER, EMPTY)
        yield from _rows(descriptor.columns)
    else:
        yield from _rows((*descriptor.columns, *table.partition_keys))
    if table.partition_keys:
        yield from (EMPTY, ("# Partition Information", None, None), HEADER, EMPTY)
        yield from _rows(table.partition_keys)
    if detailed:
        yield from _details(table, descriptor)


def describe_column(table: Table, descriptor: StorageDescriptor, path: Sequence[str]) -> Row:
    """Describe one column, or what the rest of `path` leads to within it; raise ColumnNotFound."""
    for column in (*descriptor.columns, *table.partition_keys):
        if column.name == path[0]:
            data_type = parse_type(column.type)
            for step in path[1:]:
                data_type = _within(data_type, step, table, path)
            if len(path) == 1:
                return (column.name, column.type, column.comment)
            return (path[-1], data_type.hive, "from deserializer")
    raise ColumnNotFound(f"{str(table.full_name)!r} has no column {path[0]!r}")


def _within(data_type: DataType, step: str, table: Table, path: Sequence[str]) -> DataType:
    base, position = LAST_STEP.get(step, (None, 0))
    if base is not None and data_type.name == base:
        return data_type.fields[position].type
    for field in data_type.fields if data_type.name == "row" else ():
        if field.name == step:
            return field.type
    raise ColumnNotFound(f"{str(table.full_name)!r} has no {'.'.join(path)!r}: {step!r} is not in {data_type.athena}")


def _rows(columns: Sequence[Column]) -> Iterator[Row]:
    return ((column.name, column.type, column.comment) for column in columns)


def _details(table: Table, descriptor: StorageDescriptor) -> Iterator[Row]:
    yield from (EMPTY, ("# Detailed Table Information", None, None))
    yield ("Database:", table.database, None)
    yield ("Owner:", table.owner, None)
    yield ("CreateTime:", table.created_at.isoformat() if table.created_at else None, None)
    yield ("Retention:", str(table.retention), None)
    yield ("Location:", table.location, None)
    yield ("Table Type:", table.table_type, None)
    yield ("Table Parameters:", None, None)
    yield from (("", key, value) for key, value in sorted(table.parameters.items()))
    yield from (EMPTY, ("# Storage Information", None, None))
    yield ("SerDe Library:", descriptor.serde.library, None)
    yield ("InputFormat:", descriptor.input_format, None)
    yield ("OutputFormat:", descriptor.output_format, None)
    yield ("Compressed:", "Yes" if descriptor.compressed else "No", None)
    yield ("Num Buckets:", str(descriptor.number_of_buckets), None)
    yield ("Bucket Columns:", f"[{', '.join(descriptor.bucket_columns)}]", None)
    yield ("Storage Desc Params:", None, None)
    yield from (("", key, value) for key, value in sorted(descriptor.serde.parameters.items()))
