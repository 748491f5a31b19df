"""Moments of the calendar, zones, ISO 8601 and durations. Moments are microseconds since 1970, of the local clock."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import NoReturn
from zoneinfo import available_timezones

from lake.sql.compiler.runtime.errors import TrinoError

SECOND = 1_000_000
DAY = 86_400 * SECOND
UTC = "UTC"
UTC_NAMES = frozenset({"utc", "z", "ut", "uct", "gmt", "gmt0", "greenwich", "universal", "zulu"})
OFFSET = re.compile(r"(?:utc|gmt|ut)?([+-])(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)
LARGEST_OFFSET = 14 * 60
MILLISECONDS = {"ns": 1e-6, "us": 1e-3, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\s*")
WORDS = (("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
ISO_DATE = r"(?P<year>[+-]?\d{1,9})(?:-W(?P<week>\d{1,2})(?:-(?P<weekday>\d))?|-(?P<day_of_year>\d{3})|-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?"
ISO_CLOCK = r"(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2}))?)?(?:[.,](?P<fraction>\d+))?"
ISO_ZONE = r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)"
ISO_DAY = re.compile(ISO_DATE)
ISO_MOMENT = re.compile(rf"(?:{ISO_DATE})?(?:T(?:{ISO_CLOCK})?{ISO_ZONE}?)?")
THURSDAY = 4
DAYS_KEPT = 20_000


def invalid(message: str) -> NoReturn:
    raise TrinoError("INVALID_FUNCTION_ARGUMENT", message)


def days_of(year: int, month: int, day: int) -> int:
    """Return the days since 1970 of a date of the proleptic calendar; raise ValueError where there is no such date."""
    if not 1 <= month <= 12 or not 1 <= day <= length_of_month(year, month):
        raise ValueError(f"{year}-{month}-{day} is no date")
    shifted = year - (month <= 2)
    era, of_era = divmod(shifted, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def days_of_ordinal(year: int, day: int) -> int:
    """Return the days since 1970 of a day that is counted from the year's first."""
    if not 1 <= day <= 365 + is_leap(year):
        raise ValueError(f"{year} has no day {day}")
    return days_of(year, 1, 1) + day - 1


