"""Athena's texts of arrays, maps and rows to Arrow: `[1, 2]`, `{1=2}`, `{a=1, b=2}`.

Strings stand in them without quotes, so `[a, b]` may be one string or two: types with texts within are not read. In all
others no comma, bracket or `=` is part of a value, and columns are taken apart level by level, all rows at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lake.engine.athena import values
from lake.types import DataType, to_arrow
from lake.types.datatype import ARRAY, MAP, ROW

PLAIN = frozenset(
    {"boolean", "tinyint", "smallint", "integer", "bigint", "real", "double", "decimal", "date", "unknown"}
)
AS_TEXT = frozenset({"uuid", "ipaddress", "time with time zone", "timestamp with time zone"})
"""Given as their texts where they are within something else."""
MICROSECOND_DIGITS = 6
OPENING, CLOSING = (ord("["), ord("{")), (ord("]"), ord("}"))
COMMA, EQUALS = ord(","), ord("=")

Convert = Callable[[pa.Array], pa.Array]


@dataclass(frozen=True, slots=True)
class Reader:
    """`convert` makes `arrow` of texts."""

    arrow: pa.DataType
    convert: Convert


def is_readable(type_: DataType) -> bool:
    """Say whether the text of a value of the type has one meaning."""
    if type_.name in (ARRAY, MAP, ROW):
        names = [field.name for field in type_.fields if field.name is not None]
        plain = all(name.isidentifier() for name in names) and len(names) in (0, len(type_.fields))
        return plain and all(is_readable(field.type) for field in type_.fields)
    return type_.name in PLAIN | AS_TEXT | values.INTERVALS.keys() or type_.name in ("time", "timestamp")


def nested_reader(type_: DataType) -> Reader:
    """Return how to read a type that is readable."""
    if type_.name == ARRAY:
        return _array(nested_reader(type_.element))
    if type_.name == MAP:
        return _map(nested_reader(type_.key), nested_reader(type_.value))
    if type_.name == ROW:
        return _row(
            type_.field_names, [nested_reader(field.type) for field in type_.fields], type_.fields[0].name is not None
        )
    return _scalar(type_)


def _scalar(type_: DataType) -> Reader:
    if type_.name in values.INTERVALS:
        return Reader(pa.month_day_nano_interval(), values.INTERVALS[type_.name])
    if type_.name == "unknown":
        return Reader(pa.int32(), lambda texts: texts.cast(pa.int32()))
    if type_.name in AS_TEXT or (type_.name.startswith("time") and type_.parameters[0] > MICROSECOND_DIGITS):
        return Reader(pa.string(), lambda texts: texts)
    if type_.name == "timestamp":
        return Reader(pa.timestamp("us"), values.careful_timestamp)
    if type_.name == "time":
        return Reader(pa.time64("us"), _times)
    arrow = to_arrow(type_)
    careful = values.careful(arrow)
    return Reader(arrow, careful or (lambda texts: texts.cast(arrow)))


def _times(texts: pa.Array) -> pa.Array:
    moments = pc.binary_join_element_wise(pa.scalar("1970-01-01"), texts, " ").cast(pa.timestamp("us"))
    return moments.cast(pa.int64()).cast(pa.time64("us"))


def _array(element: Reader) -> Reader:
    arrow = pa.list_(element.arrow)

    def convert(texts: pa.Array) -> pa.Array:
        offsets, items = _items(texts)
        places = pa.array(offsets, pa.int32())
        return pa.ListArray.from_arrays(places, element.convert(items), type=arrow, mask=pc.is_null(texts))

    return Reader(arrow, convert)


def _map(key: Reader, value: Reader) -> Reader:
    arrow = pa.map_(key.arrow, value.arrow)

    def convert(texts: pa.Array) -> pa.Array:
        offsets, items = _items(texts)
        keys, own = _pairs(items)
        places = pa.array(offsets, pa.int32())
        return pa.MapArray.from_arrays(
            places, key.convert(keys), value.convert(own), type=arrow, mask=pc.is_null(texts)
        )

    return Reader(arrow, convert)


def _row(names: tuple[str, ...], readers: list[Reader], named: bool) -> Reader:
    arrow = pa.struct([(name, reader.arrow) for name, reader in zip(names, readers, strict=True)])

    def convert(texts: pa.Array) -> pa.Array:
        offsets, items = _items(texts)
        present = pc.is_valid(texts)
        if len(items) != len(names) * pc.sum(present.cast(pa.int64())).as_py() if len(texts) else 0:
            raise pa.ArrowInvalid(f"a row of {len(names)} fields has another number of them")
        if named:
            _, items = _pairs(items)
        # Where a row is NULL its fields are, and the items of the others go on.
        places = pc.if_else(present, pa.array(offsets[:-1]), pa.scalar(None, pa.int32()))
        columns = [
            reader.convert(items.take(pc.add(places, place)) if len(items) else pa.nulls(len(texts), pa.string()))
            for place, reader in enumerate(readers)
        ]
        return pa.StructArray.from_arrays(columns, fields=list(arrow), mask=pc.invert(present))

    return Reader(arrow, convert)


def _items(texts: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """Take the outer brackets off; return where each row's items begin, and the texts of all items."""
    raw, ends = values.buffers(texts)
    lengths = np.diff(ends)
    opening, closing = np.isin(raw, OPENING), np.isin(raw, CLOSING)
    depth = np.cumsum(opening.astype(np.int32) - closing.astype(np.int32))
    commas = np.flatnonzero((raw == COMMA) & (depth == 1))
    filled = lengths > len("[]")
    row_starts, row_ends = ends[:-1][filled] + 1, ends[1:][filled] - 1
    starts = np.sort(np.concatenate([row_starts, commas + len(", ")]))
    stops = np.sort(np.concatenate([row_ends, commas]))
    counts = np.zeros(len(texts), np.int64)
    counts[filled] = 1 + np.searchsorted(commas, row_ends) - np.searchsorted(commas, row_starts)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return offsets, _cut(raw, starts, stops)


def _pairs(items: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Part `key=value` at the `=` that is in no bracket."""
    raw, ends = values.buffers(items)
    depth = np.cumsum(np.isin(raw, OPENING).astype(np.int32) - np.isin(raw, CLOSING).astype(np.int32))
    equals = np.flatnonzero((raw == EQUALS) & (depth == 0))
    if len(equals) != len(items):
        raise pa.ArrowInvalid("an item of a map or a row has no name of its own")
    return _cut(raw, ends[:-1], equals), _cut(raw, equals + 1, ends[1:])


def _cut(raw: np.ndarray, starts: np.ndarray, stops: np.ndarray) -> pa.Array:
    """Return the texts between these places, which are in order; `null` is NULL."""
    marks = np.zeros(len(raw) + 1, np.int32)
    np.add.at(marks, starts, 1)
    np.add.at(marks, stops, -1)
    kept = raw[np.cumsum(marks[:-1]) > 0]
    offsets = np.concatenate([[0], np.cumsum(stops - starts)]).astype(np.int32)
    parts = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(kept.tobytes())]
    texts = pa.Array.from_buffers(pa.string(), len(starts), parts)
    return pc.if_else(pc.equal(texts, "null"), pa.scalar(None, pa.string()), texts)
