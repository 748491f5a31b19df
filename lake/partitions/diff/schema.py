"""Compares the columns that a partition was registered with to its table's, by one documented rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from lake.model import Column

_DECIMAL = re.compile(r"decimal\(([0-9]+),([0-9]+)\)")
_SIZED = re.compile(r"(?:char|varchar)\([0-9]+\)")
_WIDER = {
    "tinyint": ("smallint", "int", "bigint"),
    "smallint": ("int", "bigint"),
    "int": ("bigint",),
    "float": ("double",),
}
_SAME = {"integer": "int", "real": "float"}


class Drift(NamedTuple):
    """How columns differ: in words, and whether the table's can take the place of the partition's without harm."""

    reason: str
    safe: bool


def compare_columns(partition: Sequence[Column], table: Sequence[Column]) -> Drift | None:
    """Return None where they are the same.

    It is safe when every column of the partition stands in its place in the table, with the same name and the same or a
    wider type; the table may have further ones after them. Anything else (renamed, retyped, moved, left out) is not.
    """
    harmless: list[str] = []
    for place, old in enumerate(partition):
        if place >= len(table):
            return Drift(f"column {old.name!r} is not in the table", safe=False)
        new = table[place]
        if old.name != new.name:
            return _renamed(old, new, partition, table)
        before, after = plain_type(old.type), plain_type(new.type)
        if before == after:
            continue
        if not is_wider(before, after):
            return Drift(f"column {old.name!r} is {old.type} here and {new.type} in the table", safe=False)
        harmless.append(f"column {old.name!r} is {old.type} here and the wider {new.type} in the table")
    added = [column.name for column in table[len(partition) :]]
    if added:
        harmless.append(f"the table has {', '.join(map(repr, added))} more at the end")
    return Drift("; ".join(harmless), safe=True) if harmless else None


def _renamed(old: Column, new: Column, partition: Sequence[Column], table: Sequence[Column]) -> Drift:
    if old.name in {column.name for column in table}:
        return Drift(f"column {old.name!r} stands at another place than in the table", safe=False)
    if new.name in {column.name for column in partition}:
        return Drift(f"column {old.name!r} is not in the table", safe=False)
    return Drift(f"column {old.name!r} is called {new.name!r} in the table", safe=False)


def plain_type(text: str) -> str:
    """Write a type in one way: lower case, without spaces, synonyms resolved."""
    plain = re.sub(r"\s+", "", text.lower())
    return _SAME.get(plain, "decimal(10,0)" if plain == "decimal" else plain)


def is_wider(before: str, after: str) -> bool:
    """Say whether every value of one plain type is one of the other, and readers take it for that."""
    if after in _WIDER.get(before, ()):
        return True
    if _SIZED.fullmatch(before):
        return after == "string" or (_SIZED.fullmatch(after) is not None and _size(after) >= _size(before))
    old, new = _DECIMAL.fullmatch(before), _DECIMAL.fullmatch(after)
    return old is not None and new is not None and old[2] == new[2] and int(new[1]) >= int(old[1])


def _size(text: str) -> int:
    return int(text[text.index("(") + 1 : -1])
