"""Patterns of moments in DuckDB's terms: what writes a moment as its pieces say, and what reads one back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from lake.engine.readers.literals import text
from lake.sql.compiler.runtime.patterns import HALVES, MONTHS, Piece

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
    ("week", 2): "%V",
    ("weekday", 1): "%u",
}
NUMBERS = {
    "year": "year(l_)",
    "year_of_era": "year(l_)",
    "century": "year(l_) // 100",
    "week_year": "isoyear(l_)",
    "week": "week(l_)",
    "weekday": "isodow(l_)",
    "month": "month(l_)",
    "day": "day(l_)",
    "day_of_year": "dayofyear(l_)",
    "hour": "hour(l_)",
    "hour_1_24": "(hour(l_) + 23) % 24 + 1",
    "hour_0_11": "hour(l_) % 12",
    "hour_1_12": "(hour(l_) + 11) % 12 + 1",
    "minute": "minute(l_)",
    "second": "second(l_)",
}
"""Of a local moment, `l_`."""
OF_USUAL_YEARS = frozenset({"year", "year_of_era", "century", "week_year", "short_week_year", "era"})
USUAL_YEARS = "l_ >= TIMESTAMP '0002-01-01' AND l_ < TIMESTAMP '9999-01-01'"
MOST_WIDTH, MILLIS = 20, 3
SHORT_MONTHS = [name[:3] for name in MONTHS]
READ = {
    ("year", 4): ("%Y", r"\d{4}"),
    ("year_of_era", 4): ("%Y", r"\d{4}"),
    ("month", 2): ("%m", r"\d{2}"),
    ("day", 2): ("%d", r"\d{2}"),
    ("hour", 2): ("%H", r"\d{2}"),
    ("hour_1_12", 2): ("%I", r"\d{2}"),
    ("minute", 2): ("%M", r"\d{2}"),
    ("second", 2): ("%S", r"\d{2}"),
    ("fraction", 3): ("%f", r"\d{3}"),
    ("fraction", 6): ("%f", r"\d{1,6}"),
    ("month_name", 1): ("%B", f"(?:{'|'.join(MONTHS)})"),
    ("month_short", 1): ("%b", f"(?:{'|'.join(SHORT_MONTHS)})"),
    ("half", 1): ("%p", f"(?:{'|'.join(HALVES)})"),
}
"""DuckDB's code for a piece, and the texts that it reads as they are read everywhere."""


def strftime_pattern(pieces: Sequence[Piece] | None) -> str | None:
    """Return the pattern for strftime, or None where it has no code for a piece."""
    codes = []
    for piece in pieces or ():
        code = piece.text.replace("%", "%%") if piece.field is None else CODES.get((piece.field, piece.width))
        if code is None:
            return None
        codes.append(code)
    return "".join(codes) if codes else None


def written(local: str, pieces: Sequence[Piece], slow: str, *, offset: str = "", zone: str = "") -> str | None:
    """Return what writes a local moment, `l_` in the texts of its offset and zone, or None where a piece has no text; `slow` is for years of odd lengths."""
    whole = strftime_pattern(pieces)
    if whole is not None:
        return f"strftime({local}, {text(whole)})"
    parts = [_written_run(run, offset, zone) for run in _runs(pieces)]
    if any(part is None for part in parts):
        return None
    joined = " || ".join(part for part in parts if part is not None)
    if any(piece.field in OF_USUAL_YEARS for piece in pieces):
        joined = f"CASE WHEN {USUAL_YEARS} THEN {joined} ELSE {slow} END"
    return f"(list_transform([{local}], lambda l_: {joined}))[1]"


def _runs(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, ...]]:
    """Yield what stands side by side and has codes, and each other piece by itself."""
    for has_code, run in groupby(pieces, lambda piece: strftime_pattern((piece,)) is not None):
        if has_code:
            yield tuple(run)
        else:
            yield from ((piece,) for piece in run)


def _written_run(run: tuple[Piece, ...], offset: str, zone: str) -> str | None:
    code, piece = strftime_pattern(run), run[0]
    if code is not None:
        return text(piece.text) if run == (piece,) and piece.field is None else f"strftime(l_, {text(code)})"
    if piece.width > MOST_WIDTH:
        return None
    if piece.field in NUMBERS:
        return f"printf('%0{piece.width}d', {NUMBERS[piece.field]})"
    if piece.field == "short_week_year":
        return "printf('%02d', isoyear(l_) % 100)"
    if piece.field == "fraction":
        zeros = "0" * (piece.width - MILLIS)
        return f"rpad(left(strftime(l_, '%g'), {piece.width}) || '{zeros}', {piece.width}, '0')"
    return {
        "era": "'AD'",
        "zone_id": zone,
        "offset_colon": f"trino_offset_text({offset} // 60)" if offset else "",
        "offset": f"replace(trino_offset_text({offset} // 60), ':', '')" if offset else "",
    }.get(piece.field or "") or None


def read(value: str, pieces: Sequence[Piece]) -> tuple[str, str] | None:
    """Return the test that a text has the usual shape, and what reads it then: NULL for what is no moment."""
    known = [READ.get((piece.field or "", piece.width)) if piece.field else None for piece in pieces]
    fields = [piece.field for piece, code in zip(pieces, known, strict=True) if code is not None]
    if len(fields) != sum(1 for piece in pieces if piece.field) or not _are_enough(fields):
        return None
    shape = "".join(code[1] if code else re.escape(piece.text) for piece, code in zip(pieces, known, strict=True))
    codes = "".join(
        code[0] if code else piece.text.replace("%", "%%") for piece, code in zip(pieces, known, strict=True)
    )
    found = f"try_strptime({value}, {text(codes)})"
    # Of a fraction the milliseconds count.
    if "fraction" in fields:
        found = f"trino_millisecond({found})"
    return f"regexp_full_match({value}, {text(shape)})", found


def _are_enough(fields: Sequence[str | None]) -> bool:
    """Without a year DuckDB's is 1900, and hours of a half are one thing with it."""
    years = {"year", "year_of_era"} & set(fields)
    halves = ("hour_1_12" in fields) == ("half" in fields) and not {"hour", "hour_1_12"} <= set(fields)
    return (
        bool(years) and halves and len(set(fields)) == len(fields) and not {"month_name", "month_short"} <= set(fields)
    )
