"""Opening a lake: which one is meant, and the parts that it is composed of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lake.bundled import bundled
from lake.catalog.sqlite import SqliteCatalog
from lake.clock import Clock, SystemClock
from lake.config import ConnectionOptions, choose_lake
from lake.directory import LakeDirectory, claim_temp, open_lake
from lake.history import History
from lake.lake import Lake
from lake.model import Table
from lake.storage.files import FileStorage

if TYPE_CHECKING:
    import duckdb

    from lake.engine.duckdb import DuckDBEngine
    from lake.engine.sandbox import EngineLimits, SandboxPool
    from lake.ingest.delivery import Deliverer, Delivery
    from lake.ingest.open_segment import OpenSegment
    from lake.ingest.spool import Spool
    from lake.ingest.taking import Taking, TakingOptions
    from lake.named import NamedQueries
    from lake.sql.plan import Planner
    from lake.write.writer import Writer

MOST_READERS = 4
"""More would wait for Python's lock, and each holds a block."""


def connect(
    directory: str | Path | None = None,
    *,
    env: str | None = None,
    database: str | None = None,
    clock: Clock | None = None,
) -> Lake:
    """Open the lake in `directory`, else the one that TAP_LAKE names, else the nearest one upwards.

    `database` is what unqualified table names mean; the lake's own setting without it. Raises LakeNotFound, ConfigError
    and whatever is wrong with the folder.
    """
    options = ConnectionOptions(lake=directory, env=env, database=database)
    choice = choose_lake(options, environ=os.environ, cwd=Path.cwd())
    return open_directory(choice.path, database=choice.database, clock=clock)


def open_directory(path: Path, *, database: str | None = None, clock: Clock | None = None) -> Lake:
    """Open the lake in `path`."""
    clock = clock or SystemClock()
    directory = open_lake(path, clock=clock)
    return Lake(DirectoryParts(directory, clock), database=(database or directory.settings.database).lower())


class DirectoryParts:
    """The parts of a lake in a directory, each made when it is first used, so that no command loads what it leaves alone."""

    def __init__(self, directory: LakeDirectory, clock: Clock) -> None:
        self.directory = directory
        self.clock = clock
        self._resources = ExitStack()

    def close(self) -> None:
        """Let go of everything, in the opposite order of its making."""
        self._resources.close()

    @cached_property
    def catalog(self) -> SqliteCatalog:
        settings = self.directory.settings
        catalog = SqliteCatalog(self.directory.catalog_db, bucket=settings.bucket, clock=self.clock)
        self._resources.callback(catalog.close)
        return catalog

    @cached_property
    def storage(self) -> FileStorage:
        settings = self.directory.settings
        return FileStorage(
            self.directory.data,
            bucket=settings.bucket,
            allowed_folders=settings.allowed_folders,
            temporary=self.directory.tmp,
        )

    @cached_property
    def history(self) -> History:
        history = History(self.directory.history_db)
        self._resources.callback(history.close)
        return history

    @cached_property
    def temp_folder(self) -> Path:
        """A folder of this process for what need not be kept."""
        return self._resources.enter_context(claim_temp(self.directory))

    @cached_property
    def engine(self) -> DuckDBEngine:
        from lake.engine.duckdb import DuckDBEngine
        from lake.engine.files import LocalAccess

        limits = self._limits(self.directory.settings.engine.memory_limit)
        access = LocalAccess(self.storage, limits.temp_folder)
        engine = DuckDBEngine(history=self.history, limits=limits, access=access, clock=self.clock)
        self._resources.callback(engine.close)
        return engine

    def _limits(self, memory: str) -> EngineLimits:
        from lake.engine.sandbox import EngineLimits

        settings = self.directory.settings.engine
        return EngineLimits(
            memory=memory, threads=settings.threads, temp_folder=self.temp_folder, temp_size=settings.max_temp_size
        )

    @cached_property
    def planner(self) -> Planner:
        from lake.sql.plan import Planner
        from lake.sql.system import SystemTables

        def evaluate(
            table: Table, values: Sequence[tuple[str, ...]], conditions: Sequence[tuple[str, bool]]
        ) -> Iterable[int]:
            # Most predicates need no engine, so it is made here and not before.
            return self.engine.evaluate(table, values, conditions)

        return Planner(
            self.catalog,
            self.storage,
            system=SystemTables(self.catalog, self.history),
            evaluate=evaluate,
            read_lock=self.writer.read_lock,
            clock=self.clock,
        )

    @cached_property
    def writer(self) -> Writer:
        from lake.write.writer import Writer

        writer = Writer(
            self.catalog,
            self.storage,
            locks=self.directory.control / "locks",
            clock=self.clock,
            settings=self.directory.settings.write,
        )
        self._resources.callback(writer.close)
        return writer

    @cached_property
    def spool(self) -> Spool:
        from lake.ingest.spool import Spool

        return Spool(self.directory.spool, self.clock)

    @cached_property
    def open_segment(self) -> OpenSegment:
        from lake.ingest.open_segment import OpenSegment

        segment = OpenSegment(self.spool, self.directory.settings.ingest)
        self._resources.callback(segment.seal)
        return segment

    @property
    def has_taken(self) -> bool:
        """Say whether events of this Lake wait in the spool."""
        return "open_segment" in vars(self) and not self.open_segment.is_empty

    def taking(self, deliver: Callable[[], Delivery], options: TakingOptions) -> Taking:
        from lake.ingest.taking import Taking, TakingParts

        settings = self.directory.settings.engine
        parts = TakingParts(
            self.spool, self.open_segment, self.ingest_cursor, deliver, self.clock, min(MOST_READERS, settings.threads)
        )
        return Taking(parts, options)

    @cached_property
    def _ingest_engine(self) -> SandboxPool:
        """DuckDB for taking and delivering events, in less memory than queries may use."""
        from lake.engine.sandbox import SandboxPool

        limits = replace(self._limits(self.directory.settings.ingest.memory_limit), ordered=True)
        pool = SandboxPool(limits)
        self._resources.callback(pool.close)
        return pool

    def ingest_cursor(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        from lake.engine.sandbox import Reach

        return self._ingest_engine.cursor(Reach(frozenset(map(str, self.storage.paths.folders))))

    @cached_property
    def deliverer(self) -> Deliverer:
        from lake.ingest.delivered import Delivered
        from lake.ingest.delivery import Deliverer

        delivered = Delivered(self.catalog, self.clock)
        self._resources.callback(delivered.close)
        return Deliverer(
            spool=self.spool,
            delivered=delivered,
            catalog=self.catalog,
            storage=self.storage,
            writer=self.writer,
            cursor=self.ingest_cursor,
            bytes_at_once=self.directory.settings.ingest.deliver_bytes,
        )

    @cached_property
    def queries(self) -> NamedQueries:
        from lake.named import NamedQueries

        return NamedQueries([self.directory.queries, bundled("queries")])
