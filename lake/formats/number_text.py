"""Texts of numbers, as Java prints them: Athena's texts are Java's."""

from __future__ import annotations

from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from lake.formats.strings import choose, constant, join, matches, number, patch, replace

# Arrow prints exponents from 1e10 on and below 1e-6, Java from 1e7 on and below 1e-3: between them the point moves.
POINT_MOVES_LEFT = (7, 8, 9)
POINT_MOVES_RIGHT = (-4, -5, -6)

# Java prints at least two digits, and of two-digit texts takes the nearest, so the smallest numbers differ from the
# shortest text: docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Double.html#toString(double)
SUBNORMAL_DOUBLE = {
    "5.0E-324": "4.9E-324",
    "1.0E-323": "9.9E-324",
    "5.0E-323": "4.9E-323",
    "6.0E-323": "5.9E-323",
    "7.0E-323": "6.9E-323",
    "8.0E-323": "7.9E-323",
    "9.0E-323": "8.9E-323",
    "1.0E-322": "9.9E-323",
}
SUBNORMAL_FLOAT = {
    "1.0E-45": "1.4E-45",
    "3.0E-45": "2.8E-45",
    "4.0E-45": "4.2E-45",
    "6.0E-45": "5.6E-45",
    "8.0E-45": "8.4E-45",
    "1.0E-44": "9.8E-45",
    "3.0E-44": "2.9E-44",
    "4.0E-44": "4.1E-44",
    "1.0E-43": "9.9E-44",
}


def floating_text(array: pa.Array) -> pa.Array:
    """Print floats of any width as Double.toString or Float.toString does, with the shortest digits that read back."""
    if pa.types.is_float16(array.type):
        array = array.cast(pa.float32())
    texts = array.cast(pa.string())
    magnitude = pc.abs(array)
    plain = pc.or_(_between(magnitude, 1e-3, 1e7), pc.equal(magnitude, number(0, array.type)))
    whole = pc.and_(plain, pc.equal(pc.trunc(array), array))
    if pc.any(whole).as_py():
        texts = join(texts, choose(whole, ".0", ""))
    if pc.all(plain).as_py() is not False:
        return texts
    odd = pc.invert(plain)
    return pc.replace_with_mask(texts, odd, _exponent_text(texts.filter(odd), magnitude.filter(odd)))


def _between(magnitude: pa.Array, low: float, high: float) -> pa.Array:
    kind = magnitude.type
    return pc.and_(pc.greater_equal(magnitude, number(low, kind)), pc.less(magnitude, number(high, kind)))


def _exponent_text(texts: pa.Array, magnitude: pa.Array) -> pa.Array:
    """Print the numbers that Java writes with an exponent, and those that are none."""
    texts = patch(texts, pc.invert(pc.is_finite(magnitude)), _name)
    texts = patch(texts, matches(texts, "e[-+]"), _capital_exponent)
    for exponent in POINT_MOVES_LEFT:
        in_decade = _between(magnitude, 10.0**exponent, 10.0 ** (exponent + 1))
        texts = patch(texts, in_decade, partial(_move_left, exponent=exponent))
    for exponent in POINT_MOVES_RIGHT:
        in_decade = _between(magnitude, 10.0**exponent, 10.0 ** (exponent + 1))
        texts = patch(texts, in_decade, partial(_move_right, exponent=exponent))
    nearest, limit = (SUBNORMAL_DOUBLE, 2e-322) if magnitude.type == pa.float64() else (SUBNORMAL_FLOAT, 2e-43)
    return patch(texts, _between(magnitude, 0, limit), lambda subnormal: _widen(subnormal, nearest))


def _name(texts: pa.Array) -> pa.Array:
    return replace(texts, [("nan", "NaN"), ("inf", "Infinity")])


def _capital_exponent(texts: pa.Array) -> pa.Array:
    texts = replace(texts, [("e+", "E"), ("e", "E")])
    return pc.replace_substring_regex(texts, pattern=r"^(-?\d)E", replacement=r"\1.0E")


def _move_left(texts: pa.Array, exponent: int) -> pa.Array:
    """12345670.5 becomes 1.23456705E7, and 12000000 becomes 1.2E7."""
    pattern = r"^(-?\d)(?:(\d+)\.(\d+)|(\d+?)0*)$"
    return pc.replace_substring_regex(texts, pattern=pattern, replacement=rf"\1.\2\3\4E{exponent}")


def _move_right(texts: pa.Array, exponent: int) -> pa.Array:
    """0.000123 becomes 1.23E-4."""
    texts = pc.replace_substring_regex(texts, pattern=r"^(-?)0\.0+(\d)(\d*)$", replacement=rf"\1\2.\3E{exponent}")
    return pc.replace_substring(texts, ".E", ".0E")


def _widen(texts: pa.Array, nearest: dict[str, str]) -> pa.Array:
    for shortest, wider in nearest.items():
        texts = pc.replace_substring_regex(texts, pattern=f"^(-?){shortest}$", replacement=rf"\1{wider}")
    return texts


def decimal_text(array: pa.Array) -> pa.Array:
    """Print decimals with every digit of their scale and never an exponent, which Arrow's own cast would use."""
    texts, scale = array.cast(pa.string()), array.type.scale
    if 0 <= scale <= 6:  # no value of such a scale is small enough for an exponent
        return texts
    return patch(texts, pc.match_substring(texts, "E"), lambda scientific: _plain(scientific, scale))


def _plain(texts: pa.Array, scale: int) -> pa.Array:
    """Take the digits before E, which are those of the unscaled integer, and set the point where the scale says."""
    sign = choose(pc.starts_with(texts, "-"), "-", "")
    digits = pc.replace_substring_regex(texts, pattern=r"^-?(\d)(?:\.(\d+))?E.*$", replacement=r"\1\2")
    if scale > 0:
        return join(sign, "0.", pc.utf8_lpad(digits, width=scale, padding="0"))
    return choose(pc.equal(digits, constant("0")), "0", join(sign, digits, "0" * -scale))
