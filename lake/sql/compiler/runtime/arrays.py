"""Places in arrays (trino.io/docs/422/functions/array.html)."""

from __future__ import annotations

from itertools import combinations
from math import comb

from lake.sql.compiler.runtime.errors import TrinoError

LONGEST_COMBINATION = 5
MOST_COMBINATIONS = 100_000


def combined_places(length: int, size: int) -> list[list[int]]:
    """Return the places, from 1, of each combination; those with the last elements last."""
    if size < 0:
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", f"combination size must not be negative: {size}")
    if size > LONGEST_COMBINATION:
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", f"combination size must not exceed {LONGEST_COMBINATION}: {size}")
    if comb(length, size) > MOST_COMBINATIONS:
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", f"combinations exceed max size of {MOST_COMBINATIONS}")
    found = [list(places) for places in combinations(range(1, length + 1), size)]
    return sorted(found, key=lambda places: places[::-1])
