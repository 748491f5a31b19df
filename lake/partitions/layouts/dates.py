"""Date patterns in paths, as `projection.<key>.format` declares them: the numeric part of Java's DateTimeFormatter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from lake.errors import ConfigError
from lake.partitions.layouts.names import escape

_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']")
_FIELDS = {"y": "year", "u": "year", "M": "month", "d": "day", "H": "hour", "m": "minute", "s": "second"}
_DIRECTIVES = {"year": "%Y", "month": "%m", "day": "%d", "hour": "%H", "minute": "%M", "second": "%S"}
UNITS = ("year", "month", "day", "hour", "minute", "second")
_EARLIEST = {"year": 1, "month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[ T](?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.0+)?)?",
    re.ASCII,
)

_FRACTION = re.compile(r"(?<=:[0-9]{2})\.([0-9]{1,9})\Z")
UNPADDED_WIDTH = 1

Moment = Mapping[str, int]
"""Year to second, not yet checked by the calendar."""


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    width: int

    @property
    def pattern(self) -> str:
        return f"[0-9]{{{self.width}}}" if self.width > 1 else "[0-9]{1,2}"


@dataclass(frozen=True)
class DateFormat:
    """A pattern such as `yyyy/MM/dd`, read and written; a `/` in it begins a new step of the path."""

    pattern: str
    parts: tuple[str | _Field, ...]

    @classmethod
    def parse(cls, pattern: str) -> DateFormat:
        """Raise ConfigError for letters that have no fixed place in a path (`YYYY`, `EEE`, …)."""
        parts: list[str | _Field] = []
        end = 0
        while match := _TOKEN.match(pattern, end):
            end = match.end()
            parts.append(_part(pattern, match))
        if end != len(pattern) or not pattern:
            raise ConfigError(f"date format {pattern!r} has an open quote or is empty")
        for first, second in pairwise(parts):
            if isinstance(first, _Field) and first.width == 1 and isinstance(second, _Field):
                raise ConfigError(f"date format {pattern!r} does not say where {first.name} ends")
        return cls(pattern, tuple(parts))

    def steps(self) -> list[str]:
        """Return a regular expression for each step of the path that the pattern covers, escapes included."""
        steps = [""]
        for part in self.parts:
            if isinstance(part, _Field):
                steps[-1] += part.pattern
                continue
            first, *others = part.split("/")
            steps[-1] += _literal_pattern(first)
            steps.extend(map(_literal_pattern, others))
        return steps

    def read(self, text: str) -> Moment | None:
        """Return what an unescaped text says, or None when it is not written in this pattern."""
        position, moment = 0, dict(_EARLIEST)
        for part in self.parts:
            if isinstance(part, str):
                if not text.startswith(part, position):
                    return None
                position += len(part)
            elif match := re.compile(part.pattern).match(text, position):
                position, moment[part.name] = match.end(), int(match[0])
            else:
                return None
        return moment if position == len(text) else None

    def shown(self, at: datetime) -> str:
        """Write a moment as far as the pattern goes."""
        if at.year >= 1000 and self._directives is not None:
            return at.strftime(self._directives)
        return "".join(p if isinstance(p, str) else f"{getattr(at, p.name):0{p.width}}" for p in self.parts)

    def covers(self, other: DateFormat) -> bool:
        """Say whether this reads all that the other pattern does: it is the same, or pads less."""
        return len(self.parts) == len(other.parts) and all(
            own == its
            or (isinstance(own, _Field) and isinstance(its, _Field) and own == _Field(its.name, UNPADDED_WIDTH))
            for own, its in zip(self.parts, other.parts, strict=True)
        )

    def units(self) -> list[list[str]]:
        """Return what each step of the path tells: `[["year"], ["month"], ["day", "hour"]]`."""
        units: list[list[str]] = [[]]
        for part in self.parts:
            if isinstance(part, _Field):
                units[-1].append(part.name)
            else:
                units.extend([] for _ in range(part.count("/")))
        return units

    def has_width(self, step: int, width: int) -> bool:
        """Say whether a field of one step of the path is so wide."""
        at = 0
        for part in self.parts:
            if isinstance(part, _Field):
                if at == step and part.width == width:
                    return True
            else:
                at += part.count("/")
        return False

    @property
    def sorts(self) -> bool:
        """Say whether texts sort as the moments do: from the year on, padded with zeros."""
        fields = [part for part in self.parts if isinstance(part, _Field)]
        names = list(_EARLIEST)[: len(fields)]
        return [field.name for field in fields] == names and all(field.width > UNPADDED_WIDTH for field in fields)

    @property
    def finest(self) -> str:
        """The smallest unit that is written, `day` where none is."""
        shown = {part.name for part in self.parts if not isinstance(part, str)}
        return next((name for name in reversed(UNITS) if name in shown), "day")

    @cached_property
    def _directives(self) -> str | None:
        """The pattern as strftime knows it, which is faster; None for numbers without zeros before them."""
        if any(isinstance(part, _Field) and part.width == 1 for part in self.parts):
            return None
        return "".join(p.replace("%", "%%") if isinstance(p, str) else _DIRECTIVES[p.name] for p in self.parts)

    def write(self, moment: Moment) -> str:
        """Raise ValueError when the pattern leaves out something that `moment` says."""
        text = "".join(p if isinstance(p, str) else f"{moment[p.name]:0{p.width}}" for p in self.parts)
        if self.read(text) != moment:
            raise ValueError(f"{iso_text(moment, time=True)} cannot be written as {self.pattern}")
        return text


def _part(pattern: str, match: re.Match[str]) -> str | _Field:
    if match[1] is not None:
        return match[1].replace("''", "'") or "'"
    if match[2] is None:
        return match[0]
    width = len(match[0])
    name = _FIELDS.get(match[2])
    if name is None or (width != 4 if name == "year" else width > 2):
        raise ConfigError(
            f"date format {pattern!r}: {match[0]!r} is not supported",
            hint="a path can be read by yyyy, MM or M, dd or d, HH or H, mm, ss and text",
        )
    return _Field(name, width)


def _literal_pattern(text: str) -> str:
    return "".join(
        re.escape(character) if escape(character) == character else f"(?:{re.escape(character)}|{escape(character)})"
        for character in text
    )


def read_iso(text: str) -> Moment | None:
    """Read the text of a date or timestamp key, `2026-01-31` or `2026-01-31 07:00:00`."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    return _EARLIEST | {name: int(digits) for name, digits in match.groupdict().items() if digits is not None}


def read_instant(text: str) -> tuple[Moment, str] | None:
    """Read a date or timestamp of the calendar, and the digits of its second's fraction without zeros at their end."""
    fraction = _FRACTION.search(text)
    moment = read_iso(text if fraction is None else text[: fraction.start()])
    if moment is None or not in_calendar(moment):
        return None
    return moment, "" if fraction is None else fraction[1].rstrip("0")


def iso_text(moment: Moment, *, time: bool) -> str:
    day = f"{moment['year']:04}-{moment['month']:02}-{moment['day']:02}"
    return f"{day} {moment['hour']:02}:{moment['minute']:02}:{moment['second']:02}" if time else day


def in_calendar(moment: Moment) -> bool:
    try:
        datetime(**moment)  # type: ignore[arg-type]  # noqa: DTZ001 - only its range checks are wanted
    except ValueError:
        return False
    return True
