"""Partitions that are registered ahead of their data, and so are not gone while they hold none."""

from __future__ import annotations

from datetime import datetime, timedelta

from lake.partitions.layouts.layout import Values
from lake.partitions.layouts.times import TimeKeys
from lake.partitions.survey.registered import Registered

LOOK_BACK = timedelta(hours=48)
"""How late data may come: how far an hourly run looks back, and how long a partition is waited for."""


class Expectation:
    """A partition is expected while its parameter `tap_lake.expected` says so (an instant until when, or anything for always),
    and until the look-back after its time is over.
    """

    def __init__(self, registered: Registered, *, now: datetime, look_back: timedelta = LOOK_BACK) -> None:
        self._registered = registered
        self._now = now
        self._look_back = look_back
        layout = registered.layouts.layouts[0]
        self._times = TimeKeys(layout.names, layout.keys)

    def holds(self, number: int, values: Values) -> bool:
        """Say whether a registered partition without data is expected."""
        if number in self._registered.fresh:
            return True
        until = self._registered.expected.get(number)
        if until is not None:
            return is_ahead(until, self._now)
        span = self._times.span(values)
        return span is not None and self._now < span.end + self._look_back


def is_ahead(until: str, now: datetime) -> bool:
    """Read the parameter's text."""
    try:
        instant = datetime.fromisoformat(until)
    except ValueError:
        return True
    return instant.tzinfo is None or now < instant
