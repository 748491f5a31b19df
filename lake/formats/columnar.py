"""Rows as columnar files: Parquet and Arrow IPC. Both are written forwards only, so a pipe will do."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet
import pyarrow.types as types

from lake.formats.strings import unique_names
from lake.formats.text import ATHENA, render
from lake.formats.writer import FormatOptions

# A row group is what a reader skips or takes at once; DuckDB reads one per thread. Bytes end it early for wide rows.
GROUP_ROWS = 1_048_576
GROUP_BYTES = 128 * 1024 * 1024


class ParquetWriter:
    """Parquet with zstd. A type that Parquet lacks (an interval, a union) is written as Athena's text.

    A repeated column name gets a suffix, `_2`: most readers refuse a file with two equal names.
    """

    def __init__(self, out: BinaryIO, options: FormatOptions) -> None:
        self._out = out
        self._held: list[pa.RecordBatch] = []

    def begin(self, schema: pa.Schema) -> None:
        names = unique_names(schema.names)
        kinds = [pa.string() if _lacks(kind) else _decoded(kind) for kind in schema.types]
        self._schema = pa.schema(
            [pa.field(name, kind, field.nullable) for name, kind, field in zip(names, kinds, schema, strict=True)]
        )
        self._file = pyarrow.parquet.ParquetWriter(self._out, self._schema, compression="zstd")

    def write(self, batch: pa.RecordBatch) -> None:
        columns = [
            render(column, ATHENA) if _lacks(column.type) else _decode(column, field.type)
            for column, field in zip(batch.columns, self._schema, strict=True)
        ]
        self._held.append(pa.record_batch(columns, schema=self._schema))
        rows = sum(held.num_rows for held in self._held)
        if rows >= GROUP_ROWS or sum(held.nbytes for held in self._held) >= GROUP_BYTES:
            self._write_group()

    def end(self, *, more: bool) -> None:
        self._write_group()
        self._file.close()

    def _write_group(self) -> None:
        if self._held:
            self._file.write_table(pa.Table.from_batches(self._held, self._schema), row_group_size=GROUP_ROWS)
        self._held = []


class ArrowWriter:
    """An Arrow IPC file, also known as Feather. Dictionaries are decoded: a file cannot change one between batches."""

    def __init__(self, out: BinaryIO, options: FormatOptions) -> None:
        self._out = out

    def begin(self, schema: pa.Schema) -> None:
        self._schema = pa.schema([field.with_type(_decoded(field.type)) for field in schema])
        self._file = pyarrow.ipc.new_file(self._out, self._schema)

    def write(self, batch: pa.RecordBatch) -> None:
        columns = [_decode(column, field.type) for column, field in zip(batch.columns, self._schema, strict=True)]
        self._file.write_batch(pa.record_batch(columns, schema=self._schema))

    def end(self, *, more: bool) -> None:
        self._file.close()


def _members(kind: pa.DataType) -> list[pa.DataType]:
    return [kind.field(place).type for place in range(kind.num_fields)]


def _lacks(kind: pa.DataType) -> bool:
    """Say whether Parquet lacks this type, or one inside it."""
    return types.is_interval(kind) or types.is_union(kind) or any(_lacks(member) for member in _members(kind))


def _decoded(kind: pa.DataType) -> pa.DataType:
    """Give the type without dictionaries and runs, at any depth."""
    if types.is_dictionary(kind) or types.is_run_end_encoded(kind):
        return _decoded(kind.value_type)
    if types.is_struct(kind):
        return pa.struct([field.with_type(_decoded(field.type)) for field in kind])
    if types.is_map(kind):
        return pa.map_(_decoded(kind.key_type), _decoded(kind.item_type))
    if types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_decoded(kind.value_type)))
    return kind


def _decode(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if types.is_run_end_encoded(array.type):
        array = pc.run_end_decode(array)
    return array if array.type == kind else array.cast(kind)
