"""Rows as JSON objects: one array of them, or one a line.

Decimals are numbers with all their digits; NaN and the infinities are strings; dates and timestamps are ISO 8601, an
instant in UTC with `Z`; binary is hex; maps and rows are objects, whose names are always strings. A repeated column
name gets a suffix, `_2`, since readers keep only one of two equal names.
"""

from __future__ import annotations

from typing import BinaryIO

import pyarrow as pa

from lake.formats.strings import body, join, unique_names
from lake.formats.text import JSON, json_string, render
from lake.formats.writer import FormatOptions


def _objects(batch: pa.RecordBatch, *, opening: str, closing: str) -> memoryview:
    parts: list[pa.Array | str] = []
    for place, (name, column) in enumerate(zip(unique_names(batch.schema.names), batch.columns, strict=True)):
        parts += [f"{',' if place else opening}{json_string(name)}:", render(column, JSON)]
    return body(join(*parts, closing, null="null"))


class JsonLinesWriter:
    """One object a line, with nothing around them."""

    def __init__(self, out: BinaryIO, options: FormatOptions) -> None:
        self._out = out

    def begin(self, schema: pa.Schema) -> None:
        pass

    def write(self, batch: pa.RecordBatch) -> None:
        self._out.write(_objects(batch, opening="{", closing="}\n"))

    def end(self, *, more: bool) -> None:
        pass


class JsonWriter:
    """One array, each object on a line of its own; `[]` when there are no rows."""

    def __init__(self, out: BinaryIO, options: FormatOptions) -> None:
        self._out = out
        self._empty = True

    def begin(self, schema: pa.Schema) -> None:
        pass

    def write(self, batch: pa.RecordBatch) -> None:
        objects = _objects(batch, opening=",\n{", closing="}")
        if self._empty:
            self._out.write(b"[")
            objects = objects[1:]
        self._empty = False
        self._out.write(objects)

    def end(self, *, more: bool) -> None:
        self._out.write(b"[]\n" if self._empty else b"\n]\n")
