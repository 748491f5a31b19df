"""What time a partition of events spans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FORMATS = {"dt": "%Y-%m-%d", "hour": "%H"}


@dataclass(frozen=True)
class Period:
    """Periods are counted from 1970 in UTC; `keys` are the partition keys that tell one from the others."""

    name: str
    keys: tuple[str, ...]
    milliseconds: int

    def values(self, number: int) -> tuple[str, ...]:
        """Return the partition values of the period of this number."""
        start = EPOCH + timedelta(milliseconds=number * self.milliseconds)
        return tuple(start.strftime(FORMATS[key]) for key in self.keys)


DAY = Period("day", ("dt",), 86_400_000)
HOUR = Period("hour", ("dt", "hour"), 3_600_000)
PERIODS = {period.name: period for period in (DAY, HOUR)}
