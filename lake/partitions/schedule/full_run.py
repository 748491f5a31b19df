"""When all of a table was last looked at, in a file beside its data."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lake.errors import AccessDenied, StorageFailed
from lake.interfaces import Storage
from lake.model import Table
from lake.partitions.layouts.layout import as_prefix
from lake.partitions.survey.discovery import OWN_FOLDER

logger = logging.getLogger(__name__)

FULL_EVERY = timedelta(days=1)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class FullRun:
    """When a look at everything was last finished, and last begun; NEVER also where nobody knows."""

    finished: datetime = NEVER
    begun: datetime = NEVER

    def is_due(self, now: datetime) -> bool:
        return now - self.finished >= FULL_EVERY

    @property
    def tried(self) -> datetime:
        """What a table's turn is by: one that never gets through is behind the others when it has been tried."""
        return max(self.finished, self.begun)


def read_full_run(storage: Storage, table: Table, now: datetime) -> FullRun:
    """Read a table's note; what cannot be read, or is yet to come, was never."""
    try:
        lines = storage.get_range(_place(table)).decode().splitlines()
    except (StorageFailed, AccessDenied, ValueError):
        return FullRun()
    return FullRun(*(_instant(line, now) for line in lines[:2]))


def note_full_run(storage: Storage, table: Table, run: FullRun) -> None:
    """Write a table's note; where that is not allowed, everything is looked at again and again."""
    try:
        storage.put(_place(table), f"{run.finished.isoformat()}\n{run.begun.isoformat()}\n".encode())
    except (StorageFailed, AccessDenied) as error:
        logger.warning("the next run will list everything again: %s", error.message)


def _instant(text: str, now: datetime) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return NEVER
    return instant if instant.tzinfo is not None and instant <= now else NEVER


def _place(table: Table) -> str:
    return f"{as_prefix(table.location or '')}{OWN_FOLDER}last_full_run"
