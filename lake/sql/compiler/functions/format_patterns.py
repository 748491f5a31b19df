"""format() with a constant pattern of the usual conversions, as texts put one behind the other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lake.engine.readers.literals import text
from lake.sql.compiler.coercion import INTEGERS
from lake.sql.compiler.typed import Typed

PIECE = re.compile(r"%(?P<flag>[-0,]?)(?P<width>[1-9]\d?)?(?:\.(?P<digits>\d))?(?P<kind>[sdf%])|(?P<plain>[^%]+)")
LARGEST = "1e15"
"""Below it, a double has its digits behind the point where DuckDB writes them."""


def native_format(values: Sequence[Typed], slow: str) -> str:
    """Return the text for `values`, the first of which is the pattern; `slow` is the body's, which can write all."""
    pattern, *rest = values
    if not isinstance(pattern.literal, str) or not pattern.literal:
        return slow
    pieces: list[str] = []
    conditions: list[str] = []
    place = 0
    while place < len(pattern.literal):
        found = PIECE.match(pattern.literal, place)
        piece = _piece(found, rest, conditions) if found is not None else None
        if found is None or piece is None:
            return slow
        pieces.append(piece)
        place = found.end()
    native = f"({' || '.join(pieces)})"
    return f"CASE WHEN {' AND '.join(conditions)} THEN {native} ELSE {slow} END" if conditions else native


def _piece(found: re.Match[str], rest: list[Typed], conditions: list[str]) -> str | None:
    """Return the text of a piece, taking its value off `rest`; `conditions` are for the row to be written so."""
    if found["plain"]:
        return text(found["plain"])
    if found["kind"] == "%":
        return None if found["flag"] or found["width"] or found["digits"] else "'%'"
    if not rest:
        return None
    value = rest.pop(0)
    written = {"s": _text, "d": _whole, "f": _fixed}[found["kind"]](found, value)
    if found["kind"] == "f":
        conditions.append(f"abs({value.sql}) >= 1 AND abs({value.sql}) < {LARGEST}")
    elif found["width"]:
        conditions.append(f"{value.sql} IS NOT NULL")
    return f"coalesce({written}, 'null')" if written is not None else None


def _text(found: re.Match[str], value: Typed) -> str | None:
    if found["flag"] or found["width"] or found["digits"]:
        return None
    if value.type.name == "varchar":
        return value.sql
    return f"CAST({value.sql} AS VARCHAR)" if value.type.name in INTEGERS else None


def _whole(found: re.Match[str], value: Typed) -> str | None:
    if value.type.name not in INTEGERS or found["digits"]:
        return None
    if found["flag"] == ",":
        return None if found["width"] else f"format('{{:,}}', {value.sql})"
    if not found["width"]:
        return None if found["flag"] else f"CAST({value.sql} AS VARCHAR)"
    return f"printf('%{found['flag']}{found['width']}d', {value.sql})"


def _fixed(found: re.Match[str], value: Typed) -> str | None:
    """Java rounds the digits that are shown half up, as a cast of the text to a decimal does. Small ones may be -0.00."""
    if found["flag"] or found["width"] or value.type.name != "double" or not found["digits"]:
        return None
    digits = int(found["digits"])
    if not digits:
        return None
    return f"CAST(CAST(CAST({value.sql} AS VARCHAR) AS DECIMAL(38,{digits})) AS VARCHAR)"
