"""How the text of a parameter's value is read, by the name of its type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from lake.errors import ParameterError

TRUE, FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


class Bigint(int):
    """A whole number that is a bigint to a query however small it is."""


def read_bigint(text: str) -> Bigint:
    value = Bigint(text)
    if not -(2**63) <= value < 2**63:
        raise ValueError(text)
    return value


def read_boolean(text: str) -> bool:
    if text.lower() not in TRUE | FALSE:
        raise ValueError(text)
    return text.lower() in TRUE


READERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "varchar": str,
    "int": int,
    "bigint": read_bigint,
    "integer": int,
    "double": float,
    "float": float,
    "decimal": Decimal,
    "boolean": read_boolean,
    "bool": read_boolean,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "time": time.fromisoformat,
    "binary": bytes.fromhex,
}


def read_value(text: str, type_name: str, subject: str) -> Any:
    """Read the text of a value as a type by name; raise ParameterError where it is none."""
    reader = READERS.get(type_name.lower())
    if reader is None:
        raise ParameterError(f"{subject} has type {type_name!r}, which is none of {', '.join(READERS)}")
    try:
        return reader(text)
    except (ValueError, InvalidOperation):
        raise ParameterError(f"{subject} is {text!r}, which is no {type_name}") from None
