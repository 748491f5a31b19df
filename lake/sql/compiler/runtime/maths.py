"""Numbers, a value at a time (trino.io/docs/422/functions/math.html)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist

from lake.sql.compiler.runtime.errors import TrinoError

LARGEST_BIGINT = 2**63 - 1
SMALLEST_BIGINT = -(2**63)
UNITS = ("", "K", "M", "B", "T", "Q")
ITERATIONS = 500
TINY = 1e-300
CLOSE = 1e-16


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", message)


def from_base(text: str, radix: int) -> int:
    _require(2 <= radix <= 36, "Radix must be between 2 and 36")
    try:
        # Python takes blanks, underscores and prefixes that Java does not.
        value = int(text, radix) if text.lstrip("+-").isalnum() and text[:2].lower() not in _prefixes(radix) else None
    except ValueError:
        value = None
    if value is None or not SMALLEST_BIGINT <= value <= LARGEST_BIGINT:
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", f"Not a valid base-{radix} number: {text}")
    return value


def _prefixes(radix: int) -> tuple[str, ...]:
    return {2: ("0b",), 8: ("0o",), 16: ("0x",)}.get(radix, ())


def normal_cdf(mean: float, deviation: float, value: float) -> float:
    _require(deviation > 0, "standardDeviation must be > 0")
    return 0.5 * (1 + math.erf((value - mean) / (deviation * math.sqrt(2))))


def inverse_normal_cdf(mean: float, deviation: float, share: float) -> float:
    _require(0 < share < 1, "p must be 0 > p > 1")
    _require(deviation > 0, "sd must be > 0")
    return mean + deviation * NormalDist().inv_cdf(share)


def beta_cdf(alpha: float, beta: float, value: float) -> float:
    _require(alpha > 0, "a must be > 0")
    _require(beta > 0, "b must be > 0")
    _require(0 <= value <= 1, "value must lie in the interval [0, 1]")
    return _incomplete_beta(alpha, beta, value)


def inverse_beta_cdf(alpha: float, beta: float, share: float) -> float:
    _require(alpha > 0, "a must be > 0")
    _require(beta > 0, "b must be > 0")
    _require(0 <= share <= 1, "p must be 0 >= p >= 1")
    if share in (0, 1):
        return float(share)
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if _incomplete_beta(alpha, beta, middle) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _incomplete_beta(alpha: float, beta: float, value: float) -> float:
    if value in (0, 1):
        return float(value)
    if value > (alpha + 1) / (alpha + beta + 2):
        return 1 - _incomplete_beta(beta, alpha, 1 - value)
    logarithm = math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)
    front = math.exp(logarithm + alpha * math.log(value) + beta * math.log1p(-value))
    return front * _continued_fraction(alpha, beta, value) / alpha


def _continued_fraction(alpha: float, beta: float, value: float) -> float:
    """By Lentz: Numerical Recipes 6.4."""
    c, d = 1.0, 1 / _away_from_zero(1 - (alpha + beta) * value / (alpha + 1))
    result = d
    for step in range(1, ITERATIONS):
        even = step * (beta - step) * value / ((alpha + 2 * step - 1) * (alpha + 2 * step))
        odd = -(alpha + step) * (alpha + beta + step) * value / ((alpha + 2 * step) * (alpha + 2 * step + 1))
        change = 1.0
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            change = c * d
            result *= change
        if abs(change - 1) < CLOSE:
            break
    return result


def _away_from_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY


def wilson_interval_lower(successes: int, trials: int, z: float) -> float:
    middle, half, width = _wilson(successes, trials, z)
    return (middle - half) / width


def wilson_interval_upper(successes: int, trials: int, z: float) -> float:
    middle, half, width = _wilson(successes, trials, z)
    return (middle + half) / width


def _wilson(successes: int, trials: int, z: float) -> tuple[float, float, float]:
    _require(successes >= 0, "number of successes must not be negative")
    _require(trials > 0, "number of trials must be positive")
    _require(successes <= trials, "number of successes must not be larger than number of trials")
    _require(z >= 0, "z-score must not be negative")
    share = successes / trials
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return share + z * z / (2 * trials), half, 1 + z * z / trials


Values = Sequence[float | None]


def cosine_similarity(keys: Sequence[str], values: Values, other_keys: Sequence[str], others: Values) -> str | None:
    """Return the text of it, as NaN comes back as NULL; that is NULL where a value is, NaN where either has no length."""
    if None in values or None in others:
        return None
    left, right = dict(zip(keys, values, strict=True)), dict(zip(other_keys, others, strict=True))
    lengths = _length(values) * _length(others)
    product = sum([(value or 0.0) * (right[key] or 0.0) for key, value in left.items() if key in right])
    return repr(product / lengths if lengths else math.nan)


def _length(vector: Values) -> float:
    return math.sqrt(sum([(value or 0.0) * (value or 0.0) for value in vector]))


def format_number(value: float) -> str:
    """Only the whole part counts, which is held to a bigint."""
    whole = 0 if value != value else int(max(SMALLEST_BIGINT, min(LARGEST_BIGINT, value)))
    size, unit = float(abs(whole)), 0
    while size >= 1000 and unit < len(UNITS) - 1:
        size, unit = size / 1000, unit + 1
    # Trino looks at the sign too: of a negative number two digits are shown, however large it is.
    digits = 2 if size < 10 or whole < 0 else 1 if size < 100 else 0
    shown = format(Decimal(size).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP), "f")
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return f"{'-' if whole < 0 else ''}{shown}{UNITS[unit]}"
