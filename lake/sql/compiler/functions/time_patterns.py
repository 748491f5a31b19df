"""Functions that take a pattern. A constant one is put into DuckDB's terms where it has them all; else a body reads it."""

from __future__ import annotations

from lake.engine.readers.literals import text
from lake.sql.compiler.functions.native_times import CODES, read, strftime_pattern, written
from lake.sql.compiler.functions.table import Call, invalid_argument
from lake.sql.compiler.python_forms import call_text
from lake.sql.compiler.runtime import patterns as bodies
from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.patterns import Piece

MADE = "STRUCT(local BIGINT, zone VARCHAR)"
PLAIN = frozenset({"%Y", "%m", "%d", "%H", "%M", "%S"})
"""What DuckDB reads as it is read everywhere, whatever the text."""


def _constant(call: Call, place: int, read: object) -> tuple[Piece, ...] | None:
    pattern = call.literal(place)
    if not isinstance(pattern, str) or not callable(read):
        return None
    try:
        pieces: tuple[Piece, ...] = read(pattern)
    except TrinoError as error:
        raise invalid_argument(str(error).partition(": ")[2]) from error
    return pieces


def _local(call: Call) -> str:
    return f"trino_local({call.sql(0)})" if "zone" in call.type_of(0).name else call.sql(0)


def date_format(call: Call) -> str:
    local, pieces = _local(call), _constant(call, 1, bodies.mysql)
    slow = call_text(bodies.date_format, [f"epoch_us({local})", call.sql(1)], ("BIGINT", "VARCHAR"), "VARCHAR")
    return (written(local, pieces, slow) if pieces else None) or slow


def format_datetime(call: Call) -> str:
    local, pieces, pattern = _local(call), _constant(call, 1, bodies.joda), call.sql(1)
    moment = f"epoch_us({local})"
    if local == call.sql(0):
        slow = call_text(bodies.format_datetime, [moment, pattern], ("BIGINT", "VARCHAR"), "VARCHAR")
        return (written(local, pieces, slow) if pieces else None) or slow
    offset, zone = f"trino_offset_seconds({call.sql(0)})", f"({call.sql(0)}).z"
    known_offset = f"(epoch_us(l_) - epoch_us(CAST(({call.sql(0)}).t AS TIMESTAMPTZ))) // 1000000"
    types = ("BIGINT", "BIGINT", "VARCHAR", "VARCHAR")
    slow = call_text(bodies.format_zoned, [moment, offset, zone, pattern], types, "VARCHAR")
    return (written(local, pieces, slow, offset=known_offset, zone=zone) if pieces else None) or slow


def date_parse(call: Call) -> str:
    value, pieces = call.sql(0), _constant(call, 1, bodies.mysql)
    slow = f"make_timestamp({call_text(bodies.date_parse, [value, call.sql(1)], ('VARCHAR', 'VARCHAR'), 'BIGINT')})"
    codes = {CODES.get((piece.field, piece.width)) for piece in pieces or () if piece.field}
    if "%Y" in codes and codes <= PLAIN:
        # Years of other lengths than four are left to the body, which also says what is wrong.
        fast = f"try_strptime({value}, {text(strftime_pattern(pieces) or '')})"
        # DuckDB 1.5 crashes where TRY catches what fails within COALESCE, in the second TRY of a query.
        return f"CASE WHEN {fast} IS NULL THEN {slow} ELSE {fast} END"
    usual = read(value, pieces or ())
    if usual is None:
        return slow
    return f"CASE WHEN {usual[0]} AND {usual[1]} IS NOT NULL THEN {usual[1]} ELSE {slow} END"


def parse_datetime(call: Call) -> str:
    value, pieces = call.sql(0), _constant(call, 1, bodies.joda)
    made = call_text(bodies.parse_datetime, [value, call.sql(1)], ("VARCHAR", "VARCHAR"), MADE)
    usual = read(value, pieces or ())
    if usual is None:
        return f"trino_made({made})"
    return f"trino_parsed({usual[0]}, {usual[1]}, trino_made({made}))"
