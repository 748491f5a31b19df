"""Where a run writes what takes it back: beside the table's data, before it changes anything."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta

from lake.clock import Clock
from lake.errors import AccessDenied, StorageFailed
from lake.interfaces import Storage
from lake.model import Table
from lake.partitions.layouts.layout import as_prefix
from lake.partitions.repair.undo import Undo
from lake.partitions.survey.discovery import OWN_FOLDER

logger = logging.getLogger(__name__)

STAMP = "%Y%m%dT%H%M%S"
"""How the name of an undo file begins, in UTC."""

KEPT_FOR = timedelta(days=30)
"""How long an undo file stays."""


class UndoFile:
    """The undo file of one run. `place` is where it lies, None as long as there is none."""

    def __init__(self, storage: Storage, table: Table, clock: Clock) -> None:
        self._storage = storage
        self._table = table
        self._clock = clock
        self.place: str | None = None

    def write_ahead(self, undo: Undo, *, must: bool) -> None:
        """Write what is about to be done, so that a run that is killed can be taken back too; `must` says not without."""
        if not undo:
            return
        place = f"{undo_folder(self._table)}{self._clock.now():{STAMP}}-{secrets.token_hex(4)}.json"
        try:
            self._storage.put(place, undo.to_json().encode())
        except (StorageFailed, AccessDenied) as error:
            if must:
                raise
            logger.warning("no undo file could be written: %s", error.message)
        else:
            self.place = place

    def write_outcome(self, undo: Undo) -> None:
        """Write what was done in the place of what was meant to be; nothing needs no file."""
        if self.place is None:
            return
        if undo:
            self._storage.put(self.place, undo.to_json().encode())
        else:
            self._storage.delete([self.place])
            self.place = None


def undo_folder(table: Table) -> str:
    assert table.location is not None
    return f"{as_prefix(table.location)}{OWN_FOLDER}undo/"


def forget_old(storage: Storage, table: Table, now: datetime) -> None:
    """Delete a table's undo files that are too old to be of use, as far as that is allowed."""
    first_kept = f"{undo_folder(table)}{now - KEPT_FOR:{STAMP}}"
    try:
        found = [stored.location for stored in storage.list_keys(undo_folder(table))]
        storage.delete([location for location in found if location < first_kept])
    except (StorageFailed, AccessDenied) as error:
        logger.warning("old undo files stay: %s", error.message)
