"""Who may drop and move a table's partitions: one at a time, for as long as it says so."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from lake.clock import Clock
from lake.errors import CatalogChanged, StorageFailed
from lake.interfaces import Storage
from lake.model import Table
from lake.partitions.layouts.layout import as_prefix
from lake.partitions.survey.discovery import OWN_FOLDER

LASTS = timedelta(seconds=60)
"""So long a lease outlives a holder that was killed, so holders renew it."""

Renew = Callable[[], None]
"""Called before each step; raises CatalogChanged when the lease is lost."""


class Lease(Protocol):
    def held(self, table: Table) -> AbstractContextManager[Renew]:
        """Wait for the table's lease and hold it; raise CatalogChanged when another one keeps it."""
        ...


class NoLease:
    """For what excludes others by itself."""

    def held(self, table: Table) -> AbstractContextManager[Renew]:
        return nullcontext(lambda: None)


@dataclass(frozen=True)
class LockLease:
    """A lock that dies with its process, as a lease."""

    lock: Callable[[Table], AbstractContextManager[object]]

    @contextmanager
    def held(self, table: Table) -> Iterator[Renew]:
        with self.lock(table):
            yield lambda: None


class StorageLease:
    """An object that is put only if absent, and says until when it counts."""

    def __init__(
        self, storage: Storage, clock: Clock, *, lasts: timedelta = LASTS, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._lasts = lasts
        self._sleep = sleep

    @contextmanager
    def held(self, table: Table) -> Iterator[Renew]:
        assert table.location is not None
        location = f"{as_prefix(table.location)}{OWN_FOLDER}lease.json"
        holder = secrets.token_hex(8)
        self._take(table, location, holder)
        until = self._clock.now() + self._lasts

        def renew() -> None:
            nonlocal until
            now = self._clock.now()
            if now >= until or _parsed(self._raw(location))[0] != holder:
                raise CatalogChanged(f"the lease on {str(table.full_name)!r} was lost", hint="run it again")
            if now >= until - self._lasts / 2:
                self._storage.put(location, self._text(holder))
                until = now + self._lasts

        try:
            yield renew
        finally:
            if _parsed(self._raw(location))[0] == holder:
                self._storage.delete([location])

    def _take(self, table: Table, location: str, holder: str) -> None:
        """Wait at most until the present holder's lease is over: one that lives has renewed it by then."""
        first: bytes | None = None
        while not self._storage.put(location, self._text(holder), if_absent=True):
            found = self._raw(location)
            if found is None:
                continue
            until = _parsed(found)[1]
            if until is not None and until > self._clock.now():
                if first is not None and first != found:
                    raise CatalogChanged(
                        f"partitions of {str(table.full_name)!r} are being dropped or moved by another run",
                        hint="wait for it to end, or run again later",
                    )
                first = found
                self._sleep(1.0)
            elif self._raw(location) == found:
                self._storage.delete([location])

    def _raw(self, location: str) -> bytes | None:
        if self._storage.head(location) is None:
            return None
        try:
            return self._storage.get_range(location)
        except StorageFailed:
            # Given back between the two looks, or not to be read now, which the next look tells.
            return None

    def _text(self, holder: str) -> bytes:
        return json.dumps({"holder": holder, "until": (self._clock.now() + self._lasts).isoformat()}).encode()


def _parsed(text: bytes | None) -> tuple[str | None, datetime | None]:
    """Return the holder and until when the lease counts; nothing of what is absent or damaged."""
    try:
        document = json.loads(text or b"null")
        return document["holder"], datetime.fromisoformat(document["until"])
    except (ValueError, KeyError, TypeError):
        return None, None
