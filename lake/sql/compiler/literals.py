"""What is written out: numbers, texts, and types with a text behind them."""

from __future__ import annotations

import re
from datetime import UTC as UTC_ZONE
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from lake.engine.readers.literals import text
from lake.errors import InvalidSql
from lake.sql.compiler.coercion import (
    BIGINT,
    BOOLEAN,
    DATE,
    DAYS,
    DOUBLE,
    INTEGER,
    JSON,
    MONTHS,
    OFFSET_TIME,
    REAL,
    VARBINARY,
    ZONED,
)
from lake.sql.compiler.dates import iso_date
from lake.sql.compiler.forms import MICROSECONDS, is_precise
from lake.sql.compiler.precise import joined
from lake.sql.compiler.runtime.addresses import address_of_text
from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.json import parse_json
from lake.sql.compiler.runtime.times import DAY as DAY_US
from lake.sql.compiler.runtime.times import UTC, days_of, offset_minutes, zone_name
from lake.sql.compiler.typed import Typed
from lake.types import DataType

LARGEST_INTEGER, LARGEST_BIGINT = 2**31 - 1, 2**63 - 1
LARGEST_CODE_POINT = 0x10FFFF
UNIT_MS = {"SECOND": 1000, "MINUTE": 60_000, "HOUR": 3_600_000, "DAY": 86_400_000, "WEEK": 604_800_000}
UNIT_MONTHS = {"MONTH": 1, "YEAR": 12, "QUARTER": 3}
TIMESTAMP = re.compile(
    r"\s*([+-]?\d{4,6}-\d{1,2}-\d{1,2})(?:[ T](\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.(\d{1,12}))?)?))?\s*(\S.*?)?\s*\Z"
)
MINUTE_US = 60_000_000
MOST_MILLIS = 1 << 51
"""From 1970; a moment with a zone reaches no further."""
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC_ZONE), timedelta(microseconds=1)
DAY_PARTS = re.compile(r"^[+-]?\d+|\d+")
TIME = re.compile(r"\s*(\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.(\d{1,12}))?)?)\s*([+-]\d\d:\d\d)?\s*\Z")


WHOLE = {"tinyint": 8, "smallint": 16, "integer": 32, "bigint": 64}
WHOLE_NUMBER = re.compile(r"[+-]?\d+")
FLOAT = re.compile(r"\s*([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?|[+-]?NaN|[+-]?Infinity)\s*")
DAY_TEXT = re.compile(r"\s*[+-]?\d{4,}-\d{1,2}-\d{1,2}\s*")
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
TOO_PRECISE = re.compile(r":\d{1,2}\.\d{13,}")
WILDCARDS = "%_"


def invalid(written: str, kind: str) -> InvalidSql:
    error = InvalidSql(f"'{written}' is not a valid {kind.upper()} literal")
    error.id = "INVALID_LITERAL"
    return error


def like_fault(escape: str, pattern: object) -> str | None:
    """Say what is wrong with an escape that is written out, or with a pattern that it stands in."""
    if len(escape) != 1:
        return "Escape string must be a single character"
    if isinstance(pattern, str):
        escaped = re.findall(f"{re.escape(escape)}(.?)", pattern, re.DOTALL)
        if any(each not in (*WILDCARDS, escape) for each in escaped):
            return f"Escape character must be followed by '%', '_' or the escape character itself: {pattern}"
    return None


def number(written: str) -> Typed:
    if "e" in written.lower():
        return Typed(f"CAST('{written}' AS DOUBLE)", DOUBLE, float(written))
    if "." in written:
        return decimal(written)
    value = int(written)
    if value <= LARGEST_INTEGER:
        return Typed(written, INTEGER, value)
    if value <= LARGEST_BIGINT:
        return Typed(f"CAST({written} AS BIGINT)", BIGINT, value)
    return decimal(written)


def decimal(written: str) -> Typed:
    """Its precision is the count of its digits, without zeros before them."""
    sign = "-" if written.strip().startswith("-") else ""
    whole, _, fraction = written.strip().lstrip("+-").partition(".")
    digits = whole.lstrip("0") + fraction
    precision = max(1, len(digits), len(fraction))
    if precision > 38 or not (whole + fraction).isdigit():
        raise invalid(written, "decimal")
    type_ = DataType("decimal", (precision, len(fraction)))
    return Typed(
        f"CAST('{sign}{whole or 0}.{fraction or 0}' AS DECIMAL({precision},{len(fraction)}))",
        type_,
        Decimal(sign + (whole or "0") + "." + (fraction or "0")),
    )


