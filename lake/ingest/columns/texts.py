"""Arrow columns as NumPy sees them, without a copy, and back."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lake.columns import texts_of

Mask: TypeAlias = npt.NDArray[np.bool_]
Whole: TypeAlias = npt.NDArray[Any]
Doubles: TypeAlias = npt.NDArray[np.float64]
Bytes: TypeAlias = npt.NDArray[np.uint8]


def to_arrow(values: npt.NDArray[Any], kind: pa.DataType, valid: Mask | None = None) -> pa.Array:
    """Make a column of numbers of exactly that width."""
    validity = None if valid is None or valid.all() else _bitmap(valid)
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(np.ascontiguousarray(values))])


def to_flags(mask: Mask) -> pa.Array:
    return pa.Array.from_buffers(pa.bool_(), len(mask), [None, _bitmap(mask)])


def row_numbers(rows: Whole) -> pa.Array:
    return to_arrow(rows.astype(np.int64, copy=False), pa.int64())


def to_mask(flags: pa.Array) -> Mask:
    """Return a column of booleans; NULL is False."""
    return _bits(flags.buffers()[1], flags.offset, len(flags)) & is_valid(flags)


def is_valid(column: pa.Array) -> Mask:
    validity = column.buffers()[0] if column.null_count else None
    return np.ones(len(column), bool) if validity is None else _bits(validity, column.offset, len(column))


def to_numbers(column: pa.Array, kind: type[np.generic]) -> npt.NDArray[Any]:
    """Return what a column of that width holds; where it is NULL, anything."""
    if not len(column):
        return np.empty(0, kind)
    return np.frombuffer(column.buffers()[1], kind)[column.offset : column.offset + len(column)]


def offsets_of(texts: pa.Array) -> Whole:
    """Return the n+1 offsets of a column of strings or binaries."""
    if not len(texts):
        return np.zeros(1, np.int32)
    return np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]


def bytes_of(texts: pa.Array) -> Bytes:
    """Return the bytes that the offsets point into."""
    data = texts.buffers()[2]
    return np.empty(0, np.uint8) if data is None or not data.size else np.frombuffer(data, np.uint8)


def slices(data: pa.Buffer, starts: Whole, ends: Whole, valid: Mask | None = None) -> pa.Array:
    """Cut texts out of bytes; they follow each other, and do not overlap. An invalid one is NULL."""
    count = len(starts)
    if not count:
        return texts_of(())
    cuts = np.empty(2 * count, np.int32)
    cuts[0::2] = starts
    cuts[1::2] = ends if valid is None else np.where(valid, ends, starts)
    # Each text and the gap behind it are a value of one array, of which every second one is taken.
    whole = pa.StringArray.from_buffers(2 * count - 1, pa.py_buffer(cuts), data)
    found = whole.take(to_arrow(np.arange(0, 2 * count, 2, dtype=np.int32), pa.int32()))
    return found if valid is None else with_nulls(found, valid)


def with_nulls(texts: pa.Array, valid: Mask) -> pa.Array:
    """Return the same texts, NULL where they are not valid; none of them may be NULL yet."""
    if valid.all():
        return texts
    buffers = texts.buffers()
    return pa.Array.from_buffers(
        texts.type, len(texts), [_bitmap(valid, texts.offset), *buffers[1:]], offset=texts.offset
    )


def matches(texts: pa.Array, pattern: str) -> Mask:
    """Say which texts are matched as a whole; NULL is not. The pattern is one of RE2."""
    return to_mask(pc.match_substring_regex(texts, rf"\A(?:{pattern})\z"))


def suspicious(data: Bytes) -> Whole:
    """Return where control characters are: C0, DEL, and C1, which UTF-8 writes as C2 and 80 to 9F."""
    if not len(data) or (data.min() >= 0x20 and data.max() < 0x7F):
        return np.empty(0, np.int64)
    marked = (data < 0x20) | (data == 0x7F)
    following = np.append(data[1:], np.uint8(0))
    marked |= (data == 0xC2) & (following >= 0x80) & (following < 0xA0)
    return np.flatnonzero(marked)


def rows_at(positions: Whole, offsets: Whole) -> Whole:
    """Return the rows that the bytes at these positions belong to."""
    return np.searchsorted(offsets, positions, side="right") - 1


def without_controls(texts: pa.Array) -> Mask:
    offsets = offsets_of(texts)
    found = suspicious(bytes_of(texts)[offsets[0] : offsets[-1]]) + offsets[0]
    clean = np.ones(len(texts), bool)
    clean[rows_at(found, offsets)] = False
    return clean


def is_long(texts: pa.Array, least: int, most: int) -> Mask:
    """Say which texts have so many characters."""
    sizes = np.diff(offsets_of(texts))
    if (sizes > most).any():
        sizes = to_numbers(pc.utf8_length(texts), np.int32)
    return (sizes >= least) & (sizes <= most)


def _bits(bitmap: pa.Buffer, offset: int, count: int) -> Mask:
    packed = np.frombuffer(bitmap, np.uint8)[: (offset + count + 7) // 8]
    return np.unpackbits(packed, count=offset + count, bitorder="little")[offset:].view(bool)


def _bitmap(mask: Mask, offset: int = 0) -> pa.Buffer:
    if offset:
        mask = np.concatenate([np.zeros(offset, bool), mask])
    return pa.py_buffer(np.packbits(mask, bitorder="little"))
