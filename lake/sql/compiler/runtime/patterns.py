"""Patterns of moments: MySQL's, of date_format and date_parse, and Joda's, of format_datetime and parse_datetime.

Both are read into the same pieces, and a pattern is read once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC as UTC_ZONE
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.times import (
    DAY,
    SECOND,
    UTC,
    Moment,
    days_of,
    days_of_ordinal,
    days_of_week,
    invalid,
    offset_name,
    zone_name,
)

MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
HALVES = ("AM", "PM")
ERAS = ("BC", "AD")
ZONE = r"Z|[+-]\d\d:?\d\d|[A-Za-z][A-Za-z_]*(?:/[A-Za-z_+\-0-9]+)*"

LONG_NAME = 4


@dataclass(frozen=True)
class Piece:
    """`field` is None for text that stands for itself; `width` is how many digits or letters there are at least."""

    field: str | None
    width: int = 1
    most: int = 9
    text: str = ""


NUMBERS: dict[str, Callable[[Moment], int]] = {
    "year": lambda moment: moment.date[0],
    "year_of_era": lambda moment: moment.date[0] if moment.date[0] > 0 else 1 - moment.date[0],
    "century": lambda moment: abs(moment.date[0]) // 100,
    "short_year": lambda moment: moment.date[0] % 100,
    "week_year": lambda moment: moment.week_year,
    "week": lambda moment: moment.week,
    "weekday": lambda moment: moment.weekday,
    "month": lambda moment: moment.date[1],
    "day": lambda moment: moment.date[2],
    "day_of_year": lambda moment: moment.day_of_year,
    "hour": lambda moment: moment.hour,
    "hour_1_24": lambda moment: moment.hour or 24,
    "hour_0_11": lambda moment: moment.hour % 12,
    "hour_1_12": lambda moment: moment.hour % 12 or 12,
    "minute": lambda moment: moment.second_of_day // 60 % 60,
    "second": lambda moment: moment.second_of_day % 60,
}
NAMES: dict[str, tuple[tuple[str, ...], Callable[[Moment], int]]] = {
    "month_name": (tuple(MONTHS), lambda moment: moment.date[1] - 1),
    "month_short": (tuple(name[:3] for name in MONTHS), lambda moment: moment.date[1] - 1),
    "weekday_name": (tuple(WEEKDAYS), lambda moment: moment.weekday - 1),
    "weekday_short": (tuple(name[:3] for name in WEEKDAYS), lambda moment: moment.weekday - 1),
    "half": (HALVES, lambda moment: moment.hour // 12),
    "era": (ERAS, lambda moment: int(moment.date[0] > 0)),
}
CLOCK = (Piece("minute", 2, 2), Piece("second", 2, 2))
COLON = Piece(None, text=":")
MYSQL: dict[str, tuple[Piece, ...]] = {
    "a": (Piece("weekday_short"),),
    "b": (Piece("month_short"),),
    "c": (Piece("month", 1, 2),),
    "d": (Piece("day", 2, 2),),
    "e": (Piece("day", 1, 2),),
    "f": (Piece("fraction", 6, 9),),
    "H": (Piece("hour", 2, 2),),
    "h": (Piece("hour_1_12", 2, 2),),
    "I": (Piece("hour_1_12", 2, 2),),
    "i": (Piece("minute", 2, 2),),
    "j": (Piece("day_of_year", 3, 3),),
    "k": (Piece("hour", 1, 2),),
    "l": (Piece("hour_1_12", 1, 2),),
    "M": (Piece("month_name"),),
    "m": (Piece("month", 2, 2),),
    "p": (Piece("half"),),
    "r": (Piece("hour_1_12", 2, 2), COLON, CLOCK[0], COLON, CLOCK[1], Piece(None, text=" "), Piece("half")),
    "S": (Piece("second", 2, 2),),
    "s": (Piece("second", 2, 2),),
    "T": (Piece("hour", 2, 2), COLON, CLOCK[0], COLON, CLOCK[1]),
    "v": (Piece("week", 2, 2),),
    "W": (Piece("weekday_name"),),
    "x": (Piece("week_year", 4, 4),),
    "Y": (Piece("year", 4, 4),),
    "y": (Piece("short_year", 2, 2),),
    "%": (Piece(None, text="%"),),
}
REFUSED = "DUuVwX"
JODA_NUMBERS = {
    "C": ("century", 9),
    "w": ("week", 2),
    "e": ("weekday", 1),
    "D": ("day_of_year", 3),
    "d": ("day", 2),
    "K": ("hour_0_11", 2),
    "h": ("hour_1_12", 2),
    "H": ("hour", 2),
    "k": ("hour_1_24", 2),
    "m": ("minute", 2),
    "s": ("second", 2),
}
JODA_YEARS = {"Y": "year_of_era", "y": "year", "x": "week_year"}
JODA_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'")
MYSQL_PIVOT, JODA_PIVOT = 1970, 1996


@cache
def mysql(pattern: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for found in re.finditer(r"%(.)|([^%]+)", pattern, re.DOTALL):
        code, text = found.groups()
        if code is not None and code in REFUSED:
            invalid(f"%{code} not supported in date format string")
        pieces += (Piece(None, text=text),) if code is None else MYSQL.get(code, (Piece(None, text=code),))
    if not pieces:
        invalid("Both printing and parsing not supported")
    return tuple(pieces)


@cache
def joda(pattern: str) -> tuple[Piece, ...]:
    if not pattern:
        invalid("Invalid pattern specification")
    tokens = list(JODA_TOKEN.finditer(pattern))
    pieces = []
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        letter = token[2]
        if token[0] == "'":
            # A quote without an end goes to the end of the pattern.
            pieces.append(Piece(None, text=pattern[token.end() :].replace("''", "'")))
            break
        if letter is None:
            pieces.append(Piece(None, text=_quoted(token)))
        else:
            pieces.append(_joda_piece(letter, len(token[0]), following))
    return tuple(pieces)


def _quoted(token: re.Match[str]) -> str:
    if token[1] is None:
        return token[0]
    return token[1].replace("''", "'") or "'"


def _joda_piece(letter: str, length: int, following: re.Match[str] | None) -> Piece:
    if letter in JODA_YEARS:
        if length == 2:
            return Piece("short_year" if letter != "x" else "short_week_year", 2, 2)
        return Piece(JODA_YEARS[letter], length, length if _is_numeric(following) else 9)
    if letter == "M":
        return Piece("month", length, 2) if length < 3 else Piece("month_name" if length > 3 else "month_short")
    if letter == "E":
        return Piece("weekday_name" if length > 3 else "weekday_short")
    if letter in "aG":
        return Piece("half" if letter == "a" else "era")
    if letter == "S":
        return Piece("fraction", length, length)
    if letter in "zZ":
        if letter == "z":
            return Piece("zone_text", min(length, LONG_NAME))
        return Piece(("offset", "offset_colon", "zone_id")[min(length, 3) - 1])
    if letter not in JODA_NUMBERS:
        invalid(f"Illegal pattern component: {letter * length}")
    field, most = JODA_NUMBERS[letter]
    return Piece(field, length, max(most, length))


def _is_numeric(token: re.Match[str] | None) -> bool:
    if token is None or token[2] is None:
        return False
    return (
        token[2] in JODA_NUMBERS or token[2] in JODA_YEARS or token[2] == "S" or (token[2] == "M" and len(token[0]) < 3)
    )


def format_pieces(pieces: tuple[Piece, ...], moment: Moment) -> str:
    return "".join(_formatted(piece, moment) for piece in pieces)


def _formatted(piece: Piece, moment: Moment) -> str:
    field = piece.field
    if field is None:
        return piece.text
    if field in NUMBERS:
        number = NUMBERS[field](moment)
        return f"{'-' if number < 0 else ''}{abs(number):0{piece.width}}"
    if field in NAMES:
        names, place = NAMES[field]
        return names[place(moment)]
    if field == "fraction":
        millis = moment.micros % SECOND // 1000
        return f"{millis:03}".ljust(piece.width, "0")[: piece.width]
    if field == "short_week_year":
        return f"{moment.week_year % 100:02}"
    if field == "zone_id":
        return moment.zone or UTC
    if field == "zone_text":
        return _zone_text(moment, is_long=piece.width == LONG_NAME)
    name = offset_name(moment.offset // 60)
    name = "+00:00" if name == UTC else name
    return name if field == "offset_colon" else name.replace(":", "")


@cache
def _zone_text(moment: Moment, *, is_long: bool) -> str:
    """Return the name of a zone as people say it, as far as the zone's own data have it."""
    zone = moment.zone or UTC
    if zone[0] in "+-":
        return zone
    if zone == UTC:
        return "Coordinated Universal Time" if is_long else UTC
    instant = datetime.fromtimestamp(0, UTC_ZONE) + timedelta(microseconds=moment.micros - moment.offset * SECOND)
    name = instant.astimezone(ZoneInfo(zone)).tzname() or ""
    if is_long or not name.isalpha():
        raise TrinoError("NOT_SUPPORTED", f"the name of zone {zone} is not known on a directory")
    return name


