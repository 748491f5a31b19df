"""Answers that were recorded as text: cells of Trino's documentation and of its product tests."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.conformance import moments
from tests.conformance.floats import close

_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE]-?\d+)?")
_FRACTION = re.compile(r"\.(\d{4,})(e-?\d+)?", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*", re.DOTALL)
_FILLING = re.compile(r"[\s'\"]|ROW|MAP|ARRAY|JSON")
_BRACKETS = str.maketrans("({)}:", "[[]]=")


def text_of(value: Any) -> str:
    """Write a value as Trino's client does."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case float():
            return "NaN" if value != value else repr(value)
        case bytes():
            return value.hex()
        case datetime():
            moment = value.replace(tzinfo=None)
            return moment.isoformat(" ").rstrip("0") if moment.microsecond else moment.isoformat(" ")
        case dict():
            return "{" + ", ".join(f"{text_of(key)}={text_of(item)}" for key, item in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(text_of, value)) + "]"
    return str(value)


def reads_as(expected: str, value: Any) -> bool:
    """Whether a value is what the text says; an empty text may be NULL."""
    if value is None or expected.lower() == "null":
        return value is None and expected.lower() in ("null", "")
    match value:
        case bool():
            return expected.lower() == text_of(value)
        case int() | float() | Decimal():
            return _is_number(expected, value)
        case date() if _DATE.fullmatch(expected):
            return _is_moment(expected, value)
    written, text = _bare(expected), text_of(value).strip()
    if text == written or str(value).rstrip() == written:
        return True
    return (isinstance(value, list | dict | tuple) or written[:1] in ("[", "{")) and _same_shape(written, text)


def _is_number(expected: str, value: float | Decimal) -> bool:
    if isinstance(value, Decimal) and _DECIMAL.fullmatch(expected):
        return Decimal(expected) == value
    try:
        number = float(expected.replace(",", "") if _THOUSANDS.fullmatch(expected) else expected)
    except ValueError:
        return False
    if close(number, float(value)):
        return True
    # Digits that were left out behind a long fraction.
    fraction = _FRACTION.search(expected)
    if fraction is None:
        return False
    digits = len(re.sub(r"\D", "", expected.split("e", maxsplit=1)[0]))
    return close(number, float(value), 10.0 ** (2 - digits))


def _is_moment(expected: str, value: date) -> bool:
    try:
        written = moments.moment(expected)
    except ValueError:
        return False
    if not isinstance(value, datetime):
        return moments.is_date(expected) and written == moments.moment(value.isoformat())
    found = moments.moment(value)
    instant = written.instant if written.zone else written[:2]
    return instant == found[:2]


def _bare(text: str) -> str:
    text = text.strip()
    return (text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text).rstrip()


def _same_shape(left: str, right: str) -> bool:
    """Compare nested values whatever their brackets, quotes and spaces are; numbers by value."""
    left, right = _stripped(left), _stripped(right)
    if _NUMBER.sub("#", left) != _NUMBER.sub("#", right):
        return False
    pairs = zip(_NUMBER.findall(left), _NUMBER.findall(right), strict=True)
    return all(close(float(one), float(other)) for one, other in pairs)


def _stripped(text: str) -> str:
    return _FILLING.sub("", text).replace("->", "=").translate(_BRACKETS).lower()
