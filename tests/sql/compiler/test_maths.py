import math
from decimal import Decimal

import duckdb
import pytest

from lake.sql.compiler.runtime import maths
from lake.sql.compiler.runtime.errors import TrinoError
from tests.sql.compiler.running import run


@pytest.mark.parametrize(
    ("text", "radix", "expected"), [("ff", 16, 255), ("-7fffffff", 16, -(2**31 - 1)), ("+12", 10, 12), ("z", 36, 35)]
)
def test_a_text_is_read_in_a_base(text: str, radix: int, expected: int) -> None:
    assert maths.from_base(text, radix) == expected


@pytest.mark.parametrize(("text", "radix"), [("0x1", 16), ("1_0", 10), ("", 10), ("9", 8), ("1", 37), ("9" * 20, 10)])
def test_what_is_no_number_in_a_base_is_refused(text: str, radix: int) -> None:
    with pytest.raises(TrinoError):
        maths.from_base(text, radix)


def test_distributions_and_their_inverses_meet() -> None:
    assert maths.beta_cdf(3, 3.6, 0.3) == pytest.approx(0.21764809997679938)
    assert maths.inverse_beta_cdf(3, 3.6, maths.beta_cdf(3, 3.6, 0.9)) == pytest.approx(0.9)
    assert maths.normal_cdf(0, 1, 1.96) == pytest.approx(0.9750021048517796)
    assert maths.inverse_normal_cdf(0, 1, 0.3) == pytest.approx(-0.52440051270804089)
    assert maths.wilson_interval_lower(1250, 1310, 1.96) == pytest.approx(0.9414883725395894)
    with pytest.raises(TrinoError):
        maths.beta_cdf(0, 1, 0.5)


def test_a_vector_without_length_has_no_angle() -> None:
    assert maths.cosine_similarity(["a"], [1.0], [], []) == "nan"
    assert maths.cosine_similarity(["a"], [None], ["a"], [1.0]) is None
    assert float(maths.cosine_similarity(["a", "b"], [1.0, 2.0], ["b", "a"], [3.0, 1.0]) or 0) == pytest.approx(
        7 / math.sqrt(50)
    )


@pytest.mark.parametrize(
    ("number", "expected"), [(999.9, "999"), (1000, "1K"), (1234.5, "1.23K"), (-999999, "-1000K"), (12399999, "12.4M")]
)
def test_numbers_are_shown_with_a_unit(number: float, expected: str) -> None:
    assert maths.format_number(number) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("bitwise_left_shift(TINYINT '-7', 2)", -28),
        ("bitwise_left_shift(SMALLINT '1', 15)", -32768),
        ("bitwise_left_shift(BIGINT '-7', 64)", 0),
        ("bitwise_right_shift(TINYINT '-8', 2)", 62),
        ("bitwise_right_shift(BIGINT '-1', 1)", 2**63 - 1),
        ("bitwise_right_shift_arithmetic(BIGINT '-8', 2)", -2),
        ("bitwise_right_shift_arithmetic(SMALLINT '-8', 64)", -1),
        ("bit_count(-7, 64)", 62),
        ("truncate(DECIMAL '1234.56', -2)", Decimal("1200.00")),
        ("truncate(DECIMAL '-1234.56', 1)", Decimal("-1234.50")),
        ("round(1550, -2)", 1600),
        ("mod(DECIMAL '-13.0', DECIMAL '5.0')", Decimal("-3.0")),
        ("width_bucket(3.14E0, 4, 0, 4)", 1),
        ("width_bucket(1E0, ARRAY[0E0, 1E0, 2E0])", 2),
        ("greatest(1E0, nan())", 1.0),
        ("from_base('ff', 16)", 255),
    ],
)
def test_numbers_are_as_in_trino(expression: str, expected: object) -> None:
    assert run(f"SELECT {expression}")[0][0] == expected


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("bit_count(7, 1)", "INVALID_FUNCTION_ARGUMENT"),
        ("bit_count(33554432, 25)", "INVALID_FUNCTION_ARGUMENT"),
        ("round(1, -100)", "NUMERIC_VALUE_OUT_OF_RANGE"),
        ("width_bucket(1E0, ARRAY[2E0, 1E0])", "INVALID_FUNCTION_ARGUMENT"),
        ("width_bucket(1E0, 1, 1, 3)", "INVALID_FUNCTION_ARGUMENT"),
        ("1 / 0", "DIVISION_BY_ZERO"),
    ],
)
def test_errors_have_the_codes_of_trino(expression: str, code: str) -> None:
    with pytest.raises(Exception, match=code):
        run(f"SELECT {expression}")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("-2.5e0 % 3.14e0", -2.5),
        ("mod(1.5e0, infinity())", 1.5),
        ("mod(BIGINT '-9223372036854775808', BIGINT '-1')", 0),
        ("CAST(NULL AS integer) / 0", None),
        ("typeof(-2147483648)", "integer"),
        ("round(infinity(), -1)", math.inf),
        ("round(0.49999999999999994e0)", 0.0),
        ("round(REAL '1.25', NULL)", None),
        ("to_base(BIGINT '-9223372036854775808', 16)", "-8000000000000000"),
        ("typeof(truncate(5))", "decimal(10,0)"),
        ("bitwise_left_shift(CAST(NULL AS tinyint), 63)", None),
        ("bitwise_left_shift(2, -1)", 0),
        ("width_bucket(1e-7, 1e-7, -1e0, 5)", 0),
        ("width_bucket(CAST(NULL AS double), ARRAY[infinity()])", None),
        ("json_array_contains('[1]', infinity())", False),
    ],
)
def test_an_expression_has_trinos_value(expression: str, expected: object) -> None:
    assert run(f"SELECT {expression}") == [(expected,)]


@pytest.mark.parametrize("expression", ["acos(infinity())", "sin(infinity())", "pow(1, infinity())", "log(nan(), -2)"])
def test_what_has_no_value_is_nan(expression: str) -> None:
    ((found,),) = run(f"SELECT {expression}")
    assert math.isnan(found)


def test_decimals_are_rounded_to_places_of_a_column() -> None:
    query = "SELECT CAST(round(x, y) AS varchar) FROM (VALUES (DECIMAL '-99.995', 2), (DECIMAL '1.5', -2)) t(x, y)"
    assert run(query) == [("-100.000",), ("0.000",)]


def test_a_decimal_that_has_no_room_is_refused() -> None:
    with pytest.raises(duckdb.Error):
        run("SELECT round(DECIMAL '99999999999999999999999999999999999999', -1)")
