"""Reads the fields of a saved plan or undo file, each of the type that it must have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from lake.model import TableName

Kind = TypeVar("Kind")

UNREADABLE = (ValueError, KeyError, TypeError, RecursionError)
"""What reading a text raises that is not what it should be."""

Fields = Mapping[str, Any]


def document(text: str | bytes) -> Fields:
    return _checked(json.loads(text), dict, "the text")


def needed(fields: Fields, name: str, kind: type[Kind]) -> Kind:
    return _checked(fields[name], kind, name)


def optional(fields: Fields, name: str, kind: type[Kind]) -> Kind | None:
    """Return None where the field is absent or null."""
    found = fields.get(name)
    return None if found is None else _checked(found, kind, name)


def texts(fields: Fields, name: str) -> tuple[str, ...]:
    return tuple(_checked(each, str, name) for each in needed(fields, name, list))


def records(fields: Fields, name: str) -> list[Fields]:
    """Return a list of objects; none where the field is absent."""
    return [_checked(each, dict, name) for each in optional(fields, name, list) or ()]


def table_name(fields: Fields) -> TableName:
    database, _, name = needed(fields, "table", str).rpartition(".")
    if not database or not name:
        raise ValueError("it names no table")
    return TableName(database, name)


def instant(fields: Fields, name: str) -> datetime:
    found = datetime.fromisoformat(needed(fields, name, str))
    if found.tzinfo is None:
        raise ValueError(f"{name} has no time zone")
    return found


def _checked(found: object, kind: type[Kind], name: str) -> Kind:
    # A truth value is a number to Python, and none to JSON.
    if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
        raise ValueError(f"{name} is {json.dumps(found)[:40]}")
    return found
