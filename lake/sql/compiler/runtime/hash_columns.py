"""xxHash64 of a column of numbers, thousands at a time; `hashes.xxhash64` says what it is."""

from __future__ import annotations

from typing import Any

from lake.sql.compiler.runtime.geo_library import LazyModule
from lake.sql.compiler.runtime.hashes import XX

np: Any = LazyModule("numpy")
arrow: Any = LazyModule("pyarrow")
LENGTH = 8
NO_DOUBLE, NO_REAL = 0x7FF8 << 48, 0x7FC00000


def hash_of_numbers(column: Any) -> Any:
    """Return the hashes of 64-bit numbers; NULL for NULL."""
    values, missing = _values(column)
    return _column(values.view(np.uint64), missing)


def hash_of_doubles(column: Any) -> Any:
    """Zeros are equal, and so is what is no number."""
    values, missing = _values(column)
    words = (values + 0.0).view(np.uint64)
    return _column(np.where(np.isnan(values), NO_DOUBLE, words), missing)


def hash_of_reals(column: Any) -> Any:
    values, missing = _values(column)
    words = (values + np.float32(0)).view(np.int32).astype(np.int64).view(np.uint64)
    return _column(np.where(np.isnan(values), NO_REAL, words), missing)


def _values(column: Any) -> tuple[Any, Any]:
    whole = column.combine_chunks() if isinstance(column, arrow.ChunkedArray) else column
    missing = whole.is_null().to_numpy(zero_copy_only=False)
    return whole.fill_null(0).to_numpy(zero_copy_only=False), missing


def _column(words: Any, missing: Any) -> Any:
    with np.errstate(over="ignore"):
        found = _hashes(words.astype(np.uint64))
    return arrow.array(found.view(np.int64), mask=missing)


def _hashes(words: Any) -> Any:
    one, two, three, four, five = (np.uint64(prime) for prime in XX)
    mixed = _turned(words * two, 31) * one
    found = _turned((five + np.uint64(LENGTH)) ^ mixed, 27) * one + four
    found = (found ^ (found >> np.uint64(33))) * two
    found = (found ^ (found >> np.uint64(29))) * three
    return found ^ (found >> np.uint64(32))


def _turned(words: Any, bits: int) -> Any:
    return (words << np.uint64(bits)) | (words >> np.uint64(64 - bits))
