"""Patterns that are written out, which DuckDB reads by itself, give what the bodies give of the same row by row."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from lake.errors import LakeError
from tests.sql.compiler.running import run

JODA = [
    "yyyy",
    "yy",
    "y",
    "YYYY",
    "xxxx",
    "xx",
    "MM",
    "M",
    "MMM",
    "MMMM",
    "dd",
    "d",
    "DDD",
    "D",
    "ww",
    "w",
    "e",
    "EEE",
    "EEEE",
    "a",
    "G",
]
JODA += [
    "HH",
    "H",
    "hh",
    "h",
    "KK",
    "K",
    "kk",
    "k",
    "mm",
    "m",
    "ss",
    "s",
    "S",
    "SS",
    "SSS",
    "SSSSSS",
    "C",
    "CC",
    "'T'",
    "''",
    "dddd",
]
MYSQL = [f"%{code}" for code in "abcdefHhIijklMmprSsTvWxYy%"]
SIGNS = ["-", "/", " ", ":", ".", ", ", "[", "%%"]
READ_JODA = ["yyyy", "MM", "MMM", "MMMM", "dd", "HH", "hh", "a", "mm", "ss", "SSS"]
READ_MYSQL = ["%Y", "%m", "%b", "%M", "%d", "%H", "%h", "%p", "%i", "%s", "%f"]
moments = st.datetimes()


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def patterns(pieces: list[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(st.sampled_from(pieces), st.sampled_from(SIGNS[:-1]))
    return st.lists(pairs, min_size=1, max_size=6).map(lambda listed: "".join(map("".join, listed)))


def answer(sql: str) -> object:
    """What is refused may be told in several ways."""
    try:
        return run(sql)
    except Exception as error:  # noqa: BLE001
        return "refused" if isinstance(error, LakeError) or "TrinoError: " in str(error) else str(error)


def assert_alike(call: str, value: str, pattern: str) -> None:
    constant = answer(f"SELECT {call.format('x', quoted(pattern))} FROM (VALUES {value}) t(x)")
    by_row = answer(f"SELECT {call.format('x', 'p')} FROM (VALUES ({value}, {quoted(pattern)})) t(x, p)")
    assert constant == by_row, (value, pattern)


@given(patterns(JODA), moments)
@settings(deadline=None)
def test_format_datetime_writes_alike(pattern: str, moment: datetime) -> None:
    shown = moment.strftime("%Y-%m-%d %H:%M:%S.%f")[-26:].rjust(26, "0")
    assert_alike("format_datetime({0}, {1})", f"TIMESTAMP '{shown}'", pattern)


@given(
    patterns([*JODA, "Z", "ZZ", "ZZZ"]), moments, st.sampled_from(["UTC", "Europe/Berlin", "-03:30", "Asia/Kolkata"])
)
@settings(deadline=None)
def test_format_datetime_writes_zones_alike(pattern: str, moment: datetime, zone: str) -> None:
    value = f"TIMESTAMP '{max(moment.year, 1900):04}-{moment:%m}-15 {moment:%H:%M:%S.%f} {zone}'"
    assert_alike("format_datetime({0}, {1})", value, pattern)


@given(patterns(MYSQL), moments)
@settings(deadline=None)
def test_date_format_writes_alike(pattern: str, moment: datetime) -> None:
    shown = moment.strftime("%Y-%m-%d %H:%M:%S.%f")[-26:].rjust(26, "0")
    assert_alike("date_format({0}, {1})", f"TIMESTAMP '{shown}'", pattern)


@given(patterns(READ_JODA), moments, st.text("0123456789-/ :aAJjnN", max_size=2))
@settings(deadline=None)
def test_parse_datetime_reads_alike(pattern: str, moment: datetime, odd: str) -> None:
    given_text = run(
        f"SELECT format_datetime(TIMESTAMP '{max(moment.year, 1000)}-{moment:%m-%d %H:%M:%S}', {quoted(pattern)})"
    )[0][0]
    assert_alike("CAST(parse_datetime({0}, {1}) AS varchar)", quoted(given_text + odd), pattern)


@given(patterns(READ_MYSQL), moments, st.text("0123456789-/ :aAJjnN", max_size=2))
@settings(deadline=None)
def test_date_parse_reads_alike(pattern: str, moment: datetime, odd: str) -> None:
    given_text = run(
        f"SELECT date_format(TIMESTAMP '{max(moment.year, 1000)}-{moment:%m-%d %H:%M:%S}.123', {quoted(pattern)})"
    )[0][0]
    assert_alike("CAST(date_parse({0}, {1}) AS varchar)", quoted(given_text + odd), pattern)
