"""The renderer against models that look at one value at a time."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lake.formats.text import ATHENA, JSON, render
from tests.formats.arrays import FLOAT_EDGES, columns
from tests.formats.models import athena_text, java_double, java_float


def texts(array: pa.Array) -> list[str | None]:
    rendered = render(array, ATHENA)
    assert rendered.type == pa.string()
    rendered.validate(full=True)
    return rendered.to_pylist()


@given(columns())
def test_any_value_has_athenas_text(column: tuple[pa.Array, list[Any]]) -> None:
    array, values = column
    assert texts(array) == [athena_text(value, array.type) for value in values]


@given(st.lists(st.floats() | st.floats(-1e11, 1e11) | st.floats(-1e-3, 1e-3)))
@example([sign * edge for edge in FLOAT_EDGES for sign in (1, -1)])
@example([n * 5e-324 for n in range(300)])
@example([math.nextafter(10.0**e, way) for e in range(-8, 13) for way in (0, 10.0**e, math.inf)])
def test_a_double_has_javas_text(values: list[float]) -> None:
    assert texts(pa.array(values, pa.float64())) == [java_double(value) for value in values]


@given(st.lists(st.floats(width=32)))
@example(pa.array(range(300), pa.int32()).view(pa.float32()).to_pylist())
@example(pa.array([10.0**e for e in range(-8, 13)], pa.float32()).to_pylist())
def test_a_real_has_javas_text_of_its_own_shortest_digits(values: list[float]) -> None:
    assert texts(pa.array(values, pa.float32())) == [java_float(value) for value in values]


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1.0"), (0.001, "0.001"), (1e-4, "1.0E-4"), (1e7, "1.0E7"), (12345670.0, "1.234567E7"), (-0.0, "-0.0"),
     (5e-324, "4.9E-324"), (2e23, "2.0E23"), (1e21, "1.0E21"), (123456789.125, "1.23456789125E8"), (1e-9, "1.0E-9")],
)  # fmt: skip
def test_texts_that_java_is_known_to_print(value: float, text: str) -> None:
    assert texts(pa.array([value])) == [text]


@pytest.mark.parametrize(
    "kind", [pa.decimal32(9, 9), pa.decimal64(18, 9), pa.decimal128(38, 9), pa.decimal256(60, 9)], ids=str
)
def test_a_decimal_never_has_an_exponent(kind: pa.DataType) -> None:
    values = [Decimal(text) for text in ("0.000000001", "-0.000000120", "0", "0.5", "-0.000000001")]
    assert texts(pa.array([*values, None], kind)) == [
        "0.000000001", "-0.000000120", "0.000000000", "0.500000000", "-0.000000001", None,
    ]  # fmt: skip


def test_a_decimal_of_negative_scale_has_its_zeros() -> None:
    array = pa.array([Decimal(12300), Decimal(-100), Decimal(0), Decimal(100)], pa.decimal128(10, -2))
    assert texts(array) == ["12300", "-100", "0", "100"]


def test_years_beyond_four_digits_have_as_many_as_they_need() -> None:
    days = pa.array([-719_529, -1_000_000, 2_932_897, 2**31 - 1, -(2**31)], pa.int32()).cast(pa.date32())
    assert texts(days) == ["-0001-12-31", "-0768-02-04", "10000-01-01", "5881580-07-11", "-5877641-06-23"]
    far = pa.array([2**62, -(2**63), 2**63 - 1, None, 0], pa.int64()).cast(pa.timestamp("us"))
    assert texts(far) == [
        "148108-07-06 14:00:27.387904", "-290308-12-21 19:59:05.224192", "294247-01-10 04:00:54.775807", None,
        "1970-01-01 00:00:00.000",
    ]  # fmt: skip
    assert render(far, JSON)[0].as_py() == '"148108-07-06T14:00:27.387904"'


def test_a_fraction_has_three_six_or_nine_digits() -> None:
    nanos = pa.array([0, 1_000_000, 1_000, 1, -1], pa.int64())
    day = "1970-01-01 00:00:00"
    assert texts(nanos.cast(pa.timestamp("ns"))) == [
        f"{day}.000", f"{day}.001", f"{day}.000001", f"{day}.000000001", "1969-12-31 23:59:59.999999999",
    ]  # fmt: skip
    assert texts(nanos[:4].cast(pa.time64("ns"))) == [
        "00:00:00.000", "00:00:00.001", "00:00:00.000001", "00:00:00.000000001",
    ]  # fmt: skip
    assert texts(pa.array([61], pa.int32()).cast(pa.time32("s"))) == ["00:01:01.000"]
    assert texts(pa.array([61], pa.int64()).cast(pa.timestamp("s"))) == ["1970-01-01 00:01:01.000"]


def test_an_instant_is_shown_in_the_columns_zone_and_in_json_in_utc() -> None:
    summer = [datetime(2024, 7, 1, 12, tzinfo=UTC)]
    for zone, text in (
        ("UTC", "12:00:00.000 UTC"),
        ("Etc/UTC", "12:00:00.000 UTC"),
        ("Europe/Berlin", "14:00:00.000 Europe/Berlin"),
        ("+05:30", "17:30:00.000 +05:30"),
    ):
        array = pa.array(summer, pa.timestamp("ms", zone))
        assert texts(array) == [f"2024-07-01 {text}"]
        assert render(array, JSON).to_pylist() == ['"2024-07-01T12:00:00.000Z"']


def test_intervals_are_day_to_second_or_year_to_month() -> None:
    spans = [timedelta(days=2), timedelta(0), timedelta(hours=-1), timedelta(days=-1), timedelta(microseconds=1), None]
    assert texts(pa.array(spans, pa.duration("us"))) == [
        "2 00:00:00.000", "0 00:00:00.000", "-0 01:00:00.000", "-1 00:00:00.000", "0 00:00:00.000001", None,
    ]  # fmt: skip
    parts = [(0, 9, 9), (3, 0, 0), (-14, 0, 0), None, (0, 2, 0), (0, 1, -3_600_000_000_000), (13, 1, 0), (0, 0, 0)]
    assert texts(pa.array(parts, pa.month_day_nano_interval())[1:]) == [
        "0-3", "-1-2", None, "2 00:00:00.000", "0 23:00:00.000", "1-1 1 00:00:00.000", "0 00:00:00.000",
    ]  # fmt: skip


VIEWS = pa.ListViewArray.from_arrays(
    pa.array([2, 0, 0, 1], pa.int32()), pa.array([2, 1, 0, 3], pa.int32()), pa.array([1, 2, 3, 4])
)


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array(["a", None, "b"]).dictionary_encode()[1:], [None, "b"]),
        (pa.array(["a", None], pa.large_string()), ["a", None]),
        (pa.array(["a", "longer than an inline view", None], pa.string_view())[1:], ["longer than an inline view", None]),
        (pa.array([b"ab", None], pa.large_binary()), ["61 62", None]),
        (pa.array([b"ab", None, b"cd"], pa.binary(2))[1:], [None, "63 64"]),
        (pa.array([b"ab", None], pa.binary_view()), ["61 62", None]),
        (pa.array([None, b""]), [None, ""]),
        (pa.array([[1], None, []], pa.large_list(pa.int8())), ["[1]", None, "[]"]),
        (pa.array([[1, 2], None, [3, None]], pa.list_(pa.int8(), 2))[1:], [None, "[3, null]"]),
        (VIEWS, ["[3, 4]", "[1]", "[]", "[2, 3, 4]"]),
        (pa.nulls(2), [None, None]),
        (pa.array([1.5, 65504.0], pa.float16()), ["1.5", "65504.0"]),
        (pa.RunEndEncodedArray.from_arrays([2, 3], ["a", "b"]), ["a", "a", "b"]),
        (pa.array([{"": 1, "b": "x"}], pa.struct([("", pa.int8()), ("b", pa.string())])), ["{1, b=x}"]),
        (pa.array([{}, None], pa.struct([])), ["{}", None]),
        (pa.array([b"0123456789abcdef"], pa.uuid()), ["30313233-3435-3637-3839-616263646566"]),
        (pa.ListArray.from_arrays([0, 1], pa.array([b"0123456789abcdef"], pa.uuid())), ["[30313233-3435-3637-3839-616263646566]"]),
        (pa.array(['{"a": 1}'], pa.json_()), ['{"a": 1}']),
        (pa.array([1, None], pa.bool8()), ["true", None]),
        (pa.array([[(None, 1)]], pa.list_(pa.struct([("k", pa.null()), ("v", pa.int8())]))), ["[{k=null, v=1}]"]),
        (pa.array([[(10, "x"), (9, "y")]], pa.map_(pa.int8(), pa.string())), ["{9=y, 10=x}"]),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)  # fmt: skip
def test_a_rarer_type_has_a_text(array: pa.Array, expected: list[str | None]) -> None:
    assert texts(array) == expected


@pytest.mark.parametrize("mode", ["sparse", "dense"])
def test_a_union_has_the_text_of_its_member(mode: str) -> None:
    codes = pa.array([0, 1, 1], pa.int8())
    if mode == "sparse":
        union = pa.UnionArray.from_sparse(codes, [pa.array([1, 0, 0]), pa.array(["", "b", None])])
    else:
        union = pa.UnionArray.from_dense(codes, pa.array([0, 1, 0], pa.int32()), [pa.array([1]), pa.array([None, "b"])])
    assert texts(union) == ["1", "b", None]
