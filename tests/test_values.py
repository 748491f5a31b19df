"""The text of a parameter's value, read by the name of its type."""

from decimal import Decimal

import pytest

from lake.errors import ParameterError
from lake.values import Bigint, read_value


@pytest.mark.parametrize(
    ("text", "type_name", "wanted"),
    [
        ("1.50", "decimal", Decimal("1.50")),
        ("yes", "boolean", True),
        ("0aff", "binary", b"\x0a\xff"),
        ("5", "BIGINT", Bigint(5)),
        ("5", "int", 5),
        ("5", "varchar", "5"),
    ],
)
def test_text_is_read_as_every_type(text: str, type_name: str, wanted: object) -> None:
    read = read_value(text, type_name, ":a")
    assert read == wanted
    assert type(read) is type(wanted)


@pytest.mark.parametrize(
    ("text", "type_name"), [("x", "thing"), ("x", "bigint"), (str(2**63), "bigint"), ("", "int"), ("maybe", "boolean")]
)
def test_text_that_is_no_value_of_a_type_is_refused(text: str, type_name: str) -> None:
    with pytest.raises(ParameterError, match=":a"):
        read_value(text, type_name, ":a")