@cache
def _expression(pieces: tuple[Piece, ...]) -> re.Pattern[str]:
    return re.compile("".join(_expected(piece) for piece in pieces), re.IGNORECASE)


def _expected(piece: Piece) -> str:
    if piece.field is None:
        return re.escape(piece.text)
    if piece.field in NAMES:
        names = NAMES[piece.field][0]
        both = {*names, *NAMES.get(piece.field.replace("_name", "_short").replace("_short", "_name"), (names, None))[0]}
        return f"({'|'.join(sorted(both, key=len, reverse=True))})"
    if piece.field in ("zone_id", "zone_text", "offset", "offset_colon"):
        return f"({ZONE})" if piece.field.startswith("zone") else r"(Z|[+-]\d\d:?\d\d)"
    sign = "[+-]?" if piece.field.endswith("year") else ""
    return rf"({sign}\d{{1,{piece.most}}}+)"


def parse_pieces(pieces: tuple[Piece, ...], written: str, pivot: int) -> tuple[int, str]:
    """Return the microseconds of the local clock, whole milliseconds of them, and the zone."""
    found = _expression(pieces).fullmatch(written)
    if found is None:
        invalid(f'Invalid format: "{written}"')
    fields: dict[str, str] = {}
    for piece, value in zip((piece for piece in pieces if piece.field), found.groups(), strict=True):
        fields[str(piece.field)] = value
    numbers = {
        name: int(value) for name, value in fields.items() if value.lstrip("+-").isdigit() and name != "fraction"
    }
    try:
        days = _days(fields, numbers, pivot)
        clock = _clock(fields, numbers)
    except ValueError:
        invalid(f'Cannot parse "{written}"')
    if "/" in fields.get("zone_text", ""):
        invalid(f'Invalid format: "{written}"')
    zone = next((zone_name(value) for name, value in fields.items() if name.startswith(("zone", "offset"))), UTC)
    return days * DAY + clock, zone


