"""Events of a lake in a folder: taken into its spool, delivered to its table."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from lake.ingest.open_segment import OpenSegment
from lake.ingest.spool import Spool

if TYPE_CHECKING:
    import duckdb

    from lake.directory_parts import DirectoryParts
    from lake.engine.sandbox import SandboxPool
    from lake.ingest.delivery import Deliverer, Delivery
    from lake.ingest.taking import Taking, TakingOptions
    from lake.model import TableName

MOST_READERS = 4
"""More would wait for Python's lock, and each holds a block."""

RunSql = Callable[[str], object]


class LocalEvents:
    """`parts` are those of its lake, which are made when they are first asked for."""

    def __init__(self, parts: DirectoryParts) -> None:
        self._parts = parts
        self._directory = parts.directory
        self._resources = ExitStack()
        self.spool = Spool(parts.directory.spool, parts.clock)

    @property
    def readings(self) -> TableName:
        """The table that events are delivered to."""
        from lake.ingest.table import NAME
        from lake.model import TableName

        return TableName(self._directory.settings.database, NAME)

    @property
    def has_taken(self) -> bool:
        """Say whether events of this process wait in a segment that it still writes."""
        return "open_segment" in vars(self) and not self.open_segment.is_empty

    def taking(self, deliver: Callable[[], Delivery], options: TakingOptions) -> Taking:
        from lake.ingest.taking import Taking, TakingParts

        readers = min(MOST_READERS, self._directory.settings.engine.threads)
        parts = TakingParts(self.spool, self.open_segment, self._cursor, deliver, self._parts.clock, readers)
        return Taking(parts, options)

    def deliver(self, run: RunSql) -> Delivery:
        """Deliver what waits in the spool; `run` makes the table where it is absent."""
        from lake.ingest.periods import PERIODS
        from lake.ingest.table import make_missing

        self.open_segment.seal()
        problems: tuple[str, ...] = ()
        if self.spool.waiting():
            settings = self._directory.settings
            problems = make_missing(self._parts.catalog, run, settings.database, PERIODS[settings.ingest.partition_by])
        done = self.deliverer.deliver(self.readings)
        return replace(done, problems=(*problems, *done.problems))

    def close(self) -> None:
        self._resources.close()

    @cached_property
    def open_segment(self) -> OpenSegment:
        segment = OpenSegment(self.spool, self._directory.settings.ingest)
        self._resources.callback(segment.seal)
        return segment

    @cached_property
    def _engine(self) -> SandboxPool:
        from lake.engine.sandbox import SandboxPool

        pool = SandboxPool(
            replace(self._parts.limits, memory=self._directory.settings.ingest.memory_limit, ordered=True)
        )
        self._resources.callback(pool.close)
        return pool

    def _cursor(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        from lake.engine.sandbox import Reach

        return self._engine.cursor(Reach(frozenset(map(str, self._parts.storage.paths.folders))))

    @cached_property
    def deliverer(self) -> Deliverer:
        from lake.ingest.delivered import Delivered
        from lake.ingest.delivery import Deliverer

        delivered = Delivered(self._parts.catalog, self._parts.clock)
        self._resources.callback(delivered.close)
        return Deliverer(
            spool=self.spool,
            delivered=delivered,
            catalog=self._parts.catalog,
            storage=self._parts.storage,
            writer=self._parts.writer,
            cursor=self._cursor,
            bytes_at_once=self._directory.settings.ingest.deliver_bytes,
        )
