"""The parts of a lake on AWS: Glue's catalog, objects in S3, and Athena or DuckDB to ask them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lake.aws.connection import AwsConnection
from lake.bundled import bundled
from lake.clock import Clock
from lake.config import ATHENA
from lake.errors import LocationForbidden, NotSupported
from lake.history import History
from lake.interfaces import Catalog, Engine, Storage, TableWriter
from lake.parts import make_planner

if TYPE_CHECKING:
    from lake.directory import LakeDirectory
    from lake.engine.duckdb import DuckDBEngine
    from lake.ingest.local import LocalEvents
    from lake.named import NamedQueries
    from lake.sql.plan import Planner
    from lake.storage.s3 import ObjectStorage
    from lake.types import DataType

QUERIES = "queries"
"""Beside where one works: named queries, as a lake in a folder has them."""


class AwsParts:
    """Each is made when it is first used; none calls AWS before.

    What this machine keeps of such lakes, the history of DuckDB's queries and temporary files, lies in the user's folder for
    state (specifications.freedesktop.org/basedir-spec).
    """

    def __init__(self, connection: AwsConnection, *, engine_name: str, clock: Clock) -> None:
        self.connection = connection
        self.engine_name = engine_name
        self.clock = clock
        self._resources = ExitStack()

    def close(self) -> None:
        self._resources.close()

    @property
    def directory(self) -> LakeDirectory:
        raise NotSupported("this lake is on AWS, not in a folder")

    @property
    def calls(self) -> Counter[str]:
        return self.connection.calls

    @property
    def has_taken(self) -> bool:
        return False

    @property
    def events(self) -> LocalEvents:
        raise NotSupported(
            "events reach a lake on AWS through its stream, not through this command",
            hint="send them to the stream's API, or write rows with Lake.write",
        )

    @cached_property
    def catalog(self) -> Catalog:
        from lake.catalog.glue import GlueCatalog

        return GlueCatalog(self.connection, catalog_id=self.connection.options.catalog)

    @property
    def storage(self) -> Storage:
        return self._objects

    @cached_property
    def _objects(self) -> ObjectStorage:
        from lake.storage.s3 import ObjectStorage

        return ObjectStorage(self.connection)

    @cached_property
    def engine(self) -> Engine:
        if self.engine_name != ATHENA:
            return self._duckdb
        from lake.engine.athena.engine import AthenaEngine

        engine = AthenaEngine(
            self.connection,
            clock=self.clock,
            temp_folder=self.temp_folder,
            storage=lambda: self.storage,
            tables=lambda: self.catalog,
            describe=self._column_types,
        )
        self._resources.callback(engine.close)
        return engine

    def _column_types(self, sql: str, database: str) -> Sequence[DataType]:
        return self.planner.describe(sql, database=database).types

    @cached_property
    def _duckdb(self) -> DuckDBEngine:
        from lake.engine.duckdb import DuckDBEngine
        from lake.engine.remote_files import RemoteAccess
        from lake.engine.sandbox import EngineLimits
        from lake.settings import default_engine_settings

        settings = default_engine_settings()
        limits = EngineLimits(settings.memory_limit, settings.threads, self.temp_folder)
        access = RemoteAccess(self._objects, self.temp_folder)
        engine = DuckDBEngine(history=self.history, limits=limits, access=access, clock=self.clock)
        self._resources.callback(engine.close)
        return engine

    @cached_property
    def planner(self) -> Planner:
        return make_planner(self, lambda: self._duckdb)

    @cached_property
    def writer(self) -> TableWriter:
        from lake.write.objects import ObjectWriter

        return ObjectWriter(self.catalog, self._objects, self.temp_folder, clock=self.clock)

    @cached_property
    def queries(self) -> NamedQueries:
        from lake.named import NamedQueries

        return NamedQueries([Path(QUERIES), bundled("queries")])

    @cached_property
    def history(self) -> History:
        history = History(state_folder() / "history.db")
        self._resources.callback(history.close)
        return history

    @cached_property
    def temp_folder(self) -> Path:
        from lake.storage.temporary import claim_folder

        return self._resources.enter_context(claim_folder(state_folder() / "tmp"))

    def transaction(self) -> AbstractContextManager[object]:
        return nullcontext()

    def resolve_location(self, text: str) -> str:
        if urlsplit(text).scheme not in ("s3", "s3a", "s3n"):
            raise LocationForbidden(f"LOCATION {text!r} is not in S3", hint="write s3://bucket/prefix/")
        return text


def state_folder() -> Path:
    """Return the folder for what this user's machine keeps of lakes on AWS, made if it can be."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    folder = Path(base) / "tap-lake"
    # Where that fails the history tells of it, and temporary files go where the system has them.
    with suppress(OSError):
        (folder / "tmp").mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
