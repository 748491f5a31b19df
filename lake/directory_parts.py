"""The parts of a lake in a folder."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lake.bundled import bundled
from lake.catalog.sqlite import SqliteCatalog
from lake.clock import Clock
from lake.directory import LakeDirectory, claim_temp
from lake.history import History
from lake.parts import make_planner
from lake.storage.files import FileStorage

if TYPE_CHECKING:
    from lake.engine.duckdb import DuckDBEngine
    from lake.engine.sandbox import EngineLimits
    from lake.ingest.local import LocalEvents
    from lake.named import NamedQueries
    from lake.sql.plan import Planner
    from lake.write.writer import Writer


class DirectoryParts:
    """Each is made when it is first used, so that no command loads what it leaves alone."""

    def __init__(self, directory: LakeDirectory, clock: Clock) -> None:
        self.directory = directory
        self.clock = clock
        self._resources = ExitStack()

    def close(self) -> None:
        """Let go of everything, in the opposite order of its making."""
        self._resources.close()

    @property
    def calls(self) -> None:
        return

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

        access = LocalAccess(self.storage, self.temp_folder)
        engine = DuckDBEngine(history=self.history, limits=self.limits, access=access, clock=self.clock)
        self._resources.callback(engine.close)
        return engine

    @property
    def limits(self) -> EngineLimits:
        from lake.engine.sandbox import EngineLimits

        settings = self.directory.settings.engine
        return EngineLimits(
            memory=settings.memory_limit,
            threads=settings.threads,
            temp_folder=self.temp_folder,
            temp_size=settings.max_temp_size,
        )

    @cached_property
    def planner(self) -> Planner:
        return make_planner(self, lambda: self.engine)

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
    def events(self) -> LocalEvents:
        from lake.ingest.local import LocalEvents

        events = LocalEvents(self)
        self._resources.callback(events.close)
        return events

    @cached_property
    def queries(self) -> NamedQueries:
        from lake.named import NamedQueries

        return NamedQueries([self.directory.queries, bundled("queries")])

    @property
    def has_taken(self) -> bool:
        return "events" in vars(self) and self.events.has_taken

    def transaction(self) -> AbstractContextManager[object]:
        return self.catalog.transaction()

    def resolve_location(self, text: str) -> str:
        """A path lies below the lake's data."""
        location = text if "://" in text else f"s3://{self.directory.settings.bucket}/{text.lstrip('/')}"
        self.storage.path(location)
        return location