def length_of_month(year: int, month: int) -> int:
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@lru_cache(DAYS_KEPT)
def date_of(days: int) -> tuple[int, int, int]:
    era, day_of_era = divmod(days + 719_468, 146_097)
    of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    of_year = day_of_era - (365 * of_era + of_era // 4 - of_era // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return era * 400 + of_era + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1


def days_of_week(year: int, week: int, weekday: int) -> int:
    """Return the days since 1970 of a day of an ISO week."""
    fourth = days_of(year, 1, 4)
    monday = fourth - (fourth + 3) % 7
    weeks = 53 if week == 53 and Moment((monday + 52 * 7) * DAY).week_year == year else 52
    if not 1 <= week <= weeks or not 1 <= weekday <= 7:
        raise ValueError(f"{year}-W{week}-{weekday} is no date")
    return monday + (week - 1) * 7 + weekday - 1


@dataclass(frozen=True)
class Moment:
    micros: int
    offset: int = 0
    """Seconds that the zone is ahead of UTC."""
    zone: str | None = None

    @cached_property
    def days(self) -> int:
        return self.micros // DAY

    @cached_property
    def date(self) -> tuple[int, int, int]:
        return date_of(self.days)

    @property
    def second_of_day(self) -> int:
        return self.micros % DAY // SECOND

    @property
    def hour(self) -> int:
        return self.second_of_day // 3600

    @property
    def weekday(self) -> int:
        return (self.days + 3) % 7 + 1

    @property
    def day_of_year(self) -> int:
        return self.days - days_of(self.date[0], 1, 1) + 1

    @property
    def week_year(self) -> int:
        return date_of(self.days + THURSDAY - self.weekday)[0]

    @property
    def week(self) -> int:
        thursday = self.days + THURSDAY - self.weekday
        return (thursday - days_of(date_of(thursday)[0], 1, 1)) // 7 + 1


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


@cache
def zone_name(written: str) -> str:
    """Return the name under which a zone is kept: UTC, an offset as +05:30, or a region's."""
    lowered = written.lower()
    if lowered.removeprefix("etc/") in UTC_NAMES:
        return UTC
    found = OFFSET.fullmatch(written)
    if found is not None:
        return offset_name(_offset_minutes(found, written))
    name = _zones().get(lowered)
    if name is None:
        invalid(f"'{written}' is not a valid time zone")
    return name


def supported_zone_name(written: str) -> str:
    """The same, with another error."""
    try:
        return zone_name(written)
    except TrinoError as error:
        raise TrinoError("NOT_SUPPORTED", f"Time zone not supported: {written}") from error


def _offset_minutes(found: re.Match[str], written: str) -> int:
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    if minutes > LARGEST_OFFSET or int(found[3] or 0) > 59:
        invalid(f"'{written}' is not a valid time zone")
    return -minutes if found[1] == "-" else minutes


def offset_minutes(name: str) -> int:
    """Return the minutes of a name that is UTC or an offset."""
    found = OFFSET.fullmatch(name)
    return 0 if found is None else _offset_minutes(found, name)


def offset_name(minutes: int) -> str:
    if minutes == 0:
        return UTC
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def offset_zone_name(minutes: int) -> str:
    if abs(minutes) > LARGEST_OFFSET:
        invalid(f"Invalid offset minutes {minutes}")
    return offset_name(minutes)


def parse_duration(written: str) -> int:
    """Return milliseconds, rounded half up."""
    found = DURATION.fullmatch(written)
    if found is None:
        invalid(f"duration is not a valid data duration string: {written}")
    if found[2] not in MILLISECONDS:
        invalid(f"Unknown time unit: {found[2]}")
    return math.floor(float(found[1]) * MILLISECONDS[found[2]] + 0.5)


def human_readable_seconds(seconds: float) -> str:
    if not math.isfinite(seconds):
        invalid(f"Invalid argument found: {'NaN' if math.isnan(seconds) else 'Infinity'}")
    left = abs(math.floor(seconds + 0.5))
    parts = []
    for word, length in WORDS:
        count, left = divmod(left, length)
        if count:
            parts.append(f"{count} {word}{'' if count == 1 else 's'}")
    return ", ".join(parts) or "0 seconds"


def from_iso8601_date(written: str) -> int:
    """Return the days since 1970."""
    found = ISO_DAY.fullmatch(written)
    if found is None:
        invalid(f'Invalid format: "{written}"')
    return _iso_days(found, written)


def from_iso8601_timestamp(written: str) -> tuple[int, str]:
    found = ISO_MOMENT.fullmatch(written)
    if not written or found is None:
        invalid(f'Invalid format: "{written}"')
    zone = zone_name(found["zone"]) if found["zone"] else UTC
    millis = _iso_clock(found, written) // 1000
    return _iso_days(found, written) * DAY + millis * 1000, zone


def _iso_days(found: re.Match[str], written: str) -> int:
    parts = {
        name: int(value) for name, value in found.groupdict().items() if value and name not in ("zone", "fraction")
    }
    year = parts.get("year", 1970)
    try:
        if "week" in parts:
            return days_of_week(year, parts["week"], parts.get("weekday", 1))
        if "day_of_year" in parts:
            return days_of_ordinal(year, parts["day_of_year"])
        return days_of(year, parts.get("month", 1), parts.get("day", 1))
    except ValueError:
        invalid(f'Cannot parse "{written}"')


def _iso_clock(found: re.Match[str], written: str) -> int:
    """Return microseconds; a fraction belongs to the least field that is there."""
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        invalid(f'Cannot parse "{written}"')
    unit = SECOND if found["second"] else 60 * SECOND if found["minute"] else 3600 * SECOND
    fraction = found["fraction"] or "0"
    return (hour * 3600 + minute * 60 + second) * SECOND + int(int(fraction) * unit // 10 ** len(fraction))
