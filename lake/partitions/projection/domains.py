"""The values that `projection.<key>.…` declares for one partition key.

docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol

from lake.errors import ConfigError, UsageError
from lake.model import Column
from lake.partitions.layouts.dates import UNITS, DateFormat, Moment, in_calendar, iso_text, read_iso

MOST_VALUES = 1_000_000
_NOW = re.compile(r"\s*NOW\s*(?:([+-])\s*([0-9]+)\s*(YEAR|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?\s*)?", re.IGNORECASE)
_INTEGER = re.compile(r"\s*[+-]?[0-9]+\s*")
_LENGTHS = {
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}
_MONTHS = {"month": 1, "year": 12}


class Projected(NamedTuple):
    """A partition value, and how it stands in the path."""

    value: str
    text: str


class Domain(Protocol):
    """One key's declared values."""

    def values(self, equal: Collection[str] | None, now: datetime) -> Iterator[Projected]:
        """Yield the values in order; with `equal`, only those among them."""
        ...

    def count(self, now: datetime) -> int:
        """Say about how many values there are."""
        ...


@dataclass(frozen=True, slots=True)
class EnumDomain:
    listed: tuple[str, ...]

    def values(self, equal: Collection[str] | None, now: datetime) -> Iterator[Projected]:
        return (Projected(text, text) for text in self.listed if equal is None or text in equal)

    def count(self, now: datetime) -> int:
        return len(self.listed)


@dataclass(frozen=True, slots=True)
class IntegerDomain:
    """`digits` pads with zeros, in the path and in the value."""

    first: int
    last: int
    step: int = 1
    digits: int = 0

    def values(self, equal: Collection[str] | None, now: datetime) -> Iterator[Projected]:
        numbers = range(self.first, self.last + 1, self.step)
        if equal is None:
            chosen: Collection[int] = numbers
        else:
            chosen = sorted(number for number in set(map(_number, equal)) if number is not None and number in numbers)
        for number in chosen:
            text = f"{'-' if number < 0 else ''}{abs(number):0{self.digits}}"
            yield Projected(text, text)

    def count(self, now: datetime) -> int:
        return max(0, self.last - self.first) // self.step


@dataclass(frozen=True, slots=True)
class DateDomain:
    """From `first` to `last`, each a moment or an offset from now, both cut to what the format shows."""

    key: str
    format: DateFormat
    first: datetime | tuple[int, str]
    last: datetime | tuple[int, str]
    step: int
    unit: str
    type: str

    def values(self, equal: Collection[str] | None, now: datetime) -> Iterator[Projected]:
        first, last = self._cut(self.first, now), self._cut(self.last, now)
        if equal is None:
            return iter(self.all_between(first, last))
        read = read_iso if self._is_iso else self.format.read
        found = (read(value) for value in equal)
        wanted = {datetime(**each) for each in found if each is not None and in_calendar(each)}  # type: ignore[arg-type]  # noqa: DTZ001
        return (self._projected(at) for at in sorted(wanted) if first <= at <= last and self._is_step(first, at))

    def count(self, now: datetime) -> int:
        first, last = self._cut(self.first, now), self._cut(self.last, now)
        one = moved(first, self.step, self.unit) - first
        return max(timedelta(0), last - first) // one

    @property
    def _is_iso(self) -> bool:
        return self.type in ("date", "timestamp")

    def _cut(self, end: datetime | tuple[int, str], now: datetime) -> datetime:
        moment = end if isinstance(end, datetime) else moved(now.replace(tzinfo=None), *end)
        return _shown_by(self.format, moment)

    @lru_cache(16)  # noqa: B019 - what is kept are small values, and few
    def all_between(self, first: datetime, last: datetime) -> Sequence[Projected]:
        """Kept for the queries that follow."""
        return tuple(self._projected(at) for at in self._moments(first, last))

    def _moments(self, first: datetime, last: datetime) -> Iterator[datetime]:
        count, at = 0, first
        while at <= last:
            yield at
            count += self.step
            at = moved(first, count, self.unit)

    def _is_step(self, first: datetime, at: datetime) -> bool:
        if self.unit in _MONTHS:
            months = (at.year - first.year) * 12 + at.month - first.month
            return months % (_MONTHS[self.unit] * self.step) == 0 and moved(first, months, "month") == at
        return (at - first) % (_LENGTHS[self.unit] * self.step) == timedelta(0)

    def _projected(self, at: datetime) -> Projected:
        text = self.format.shown(at)
        return Projected(iso_text(_moment(at), time=self.type == "timestamp") if self._is_iso else text, text)


