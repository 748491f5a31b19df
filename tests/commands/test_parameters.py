from datetime import date
from decimal import Decimal

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.commands.console.parameters import ParameterOption, read_freely, shared_out
from lake.errors import ParameterError


def parameter(text):
    return ParameterOption().convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("-7", -7),
        ("0", 0),
        ("7.50", Decimal("7.50")),
        ("-0.5", Decimal("-0.5")),
        ("true", True),
        ("FALSE", False),
        ("007", "007"),
        ("+7", "+7"),
        ("-0", "-0"),
        ("7e2", 700.0),
        ("1E5", 100000.0),
        ("-1.5e-3", -0.0015),
        ("e5", "e5"),
        ("7e", "7e"),
        ("07e2", "07e2"),
        (".5", ".5"),
        ("7.", "7."),
        ("٧", "٧"),
        ("", ""),
        ("null", "null"),
        ("2026-01-31", "2026-01-31"),
    ],
)
def test_only_what_is_written_as_a_number_or_boolean_is_one(text, value):
    read = read_freely(text)
    assert read == value
    assert type(read) is type(value)


@given(st.integers() | st.decimals(allow_nan=False, allow_infinity=False).map(lambda number: abs(number) + 1))
def test_a_number_in_its_usual_writing_is_read_as_itself(number):
    text = f"{number:f}" if isinstance(number, Decimal) else str(number)
    assert read_freely(text) == number


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("id=JFK", "id", "JFK"),
        ("id=a=b", "id", "a=b"),
        ("id:string=123", "id", "123"),
        ("day:date=2026-01-31", "day", date(2026, 1, 31)),
        ("ids:int[]=1,2,3", "ids", [1, 2, 3]),
        ("ids:INT[]=", "ids", []),
        ("text=line\nline", "text", "line\nline"),
        ("id:varchar=7", "id", "7"),
        ("id:varchar=", "id", ""),
        ("id:null=", "id", None),
        ("id:NULL=", "id", None),
    ],
)
def test_a_parameter_is_a_name_perhaps_a_type_and_a_value(text, name, value):
    given_parameter = parameter(text)
    assert (given_parameter.name, given_parameter.value) == (name, value)


@pytest.mark.parametrize("text", ["id", "=5", "1x=5", "id:nothing=5", "a b=5", "id:null=5", "id:null[]="])
def test_what_is_no_parameter_is_refused(text):
    with pytest.raises(click.BadParameter):
        parameter(text)


def test_a_value_that_is_not_of_its_type_is_refused():
    with pytest.raises(ParameterError, match=":n is 'x', which is no int"):
        parameter("n:int=x").value  # noqa: B018


def test_a_named_query_gets_the_text_unless_a_type_is_given():
    assert parameter("n=7").declared_value == "7"
    assert parameter("n:int=7").declared_value == 7
    assert parameter("n:null=").declared_value is None


def test_statements_get_the_parameters_that_they_name():
    values = {name: parameter(f"{name}=1") for name in ("a", "b")}
    first, second = shared_out(values, [frozenset("a"), frozenset("ab")])
    assert (set(first), set(second)) == ({"a"}, {"a", "b"})
    with pytest.raises(ParameterError, match=":b"):
        shared_out(values, [frozenset("a")])