def _days(fields: dict[str, str], numbers: dict[str, int], pivot: int) -> int:
    weekday = numbers.get("weekday") or _named(fields, "weekday", WEEKDAYS)
    if "week" in numbers or "week_year" in numbers:
        return days_of_week(numbers.get("week_year", 1970), numbers.get("week", 1), weekday or 1)
    year = numbers.get("year", numbers.get("year_of_era", 1970))
    if "short_year" in numbers:
        year = pivot + (numbers["short_year"] - pivot) % 100
    if fields.get("era", "AD").upper() == "BC":
        year = 1 - year
    if "day_of_year" in numbers:
        return days_of_ordinal(year, numbers["day_of_year"])
    month = numbers.get("month") or _named(fields, "month", MONTHS) or 1
    return days_of(year, month if numbers.get("month") != 0 else 0, numbers.get("day", 1))


def _named(fields: dict[str, str], field: str, names: list[str]) -> int | None:
    """Return the place of a name, from 1; its first three letters are enough."""
    text = fields.get(f"{field}_name") or fields.get(f"{field}_short")
    return None if text is None else [name[:3].lower() for name in names].index(text[:3].lower()) + 1


def _clock(fields: dict[str, str], numbers: dict[str, int]) -> int:
    hour = numbers.get("hour", 0)
    if "hour_1_24" in numbers:
        hour = _within(numbers["hour_1_24"], 1, 24) % 24
    for name, least in (("hour_1_12", 1), ("hour_0_11", 0)):
        if name in numbers:
            hour = _within(numbers[name], least, least + 11) % 12
    if "hour" not in numbers and "hour_1_24" not in numbers and fields.get("half", "AM").upper() == "PM":
        hour += 12
    minute, second = _within(numbers.get("minute", 0), 0, 59), _within(numbers.get("second", 0), 0, 59)
    millis = int(fields.get("fraction", "0").ljust(3, "0")[:3])
    return (_within(hour, 0, 23) * 3600 + minute * 60 + second) * SECOND + millis * 1000


def _within(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise ValueError(number)
    return number


def date_format(micros: int, pattern: str) -> str:
    return format_pieces(mysql(pattern), Moment(micros))


def date_parse(written: str, pattern: str) -> int:
    return parse_pieces(mysql(pattern), written, MYSQL_PIVOT)[0]


def format_datetime(micros: int, pattern: str) -> str:
    pieces = joda(pattern)
    if any((piece.field or "").startswith(("zone", "offset")) for piece in pieces):
        invalid(
            "format_datetime for TIMESTAMP type, cannot use 'Z' nor 'z' in format, as this type does not contain TZ information"
        )
    return format_pieces(pieces, Moment(micros))


def format_zoned(micros: int, offset: int, zone: str, pattern: str) -> str:
    return format_pieces(joda(pattern), Moment(micros, offset, zone))


def parse_datetime(written: str, pattern: str) -> tuple[int, str]:
    return parse_pieces(joda(pattern), written, JODA_PIVOT)