@dataclass(frozen=True, slots=True)
class InjectedDomain:
    """Any value, which the query has to name."""

    key: str

    def values(self, equal: Collection[str] | None, now: datetime) -> Iterator[Projected]:
        """Raise UsageError where the query names none."""
        if equal is None:
            raise UsageError(
                f"CONSTRAINT_VIOLATION: For the injected projected partition column {self.key}, the WHERE clause must "
                "contain only static equality conditions, and at least one such condition must be present.",
                hint=f"write WHERE {self.key} = …, or {self.key} IN (…)",
            )
        return (Projected(value, value) for value in sorted(equal))

    def count(self, now: datetime) -> int:
        return 0


def chosen_values(name: str, domain: Domain, equal: Collection[str] | None, now: datetime) -> list[Projected]:
    """Raise UsageError for more values than can be looked at."""
    if equal is None and domain.count(now) > MOST_VALUES:
        raise UsageError(
            f"partition key {name!r} projects more than {MOST_VALUES:,} values",
            hint=f"narrow projection.{name}.range, or ask for {name} = …",
        )
    return list(domain.values(equal, now))


def domain_of(column: Column, parameters: Mapping[str, str]) -> Domain:
    """Read what is declared for a key, its property names in lower case; raise ConfigError for what Athena refuses too."""

    def declared(what: str, default: str | None = None) -> str:
        value = parameters.get(f"projection.{column.name}.{what}", default)
        if value is None:
            raise ConfigError(
                f"projection.{column.name}.{what} is missing, and projection.enabled is true",
                hint="docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html",
            )
        return value

    kind = declared("type").strip().lower()
    if kind == "enum":
        return EnumDomain(tuple(dict.fromkeys(declared("values").split(","))))
    if kind == "injected":
        return InjectedDomain(column.name)
    if kind == "integer":
        first, last = _ends(column.name, declared("range"))
        return IntegerDomain(
            _integer(column.name, "range", first),
            _integer(column.name, "range", last),
            _positive(column.name, "interval", declared("interval", "1")),
            _positive(column.name, "digits", declared("digits", "1")),
        )
    if kind == "date":
        pattern = DateFormat.parse(declared("format"))
        first, last = _ends(column.name, declared("range"))
        return DateDomain(
            column.name,
            pattern,
            _end(column.name, pattern, first),
            _end(column.name, pattern, last),
            _positive(column.name, "interval", declared("interval", "1")),
            _unit(column.name, declared("interval.unit", pattern.finest)),
            column.type.strip().lower(),
        )
    raise ConfigError(f"projection.{column.name}.type is {kind!r} and must be enum, integer, date or injected")


def moved(moment: datetime, count: int, unit: str) -> datetime:
    """Add units; a day that a month does not have becomes its last, a moment beyond the calendar the calendar's end."""
    try:
        if unit not in _MONTHS:
            return moment + _LENGTHS[unit] * count
        years, month = divmod(moment.month - 1 + count * _MONTHS[unit], 12)
        year = moment.year + years
        return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        return datetime.max if count > 0 else datetime.min  # noqa: DTZ901


def _ends(name: str, text: str) -> tuple[str, str]:
    first, comma, last = text.partition(",")
    if not comma or "," in last:
        raise ConfigError(f"projection.{name}.range is {text!r} and must be two values with a comma between them")
    return first, last


def _end(name: str, pattern: DateFormat, text: str) -> datetime | tuple[int, str]:
    if match := _NOW.fullmatch(text):
        sign, count, unit = match.groups()
        return (0, "day") if sign is None else (int(sign + count), unit.lower())
    moment = pattern.read(text.strip())
    if moment is None or not in_calendar(moment):
        raise ConfigError(f"projection.{name}.range has {text!r}, which is neither {pattern.pattern} nor NOW")
    return datetime(**moment)  # type: ignore[arg-type]  # noqa: DTZ001 - the dates of paths have no zone


def _integer(name: str, what: str, text: str) -> int:
    number = _number(text)
    if number is None:
        raise ConfigError(f"projection.{name}.{what} has {text!r}, which is no integer")
    return number


def _number(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) else None


def _positive(name: str, what: str, text: str) -> int:
    number = _integer(name, what, text)
    if number < 1:
        raise ConfigError(f"projection.{name}.{what} is {text!r} and must be positive")
    return number


def _unit(name: str, text: str) -> str:
    unit = text.strip().lower().removesuffix("s")
    if unit not in _LENGTHS and unit not in _MONTHS:
        raise ConfigError(f"projection.{name}.interval.unit is {text!r} and must be one of YEARS to SECONDS")
    return unit


def _shown_by(pattern: DateFormat, moment: datetime) -> datetime:
    place = UNITS.index(pattern.finest) + 1
    return datetime(*moment.timetuple()[:place], *(1, 1, 1)[place:3])  # type: ignore[arg-type]  # noqa: DTZ001


def _moment(at: datetime) -> Moment:
    return {name: getattr(at, name) for name in UNITS}
