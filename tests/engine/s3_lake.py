"""A lake whose tables are made and written in a folder, as everywhere, and read from S3, to which that folder is copied before any listing."""

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path

import lake
from lake.aws.connection import AwsConnection, AwsOptions
from lake.clock import Clock
from lake.directory import open_lake
from lake.directory_parts import DirectoryParts
from lake.engine.duckdb import DuckDBEngine
from lake.engine.remote_files import RemoteAccess
from lake.model import StoredObject, Table
from lake.sql.plan import Planner
from lake.sql.system import SystemTables
from lake.storage.s3 import ObjectStorage

BUCKET = "bucket"


class CopiedStorage(ObjectStorage):
    """Brings the bucket up to date with a folder first."""

    def __init__(self, connection: AwsConnection, folder: Path) -> None:
        super().__init__(connection)
        self._folder = folder
        self._lock = threading.Lock()
        self._copied: dict[str, tuple[int, int]] = {}

    def list_keys(self, prefix: str) -> Iterator[StoredObject]:
        with self._lock:
            self._copy()
        return super().list_keys(prefix)

    def list_prefixes(self, prefix: str) -> Iterator[str]:
        with self._lock:
            self._copy()
        return super().list_prefixes(prefix)

    def _copy(self) -> None:
        found = {f"s3://{BUCKET}/{path.relative_to(self._folder)}": path for path in self._folder.rglob("*")}
        files = {location: path for location, path in found.items() if path.is_file()}
        self.delete([location for location in self._copied if location not in files])
        seen = {location: (path.stat().st_size, path.stat().st_mtime_ns) for location, path in files.items()}
        for location, path in files.items():
            if self._copied.get(location) != seen[location]:
                self.put(location, path.read_bytes())
        self._copied = seen


@cache
def connection(endpoint_url: str) -> AwsConnection:
    """Return one for all tests: to make a client takes longer than most of them."""
    return AwsConnection(AwsOptions(endpoint_url=endpoint_url))


class RemoteParts(DirectoryParts):
    @cached_property
    def remote(self) -> ObjectStorage:
        return CopiedStorage(connection(os.environ["AWS_ENDPOINT_URL"]), self.directory.data)

    @cached_property
    def engine(self) -> DuckDBEngine:
        access = RemoteAccess(self.remote, self.temp_folder)
        engine = DuckDBEngine(history=self.history, limits=self.limits, access=access, clock=self.clock)
        self._resources.callback(engine.close)
        return engine

    @cached_property
    def planner(self) -> Planner:
        def evaluate(
            table: Table, values: Sequence[tuple[str, ...]], conditions: Sequence[tuple[str, bool]]
        ) -> Iterable[int]:
            return self.engine.evaluate(table, values, conditions)

        return Planner(
            self.catalog,
            self.remote,
            system=SystemTables(self.catalog, self.history),
            evaluate=evaluate,
            read_lock=self.writer.read_lock,
            clock=self.clock,
        )


@contextmanager
def s3_lake(folder: Path, clock: Clock) -> Iterator[lake.Lake]:
    """Make and open one in `folder`; the environment leads to an S3 that has the bucket."""
    lake.create_lake(folder, bucket=BUCKET, clock=clock)
    with lake.Lake(RemoteParts(open_lake(folder, clock=clock), clock), database="default") as db:
        yield db
