"""Which of a table's keys tell time, and what span a partition's values stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from lake.partitions.layouts.dates import UNITS, Moment, in_calendar, read_iso
from lake.partitions.layouts.keys import DateKey, Key
from lake.partitions.projection.domains import moved

if TYPE_CHECKING:
    from lake.partitions.layouts.layout import Values

_NAMES = {
    "year": ("year", "yyyy", "yr", "y"),
    "month": ("month", "mm", "mon", "m"),
    "day": ("day", "dd", "d"),
    "hour": ("hour", "hh", "hr", "h"),
}
_PART_OF = {name: part for part, names in _NAMES.items() for name in names}
_DATE_NAMES = ("dt", "ds", "date", "day")
_DATE_ENDS = ("_dt", "_date", "_day")
_ISO_HOUR = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[-T ]([0-9]{2}))?")
_NUMBER = re.compile(r"[0-9]{1,4}")


class Span(NamedTuple):
    """From `start` up to, without, `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class TimeKeys:
    """Reads the time out of values: from a date, a timestamp, a text that begins with one, or keys year, month, day, hour."""

    names: tuple[str, ...]
    keys: Sequence[Key]

    def span(self, values: Values) -> Span | None:
        """Return what values stand for; None where no key tells a date."""
        moment, unit = None, ""
        for index, value in enumerate(values):
            read = self._read(index, value)
            if read is not None:
                moment, unit = read
                break
        if moment is None:
            moment, unit = self._from_parts(values)
        if moment is None:
            return None
        if unit == "day" and "hour" in self._parts:
            hour = _number(values[self._parts["hour"]])
            if hour is not None and hour < 24:
                moment, unit = moment.replace(hour=hour), "hour"
        return Span(moment, moved(moment, 1, unit))

    def date_parts(self) -> dict[str, int]:
        """Return which keys are year, month and day, by their names, as far as they go down from the year."""
        found: dict[str, int] = {}
        for part in ("year", "month", "day"):
            if part not in self._parts:
                break
            found[part] = self._parts[part]
        return found

    def part_of(self, index: int) -> str | None:
        """Return what part of a time a key tells by its name."""
        return next((part for part, place in self._parts.items() if place == index), None)

    def tells_day(self, index: int, value: str) -> bool:
        """Say whether a key tells a day on its own, and no hour of it."""
        read = self._read(index, value)
        return read is not None and read[1] == "day"

    @cached_property
    def _parts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for index, name in enumerate(self.names):
            part = _PART_OF.get(name)
            if part is not None:
                found.setdefault(part, index)
        return found

    def _read(self, index: int, value: str) -> tuple[datetime, str] | None:
        key = self.keys[index]
        if isinstance(key, DateKey) and key.type not in ("date", "timestamp"):
            moment, unit = key.format.read(value), key.format.finest
        elif isinstance(key, DateKey):
            moment, unit = read_iso(value), key.format.finest
        else:
            return _read_iso_hour(value) if len(value) >= len("yyyy-mm-dd") else None
        if moment is None or not in_calendar(moment):
            return None
        return as_instant(moment), unit

    def _from_parts(self, values: Values) -> tuple[datetime | None, str]:
        numbers: list[int] = []
        for part in ("year", "month", "day"):
            number = _number(values[self._parts[part]]) if part in self._parts else None
            if number is None:
                break
            numbers.append(number)
        day = _day_of(numbers)
        return (None, "") if day is None else (day, UNITS[len(numbers) - 1])


def _read_iso_hour(value: str) -> tuple[datetime, str] | None:
    match = _ISO_HOUR.match(value)
    moment = None if match is None else read_iso(match[1])
    if match is None or moment is None or not in_calendar(moment):
        return None
    hour = int(match[2] or 0)
    if hour > 23:
        return None
    return as_instant({**moment, "hour": hour}), "hour" if match[2] else "day"


def as_instant(moment: Moment) -> datetime:
    year, month, day, hour, minute, second = (moment[unit] for unit in UNITS)
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def is_date_name(name: str) -> bool:
    return name in _DATE_NAMES or name.endswith(_DATE_ENDS)


def is_iso_time(text: str) -> bool:
    """Say whether a text is a day of the calendar, or an hour of one."""
    return _ISO_HOUR.fullmatch(text) is not None and _read_iso_hour(text) is not None


def in_calendar_numbers(texts: Sequence[str]) -> bool:
    """Say whether year, month and day, as far as they are given, are numbers of the calendar."""
    numbers = [number for number in map(_number, texts) if number is not None]
    return len(numbers) == len(texts) and _day_of(numbers) is not None


def _day_of(numbers: list[int]) -> datetime | None:
    """Return the first day of a year, a month or a day; None where there is none."""
    try:
        return datetime(*(numbers + [1, 1])[:3], tzinfo=UTC) if numbers else None  # type: ignore[misc, arg-type]
    except ValueError:
        return None


def _number(value: str) -> int | None:
    return int(value) if _NUMBER.fullmatch(value) else None


def days_between(since: datetime, until: datetime) -> list[datetime]:
    """Return the beginnings of all days that have a moment between the two, in UTC."""
    first = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return [first + timedelta(days=number) for number in range((until.astimezone(UTC) - first).days + 1)]
