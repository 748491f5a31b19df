"""format() with a constant pattern of the usual conversions, as texts put one behind the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lake.engine.readers.literals import text
from lake.sql.compiler.coercion import INTEGERS
from lake.sql.compiler.typed import Typed
from lake.types.datatype import DECIMAL_DIGITS

PIECE = re.compile(
    r"%(?:(?P<index>[1-9]\d?)\$|(?P<same><))?(?P<flags>[-0,]*)(?P<width>[1-9]\d?)?(?:\.(?P<digits>\d))?(?P<time>t)?(?P<kind>[a-zA-Z%])"
    r"|(?P<plain>[^%]+)"
)
DOUBLE_DIGITS, USUAL_DIGITS = 17, 6
LARGEST_EXPONENT = 15
"""Below it, a double has its digits behind the point where DuckDB writes them."""
TIMES = {code: f"%{code}" for code in "YymdHMSIjBbAa"} | {
    "h": "%b", "R": "%H:%M", "T": "%H:%M:%S", "F": "%Y-%m-%d", "D": "%m/%d/%y", "L": "%g",
}  # fmt: skip


@dataclass
class _Writer:
    """Takes values as a pattern names them; `conditions` are for the row to be written natively."""

    values: Sequence[Typed]
    following: int = 0
    last: int = -1
    conditions: list[str] = field(default_factory=list)

    def value(self, found: re.Match[str]) -> Typed | None:
        if found["index"]:
            self.last = int(found["index"]) - 1
        elif not found["same"]:
            self.last, self.following = self.following, self.following + 1
        return self.values[self.last] if 0 <= self.last < len(self.values) else None

    def piece(self, found: re.Match[str]) -> str | None:
        if found["plain"]:
            return text(found["plain"])
        if found["kind"] in "%n":
            bare = len(found[0]) == 2
            return {"%": "'%'", "n": "chr(10)"}[found["kind"]] if bare else None
        value = self.value(found)
        write = _time if found["time"] else KINDS.get(found["kind"])
        written = write(self, found, value) if write is not None and value is not None else None
        if value is None or written is None:
            return None
        if found["kind"].isupper() and not found["time"]:
            self.conditions.append(f"{value.sql} IS NOT NULL")
            if value.type.name == "varchar":
                self.conditions.append(f"strlen({value.sql}) = length({value.sql})")
            written = f"upper({written})"
        digits = found["digits"]
        return self._padded(found, value, f"coalesce({written}, '{'null'[: int(digits)] if digits else 'null'}')")

    def _padded(self, found: re.Match[str], value: Typed, written: str) -> str | None:
        flags, width = found["flags"].replace(",", ""), found["width"]
        if not width:
            return None if flags else written
        size = f"CAST(greatest({width}, length({written})) AS INTEGER)"
        if not flags:
            return f"lpad({written}, {size}, ' ')"
        if flags == "-":
            return f"rpad({written}, {size}, ' ')"
        if flags != "0" or found["kind"] in "sS":
            return None
        # The sign stands before the zeros.
        self.conditions.append(f"{value.sql} >= 0")
        return f"lpad({written}, {size}, '0')"


def native_format(values: Sequence[Typed], slow: str) -> str:
    """Return the text for `values`, the first of which is the pattern; `slow` is the body's, which can write all."""
    pattern, *rest = values
    if not isinstance(pattern.literal, str) or not pattern.literal:
        return slow
    writer = _Writer(rest)
    pieces: list[str] = []
    place = 0
    while place < len(pattern.literal):
        found = PIECE.match(pattern.literal, place)
        piece = writer.piece(found) if found is not None else None
        if found is None or piece is None:
            return slow
        pieces.append(piece)
        place = found.end()
    native = f"({' || '.join(pieces)})"
    conditions = dict.fromkeys(writer.conditions)
    return f"CASE WHEN {' AND '.join(conditions)} THEN {native} ELSE {slow} END" if conditions else native


def _text(writer: _Writer, found: re.Match[str], value: Typed) -> str | None:
    written = _as_text(writer, value)
    if written is None or "," in found["flags"]:
        return None
    return f"left({written}, {found['digits']})" if found["digits"] else written


def _as_text(writer: _Writer, value: Typed) -> str | None:
    name = value.type.name
    if name == "varchar":
        return value.sql
    if name == "double":
        return f"trino_java_text({value.sql})"
    if name == "decimal":
        return f"trino_decimal_text(CAST({value.sql} AS VARCHAR))"
    if name == "date":
        writer.conditions.append(_of_usual_year(value))
    return f"CAST({value.sql} AS VARCHAR)" if name in (*INTEGERS, "boolean", "date") else None


def _of_usual_year(value: Typed) -> str:
    """Years of four digits are written alike everywhere."""
    return f"coalesce({value.sql} >= DATE '1000-01-01' AND {value.sql} < DATE '9999-12-31', true)"


def _whole(writer: _Writer, found: re.Match[str], value: Typed) -> str | None:
    if value.type.name not in INTEGERS or found["digits"]:
        return None
    if "," in found["flags"]:
        return f"format('{{:,}}', {value.sql})"
    return f"CAST({value.sql} AS VARCHAR)"


def _hexadecimal(writer: _Writer, found: re.Match[str], value: Typed) -> str | None:
    if value.type.name not in INTEGERS or found["digits"] or "," in found["flags"]:
        return None
    return f"printf('%x', CAST({value.sql} AS BIGINT))"


def _fixed(writer: _Writer, found: re.Match[str], value: Typed) -> str | None:
    """Java rounds the digits that are shown half up, as a cast to a decimal does. Small negative ones may be -0.00."""
    digits = int(found["digits"] or USUAL_DIGITS)
    if value.type.name == "double":
        written = f"CAST({value.sql} AS VARCHAR)"
        size = DOUBLE_DIGITS + 1
        limit = f"1e{min(LARGEST_EXPONENT, DOUBLE_DIGITS - digits)}"
        writer.conditions.append(
            f"coalesce(abs({value.sql}) < {limit} AND ({value.sql} > 0 OR {value.sql} <= -1 OR {written} = '0.0'), true)"
        )
    elif value.type.name == "decimal":
        precision, scale = value.type.parameters
        written, size = value.sql, precision - scale + 1 + digits
        if size > DECIMAL_DIGITS:
            return None
        writer.conditions.append(f"coalesce({value.sql} >= 0 OR {value.sql} <= -1, true)")
    else:
        return None
    rounded = f"CAST(CAST({written} AS DECIMAL({size},{digits})) AS VARCHAR)"
    if "," not in found["flags"]:
        return rounded
    fraction = f" || right({rounded}, {digits + 1})" if digits else ""
    whole = "BIGINT" if size - digits <= DOUBLE_DIGITS else "HUGEINT"
    return f"format('{{:,}}', CAST(split_part({rounded}, '.', 1) AS {whole})){fraction}"


def _time(writer: _Writer, found: re.Match[str], value: Typed) -> str | None:
    code = TIMES.get(found["kind"])
    if code is None or value.type.name not in ("date", "timestamp") or found["flags"] or found["width"]:
        return None
    if value.type.name == "timestamp" and value.type.parameters[0] > USUAL_DIGITS:
        return None
    writer.conditions.append(_of_usual_year(value))
    return f"strftime({value.sql}, '{code}')"


KINDS: dict[str, Callable[[_Writer, re.Match[str], Typed], str | None]] = {
    "s": _text,
    "S": _text,
    "d": _whole,
    "x": _hexadecimal,
    "X": _hexadecimal,
    "f": _fixed,
}
