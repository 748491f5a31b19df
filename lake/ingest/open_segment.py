"""The segment that a lake adds to."""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import TYPE_CHECKING

from lake.ingest.spool import Spool
from lake.settings import IngestSettings

if TYPE_CHECKING:
    from lake.ingest.frames import Packed
    from lake.ingest.segments import SegmentWriter

logger = logging.getLogger(__name__)


class OpenSegment:
    """Made with the first events; safe to share between threads. A forked process gets a segment of its own."""

    _writer: SegmentWriter | None

    def __init__(self, spool: Spool, settings: IngestSettings) -> None:
        self._spool = spool
        self._settings = settings
        self._begin()

    def append(self, events: Packed) -> str:
        """Make events durable; return the name of their segment."""
        with self._locked():
            if self._writer is None:
                self._writer = self._spool.new_segment()
                self._opened = time.monotonic()
            self._writer.append(events)
            return self._kept(self._writer).name

    def publish(self, held: SegmentWriter) -> str:
        """Let a segment that was held back be delivered; return its name."""
        with self._locked():
            self._has_published = True
            return self._spool.publish(held)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing that was taken here waits to be delivered."""
        with self._locked():
            return self._writer is None and not self._has_published

    @property
    def is_due(self) -> bool:
        """Say whether enough is in it, or has been for long enough, to be delivered."""
        with self._locked():
            writer = self._writer
            return writer is not None and (
                writer.memory >= self._settings.deliver_bytes
                or time.monotonic() - self._opened >= self._settings.deliver_after.total_seconds()
            )

    def seal(self) -> None:
        """Let it be delivered; what comes next goes into another."""
        with self._locked():
            if self._writer is not None:
                self._kept(self._writer)
            writer, self._writer, self._has_published = self._writer, None, False
            if writer is not None:
                writer.seal()

    def _locked(self) -> threading.Lock:
        if self._owner != os.getpid():
            self._begin()
        return self._lock

    def _begin(self) -> None:
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._writer = None
        self._opened = 0.0
        self._has_published = False

    def _kept(self, writer: SegmentWriter) -> SegmentWriter:
        """Write a segment again whose file somebody has removed: what is in it was acknowledged."""
        if not writer.is_removed:
            return writer
        again = self._spool.new_segment()
        try:
            again.take_over(writer)
        except BaseException:
            again.discard()
            raise
        self._writer = again
        logger.warning(
            "%s was removed while events were added to it; its %s events are kept in %s",
            writer.path,
            f"{writer.events:,}",
            again.path,
        )
        return again
