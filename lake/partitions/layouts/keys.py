"""What one partition key's values look like: in the path, in the catalog, and when two texts are the same value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Protocol

from lake.errors import ConfigError
from lake.model import NULL_PARTITION, Column
from lake.partitions.layouts import dates
from lake.partitions.layouts.dates import DateFormat

INTEGER_BITS = {"tinyint": 8, "smallint": 16, "int": 32, "integer": 32, "bigint": 64}
INTEGER = re.compile(r"[+-]?[0-9]+")


class Key(Protocol):
    """One key's texts. NULL never gets here: every key writes it as NULL_PARTITION."""

    @property
    def steps(self) -> Sequence[str | None]:
        """A regular expression for each step of a path that a value fills; None where any text may stand."""
        ...

    @property
    def form(self) -> str | None:
        """A regular expression of plain values that show where they end, before text that begins with no digit."""
        ...

    def write(self, value: str) -> list[str]:
        """Return the texts, unescaped, for `steps`; raise ValueError when the value cannot be written."""
        ...

    def read(self, texts: Sequence[str]) -> str:
        """Return the value that unescaped texts stand for."""
        ...

    def identity(self, value: str) -> str:
        """Return one text for all texts of the same value (`05` and `5` of an integer)."""
        ...

    def fault(self, value: str) -> str | None:
        """Say why a text is no value of the key's type, or return None."""
        ...


@dataclass(frozen=True, slots=True)
class TextKey:
    """Values stand in the path as they are; dates and timestamps are checked by the calendar."""

    type: str
    steps: tuple[None] = (None,)

    @property
    def form(self) -> str | None:
        return "[0-9]{4}-[0-9]{2}-[0-9]{2}" if self.type == "date" else None

    def write(self, value: str) -> list[str]:
        return [value]

    def read(self, texts: Sequence[str]) -> str:
        return texts[0]

    @property
    def has_spellings(self) -> bool:
        """Say whether one value may be written in two ways, as true and TRUE."""
        return self._kind in _PLAIN

    @property
    def _kind(self) -> str:
        return self.type.partition("(")[0]

    def identity(self, value: str) -> str:
        plain = _PLAIN.get(self._kind)
        return value if plain is None or self.fault(value) is not None else plain(value)

    def fault(self, value: str) -> str | None:
        is_fine = _FORMS.get(self._kind)
        return None if is_fine is None or is_fine(value) else f"{value!r} is no {self._kind}"


@dataclass(frozen=True, slots=True)
class IntegerKey:
    """`digits` pads with zeros in the path (`projection.<key>.digits`); without it any zeros are kept as found."""

    type: str
    digits: int | None = None

    @property
    def steps(self) -> tuple[str | None]:
        return (f"-?[0-9]{{{self.digits},}}" if self.digits else None,)

    @property
    def form(self) -> str | None:
        return None if self._is_text or self.digits else "[+-]?[0-9]+"

    @property
    def _is_text(self) -> bool:
        return self.type not in INTEGER_BITS

    def write(self, value: str) -> list[str]:
        if not self.digits:
            return [value]
        if not INTEGER.fullmatch(value):
            raise ValueError(f"{value!r} is no integer")
        number = int(value)
        return [f"{'-' if number < 0 else ''}{abs(number):0{self.digits}}"]

    def read(self, texts: Sequence[str]) -> str:
        return texts[0] if self._is_text or not self.digits else str(int(texts[0]))

    def identity(self, value: str) -> str:
        return str(int(value)) if INTEGER.fullmatch(value) else value

    def fault(self, value: str) -> str | None:
        if not INTEGER.fullmatch(value):
            return f"{value!r} is no integer"
        limit = 1 << (INTEGER_BITS.get(self.type, 64) - 1)
        return None if -limit <= int(value) < limit else f"{value!r} is out of the range of {self.type}"


