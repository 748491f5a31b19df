"""What a schedule is told, and what it tells of each table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from lake.clock import Clock
from lake.interfaces import Catalog, Storage
from lake.model import Table
from lake.partitions.diff.expected import LOOK_BACK


class DueLake(Protocol):
    """What is needed of a lake: `table` finds one by name, or raises TableNotFound."""

    @property
    def catalog(self) -> Catalog: ...
    @property
    def storage(self) -> Storage: ...
    @property
    def clock(self) -> Clock: ...
    def table(self, name: str) -> Table: ...


@dataclass(frozen=True)
class DueOptions:
    """`drop` and `share` are those of ApplyOptions, for the full run of each day; `ahead` registers the next day's partitions."""

    drop: bool = False
    share: float = 0.1
    ahead: bool = True
    look_back: timedelta = LOOK_BACK


@dataclass(frozen=True)
class TableOutcome:
    """What became of one table. `added`, `moved`, `dropped` and `expected` (registered ahead) count what was done, `refused`,
    `stray` and `unknown` what the last look at the table left.

    `lag_seconds` is how long ago the newest period with data ended: at the least, where nothing of the last days holds any and
    nothing older was looked at; None where no key tells time, or nobody can tell. `full` says that everything was listed,
    `in_time` is false where time ran out before all that was due was done. `error` is why it failed; what was done until then
    is counted all the same. `undo` are the files that take it back, in the order of what they undo.
    """

    table: str
    added: int = 0
    moved: int = 0
    dropped: int = 0
    refused: int = 0
    stray: int = 0
    expected: int = 0
    unknown: int = 0
    lag_seconds: float | None = None
    full: bool = False
    in_time: bool = True
    guard: str | None = None
    error: str | None = None
    undo: tuple[str, ...] = ()
    calls: dict[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        return bool(self.error or self.refused or self.unknown or not self.in_time)


def summary(outcome: TableOutcome) -> str:
    """Say in one line what became of a table."""
    counts = {
        "added": outcome.added,
        "moved": outcome.moved,
        "dropped": outcome.dropped,
        "expected": outcome.expected,
        "refused": outcome.refused,
        "stray": outcome.stray,
        "unknown": outcome.unknown,
    }
    parts = [f"{count:,} {name}" for name, count in counts.items() if count] or ["nothing to do"]
    parts += [f"lag {outcome.lag_seconds:,.0f} s"] if outcome.lag_seconds is not None else []
    parts += [text for text in (outcome.guard, outcome.error) if text]
    return ", ".join(parts)