def string(value: str) -> Typed:
    return Typed(text(value), DataType("varchar", (len(value),)), value)


def unicode_string(written: str, escape: str) -> Typed:
    """Read `U&'d\\0061t\\+000061'`."""
    mark = re.escape(escape)
    pattern = re.compile(rf"{mark}(?:({mark})|([0-9a-fA-F]{{4}})|\+([0-9a-fA-F]{{6}})|(.?))", re.DOTALL)

    def character(found: re.Match[str]) -> str:
        if found[1]:
            return escape
        code = int(found[2] or found[3] or "", 16) if found[2] or found[3] else LARGEST_CODE_POINT + 1
        if code > LARGEST_CODE_POINT or 0xD800 <= code <= 0xDFFF:
            raise InvalidSql(f"Invalid Unicode escape sequence: {found[0]}")
        return chr(code)

    return string(pattern.sub(character, written))


def boolean(value: bool) -> Typed:
    return Typed("true" if value else "false", BOOLEAN, value)


def binary(written: str) -> Typed:
    digits = "".join(written.split())
    if len(digits) % 2:
        raise InvalidSql("Binary literal must contain an even number of digits")
    if not re.fullmatch(r"[0-9a-fA-F]*", digits):
        raise InvalidSql("Binary literal can only contain hexadecimal digits")
    return Typed(f"unhex('{digits}')", VARBINARY)


def typed_literal(written: str, type_: DataType) -> Typed | None:
    """Return None where the text is cast like any other; raise for one that cannot be."""
    name = type_.name
    if not _is_sound(written, name):
        raise invalid(written, name)
    if name == "decimal":
        return decimal(written)
    if name == "date":
        return Typed(iso_date(written) or f"trino_text_date({text(written)})", DATE)
    if name in ("timestamp", ZONED):
        return _timestamp(written)
    if name in ("time", OFFSET_TIME):
        return _time(written)
    if name == "json":
        return _json(written)
    if name == "char":
        return Typed(text(written.rstrip(" ")), DataType("char", (max(1, len(written)),)))
    if name == "real":
        return Typed(f"trino_text_real({text(written)})", REAL)
    if name == "double":
        return Typed(f"trino_text_double({text(written)})", DOUBLE)
    return None


def _is_sound(written: str, name: str) -> bool:
    if name in WHOLE:
        limit = 1 << WHOLE[name] - 1
        return WHOLE_NUMBER.fullmatch(written) is not None and -limit <= int(written) < limit
    if name in ("real", "double"):
        return FLOAT.fullmatch(written) is not None
    if name == "boolean":
        return written.lower() in ("true", "false", "t", "f", "1", "0")
    if name == "date":
        return DAY_TEXT.fullmatch(written) is not None and _is_day(written)
    if name == "uuid":
        return UUID.fullmatch(written) is not None
    return name != "ipaddress" or _is_address(written)


