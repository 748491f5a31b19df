"""Partitions of the day to come, which are registered before their data, where it is certain how these will be written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from lake.errors import UsageError
from lake.model import Partition, Table
from lake.partitions.diff.recent import Seen
from lake.partitions.diff.window import Window
from lake.partitions.layouts.keys import INTEGER_BITS, IntegerKey, Key
from lake.partitions.layouts.layout import Layout, Values
from lake.partitions.layouts.of_table import Layouts, Place
from lake.partitions.layouts.template import KeyName
from lake.partitions.schedule.newest import Look
from lake.partitions.survey.registered import EXPECTED, OWN

HOURS = tuple(range(24))
TWO_DIGITS = 10
"""From this number on there is one spelling, padded or not."""

WIDTHS = {1: False, 2: True}
"""How long small numbers are, and whether that is padded."""


def partitions_ahead(table: Table, window: Window, look: Look, look_back: timedelta) -> list[Partition]:
    """Return the partitions of the window's last day, by the hour where a key tells it, that the catalog does not have yet.

    They are expected until the look-back after their time is over. There are none where a key tells anything but time, and
    where neither the layout nor the window shows how their values and places will be written.
    """
    layout = _layout(window.layouts, look)
    places = [] if layout is None else _places(layout, window, look)
    known = {window.layouts.identity(values) for values in _known(look.seen)}
    after = window.days[-1] + timedelta(days=1)
    partitions = []
    for location, values in places:
        span = window.times.span(values)
        until = max(after, span.end if span is not None else after) + look_back
        if window.layouts.identity(values) not in known:
            partitions.append(Partition(values, location, table.descriptor, {EXPECTED: until.isoformat()}))
    return partitions


def _layout(layouts: Layouts, look: Look) -> Layout | None:
    """Return what new data follow: the first that is declared, else that of the newest data; None where there are none."""
    if layouts.declared:
        return layouts.layouts[0]
    return None if look.sample is None else layouts.layout_at(look.sample.location)


def _known(seen: Seen) -> Iterator[Values]:
    yield from seen.registered.values
    yield from (place.values for place, _ in seen.survey.places.values())


def _places(layout: Layout, window: Window, look: Look) -> list[Place]:
    spelling = _Spelling(layout, window, look)
    if not spelling.is_of_time:
        return []
    found: dict[Values, Place] = {}
    for hour in HOURS:
        values = spelling.values_at(window.days[-1] + timedelta(hours=hour))
        place = None if values is None else _place(layout, values)
        if place is None:
            return []
        found[place.values] = place
    return list(found.values())


def _place(layout: Layout, values: Values) -> Place | None:
    try:
        location = layout.location(values)
    except UsageError:
        return None
    return Place(location, values) if layout.find(location) == (location, values) else None


class _Spelling:
    """Writes values of a time as those in the window are written, or those last before it."""

    def __init__(self, layout: Layout, window: Window, look: Look) -> None:
        self._layout = layout
        self._window = window
        self._seen = look.seen
        self._sample = [] if look.sample is None else [look.sample.location]

    @property
    def is_of_time(self) -> bool:
        """Say whether every key tells time."""
        return all(index == self._window.date or self._part(index) for index in range(len(self._layout.keys)))

    def values_at(self, moment: datetime) -> Values | None:
        values = []
        for index in range(len(self._layout.keys)):
            value = self._value_at(index, moment)
            if value is None:
                return None
            values.append(value)
        return tuple(values)

    def _value_at(self, index: int, moment: datetime) -> str | None:
        if index == self._window.date:
            return self._window.date_at(self._layout, moment)
        part = self._part(index)
        if part is None:
            return None
        number, key = getattr(moment, part), self._layout.keys[index]
        if isinstance(key, IntegerKey) and key.digits:
            return key.read([f"{number:0{key.digits}}"])
        if number >= TWO_DIGITS:
            return str(number)
        is_padded = self._is_padded[index]
        return None if is_padded is None else f"{number:02}" if is_padded else str(number)

    def _part(self, index: int) -> str | None:
        return self._window.parts.get(index) or self._window.times.part_of(index)

    @cached_property
    def _is_padded(self) -> Sequence[bool | None]:
        """Whether each key's small numbers have a zero before them; None where nothing shows it."""
        seen = list(self._spelled())
        told = []
        for index, key in enumerate(self._layout.keys):
            shown = (values[index] for values in seen if len(values[index]) == 1 or values[index].startswith("0"))
            newest = next(shown, None)
            told.append(self._is_padded_by_itself(index, key) if newest is None else WIDTHS.get(len(newest)))
        return told

    def _spelled(self) -> Iterator[Values]:
        """Yield values as they stand in locations of the layout, the newest first: what lies in the window, what is registered
        there, but for what was registered ahead, and the sample.
        """
        times, layouts, registered = self._window.times, self._window.layouts, self._seen.registered
        lying = [place.location for place in self._seen.places]
        own = [
            location
            for number, location in enumerate(registered.locations)
            if registered.place[number] == OWN and number not in registered.expected
        ]
        for locations in (lying, own, self._sample):
            found = [layouts.find(location) for location in locations if layouts.layout_at(location) is self._layout]
            spans = [(times.span(place.values), place.values) for place in found if place is not None]
            dated = [(span.start, values) for span, values in spans if span is not None]
            yield from (values for _, values in sorted(dated, reverse=True))

    def _is_padded_by_itself(self, index: int, key: Key) -> bool | None:
        """An integer below its own name (`hour=7`) is written as engines write integers."""
        steps = (step for step in self._layout.steps if any(slot.key == index for slot in step.slots))
        is_named = any(isinstance(part, KeyName) for step in steps for part in step.parts)
        return False if is_named and isinstance(key, IntegerKey) and key.type in INTEGER_BITS else None
