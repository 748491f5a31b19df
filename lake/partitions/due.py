"""Repairs tables on a schedule: in bounded time, safe twice at once, one bad table never stopping the others."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from lake.clock import Clock
from lake.errors import AccessDenied, LakeError, StorageFailed
from lake.interfaces import Catalog, Storage
from lake.model import ALREADY_EXISTS, Partition, Table
from lake.partitions.counting import Calls, CountedCatalog, CountedStorage
from lake.partitions.diff.expected import LOOK_BACK
from lake.partitions.diff.full import DiffOptions, plan_repair
from lake.partitions.diff.plan import ChangeKind, PartitionPlan
from lake.partitions.diff.recent import plan_window, recent_window
from lake.partitions.diff.window import Window
from lake.partitions.layouts.layout import Layout, Values, as_prefix
from lake.partitions.repair.apply import ApplyOptions, apply
from lake.partitions.repair.lease import Lease, StorageLease
from lake.partitions.survey.discovery import OWN_FOLDER
from lake.partitions.survey.registered import EXPECTED

logger = logging.getLogger(__name__)

FULL_EVERY = timedelta(days=1)
FULL_RUN = "last_full_run"
HOURS = tuple(range(24))


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
    """What became of one table. `lag_seconds` is how long ago the newest period with data ended, None where no key tells
    time; `full` says that everything was listed. `error` is why it failed, and `in_time` false where time ran out.
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
    calls: dict[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        return bool(self.error or self.refused or self.unknown or not self.in_time)


class OutOfTime(Exception):
    """The deadline has passed."""


def repair_due(
    lake: DueLake,
    tables: Iterable[str],
    deadline: datetime | timedelta | float,
    *,
    options: DueOptions | None = None,
    lease: Lease | None = None,
) -> list[TableOutcome]:
    """Repair tables, one after the other, and return what became of each, in their order.

    `deadline` is an instant, or how long from now, in seconds if it is a number. A table whose keys tell time is looked at for the last 48 hours, and once a day wholly; any other one wholly. Nothing
    new is begun at the deadline, and a listing under way is given up; what was done until then stays, and the next run goes
    on. Whatever a table fails with is in its outcome.
    """
    chosen = options or DueOptions()
    if not isinstance(deadline, datetime):
        span = deadline if isinstance(deadline, timedelta) else timedelta(seconds=deadline)
        deadline = lake.clock.now() + span
    partitions = getattr(lake, "partitions", None)
    lease = lease or (partitions.lease() if partitions is not None else None)
    return [_repair_one(lake, name, deadline, chosen, lease) for name in tables]


def _repair_one(lake: DueLake, name: str, deadline: datetime, options: DueOptions, lease: Lease | None) -> TableOutcome:
    def check() -> None:
        if lake.clock.now() >= deadline:
            raise OutOfTime

    calls = Calls(check)
    outcome = TableOutcome(name)
    try:
        check()
        outcome = _Due(lake, lake.table(name), options, calls, lease).run()
    except OutOfTime:
        outcome = replace(outcome, in_time=False, error="time ran out")
    except LakeError as error:
        outcome = replace(outcome, error=error.message)
    outcome = replace(outcome, table=name, calls=dict(calls.counts))
    level = logging.WARNING if outcome.failed or outcome.guard else logging.INFO
    logger.log(level, "%s: %s", name, summary(outcome), extra={"outcome": outcome})
    return outcome


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


class _Due:
    """One table's run."""

    def __init__(self, lake: DueLake, table: Table, options: DueOptions, calls: Calls, lease: Lease | None) -> None:
        self._catalog: Catalog = CountedCatalog(lake.catalog, calls)
        self._storage: Storage = CountedStorage(lake.storage, calls)
        self._clock = lake.clock
        self._table = table
        self._options = options
        # Not counted, so that the deadline cannot keep a lease from being given back.
        self._lease = lease or StorageLease(lake.storage, lake.clock)

    def run(self) -> TableOutcome:
        now = self._clock.now()
        window = recent_window(self._storage, self._table, now=now, since=now - self._options.look_back)
        plan = self._plan(None if self._is_full_due() else window)
        drop = self._options.drop and not plan.partial
        options = ApplyOptions(drop=drop, share=self._options.share)
        report = apply(self._catalog, self._storage, plan, clock=self._clock, options=options, lease=self._lease)
        if not plan.partial and not plan.unknown:
            self._note_full_run()
        expected = self._register_ahead(window) if window is not None and self._options.ahead else 0
        return TableOutcome(
            str(self._table.full_name),
            added=len(report.added),
            moved=len(report.moved),
            dropped=len(report.dropped),
            refused=len(report.refused),
            stray=plan.counts.get(ChangeKind.STRAY, 0),
            expected=expected,
            unknown=len(plan.unknown),
            lag_seconds=None if plan.newest is None else max(0.0, (now - plan.newest).total_seconds()),
            full=not plan.partial,
            guard=report.guard,
        )

    def _plan(self, window: Window | None) -> PartitionPlan:
        if window is not None:
            return plan_window(self._catalog, self._storage, self._table, window, now=self._clock.now())
        options = DiffOptions(look_back=self._options.look_back, newest=True)
        return plan_repair(self._catalog, self._storage, self._table, clock=self._clock, options=options)

    # Full runs

    @property
    def _full_run(self) -> str:
        return f"{as_prefix(self._table.location or '')}{OWN_FOLDER}{FULL_RUN}"

    def _is_full_due(self) -> bool:
        """Say whether the last full run was a day ago; what cannot be read was long ago."""
        try:
            last = datetime.fromisoformat(self._storage.get_range(self._full_run).decode())
        except (StorageFailed, AccessDenied, ValueError):
            return True
        return last.tzinfo is None or self._clock.now() - last >= FULL_EVERY

    def _note_full_run(self) -> None:
        try:
            self._storage.put(self._full_run, self._clock.now().isoformat().encode())
        except (StorageFailed, AccessDenied) as error:
            logger.warning("the next run will list everything again: %s", error.message)

    # Partitions to come

    def _register_ahead(self, window: Window) -> int:
        """Register the partitions of the next day that time alone decides on; return how many are new."""
        layout = window.layouts.layouts[0]
        until = (window.days[-1] + timedelta(days=1) + self._options.look_back).isoformat()
        partitions = [
            Partition(values, layout.location(values), self._table.descriptor, {EXPECTED: until})
            for values in coming(layout, window)
        ]
        refused = self._catalog.add_partitions(self._table.full_name, partitions) if partitions else []
        for refusal in refused:
            if refusal.reason != ALREADY_EXISTS:
                logger.warning("%s: %s", self._table.full_name, refusal.message)
        return len(partitions) - len(refused)


def coming(layout: Layout, window: Window) -> list[Values]:
    """Return the values of the window's last day, by the hour where a key tells it; none where a key tells anything else."""
    found: dict[Values, None] = {}
    for hour in HOURS:
        moment = window.days[-1] + timedelta(hours=hour)
        values = [window.value_at(layout, index, moment) for index in range(len(layout.keys))]
        if None in values:
            return []
        found[tuple(value for value in values if value is not None)] = None
    return list(found)
