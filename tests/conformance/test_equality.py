"""Values are equal where Trino's are, and wrong kinds are told from wrong values."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from lake.types import parse_type
from tests.conformance.equality import Equality, WrongKind, same_type
from tests.conformance.moments import date_text, moment, timestamp_text
from tests.conformance.text import reads_as


def equal(type_: str, expected: Any, value: Any, **how: Any) -> bool:
    return Equality(**how).equal(parse_type(type_, trino=True), expected, value)


@pytest.mark.parametrize(
    ("type_", "expected", "value"),
    [
        ("bigint", 1, 1),
        ("double", 0.1, 0.1 + 1e-12),
        ("double", "NaN", math.nan),
        ("double", "-Infinity", -math.inf),
        ("real", 0.1, 0.10000000149011612),
        ("decimal(5,2)", "1.10", Decimal("1.1")),
        ("char(3)", "a  ", "a"),
        ("varbinary", "00ff", b"\x00\xff"),
        ("json", '{"b":1,"a":[2]}', '{"a": [2.0], "b": 1}'),
        ("json", '{"a":1,"a":2}', '{"a":1,"a":2}'),
        ("uuid", "A1116BCC-73AF-4487-A840-E21BD7A83B55", "a1116bcc-73af-4487-a840-e21bd7a83b55"),
        ("ipaddress", "1.2.3.4", "::ffff:1.2.3.4"),
        ("date", "2020-02-29", date(2020, 2, 29)),
        ("timestamp(3)", "2020-01-01 00:00:00.120", datetime(2020, 1, 1, 0, 0, 0, 120_000)),  # noqa: DTZ001
        ("timestamp(12)", "2020-01-01 00:00:00.123456789012", "2020-01-01 00:00:00.123456789012"),
        ("timestamp(3) with time zone", "2020-07-01 02:00 Europe/Berlin", datetime(2020, 7, 1, tzinfo=UTC)),
        ("timestamp(0) with time zone", "12020-07-01 02:00 Europe/Berlin", "12020-07-01 00:00:00 UTC"),
        ("time(3) with time zone", "01:00:00.000+02:00", "23:00:00.000+00:00"),
        ("interval day to second", -5400000, "-0 01:30:00.000"),
        ("interval year to month", 14, "1-2"),
        ("array(integer)", [1, None], [1, None]),
        ("map(varchar,integer)", [["b", 2], ["a", 1]], {"a": 1, "b": 2}),
        ("map(array(integer),integer)", [[[1], 2]], [([1], 2)]),
        ("row(a integer,b varchar)", [1, "x"], (1, "x")),
        ("unknown", None, None),
    ],
)
def test_values_are_equal_whatever_their_form(type_, expected, value):
    assert equal(type_, expected, value)


@pytest.mark.parametrize(
    ("type_", "expected", "value"),
    [
        ("bigint", 1, 2),
        ("bigint", None, 0),
        ("bigint", 0, None),
        ("double", 0.1, 0.1 + 1e-9),
        ("double", "Infinity", -math.inf),
        ("varchar", "a", "a "),
        ("json", '{"a":1}', '{"a":true}'),
        ("json", '{"a":1,"a":2}', '{"a":2}'),
        ("timestamp(3) with time zone", "2020-01-01 02:00 Europe/Berlin", datetime(2020, 1, 1, tzinfo=UTC)),
        ("array(integer)", [1, 2], [2, 1]),
        ("array(integer)", [1, 2], [1]),
        ("map(varchar,integer)", [["a", 1]], {"a": 2}),
        ("row(a integer)", [1], (2,)),
    ],
)
def test_other_values_differ(type_, expected, value):
    assert not equal(type_, expected, value)


@pytest.mark.parametrize(
    ("type_", "expected", "value"),
    [
        ("bigint", 1, 1.0),
        ("integer", 1, True),
        ("double", 1.0, 1),
        ("decimal(3,1)", "1.0", 1.0),
        ("varchar", "1", 1),
        ("date", "2020-01-01", datetime(2020, 1, 1)),  # noqa: DTZ001
        ("timestamp(3)", "2020-01-01 00:00:00.000", datetime(2020, 1, 1, tzinfo=UTC)),
        ("timestamp(3) with time zone", "2020-01-01 00:00:00.000 UTC", datetime(2020, 1, 1)),  # noqa: DTZ001
        ("row(a integer)", [1], [1]),
        ("array(double)", [1.0], [1]),
    ],
)
def test_a_value_of_the_wrong_kind_is_told(type_, expected, value):
    with pytest.raises(WrongKind):
        equal(type_, expected, value)


def test_an_answer_of_another_engine_is_compared_without_types():
    assert equal("integer", 1, 1.0, lenient=True)
    assert equal("varchar", "true", True, lenient=True)
    assert not equal("integer", 1, 2, lenient=True)


def test_an_approximation_may_be_near_and_a_bag_in_any_order():
    assert equal("bigint", 1000, 1050, tolerance=0.1)
    assert not equal("bigint", 1000, 1200, tolerance=0.1)
    assert equal("array(integer)", [1, 2, 2], [2, 1, 2], bag=True)
    assert not equal("array(integer)", [1, 2, 2], [2, 1, 1], bag=True)


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        ("varchar(3)", "varchar", True),
        ("row(a integer)", "row(b integer)", True),
        ("unknown", "varchar", True),
        ("array(unknown)", "array(bigint)", True),
        ("char(3)", "char(4)", False),
        ("decimal(3,1)", "decimal(3,2)", False),
        ("timestamp(3)", "timestamp(6)", False),
        ("row(a integer)", "row(a integer, b integer)", False),
    ],
)
def test_types_are_the_same_but_for_lengths_of_varchar_and_names_of_fields(expected, found, same):
    assert same_type(parse_type(expected, trino=True), parse_type(found, trino=True)) is same


@pytest.mark.parametrize(
    ("expected", "value", "reads"),
    [
        ("null", None, True),
        ("", None, True),
        ("null", 0, False),
        ("true", True, True),
        ("1,234", 1234, True),
        ("323", Decimal("323.00"), True),
        ("0.333", 1 / 3, False),
        ("0.333333", 0.33333333, True),
        ("2020-01-01", date(2020, 1, 1), True),
        ("2020-01-01 02:00:00 Europe/Berlin", datetime(2020, 1, 1, 1, tzinfo=UTC), True),
        ("'abc'", "abc", True),
        ("{k1 -> 20, k3 -> 15}", {"k1": 20, "k3": 15}, True),
        ("ARRAY['a', 'b']", ["a", "b"], True),
        ("[1.5, 2.5]", [1.5, 2.25], False),
    ],
)
def test_a_text_of_the_documentation_is_read_as_a_value(expected, value, reads):
    assert reads_as(expected, value) is reads


@pytest.mark.parametrize("text", ["1970-01-01", "9999-12-31", "12020-02-29", "-0044-03-15"])
def test_dates_of_any_year_are_read_and_written(text):
    assert date_text(moment(text).seconds // 86400) == text


def test_a_timestamp_of_any_year_is_written():
    assert (
        timestamp_text(moment("123001-05-01 12:34:56.123").seconds * 10**6 + 123_000) == "123001-05-01 12:34:56.123000"
    )
