"""Numbers that are equal when they are close."""

from __future__ import annotations

import math
from decimal import Decimal

TOLERANCE, REAL_TOLERANCE = 1e-9, 2e-6
FLOATS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def close(left: float, right: float, tolerance: float = TOLERANCE) -> bool:
    """Relative to the larger one; NaN is equal to itself."""
    if math.isnan(left) or math.isnan(right):
        return math.isnan(left) and math.isnan(right)
    if left == right:
        return True
    if math.isinf(left) or math.isinf(right):
        return False
    return abs(left - right) <= max(tolerance * max(abs(left), abs(right)), 1e-300)
