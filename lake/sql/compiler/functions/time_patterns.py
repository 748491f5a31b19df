"""Functions that take a pattern. A constant one is put into DuckDB's terms where it has them all; else a body reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lake.engine.readers.literals import text
from lake.sql.compiler.functions.table import Call, invalid_argument
from lake.sql.compiler.python_forms import call_text
from lake.sql.compiler.runtime import patterns as bodies
from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.patterns import Piece

MADE = "STRUCT(local BIGINT, zone VARCHAR)"
CODES = {
    ("year", 4): "%Y",
    ("year_of_era", 4): "%Y",
    ("short_year", 2): "%y",
    ("month", 2): "%m",
    ("month", 1): "%-m",
    ("day", 2): "%d",
    ("day", 1): "%-d",
    ("day_of_year", 3): "%j",
    ("hour", 2): "%H",
    ("hour", 1): "%-H",
    ("hour_1_12", 2): "%I",
    ("hour_1_12", 1): "%-I",
    ("minute", 2): "%M",
    ("second", 2): "%S",
    ("fraction", 3): "%g",
    ("fraction", 6): "%g000",
    ("month_name", 1): "%B",
    ("month_short", 1): "%b",
    ("weekday_name", 1): "%A",
    ("weekday_short", 1): "%a",
    ("half", 1): "%p",
}
PARSED = frozenset({"%Y", "%m", "%d", "%H", "%M", "%S"})


def _constant(call: Call, place: int, read: object) -> tuple[Piece, ...] | None:
    pattern = call.literal(place)
    if not isinstance(pattern, str) or not callable(read):
        return None
    try:
        pieces: tuple[Piece, ...] = read(pattern)
    except TrinoError as error:
        raise invalid_argument(str(error).partition(": ")[2]) from error
    return pieces


def _native(pieces: tuple[Piece, ...] | None) -> str | None:
    """Return the pattern for strftime, or None where it has no code for a piece."""
    codes = []
    for piece in pieces or ():
        code = piece.text.replace("%", "%%") if piece.field is None else CODES.get((piece.field, piece.width))
        if code is None:
            return None
        codes.append(code)
    return "".join(codes) if codes else None


def _local(call: Call) -> str:
    return f"trino_local({call.sql(0)})" if "zone" in call.type_of(0).name else call.sql(0)


def date_format(call: Call) -> str:
    local, native = _local(call), _native(_constant(call, 1, bodies.mysql))
    if native is not None:
        return f"strftime({local}, {text(native)})"
    return call_text(bodies.date_format, [f"epoch_us({local})", call.sql(1)], ("BIGINT", "VARCHAR"), "VARCHAR")


def format_datetime(call: Call) -> str:
    local, native = _local(call), _native(_constant(call, 1, bodies.joda))
    if native is not None:
        return f"strftime({local}, {text(native)})"
    moment, pattern = f"epoch_us({local})", call.sql(1)
    if local == call.sql(0):
        return call_text(bodies.format_datetime, [moment, pattern], ("BIGINT", "VARCHAR"), "VARCHAR")
    zone = [f"trino_offset_seconds({call.sql(0)})", f"({call.sql(0)}).z"]
    types = ("BIGINT", "BIGINT", "VARCHAR", "VARCHAR")
    return call_text(bodies.format_zoned, [moment, *zone, pattern], types, "VARCHAR")


def date_parse(call: Call) -> str:
    written, pieces = call.sql(0), _constant(call, 1, bodies.mysql)
    slow = f"make_timestamp({call_text(bodies.date_parse, [written, call.sql(1)], ('VARCHAR', 'VARCHAR'), 'BIGINT')})"
    native = _native(pieces)
    # Without a year DuckDB's is 1900.
    if (
        native is not None
        and "%Y" in native
        and all(CODES[piece.field, piece.width] in PARSED for piece in pieces or () if piece.field)
    ):
        # Years of other lengths than four are left to the body, which also says what is wrong.
        fast = f"try_strptime({written}, {text(native)})"
        # DuckDB 1.5 crashes where TRY catches what fails within COALESCE, in the second TRY of a query.
        return f"CASE WHEN {fast} IS NULL THEN {slow} ELSE {fast} END"
    return slow


def parse_datetime(call: Call) -> str:
    written, pieces = call.sql(0), _constant(call, 1, bodies.joda)
    made = call_text(bodies.parse_datetime, [written, call.sql(1)], ("VARCHAR", "VARCHAR"), MADE)
    slow, native, shape = f"trino_made({made})", _native(pieces), _shape(pieces or ())
    if native is None or shape is None:
        return slow
    return f"trino_parsed({written}, {text(shape)}, {text(native)}, {slow})"


def _shape(pieces: Sequence[Piece]) -> str | None:
    """Return what a text matches that has as many digits as the pattern has letters, which is read as it is everywhere."""
    codes = {piece.field: CODES.get((piece.field, piece.width)) for piece in pieces if piece.field}
    if "%Y" not in codes.values() or not PARSED.issuperset(codes.values()):
        return None
    return "".join(re.escape(piece.text) if piece.field is None else rf"\d{{{piece.width}}}" for piece in pieces)
