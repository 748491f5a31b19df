"""Who may drop and move a table's partitions: one at a time, for as long as it says so."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from lake.clock import Clock
from lake.errors import AccessDenied, CatalogChanged, StorageFailed
from lake.interfaces import Storage
from lake.model import Table
from lake.partitions.layouts.layout import as_prefix
from lake.partitions.survey.discovery import OWN_FOLDER

logger = logging.getLogger(__name__)

LASTS = timedelta(seconds=60)
"""So long a lease outlives a holder that was killed, so holders renew it."""

APART = timedelta(minutes=15)
"""So far two clocks may be apart that S3 listens to: RequestTimeTooSkewed, docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""

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
    """An object that says who holds a table and until when. It is replaced only by who saw it last, and stays, held by nobody,
    when it is given back: so of several that take it one does, and nobody gives back what another one took.
    """

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
        seen = self._take(table, location, holder)
        until = self._clock.now() + self._lasts

        def renew() -> None:
            nonlocal seen, until
            now = self._clock.now()
            if now < until - self._lasts / 2 and self._etag(location) == seen:
                return
            renewed = self._write(location, holder, seen) if now < until else None
            if renewed is None:
                raise CatalogChanged(f"the lease on {str(table.full_name)!r} was lost", hint="run it again")
            seen, until = renewed, now + self._lasts

        try:
            yield renew
        finally:
            self._give_back(location, seen)

    def _take(self, table: Table, location: str, holder: str) -> str:
        """Wait at most for as long as a lease lasts: one whose holder lives has been renewed by then.

        That is measured from when it was first seen, since the holder's clock may be another one than ours.
        """
        watched, since = None, self._clock.now()
        while True:
            seen, now = self._etag(location), self._clock.now()
            until = None if seen is None else self._until(location)
            is_free = until is None or until + APART <= now
            if not is_free and watched not in (None, seen):
                raise CatalogChanged(
                    f"partitions of {str(table.full_name)!r} are being dropped or moved by another run",
                    hint="wait for it to end, or run again later",
                )
            if is_free or (watched is not None and now - since >= self._lasts):
                taken = self._write(location, holder, seen)
                if taken is not None:
                    return taken
                continue
            if watched is None:
                logger.warning("waiting for another run on %s, or for the end of its lease", table.full_name)
                watched, since = seen, now
            self._sleep(1.0)

    def _give_back(self, location: str, seen: str) -> None:
        try:
            self._storage.put(location, _text(None, self._clock.now()), if_match=seen)
        except (StorageFailed, AccessDenied) as error:
            logger.warning("the lease stays until it is over: %s", error.message)

    def _write(self, location: str, holder: str, seen: str | None) -> str | None:
        """Become or stay the holder and return the new etag; None where another one was quicker."""
        text = _text(holder, self._clock.now() + self._lasts)
        if not self._storage.put(location, text, if_absent=seen is None, if_match=seen):
            return None
        etag = self._etag(location)
        return etag if self._storage.get_range(location) == text else None

    def _etag(self, location: str) -> str | None:
        found = self._storage.head(location)
        return None if found is None else found.etag

    def _until(self, location: str) -> datetime | None:
        """Return until when a lease counts; None where it was given back or is damaged."""
        text = self._storage.get_range(location)
        try:
            document = json.loads(text)
            until = datetime.fromisoformat(document["until"])
            return until if document["holder"] is not None and until.tzinfo is not None else None
        except (ValueError, KeyError, TypeError):
            return None


def _text(holder: str | None, until: datetime) -> bytes:
    return json.dumps({"holder": holder, "until": until.isoformat()}).encode()