@dataclass(frozen=True)
class DateKey:
    """Written by a date pattern. A date or timestamp key holds ISO text, any other the text of the path."""

    type: str
    format: DateFormat
    form: None = None

    @property
    def steps(self) -> list[str]:
        return self.format.steps()

    @property
    def loses_time(self) -> bool:
        """Say whether the path tells hours that a date leaves out."""
        return self.type == "date" and self.format.finest in ("hour", "minute", "second")

    @property
    def _is_iso(self) -> bool:
        return self.type in ("date", "timestamp")

    def write(self, value: str) -> list[str]:
        moment = self._moment(value)
        if moment is None:
            raise ValueError(f"{value!r} is no {self.type if self._is_iso else self.format.pattern}")
        return (self.format.write(moment) if self._is_iso else value).split("/")

    def read(self, texts: Sequence[str]) -> str:
        text = "/".join(texts)
        moment = self.format.read(text) if self._is_iso else None
        return text if moment is None else dates.iso_text(moment, time=self.type == "timestamp")

    def identity(self, value: str) -> str:
        moment = dates.read_iso(value) if self._is_iso else None
        return value if moment is None else dates.iso_text(moment, time=self.type == "timestamp")

    def fault(self, value: str) -> str | None:
        moment = self._moment(value)
        if moment is None or not dates.in_calendar(moment):
            return f"{value!r} is not in the calendar"
        return None

    def _moment(self, value: str) -> dates.Moment | None:
        return dates.read_iso(value) if self._is_iso else self.format.read(value)


def _is_date(value: str) -> bool:
    return len(value) == len("yyyy-MM-dd") and _is_timestamp(value)


def _is_timestamp(value: str) -> bool:
    return dates.read_instant(value) is not None


_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DOUBLE = re.compile(f"{_DECIMAL.pattern}|NaN|[+-]?Infinity")
_FORMS: Mapping[str, Callable[[str], object]] = {
    "date": _is_date,
    "timestamp": _is_timestamp,
    "boolean": re.compile("true|false", re.IGNORECASE).fullmatch,
    "decimal": _DECIMAL.fullmatch,
    **dict.fromkeys(("float", "real", "double"), _DOUBLE.fullmatch),
}
"""What Athena reads as a partition's value of a type; other types than these and integers take any text."""


_EXACT = Context(prec=100)
"""Keeps the digits of the longest decimals."""


def _plain_number(value: str) -> str:
    number = _EXACT.normalize(Decimal(value))
    return str(number) if number else "0"


def _plain_instant(value: str) -> str:
    instant = dates.read_instant(value)
    assert instant is not None
    moment, fraction = instant
    return dates.iso_text(moment, time=True) + (f".{fraction}" if fraction else "")


_PLAIN: Mapping[str, Callable[[str], str]] = {
    "boolean": str.lower,
    "timestamp": _plain_instant,
    **dict.fromkeys(("decimal", "float", "real", "double"), _plain_number),
}
"""One text for all of a value, of types that have several."""


def key_of(column: Column, parameters: Mapping[str, str]) -> Key:
    """Choose by the column's type and what `projection.<key>.type/format/digits` declare; names in lower case."""
    declared = f"projection.{column.name}"
    kind = parameters.get(f"{declared}.type", "").lower()
    pattern = parameters.get(f"{declared}.format")
    base_type = column.type.strip().lower()
    if pattern is not None and kind in ("", "date"):
        return DateKey(base_type, DateFormat.parse(pattern))
    digits = parameters.get(f"{declared}.digits")
    if digits is not None and kind in ("", "integer"):
        if not digits.isascii() or not digits.isdigit() or int(digits) == 0:
            raise ConfigError(f"{declared}.digits is {digits!r} and must be a number of digits")
        return IntegerKey(base_type, int(digits))
    return IntegerKey(base_type) if base_type in INTEGER_BITS else TextKey(base_type)


def is_null(value: str) -> bool:
    return value in ("", NULL_PARTITION)
