"""Arithmetic of decimals (trino.io/docs/422/functions/decimal.html), in 64 bits wherever the values allow it.

DuckDB's whole numbers of 128 bits divide fifty times as slowly as those of 64, and so do its casts between scales. So a quotient is
computed twice over: in 64 bits, NULL where a value does not fit, and for those rows alone in 128.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lake.sql.compiler.casts import coerced
from lake.sql.compiler.coercion import as_decimal
from lake.sql.compiler.forms import form
from lake.sql.compiler.typed import Typed
from lake.types import DataType
from lake.types.datatype import DECIMAL_DIGITS

NARROW_DIGITS = 18
"""Of the decimals that DuckDB computes in 64 bits."""
LEAST_WHOLE_DIGITS = 6
"""Before the point: with fewer, too few values would fit for it to pay."""
MOST_REPEATED = 300
"""Characters of a text that is written twice; more would grow by powers in a chain of quotients."""


def of_decimals(operator: str, left: Typed, right: Typed, *, narrow: bool) -> Typed:
    """Return the sum, difference, product, quotient or remainder of what are decimals or whole numbers."""
    one, two = as_decimal(left.type), as_decimal(right.type)
    left, right = coerced(left, one), coerced(right, two)
    narrow = narrow and _fits_64_bits(left) and _fits_64_bits(right)
    if operator in "+-":
        return _sum(operator, left, right, narrow=narrow)
    if operator == "*":
        return _product(left, right, narrow=narrow)
    return _remainder(left, right) if operator == "%" else _quotient(left, right)


def _sum(operator: str, left: Typed, right: Typed, *, narrow: bool) -> Typed:
    (p1, s1), (p2, s2) = left.type.parameters, right.type.parameters
    scale = max(s1, s2)
    result = _decimal(max(p1 - s1, p2 - s2) + scale + 1, scale)
    plain = f"({left.sql} {operator} {right.sql})"
    if narrow and scale < NARROW_DIGITS < result.parameters[0]:
        return Typed(plain, result, narrow=True)
    if _is_typed_alike(left, right, result):
        return Typed(plain, result)
    return Typed(f"CAST(({_as(left, result)} {operator} {_as(right, result)}) AS {form(result)})", result)


def _product(left: Typed, right: Typed, *, narrow: bool) -> Typed:
    (p1, s1), (p2, s2) = left.type.parameters, right.type.parameters
    result = _decimal(p1 + p2, s1 + s2)
    plain = f"({left.sql} * {right.sql})"
    if narrow and s1 + s2 < NARROW_DIGITS < result.parameters[0]:
        return Typed(plain, result, narrow=True)
    if _is_typed_alike(left, right, result):
        return Typed(plain, result)
    if s1 + s2 < NARROW_DIGITS < result.parameters[0]:
        left = coerced(left, _decimal(max(p1, NARROW_DIGITS + 1), s1))
    return Typed(f"CAST(({left.sql} * {right.sql}) AS {form(result)})", result)


def _is_typed_alike(left: Typed, right: Typed, result: DataType) -> bool:
    """Say whether DuckDB gives a sum or a product the type that Trino gives it: it keeps to 64 bits where both sides do."""
    if left.narrow or right.narrow:
        return False
    return result.parameters[0] <= NARROW_DIGITS or not (_fits_64_bits(left) and _fits_64_bits(right))


def _remainder(left: Typed, right: Typed) -> Typed:
    (p1, s1), (p2, s2) = left.type.parameters, right.type.parameters
    scale = max(s1, s2)
    result = _decimal(min(p1 - s1, p2 - s2) + scale, scale)
    wide = _decimal(max(p1 - s1, p2 - s2) + scale, scale)
    return Typed(f"CAST(trino_modulo({_as(left, wide)}, {_as(right, wide)}) AS {form(result)})", result)


def _quotient(left: Typed, right: Typed) -> Typed:
    """Both become whole numbers, whose quotient has a digit more than the result, which its cast rounds half up."""
    (p1, s1), (_, s2) = left.type.parameters, right.type.parameters
    scale = max(s1, s2)
    result = _decimal(p1 + s2 + max(0, s2 - s1), scale)
    shift = scale + s2 - s1
    never_zero = isinstance(right.literal, int | Decimal) and right.literal != 0

    def text(a: str, b: str, precision: int) -> str:
        quotient = f"({a} // {b})" if never_zero or precision == NARROW_DIGITS else f"trino_divide({a}, {b})"
        return _rounded(quotient, result, precision)

    a, b = small(left, shift + 1), small(right, 0)
    if a is not None and b is not None and a.fits and b.fits and never_zero:
        return Typed(text(a.sql, b.sql, NARROW_DIGITS), result)
    if result.parameters[0] == DECIMAL_DIGITS:
        halves = f"trino_half_up({unscaled(left, shift)}, {unscaled(right, 0)})"
        wide = f"CAST({scaled(halves, scale)} AS {form(result)})"
    else:
        wide = text(unscaled(left, shift + 1), unscaled(right, 0), DECIMAL_DIGITS)
    if a is None or b is None:
        return Typed(wide, result)
    return Typed(f"coalesce({text(a.sql, b.sql, NARROW_DIGITS)}, {wide})", result)


def average(total: Typed, count: str, result: DataType) -> str:
    """Return the text of a sum divided by the number of its values, rounded half up to a type of the same scale."""
    wide = _rounded(f"{unscaled(total, 1)} // {count}", result, DECIMAL_DIGITS)
    narrow = small(total, 1)
    if narrow is None:
        return wide
    return f"coalesce({_rounded(f'{narrow.sql} // {count}', result, NARROW_DIGITS)}, {wide})"


def _rounded(digits: str, result: DataType, precision: int) -> str:
    """Return the decimal of whole digits, one more of them behind the point than `result` has, rounded half up."""
    return f"CAST({scaled(digits, result.parameters[1] + 1, precision=precision)} AS {form(result)})"


@dataclass(frozen=True, slots=True)
class Small:
    """The digits of a decimal as a BIGINT, NULL where they do not fit unless all do."""

    sql: str
    fits: bool


def small(value: Typed, more: int) -> Small | None:
    """Return the digits of a decimal, and `more` zeros, in 64 bits; None where that does not pay."""
    precision, scale = value.type.parameters
    power = scale + more
    room = NARROW_DIGITS - power
    if room - scale < LEAST_WHOLE_DIGITS or len(value.sql) > MOST_REPEATED:
        return None
    fits = precision <= room
    text = value.sql if fits else f"TRY_CAST({value.sql} AS DECIMAL({room},{scale}))"
    multiplied = f"{text} * CAST({10**power} AS DECIMAL({power + 1},0))" if power else text
    return Small(f"CAST({multiplied} AS BIGINT)", fits)


def unscaled(value: Typed, more: int) -> str:
    """Return the digits of a decimal as a HUGEINT, and `more` zeros."""
    precision, scale = value.type.parameters
    power, digits = scale + more, precision + scale + more
    if not power:
        return f"CAST({value.sql} AS HUGEINT)"
    if digits <= DECIMAL_DIGITS:
        is_small = _fits_64_bits(value) and digits > NARROW_DIGITS
        text = _as(value, _decimal(NARROW_DIGITS + 1, scale)) if is_small else value.sql
        return f"CAST({text} * CAST({10**power} AS DECIMAL({power + 1},0)) AS HUGEINT)"
    text = f"CAST(replace(CAST({value.sql} AS VARCHAR), '.', '') AS HUGEINT)"
    return f"({text} * {10**more}::HUGEINT)" if more else text


def scaled(digits: str, scale: int, *, precision: int = DECIMAL_DIGITS) -> str:
    """Return the decimal that has these digits, a whole number, so many of them behind the point."""
    if not scale:
        return digits
    return f"(CAST({digits} AS DECIMAL({precision},0)) * CAST('0.{1:0{scale}d}' AS DECIMAL({scale},{scale})))"


def _fits_64_bits(value: Typed) -> bool:
    return value.narrow or value.type.parameters[0] <= NARROW_DIGITS


def _decimal(precision: int, scale: int) -> DataType:
    return DataType("decimal", (min(DECIMAL_DIGITS, precision), min(scale, DECIMAL_DIGITS)))


def _as(value: Typed, wanted: DataType) -> str:
    return f"CAST({value.sql} AS {form(wanted)})"
