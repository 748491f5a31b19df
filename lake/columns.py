"""Arrow columns of a few Python values.

Arrow imports pandas, a quarter of a second, the first time that it converts Python values; so plain ones are packed here.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

import pyarrow as pa

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - Athena's timestamp has no zone
MILLISECOND = timedelta(milliseconds=1)
MILLISECONDS = pa.timestamp("ms")
DOUBLE = pa.float64()
TEXT_LIST = pa.list_(pa.string())


def to_array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Make a column of Python values, None being NULL."""
    if kind == pa.string():
        return texts_of(values)
    if kind == pa.int64():
        return _packed(values, "q", kind)
    if kind == pa.float64():
        return doubles_of(values)
    if kind == pa.bool_():
        buffers = [_bits([value is not None for value in values]), _bits(values)]
        return pa.Array.from_buffers(kind, len(values), buffers)
    if kind == MILLISECONDS:
        return moments_of(values)
    if kind == TEXT_LIST:
        return text_lists_of(values)
    return pa.array(values, kind)


def text_lists_of(values: Sequence[Sequence[str | None] | None]) -> pa.Array:
    """Make a column of lists of strings."""
    lengths = [len(value or ()) for value in values]
    offsets = struct.pack(f"={len(values) + 1}i", 0, *accumulate(lengths))
    child = texts_of([text for value in values for text in value or ()])
    buffers = [_bits([value is not None for value in values]), pa.py_buffer(offsets)]
    return pa.Array.from_buffers(TEXT_LIST, len(values), buffers, children=[child])


def texts_of(values: Sequence[str | None]) -> pa.Array:
    """Make a column of strings."""
    encoded = [b"" if value is None else value.encode(errors="backslashreplace") for value in values]
    offsets = struct.pack(f"{len(encoded) + 1}i", *accumulate(map(len, encoded), initial=0))
    data = pa.py_buffer(b"".join(encoded))
    return pa.StringArray.from_buffers(len(encoded), pa.py_buffer(offsets), data, _validity(values))


def doubles_of(values: Sequence[float | None]) -> pa.Array:
    """Make a column of doubles."""
    return _packed(values, "d", DOUBLE)


def moments_of(values: Sequence[datetime | None]) -> pa.Array:
    """Make a column of timestamps of milliseconds, which have no zone."""
    return _packed([None if value is None else (value - EPOCH) // MILLISECOND for value in values], "q", MILLISECONDS)


def _packed(values: Sequence[float | None], code: str, kind: pa.DataType) -> pa.Array:
    packed = struct.pack(f"{len(values)}{code}", *(value or 0 for value in values))
    return pa.Array.from_buffers(kind, len(values), [_validity(values), pa.py_buffer(packed)])


def _validity(values: Sequence[Any]) -> pa.Buffer | None:
    return _bits([value is not None for value in values]) if None in values else None


def _bits(flags: Sequence[Any]) -> pa.Buffer:
    number = int("".join("1" if flag else "0" for flag in reversed(flags)) or "0", 2)
    return pa.py_buffer(number.to_bytes((len(flags) + 7) // 8, "little"))