def _is_day(written: str) -> bool:
    year, month, day = DAY_PARTS.findall(written.strip())
    try:
        days_of(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _is_address(written: str) -> bool:
    try:
        address_of_text(written)
    except TrinoError:
        return False
    return True


def _json(written: str) -> Typed:
    try:
        return Typed(text(parse_json(written)), JSON)
    except TrinoError as error:
        raise invalid(written, "json") from error


def _timestamp(written: str) -> Typed:
    found = TIMESTAMP.match(written)
    if TOO_PRECISE.search(written):
        error = InvalidSql(f"TIMESTAMP precision must be in range [0, 12]: '{written}'")
        error.id = "NUMERIC_VALUE_OUT_OF_RANGE"
        raise error
    if found is None:
        raise invalid(written, "timestamp")
    day, clock, fraction, zone = found.groups()
    digits = len(fraction or "")
    micros = _days(day, written) * DAY_US + _clock(clock or "0:0", written)
    if zone is None:
        return _with_picos(f"make_timestamp({micros})", DataType("timestamp", (digits,)), fraction)
    if not -MOST_MILLIS <= micros // 1000 < MOST_MILLIS:
        raise invalid(written, "timestamp")
    try:
        name = zone_name(zone)
    except TrinoError as error:
        raise invalid(written, "timestamp") from error
    return _with_picos(_instant(micros, name, written), DataType(ZONED, (digits,)), fraction)


def _with_picos(low: str, type_: DataType, fraction: str | None) -> Typed:
    if not is_precise(type_):
        return Typed(low, type_)
    return Typed(joined(low, type_.name, str(int(f"{(fraction or '')[MICROSECONDS:]:0<6}"))), type_)


def _instant(micros: int, zone: str, written: str) -> str:
    if zone == UTC or zone[0] in "+-":
        return f"struct_pack(t := make_timestamptz({micros - offset_minutes(zone) * MINUTE_US}), z := {text(zone)})"
    try:
        local = (EPOCH + timedelta(microseconds=micros)).replace(tzinfo=ZoneInfo(zone))
    except OverflowError:
        return f"trino_zoned(make_timestamp({micros}), {text(zone)})"
    instant = local.astimezone(UTC_ZONE)
    if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise invalid(written, "timestamp")
    return f"struct_pack(t := make_timestamptz({(instant - EPOCH) // MICROSECOND}), z := {text(zone)})"


def _days(day: str, written: str) -> int:
    year, month, of_month = DAY_PARTS.findall(day)
    try:
        return days_of(int(year), int(month), int(of_month))
    except ValueError as error:
        raise invalid(written, "timestamp") from error


def _clock(clock: str, written: str) -> int:
    """Return microseconds; digits behind them are left out."""
    whole, _, fraction = clock.partition(".")
    hour, minute, second = (*map(int, whole.split(":")), 0)[:3]
    if hour > 23 or minute > 59 or second > 59:
        raise invalid(written, "time")
    return (hour * 3600 + minute * 60 + second) * 1_000_000 + int(f"{fraction:0<6}"[:6])


def _time(written: str) -> Typed:
    found = TIME.match(written)
    if found is None:
        raise invalid(written, "time")
    clock, fraction, offset = found.groups()
    digits = len(fraction or "")
    time = f"CAST(make_timestamp({_clock(clock, written)}) AS TIME)"
    if offset is None:
        return _with_picos(time, DataType("time", (digits,)), fraction)
    try:
        minutes = offset_minutes(offset)
    except TrinoError as error:
        raise invalid(written, "time") from error
    low = f"struct_pack(t := {time}, o := CAST({minutes} AS INTEGER))"
    return _with_picos(low, DataType(OFFSET_TIME, (digits,)), fraction)


def interval(written: str, start: str, end: str | None) -> Typed:
    if start not in UNIT_MS and start not in UNIT_MONTHS:
        raise InvalidSql(f"'{start.lower()}' is no unit of an interval")
    if start in UNIT_MONTHS and end is None:
        return Typed(f"CAST({_whole(written) * UNIT_MONTHS[start]} AS BIGINT)", MONTHS)
    if (start, end) == ("YEAR", "MONTH"):
        found = re.fullmatch(r"([+-]?)(\d+)(?:-(\d+))?", written.strip())
        if found is None:
            raise invalid(written, "interval")
        value = int(found[2]) * 12 + int(found[3] or 0)
        return Typed(f"CAST({-value if found[1] == '-' else value} AS BIGINT)", MONTHS)
    if end is None:
        sign = "-" if written.strip().startswith("-") else ""
        rest = written.strip().removeprefix("-")
        if start == "SECOND" and re.fullmatch(r"\d+\.\d{1,3}", rest):
            value = int(Decimal(rest) * 1000)
        else:
            value = _whole(rest) * UNIT_MS[start]
        return Typed(f"CAST({sign}{value} AS BIGINT)", DAYS)
    return Typed(f"CAST({_span(written, start)} AS BIGINT)", DAYS)


def _span(written: str, start: str) -> int:
    sign = -1 if written.strip().startswith("-") else 1
    parts = re.split(r"[ :]", written.strip().lstrip("+-"))
    units = ["DAY", "HOUR", "MINUTE", "SECOND"]
    following = units[units.index(start) :]
    total = Decimal(0)
    for part, unit in zip(parts, following, strict=False):
        if not re.fullmatch(r"\d+(\.\d+)?", part):
            raise invalid(written, "interval")
        total += Decimal(part) * UNIT_MS[unit]
    return sign * int(total)


def _whole(written: str) -> int:
    if not re.fullmatch(r"\s*[+-]?\d+\s*", written):
        raise invalid(written, "interval")
    return int(written)
