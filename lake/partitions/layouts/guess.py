"""The template that one path follows, as far as its steps alone tell."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from lake.model import NULL_PARTITION, Column, Table
from lake.partitions.layouts.keys import INTEGER_BITS, key_of
from lake.partitions.layouts.layout import table_parameters
from lake.partitions.layouts.names import unescape
from lake.partitions.layouts.times import is_date_name, is_iso_time

YEAR = re.compile(r"[12][0-9]{3}")
SHORT = re.compile(r"[0-9]{1,2}")
_LITERAL = re.compile(r"[^${}]+")
_FIXED = re.compile(r"/[^/$]+(?:/|\Z)")
_TEXTS = ("string", "varchar", "char")


class Guess(NamedTuple):
    """A template below the table's location, and the date patterns of its keys.

    `place` is the path as far as the template goes, `tail` what follows, as far as it may be fixed. `shown_by` is the key
    whose text, a date, alone shows that there are partitions. `has_zeros` says that numbers of its date begin with zeros.
    """

    template: str
    formats: Mapping[str, str]
    place: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    shown_by: str | None = None
    has_zeros: bool = False

    @property
    def is_fixed(self) -> bool:
        """Say whether a step of the template is the same in every path."""
        return _FIXED.search(f"/{self.template}") is not None


def key_name(step: str, names: Collection[str]) -> str | None:
    """Return the key that a step names, as `dt=2026-01-31` does."""
    key, equals, value = step.partition("=")
    text = unescape(key).lower()
    return text if equals and value and text in names else None


def guess_template(steps: Sequence[str], table: Table) -> Guess | None:
    """Return the template that a path follows, or None when not every key has a place in it."""
    names = [key.name for key in table.partition_keys]
    parts: list[str | None] = [None] * len(steps)
    named: set[str] = set()
    for place, step in enumerate(steps):
        key = key_name(step, names)
        if key is not None and key not in named:
            named.add(key)
            parts[place] = f"{step.partition('=')[0]}=${{{key}}}"
    bare = [key for key in table.partition_keys if key.name not in named]
    guess = _Bare(steps, parts, bare, table_parameters(table))
    if bare and not guess.place_dates() and not guess.place_values():
        return None
    last = max(place for place, part in enumerate(parts) if part is not None)
    texts = [part if part is not None else steps[place] for place, part in enumerate(parts[: last + 1]) if part != ""]
    literals = [steps[place] for place in range(last + 1) if parts[place] is None]
    if not all(map(_LITERAL.fullmatch, literals)):
        return None
    end = last + 1
    while end < len(parts) and parts[end] == "":
        end += 1
    whole, tail = tuple(steps[:end]), _tail(steps[end:])
    return Guess("/".join(texts), guess.formats, whole, tail, guess.shown_by, guess.has_zeros)


def _tail(steps: Sequence[str]) -> tuple[str, ...]:
    """Return steps up to the first that is a number or names something, and so is hardly fixed."""
    count = 0
    while count < len(steps) and _LITERAL.fullmatch(steps[count]) and "=" not in steps[count]:
        if not any(map(str.isalpha, steps[count])):
            break
        count += 1
    return tuple(steps[:count])


class _Bare:
    """Finds places in `parts` for the keys that have no name in the path; the further steps of a date become empty."""

    def __init__(
        self, steps: Sequence[str], parts: list[str | None], keys: Sequence[Column], parameters: Mapping[str, str]
    ) -> None:
        self._steps = steps
        self._parts = parts
        self._keys = keys
        self._names = [key.name for key in keys]
        self._types = [key.type.strip().lower().partition("(")[0] for key in keys]
        self._parameters = parameters
        self.formats: dict[str, str] = {}
        self.shown_by: str | None = None
        self.has_zeros = False

    def place_dates(self) -> bool:
        """Give the keys the steps of a date, as Firehose's `2026/01/31/07`; say whether all have some."""
        start, length = self._date_run()
        if length and self._are_parts and length >= len(self._names):
            self._put(range(start, start + len(self._names)), self._names)
            return True
        date = self._date_key if length else None
        if date is None:
            return False
        is_last, may_have_hours = date == len(self._names) - 1, self._types[date] != "date"
        spans = 4 if is_last and may_have_hours and length == 4 else 3
        others = self._around(date, start, start + spans)
        if others is None:
            return False
        name = self._names[date]
        if f"projection.{name}.format" not in self._parameters:
            self.formats[name] = self._format(self._steps[start : start + length], spans)
        self._put(others, [each for each in self._names if each != name])
        self._parts[start : start + spans] = [f"${{{name}}}", *[""] * (spans - 1)]
        return True

    @property
    def _are_parts(self) -> bool:
        """Say whether the keys may be year, month, day and hour, each in a step."""
        is_other = any(each in ("date", "timestamp") for each in self._types)
        return len(self._names) in (3, 4) and not is_other and not any(map(self._is_date, self._names))

    @property
    def _date_key(self) -> int | None:
        """Return the key that a date belongs to: by its type, a text by its name, else the first of two at most."""
        typed = [index for index, each in enumerate(self._types) if each in ("date", "timestamp")]
        texts = [index for index, each in enumerate(self._types) if each in _TEXTS]
        named = [index for index in texts if self._is_date(self._names[index])]
        first = [index for index in texts if index == 0 and len(self._names) < 3]
        return next(iter([*typed, *named, *first]), None)

    def _is_date(self, name: str) -> bool:
        return is_date_name(name) and name != "day"

    def _around(self, date: int, start: int, end: int) -> list[int] | None:
        """Return places for the keys beside a date, before and after it as the keys are, or all after it."""
        free = [place for place, part in enumerate(self._parts) if part is None]
        before, after = [place for place in free if place < start], [place for place in free if place >= end]
        keys = [key for index, key in enumerate(self._keys) if index != date]
        for count in dict.fromkeys((date, 0)):
            places = [*before[len(before) - count :], *after[: len(keys) - count]] if count <= len(before) else []
            texts = [unescape(self._steps[place]) for place in places]
            if len(places) == len(keys) and all(map(self._fits, keys, texts)):
                return places
        return None

    def _put(self, places: Sequence[int], names: Sequence[str]) -> None:
        for place, name in zip(places, names, strict=True):
            self._parts[place] = f"${{{name}}}"

    def _date_run(self) -> tuple[int, int]:
        """Return where year, month, day and perhaps hour stand, one after the other, and how many they are."""
        free = [self._parts[place] is None for place in range(len(self._steps))]
        for start, step in enumerate(self._steps):
            if not free[start] or not YEAR.fullmatch(step):
                continue
            end = start + 1
            while end < len(free) and end < start + 4 and free[end] and SHORT.fullmatch(self._steps[end]):
                end += 1
            if end - start >= 3:
                return start, end - start
        return 0, 0

    def _format(self, run: Sequence[str], spans: int) -> str:
        """Write the pattern of a date. Numbers are padded where one begins with a zero, and where none is short."""
        self.has_zeros = any(_is_padded(step) for step in run[1:])
        date = run[1:spans]
        is_long = all(len(step) == 2 for step in date)
        padded = is_long and (any(map(_is_padded, date)) or all(len(step) == 2 for step in run[1:]))
        return "/".join((("yyyy", "MM", "dd", "HH") if padded else ("yyyy", "M", "d", "H"))[:spans])

    def place_values(self) -> bool:
        """Give the keys steps in order, where a number or a date among them shows that they are values."""
        free = [place for place, part in enumerate(self._parts) if part is None]
        found = []
        for skipped in range(len(free) - len(self._keys) + 1):
            places = free[skipped : skipped + len(self._keys)]
            texts = [unescape(self._steps[place]) for place in places]
            if all(map(self._fits, self._keys, texts)) and (self._is_typed or self._dates(texts)):
                found.append((not any(map(is_date_name, self._dates(texts))), places, self._dates(texts)))
        if not found:
            return False
        is_unnamed, places, dates = min(found)
        if not self._is_typed:
            self.shown_by = dates[0] if is_unnamed else next(filter(is_date_name, dates))
        self._put(places, self._names)
        return True

    @property
    def _is_typed(self) -> bool:
        return any(each in (*INTEGER_BITS, "date") for each in self._types)

    def _dates(self, texts: Sequence[str]) -> list[str]:
        """Return the keys of text that are dates."""
        keys = zip(self._names, self._types, texts, strict=True)
        return [name for name, each, text in keys if each in _TEXTS and is_iso_time(text)]

    def _fits(self, key: Column, text: str) -> bool:
        return text == NULL_PARTITION or (text != "" and key_of(key, self._parameters).fault(text) is None)


def _is_padded(step: str) -> bool:
    return len(step) == 2 and step[0] == "0"
