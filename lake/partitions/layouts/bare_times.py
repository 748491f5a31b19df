"""Keys that stand in a path without their names: what they tell of a time has to be one, all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lake.partitions.layouts.keys import INTEGER, is_null
from lake.partitions.layouts.times import TimeKeys, in_calendar_numbers

TIMES_KNOWN = 10_000
"""Of a table's times, whose faults are kept for the next partition that has them."""

FULL_DATE = 3


@dataclass(frozen=True)
class BareTimes:
    """Checks years, months, days and hours by the calendar. `times` has the names of the keys that stand without them, and
    an empty text for the others.
    """

    times: TimeKeys

    def fault(self, values: Sequence[str]) -> str | None:
        """Say what is no time, or return None."""
        if not self._indexes:
            return None
        texts = tuple([values[index] for index in self._indexes])
        if texts not in self._known:
            if len(self._known) >= TIMES_KNOWN:
                self._known.clear()
            self._known[texts] = self._date_fault(values) or self._hour_fault(values)
        return self._known[texts]

    def _date_fault(self, values: Sequence[str]) -> str | None:
        texts = [values[index] for index in self._date]
        if not texts or any(map(is_null, texts)) or in_calendar_numbers(texts):
            return None
        if len(texts) < FULL_DATE and not all(map(INTEGER.fullmatch, texts)):
            return None
        names = ", ".join(self.times.names[index] for index in self._date)
        return f"{names}: {'/'.join(texts)!r} is not in the calendar"

    def _hour_fault(self, values: Sequence[str]) -> str | None:
        if self._hour is None or is_null(values[self._hour]):
            return None
        text, is_number = values[self._hour], INTEGER.fullmatch(values[self._hour])
        is_of_parts = len(self._date) == FULL_DATE
        if not is_of_parts and not (is_number and self._tells_day(values)):
            return None
        return (
            None
            if is_number and 0 <= int(text) < 24
            else f"{self.times.names[self._hour]}: {text!r} is no hour of a day"
        )

    def _tells_day(self, values: Sequence[str]) -> bool:
        return any(name and self.times.tells_day(index, values[index]) for index, name in enumerate(self.times.names))

    @cached_property
    def _known(self) -> dict[tuple[str, ...], str | None]:
        return {}

    @cached_property
    def _date(self) -> tuple[int, ...]:
        """Year, month and day, as far as they go; a year alone is only a number."""
        parts = tuple(self.times.date_parts().values())
        return parts if len(parts) > 1 else ()

    @cached_property
    def _hour(self) -> int | None:
        return next((index for index in range(len(self.times.names)) if self.times.part_of(index) == "hour"), None)

    @cached_property
    def _indexes(self) -> tuple[int, ...]:
        if self._hour is None:
            return self._date
        return tuple(index for index, name in enumerate(self.times.names) if name)
