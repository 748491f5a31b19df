"""Trino's answer to a query beside ours: types as they are displayed, values by Trino's equality, and errors by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lake.errors import LakeError
from lake.types import DataType
from tests.conformance.adapter import Asker
from tests.conformance.equality import Equality, WrongKind

SECONDS = 20.0
EQUALITY = Equality()


@dataclass(frozen=True)
class Said:
    """What Trino said: types, and rows as JSON has them; or the name of an error."""

    types: tuple[str, ...] = ()
    rows: tuple[list[Any], ...] = ()
    error: str | None = None
    message: str = ""


@dataclass(frozen=True)
class Ours:
    types: tuple[DataType, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    error: str | None = None
    message: str = ""

    @property
    def displayed(self) -> list[str]:
        return [type_.athena.replace('"', "") for type_ in self.types]


def ask_ours(asker: Asker, sql: str) -> Ours:
    """Raises what is no error of ours: a query may fail, and may not break."""
    try:
        answer = asker.ask(None, sql, timeout=SECONDS)
    except LakeError as error:
        return Ours(error=name_of(error), message=error.message)
    return Ours(tuple(answer.types), tuple(answer.rows))


def name_of(error: LakeError) -> str:
    return {"MALFORMED_QUERY": "SYNTAX_ERROR"}.get(error.id, error.id)


def difference(sql: str, said: Said, ours: Ours) -> str | None:
    """Return what differs: `error`, `no error`, `name`, `types` or `rows`."""
    if said.error is not None:
        if ours.error is None:
            return "no error"
        return None if said.error == ours.error or is_unnamed(said.error) else "name"
    if ours.error is not None:
        return "error"
    if [each.replace('"', "").lower() for each in said.types] != [each.lower() for each in ours.displayed]:
        return "types"
    return None if same_rows(ours.types, said.rows, ours.rows, ordered=is_ordered(sql)) else "rows"


def is_unnamed(error: str) -> bool:
    """Say whether this is a Java exception, which Trino's server reports as GENERIC_INTERNAL_ERROR."""
    return not error.isupper()


def is_ordered(sql: str) -> bool:
    """Say whether an ORDER BY stands outside all parentheses."""
    text, count = re.sub(r"'[^']*'", "", sql), 1
    while count:
        text, count = re.subn(r"\([^()]*\)", "", text)
    return "ORDER BY" in text.upper()


def same_rows(
    types: Sequence[DataType], expected: Sequence[Sequence[Any]], found: Sequence[Sequence[Any]], *, ordered: bool
) -> bool:
    if len(expected) != len(found):
        return False
    left = list(found)
    for row in expected:
        candidates = left[:1] if ordered else left
        place = next((n for n, other in enumerate(candidates) if same_row(types, row, other)), None)
        if place is None:
            return False
        left.pop(place)
    return True


def same_row(types: Sequence[DataType], expected: Sequence[Any], found: Sequence[Any]) -> bool:
    try:
        return all(map(EQUALITY.equal, types, expected, found))
    except WrongKind:
        return False


def shown(sql: str, said: Said, ours: Ours) -> str:
    return f"{sql}\n  Trino: {_line(said.error, said.message, said.types, said.rows)}\n  ours:  {_line(ours.error, ours.message, ours.displayed, ours.rows)}"


def _line(error: str | None, message: str, types: Sequence[str], rows: Sequence[Any]) -> str:
    return f"{error}: {message}" if error is not None else f"{', '.join(types)}: {list(rows)!r:.1000}"
