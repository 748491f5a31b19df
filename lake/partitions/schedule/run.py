"""One table's turns in a schedule: the last days, then everything. What was done is told whatever comes afterwards."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lake.errors import LakeError
from lake.interfaces import Catalog, Storage
from lake.model import ALREADY_EXISTS, Partition, Table
from lake.partitions.counting import Calls, CountedCatalog, CountedStorage
from lake.partitions.diff.full import DiffOptions, plan_repair
from lake.partitions.diff.plan import ChangeKind, PartitionPlan
from lake.partitions.diff.recent import recent_window
from lake.partitions.diff.window import Window
from lake.partitions.repair.apply import Application, ApplyOptions, RepairReport
from lake.partitions.repair.lease import Lease, StorageLease
from lake.partitions.repair.undo import Undo
from lake.partitions.repair.undo_file import UndoFile
from lake.partitions.schedule.ahead import partitions_ahead
from lake.partitions.schedule.full_run import FullRun, note_full_run, read_full_run
from lake.partitions.schedule.newest import look_at_window
from lake.partitions.schedule.outcome import DueLake, DueOptions, TableOutcome, summary

logger = logging.getLogger(__name__)

TIME_RAN_OUT = "time ran out"


class OutOfTime(Exception):
    """The deadline has passed."""


@dataclass(frozen=True)
class Opened:
    """A table that was found; `window` is None where no key tells time."""

    table: Table
    window: Window | None
    full_run: FullRun


class TableRun:
    """Repairs one table. Each step keeps in `outcome` what it has done, and what it failed with, and raises nothing."""

    def __init__(
        self, lake: DueLake, name: str, *, options: DueOptions, deadline: datetime, lease: Lease | None = None
    ) -> None:
        self._lake = lake
        self._name = name
        self._options = options
        self._deadline = deadline
        self._clock = lake.clock
        self._calls = Calls(self._check)
        self._catalog: Catalog = CountedCatalog(lake.catalog, self._calls)
        self._storage: Storage = CountedStorage(lake.storage, self._calls)
        # To write down what was done, there is always time.
        self._afterwards: Storage = CountedStorage(lake.storage, Calls(counts=self._calls.counts))
        # Not counted, so that the deadline cannot keep a lease from being given back.
        self._lease = lease or StorageLease(lake.storage, lake.clock, sleep=self._wait)
        self._opened: Opened | None = None
        self.outcome = TableOutcome(name)

    def look_lately(self) -> None:
        """Open the table; where a key tells time, repair the last days and register the next one."""
        with self._kept():
            self._check()
            opened = self._open()
            if opened.window is not None:
                self._repair_lately(opened.table, opened.window)

    def look_at_all(self) -> None:
        """List everything and repair it."""
        with self._kept():
            self._check()
            assert self._opened is not None
            self._repair_all(self._opened.table, self._opened.full_run)

    @property
    def is_full_due(self) -> bool:
        """Say whether everything is to be looked at: once a day, and always where no key tells time."""
        opened = self._opened
        return opened is not None and (opened.window is None or opened.full_run.is_due(self._clock.now()))

    @property
    def turn(self) -> tuple[datetime, bool]:
        """The order of looks at everything: the longest-ago first, and first among equals what nothing else looks at."""
        assert self._opened is not None
        return self._opened.full_run.tried, self._opened.window is not None

    def tell(self) -> None:
        """Log what became of the table."""
        level = logging.WARNING if self.outcome.failed or self.outcome.guard else logging.INFO
        logger.log(level, "%s: %s", self._name, summary(self.outcome), extra={"outcome": self.outcome})

    # What may go wrong

    def _check(self) -> None:
        if self._clock.now() >= self._deadline:
            raise OutOfTime

    def _wait(self, seconds: float) -> None:
        if self._clock.now() + timedelta(seconds=seconds) >= self._deadline:
            raise OutOfTime
        time.sleep(seconds)

    @contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except OutOfTime:
            self._fail(TIME_RAN_OUT)
            self._note(in_time=False)
        except LakeError as error:
            self._fail(error.message)
        except Exception as error:
            # Here one table ends and the next one begins, which no fault of ours may stop either.
            logger.exception("%s: unexpected %s", self._name, type(error).__name__)
            self._fail(f"unexpected {type(error).__name__}: {error}")
        finally:
            self._note(calls=dict(self._calls.counts))

    def _fail(self, message: str) -> None:
        before = self.outcome.error
        if message not in (before or ""):
            self._note(error=f"{before}; {message}" if before else message)

    def _note(self, **fields: Any) -> None:
        self.outcome = replace(self.outcome, **fields)

    # The steps

    def _open(self) -> Opened:
        table, now = self._lake.table(self._name), self._clock.now()
        window = recent_window(self._storage, table, now=now, since=now - self._options.look_back)
        self._opened = Opened(table, window, read_full_run(self._storage, table, now))
        return self._opened

    def _repair_lately(self, table: Table, window: Window) -> None:
        now = self._clock.now()
        look = look_at_window(self._catalog, self._storage, table, window, now=now)
        self._judge(look.plan, look.ended, now)
        self._apply(table, look.plan, drop=False)
        if self._options.ahead:
            ahead = partitions_ahead(table, window, look, self._options.look_back)
            if ahead:
                self._register(table, ahead)

    def _repair_all(self, table: Table, before: FullRun) -> None:
        begun = self._clock.now()
        note_full_run(self._storage, table, replace(before, begun=begun))
        options = DiffOptions(look_back=self._options.look_back, newest=True)
        plan = plan_repair(self._catalog, self._storage, table, clock=self._clock, options=options)
        self._judge(plan, plan.newest, begun)
        self._apply(table, plan, drop=self._options.drop)
        if not plan.unknown:
            note_full_run(self._afterwards, table, FullRun(self._clock.now(), begun))
        self._note(full=True)

    def _judge(self, plan: PartitionPlan, ended: datetime | None, now: datetime) -> None:
        self._note(
            lag_seconds=None if ended is None else max(0.0, (now - ended).total_seconds()),
            stray=plan.counts.get(ChangeKind.STRAY, 0),
            unknown=len(plan.unknown),
        )

    def _apply(self, table: Table, plan: PartitionPlan, *, drop: bool) -> None:
        options = ApplyOptions(drop=drop, share=self._options.share)
        table = table if plan.partial else self._catalog.get_table(plan.table)
        application = Application(self._catalog, self._storage, table, plan, options, self._clock, self._lease)
        try:
            application.run()
        finally:
            self._count(application.report)

    def _count(self, report: RepairReport) -> None:
        so_far = self.outcome
        self._note(
            added=so_far.added + len(report.added),
            moved=so_far.moved + len(report.moved),
            dropped=so_far.dropped + len(report.dropped),
            refused=len(report.refused),
            guard=report.guard,
            undo=so_far.undo + ((report.undo,) if report.undo else ()),
        )

    # Partitions to come

    def _register(self, table: Table, partitions: Sequence[Partition]) -> None:
        """Register partitions ahead, with an undo file of their own."""
        self._check()
        undo, before = UndoFile(self._afterwards, table, self._clock), self.outcome.undo
        undo.write_ahead(self._undo_of(table, partitions), must=False)
        self._note(undo=(*before, undo.place) if undo.place else before)
        refusals = self._catalog.add_partitions(table.full_name, partitions)
        self._note(expected=len(partitions) - len(refusals))
        for refusal in refusals:
            if refusal.reason != ALREADY_EXISTS:
                logger.warning("%s: %s", table.full_name, refusal.message)
        if refusals:
            refused = {refusal.values for refusal in refusals}
            made = [partition for partition in partitions if partition.values not in refused]
            undo.write_outcome(self._undo_of(table, made))
            self._note(undo=(*before, undo.place) if undo.place else before)

    def _undo_of(self, table: Table, partitions: Sequence[Partition]) -> Undo:
        return Undo(table.full_name, self._clock.now(), added=partitions)
