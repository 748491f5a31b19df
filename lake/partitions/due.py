"""Repairs tables on a schedule: in bounded time, safe twice at once, one bad table never stopping the others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from lake.partitions.repair.lease import Lease, StorageLease
from lake.partitions.schedule.outcome import DueLake, DueOptions, TableOutcome, summary
from lake.partitions.schedule.run import TableRun

__all__ = ["DueLake", "DueOptions", "TableOutcome", "repair_due", "summary"]


def repair_due(
    lake: DueLake,
    tables: Iterable[str],
    deadline: datetime | timedelta | float,
    *,
    options: DueOptions | None = None,
    lease: Lease | None = None,
) -> list[TableOutcome]:
    """Repair tables and return what became of each, in their order.

    `deadline` is an instant, or how long from now, in seconds if it is a number. First every table whose keys tell time is
    looked at for the last 48 hours. In the time that is left, everything is listed: of these tables once a day, of the others
    each time, those first that were last tried the longest ago. Nothing new is begun at the deadline, and a listing under way
    is given up; what was done until then stays, and the next run goes on. Whatever a table fails with is in its outcome.
    """
    if not isinstance(deadline, datetime):
        span = deadline if isinstance(deadline, timedelta) else timedelta(seconds=deadline)
        deadline = lake.clock.now() + span
    lease, chosen = lease or _lock_of(lake), options or DueOptions()
    runs = [TableRun(lake, name, options=chosen, deadline=deadline, lease=lease) for name in tables]
    for run in runs:
        run.look_lately()
        if not run.is_full_due:
            run.tell()
    for run in sorted((run for run in runs if run.is_full_due), key=lambda run: run.turn):
        run.look_at_all()
        run.tell()
    return [run.outcome for run in runs]


def _lock_of(lake: DueLake) -> Lease | None:
    """Return the lock of a lake that has one. A lease in storage is each run's own, which waits for it until the deadline."""
    partitions = getattr(lake, "partitions", None)
    lease: Lease | None = partitions.lease() if partitions is not None else None
    return None if isinstance(lease, StorageLease) else lease
