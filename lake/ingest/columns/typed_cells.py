"""Columns of Arrow's types, from Parquet files and DataFrames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lake.columns import texts_of
from lake.ingest.columns.attributes import ATTRIBUTES
from lake.ingest.columns.cells import Entries, Instants, Numbers, Printer, TextCells, Texts, no_texts, parse_numbers
from lake.ingest.columns.instants import END_MS, FIRST_MS, read_instants
from lake.ingest.columns.texts import (
    Doubles,
    Mask,
    Whole,
    is_valid,
    offsets_of,
    rows_at,
    to_arrow,
    to_flags,
    to_numbers,
)
from lake.ingest.events import attribute_text

PER_MILLISECOND = {"ns": 1_000_000, "us": 1_000, "ms": 1}
FIRST_MICROSECOND, LAST_MICROSECOND = -62_135_596_800_000_000, 253_402_300_799_999_999
"""Those of Python's datetime."""
DECIMAL = r"-?[0-9]+(?:\.[0-9]+)?"


def plain_table(table: pa.Table) -> pa.Table:
    columns = [plain(column.combine_chunks()) for column in table.columns]
    return pa.Table.from_arrays(columns, names=table.column_names)


def plain(column: pa.Array) -> pa.Array:
    """Return the same values without dictionaries, views and 64-bit offsets, and with strings as strings."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return plain(column.dictionary_decode())
    if pa.types.is_null(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    return column.cast(pa.binary()) if pa.types.is_binary_view(kind) else column


@dataclass(frozen=True)
class TypedCells:
    given: pa.Array

    @cached_property
    def missing(self) -> Mask:
        if self._is_text:
            return TextCells(self.given).missing
        if pa.types.is_floating(self.given.type):
            return ~is_valid(self.given) | np.isnan(self._doubles)
        return ~is_valid(self.given)

    @property
    def _is_text(self) -> bool:
        return bool(pa.types.is_string(self.given.type))

    @cached_property
    def _doubles(self) -> Doubles:
        return to_numbers(self.given.cast(pa.float64(), safe=False), np.float64)

    def strings(self) -> Texts:
        if self._is_text:
            return Texts(self.given, np.ones(len(self.given), bool))
        found = no_texts(len(self.given))
        return Texts(found.values, ~is_valid(self.given))

    def instants(self) -> Instants:
        if self._is_text:
            return Instants(*read_instants(self.given))
        millis = self._milliseconds()
        if millis is None:
            return Instants(np.zeros(len(self.given), np.int64), np.zeros(len(self.given), bool))
        return Instants(millis, is_valid(self.given) & (millis >= FIRST_MS) & (millis < END_MS))

    def _milliseconds(self) -> Whole | None:
        kind = self.given.type
        if pa.types.is_timestamp(kind):
            since: Whole = to_numbers(self.given, np.int64)
            if kind.unit == "s":
                return np.clip(since, FIRST_MS // 1000 - 1, END_MS // 1000) * 1000
            return since // PER_MILLISECOND[kind.unit]
        if pa.types.is_date32(kind):
            return to_numbers(self.given, np.int32).astype(np.int64) * 86_400_000
        if pa.types.is_date64(kind):
            days: Whole = to_numbers(self.given, np.int64) // 86_400_000
            return days * 86_400_000
        return None

    def numbers(self) -> Numbers:
        kind = self.given.type
        if pa.types.is_integer(kind) or pa.types.is_floating(kind):
            values = self._doubles
            certain = is_valid(self.given) & np.isfinite(values)
            return Numbers(np.where(certain, values, 0.0), certain)
        if pa.types.is_decimal(kind):
            # By way of text: the nearest double, which Arrow's own conversion is not always.
            return parse_numbers(self.given.cast(pa.string()), DECIMAL)
        return Numbers(np.zeros(len(self.given)), np.zeros(len(self.given), bool))

    def attribute_texts(self, printer: Printer) -> Texts:
        kind, everywhere = self.given.type, np.ones(len(self.given), bool)
        if self._is_text:
            return Texts(self.given, everywhere)
        if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
            return Texts(self.given.cast(pa.string()), everywhere)
        if pa.types.is_floating(kind):
            finite = is_valid(self.given) & np.isfinite(self._doubles)
            texts = printer.floats(np.where(finite, self._doubles, 0.0))
            return Texts(
                pc.if_else(to_flags(finite), texts, pa.scalar(None, pa.string())), finite | ~is_valid(self.given)
            )
        return Texts(
            texts_of([None if value is None else attribute_text(value) for value in self._values()]), everywhere
        )

    def _values(self) -> list[Any]:
        return python_values(self.given)

    def entries(self) -> Entries:
        absent = ~is_valid(self.given)
        if self.given.type != ATTRIBUTES:
            return Entries(absent)
        maps = self.given.cast(ATTRIBUTES)
        return Entries(_ordered(maps) | absent, maps=_filled(maps))


def python_rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of a plain table."""
    columns = [python_values(column.combine_chunks()) for column in table.columns]
    for values in zip(*columns, strict=True):
        yield dict(zip(table.column_names, values, strict=True))


def python_values(column: pa.Array) -> list[Any]:
    """Return what the standard library has for the values; times beyond it are its last."""
    if pa.types.is_timestamp(column.type):
        column = _within_python(column)
    return column.to_pylist(maps_as_pydicts="strict")  # type: ignore[no-any-return]


def _within_python(column: pa.Array) -> pa.Array:
    """Cut timestamps to microseconds, and to the years that Python has."""
    since = to_numbers(column, np.int64)
    unit = column.type.unit
    micros = {"s": 1_000_000, "ms": 1_000, "us": 1}.get(unit)
    if micros is None:
        since = since // 1_000
    else:
        since = np.clip(since, -(-FIRST_MICROSECOND // micros), LAST_MICROSECOND // micros) * micros
    return to_arrow(since, pa.timestamp("us", column.type.tz), is_valid(column))


def _ordered(maps: pa.Array) -> Mask:
    """Say which maps have their names in order, each once, and no NULL."""
    names, texts, offsets = maps.keys, maps.items, offsets_of(maps)
    fits = np.ones(len(maps), bool)
    wrong = np.flatnonzero(~is_valid(texts))
    if len(names) > 1:
        falling = np.append(np.flatnonzero(~(np.asarray(pc.greater(names[1:], names[:-1])))) + 1, [])
        wrong = np.concatenate([wrong, np.setdiff1d(falling, offsets)]).astype(np.int64)
    wrong = wrong[(wrong >= offsets[0]) & (wrong < offsets[-1])]
    fits[rows_at(wrong, offsets)] = False
    return fits


def _filled(maps: pa.Array) -> pa.Array:
    if not maps.null_count:
        return maps
    empty = pa.MapArray.from_arrays(to_arrow(np.zeros(2, np.int32), pa.int32()), texts_of(()), texts_of(()))
    return pc.if_else(to_flags(is_valid(maps)), maps, empty.take(to_arrow(np.zeros(len(maps), np.int64), pa.int64())))
