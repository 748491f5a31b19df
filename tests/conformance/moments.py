"""Dates, times and intervals in Trino's notation, as numbers that can be compared: any year, and picoseconds."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

PICOS_OF_MICRO = 10**6
DAY = 86400
CYCLE_YEARS, CYCLE_DAYS = 400, 146097
EPOCH_DAY = date(1970, 1, 1).toordinal()
FIRST_SECOND = (date(2, 1, 1).toordinal() - EPOCH_DAY) * DAY
LAST_SECOND = (date(9998, 12, 31).toordinal() - EPOCH_DAY) * DAY

_MOMENT = re.compile(
    r"([+-]?\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?)?\s*(.*)", re.DOTALL
)
_DATE = re.compile(r"[+-]?\d{4,}-\d\d-\d\d")
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?\s*([+-]\d\d(?::?\d\d)?)?")
_OFFSET = re.compile(r"(?:UTC|GMT|UT)?([+-])(\d{1,2}):?(\d\d)?(?::?(\d\d))?")
_DAYS_TO_SECONDS = re.compile(r"(-?)(\d+) (\d+):(\d\d):(\d\d)\.(\d{3})")
_YEARS_TO_MONTHS = re.compile(r"(-?)(\d+)-(\d+)")


class Moment(NamedTuple):
    """Seconds since 1970 on the wall clock of `zone`; without a zone there is no instant."""

    seconds: int
    picos: int
    zone: str | None

    @property
    def instant(self) -> tuple[int, int]:
        assert self.zone is not None
        return self.seconds - _offset(self.zone, self.seconds), self.picos


class TimeOfDay(NamedTuple):
    seconds: int
    picos: int
    offset: int | None

    @property
    def instant(self) -> tuple[int, int]:
        assert self.offset is not None
        return (self.seconds - self.offset) % DAY, self.picos


def moment(value: str | datetime) -> Moment:
    """Raises ValueError for another text."""
    if isinstance(value, datetime):
        zone = None if value.tzinfo is None else "UTC"
        since = (value if zone is None else value.astimezone(UTC)).replace(tzinfo=None) - datetime(1970, 1, 1)  # noqa: DTZ001
        return Moment(since.days * DAY + since.seconds, since.microseconds * PICOS_OF_MICRO, zone)
    found = _MOMENT.fullmatch(value)
    if found is None:
        raise ValueError(f"{value!r} is no timestamp")
    year, month, day, *clock, fraction, zone = found.groups()
    seconds = _day(int(year), int(month), int(day)) * DAY + _seconds(*clock)
    return Moment(seconds, _picos(fraction), zone or None)


def is_date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None


def time_of_day(value: str | time) -> TimeOfDay:
    """Raises ValueError for another text."""
    if isinstance(value, time):
        return TimeOfDay(_seconds(value.hour, value.minute, value.second), value.microsecond * PICOS_OF_MICRO, None)
    found = _TIME.fullmatch(value)
    if found is None:
        raise ValueError(f"{value!r} is no time")
    *clock, fraction, zone = found.groups()
    return TimeOfDay(_seconds(*clock), _picos(fraction), None if zone is None else _offset(zone, 0))


def milliseconds(interval: str) -> int:
    """Read `2 03:04:05.678`; raises ValueError."""
    found = _DAYS_TO_SECONDS.fullmatch(interval)
    if found is None:
        raise ValueError(f"{interval!r} is no interval of days")
    sign, days, hours, minutes, seconds, millis = found.groups()
    size = (int(days) * DAY + _seconds(hours, minutes, seconds)) * 1000 + int(millis)
    return -size if sign else size


def months(interval: str) -> int:
    """Read `1-2`; raises ValueError."""
    found = _YEARS_TO_MONTHS.fullmatch(interval)
    if found is None:
        raise ValueError(f"{interval!r} is no interval of months")
    sign, years, rest = found.groups()
    size = int(years) * 12 + int(rest)
    return -size if sign else size


def date_text(days: int) -> str:
    """Write the date that is so many days after 1970, of any year."""
    cycles, day_of_cycle = divmod(days, CYCLE_DAYS)
    near = date.fromordinal(EPOCH_DAY + day_of_cycle)
    year = near.year + cycles * CYCLE_YEARS
    return f"{'-' if year < 0 else ''}{abs(year):04}-{near:%m-%d}"


def timestamp_text(microseconds: int) -> str:
    days, micros = divmod(microseconds, DAY * 10**6)
    clock = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    return f"{date_text(days)} {clock:%H:%M:%S.%f}"


def _day(year: int, month: int, day: int) -> int:
    """The calendar repeats after 400 years, so a year near that of `datetime` stands for any."""
    cycles, year_of_cycle = divmod(year, CYCLE_YEARS)
    return date(year_of_cycle + CYCLE_YEARS, month, day).toordinal() + (cycles - 1) * CYCLE_DAYS - EPOCH_DAY


def _seconds(hours: str | int | None, minutes: str | int | None, seconds: str | int | None) -> int:
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)


def _picos(fraction: str | None) -> int:
    return int((fraction or "").ljust(12, "0"))


def _offset(zone: str, seconds: int) -> int:
    """Seconds east of UTC at a wall clock."""
    if zone in ("UTC", "Z", "GMT", "UT", "Zulu"):
        return 0
    fixed = _OFFSET.fullmatch(zone)
    if fixed is not None:
        sign, *clock = fixed.groups()
        return _seconds(*clock) * (-1 if sign == "-" else 1)
    while not FIRST_SECOND <= seconds <= LAST_SECOND:
        seconds += CYCLE_DAYS * DAY * (1 if seconds < 0 else -1)
    wall = datetime(1970, 1, 1, tzinfo=ZoneInfo(zone)) + timedelta(seconds=seconds)
    shift = wall.utcoffset()
    assert shift is not None
    return int(shift.total_seconds())
