"""A span of days as a table's layouts write it: which prefixes they are, and what a catalog is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lake.interfaces import Storage
from lake.model import KeyBounds
from lake.partitions.layouts.dates import UNPADDED_WIDTH
from lake.partitions.layouts.keys import DateKey, Key, TextKey
from lake.partitions.layouts.layout import Layout, Values
from lake.partitions.layouts.names import unescape
from lake.partitions.layouts.of_table import Layouts
from lake.partitions.layouts.template import Slot, Step
from lake.partitions.layouts.times import TimeKeys, is_date_name

_WITHIN_DAY = frozenset({"hour", "minute", "second"})


@dataclass(frozen=True)
class Window:
    """`date` is the key that tells the date on its own, None where `parts` (year, month, day) do together; `is_daily` says
    that it is written as a date is.
    """

    days: tuple[datetime, ...]
    times: TimeKeys
    layouts: Layouts
    date: int | None
    parts: dict[int, str]
    is_daily: bool = False

    def admits(self, values: Values) -> bool:
        """Say whether a partition's time meets the window."""
        span = self.times.span(values)
        return span is not None and span.start < self.days[-1] + timedelta(days=1) and span.end > self.days[0]

    def bounds(self) -> list[KeyBounds]:
        """Return what every partition of the window keeps, as text."""
        if self.date is not None:
            name = self.layouts.names[self.date]
            key = self.layouts.layouts[0].keys[self.date]
            if isinstance(key, DateKey) and key.type not in ("date", "timestamp"):
                return [self._formatted(name, key)]
            after = self.days[-1] + timedelta(days=1)
            return [KeyBounds(name, low=f"{self.days[0]:%Y-%m-%d}", high=f"{after:%Y-%m-%d}")]
        return [
            KeyBounds(
                self.layouts.names[index],
                values=frozenset(text for day in self.days for text in _spelled(getattr(day, part))),
            )
            for index, part in self.parts.items()
        ]

    def text(self, layout: Layout, step: Step, day: datetime) -> str | None:
        """Write a step for a day; None where the step tells more, or something else, or may be spelled in several ways."""
        texts: dict[Slot, str] = {}
        for slot in step.slots:
            text = self._day_text(layout.keys[slot.key], slot.part, day) if slot.key == self.date else None
            if text is None:
                return None
            texts[slot] = text
        return step.write(texts)

    def date_at(self, layout: Layout, moment: datetime) -> str | None:
        """Return the value of the key that tells the date; None where its values may tell more than the hour, or otherwise."""
        assert self.date is not None
        key = layout.keys[self.date]
        if not isinstance(key, DateKey):
            return f"{moment:%Y-%m-%d}" if self.is_daily else None
        if key.format.finest in ("minute", "second"):
            return None
        if key.type == "date":
            return f"{moment:%Y-%m-%d}"
        if key.type == "timestamp":
            return f"{moment:%Y-%m-%d %H}:00:00" if key.format.finest == "hour" else f"{moment:%Y-%m-%d} 00:00:00"
        return key.format.shown(moment)

    def narrowed(
        self, layout: Layout, step: Step, caught: Sequence[str], days: tuple[datetime, ...]
    ) -> tuple[datetime, ...]:
        """Return the days that what a step caught leaves."""
        for slot, group in zip(step.slots, caught, strict=True):
            text = unescape(group)
            fits = self._fits(layout, slot, text)
            if fits is not None:
                days = tuple(day for day in days if fits(day))
        return days

    def _day_text(self, key: Key, part: int, day: datetime) -> str | None:
        if not isinstance(key, DateKey):
            return f"{day:%Y-%m-%d}" if self.is_daily else None
        units = key.format.units()[part]
        if any(unit in _WITHIN_DAY for unit in units) or key.format.has_width(part, UNPADDED_WIDTH):
            return None
        return key.format.shown(day).split("/")[part]

    def _fits(self, layout: Layout, slot: Slot, text: str) -> Callable[[datetime], bool] | None:
        if slot.key == self.date:
            key = layout.keys[slot.key]
            if isinstance(key, DateKey):
                names = key.format.units()[slot.part]
                if len(names) != 1 or names[0] in _WITHIN_DAY or not text.isdigit():
                    return None
                return lambda day: getattr(day, names[0]) == int(text)
            return lambda day: text.startswith(f"{day:%Y-%m-%d}")
        part = self.parts.get(slot.key)
        if part is None or not (text.isascii() and text.isdigit()):
            return None
        return lambda day: getattr(day, part) == int(text)

    def _formatted(self, name: str, key: DateKey) -> KeyBounds:
        if key.format.sorts:
            last = self.days[-1] + timedelta(days=1)
            return KeyBounds(name, low=key.format.shown(self.days[0]), high=key.format.shown(last))
        hours = range(24) if key.format.finest in _WITHIN_DAY else range(1)
        moments = (day + timedelta(hours=hour) for day in self.days for hour in hours)
        return KeyBounds(name, values=frozenset(map(key.format.shown, moments)))


def window_of(storage: Storage, layouts: Layouts, days: Sequence[datetime]) -> Window | None:
    """Return the window of these days, or None where no key tells time. May look at one page of one prefix."""
    layout = layouts.layouts[0]
    times = TimeKeys(layouts.names, layout.keys)
    date, is_daily = _date_key(storage, layouts) or (None, False)
    parts = {} if date is not None else {index: part for part, index in times.date_parts().items()}
    if date is None and "year" not in parts.values():
        return None
    return Window(tuple(days), times, layouts, date, parts, is_daily)


def _date_key(storage: Storage, layouts: Layouts) -> tuple[int, bool] | None:
    """Return the key that tells the date, by its type or its format, else a text that has a date's name and look; and
    whether it is written as a date is, without an hour.
    """
    keys = list(enumerate(layouts.layouts[0].keys))
    for index, key in keys:
        if isinstance(key, DateKey) or getattr(key, "type", "") in ("date", "timestamp"):
            return index, getattr(key, "type", "") == "date"
    for index, key in keys:
        name = layouts.names[index]
        is_named = is_date_name(name)
        if isinstance(key, TextKey) and is_named:
            value = _first_value(storage, layouts, index)
            span = None if value is None else TimeKeys(("",), [key]).span((value,))
            if value is not None and span is not None:
                return index, len(value) == len("yyyy-mm-dd")
    return None


def _first_value(storage: Storage, layouts: Layouts, index: int) -> str | None:
    """Follow the first prefixes down to a key's step and return what is there."""
    for layout in layouts.layouts:
        prefix = layout.root
        for step in layout.steps:
            if step.literal is not None:
                prefix += f"{step.literal}/"
                continue
            matches = (
                (below, step.pattern.fullmatch(below, len(prefix), len(below) - 1))
                for below in storage.list_prefixes(prefix)
            )
            found = next(((below, match) for below, match in matches if match is not None), None)
            if found is None:
                break
            values = dict(zip((slot.key for slot in step.slots), map(unescape, found[1].groups()), strict=True))
            if index in values:
                return values[index]
            prefix = found[0]
    return None


def _spelled(number: int) -> tuple[str, ...]:
    return str(number), f"{number:02}"
