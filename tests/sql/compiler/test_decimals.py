"""Decimals against Python's, on both sides of the 64 bits in which they are computed where they fit."""

from decimal import ROUND_HALF_UP, Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sql.compiler.running import run

EXACT = Context(prec=200, rounding=ROUND_HALF_UP)


@st.composite
def decimals(draw: st.DrawFn) -> tuple[Decimal, int, int]:
    """A value of few or many digits, with the precision and scale of its type."""
    scale = draw(st.integers(0, 6))
    precision = draw(st.sampled_from([scale + 1, 12, 18, 19, 27, 30]).filter(lambda found: found > scale))
    digits = draw(st.integers(1, precision))
    whole = draw(st.integers(-(10**digits) + 1, 10**digits - 1))
    return Decimal(whole).scaleb(-scale, EXACT), precision, scale


def text(value: tuple[Decimal, int, int]) -> str:
    number, precision, scale = value
    return f"CAST(DECIMAL '{number:f}' AS decimal({precision},{scale}))"


def rounded(value: Decimal, scale: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-scale), context=EXACT)


def of_column(expression: str, *values: tuple[Decimal, int, int]) -> list[Decimal]:
    """Evaluate over columns x and y, which cannot be folded into one another's text."""
    rows = ", ".join(text(value) for value in values)
    return [row[0] for row in run(f"SELECT {expression} FROM (VALUES ({rows})) AS t({', '.join('xy'[: len(values)])})")]


@given(decimals(), decimals())
def test_a_quotient_is_rounded_half_up(a: tuple[Decimal, int, int], b: tuple[Decimal, int, int]) -> None:
    scale = max(a[2], b[2])
    if not b[0] or a[1] + b[2] + max(0, b[2] - a[2]) > 38:
        return
    assert of_column("x / y", a, b) == [rounded(EXACT.divide(a[0], b[0]), scale)]


@given(decimals(), decimals())
def test_sums_differences_and_products_are_exact(a: tuple[Decimal, int, int], b: tuple[Decimal, int, int]) -> None:
    if a[1] + b[1] > 38:
        return
    assert of_column("x + y", a, b) == [EXACT.add(a[0], b[0])]
    assert of_column("x - y", a, b) == [EXACT.subtract(a[0], b[0])]
    assert of_column("x * y", a, b) == [EXACT.multiply(a[0], b[0])]


@given(st.lists(st.integers(-(10**18) + 1, 10**18 - 1), min_size=1, max_size=5), st.integers(0, 4))
def test_an_average_is_rounded_half_up(wholes: list[int], scale: int) -> None:
    values = [Decimal(whole).scaleb(-scale, EXACT) for whole in wholes]
    rows = ", ".join(text((value, 20, scale)) for value in values)
    mean = EXACT.divide(sum(values, Decimal(0)), Decimal(len(values)))
    assert run(f"SELECT avg(x) FROM (VALUES {rows}) AS t(x)") == [(rounded(mean, scale),)]
    assert run(f"SELECT avg(x) OVER () FROM (VALUES {rows}) AS t(x)")[0] == (rounded(mean, scale),)


@pytest.mark.parametrize("value", ["9999999999999.99", "10000000000000.00", "99999999999999.99"])
def test_the_last_value_of_64_bits_and_the_first_beyond_divide_alike(value: str) -> None:
    number = (Decimal(value), 38, 2)
    assert of_column("x / y", number, (Decimal("3.00"), 38, 2)) == [rounded(EXACT.divide(number[0], 3), 2)]
    assert of_column("x / y", number, (Decimal("-0.07"), 38, 2)) == [
        rounded(EXACT.divide(number[0], Decimal("-0.07")), 2)
    ]
