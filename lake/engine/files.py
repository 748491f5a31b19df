"""Where the files of a plan are, what is in them, and how an instance of DuckDB comes at them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import duckdb

from lake.engine.readers.literals import without_patterns
from lake.engine.sandbox import Reach
from lake.engine.unpack import readable_path
from lake.model import StorageDescriptor, StoredObject
from lake.sql.plan import QueryPlan
from lake.storage.files import FileStorage

SCHEMAS_KEPT = 10_000


class Files(Protocol):
    """The files as one query sees them, through a cursor that can reach them."""

    def paths(self, files: Sequence[StoredObject], descriptor: StorageDescriptor) -> list[str]:
        """Return where DuckDB reads objects, as it takes names of files: their own places, or those of copies."""
        ...

    def parquet_columns(self, file: StoredObject) -> Mapping[str, str]:
        """Return DuckDB's types by the names as the file has them."""
        ...


class Access(Protocol):
    """How an engine comes at the files of one storage."""

    def reach(self, plan: QueryPlan) -> Reach:
        """Say what an instance must be able to touch for a plan."""
        ...

    def files(
        self, plan: QueryPlan, cursor: duckdb.DuckDBPyConnection, go_on: Callable[[], None]
    ) -> AbstractContextManager[Files]:
        """Give the files of a plan while a query runs; what is copied for it alone goes with it.

        `go_on` raises once the query is to stop. What storage refuses meanwhile is raised in a lake's own errors.
        """
        ...


class Schemas:
    """The columns of Parquet files looked at lately, for all queries of an engine."""

    def __init__(self) -> None:
        self._known: OrderedDict[StoredObject, Mapping[str, str]] = OrderedDict()

    def columns(self, file: StoredObject, path: str, cursor: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
        """Return the columns of a file at `path`, as DuckDB takes it."""
        columns = self._known.get(file)
        if columns is None:
            described = cursor.execute("DESCRIBE SELECT * FROM read_parquet(?)", [[path]]).fetchall()
            columns = self._known[file] = {row[0]: row[1] for row in described}
            while len(self._known) > SCHEMAS_KEPT:
                self._known.popitem(last=False)
        return columns


def plan_locations(plan: QueryPlan) -> set[str]:
    """Return the locations that hold the files of a plan: those of its tables, and those of partitions elsewhere."""
    found = {scan.table.location for scan in plan.scans if scan.table.location}
    for scan in plan.scans:
        own = (scan.table.location or "").rstrip("/") + "/"
        found |= {partition.location for partition in scan.partitions if not partition.location.startswith(own)}
    return found


class LocalAccess:
    """Files of this machine are read where they are; `temp_folder` holds what is unpacked, for the process's life."""

    def __init__(self, storage: FileStorage, temp_folder: Path) -> None:
        self._storage = storage
        self._temp_folder = temp_folder
        self._schemas = Schemas()

    def reach(self, plan: QueryPlan) -> Reach:
        folders = {f"{self._storage.path(location.rstrip('/'))}/" for location in plan_locations(plan)}
        return Reach(frozenset({*folders, f"{self._temp_folder}/"}))

    @contextmanager
    def files(
        self, plan: QueryPlan, cursor: duckdb.DuckDBPyConnection, go_on: Callable[[], None]
    ) -> Iterator[LocalFiles]:
        yield LocalFiles(self._storage, self._temp_folder, self._schemas, cursor)


class LocalFiles:
    def __init__(
        self, storage: FileStorage, temp_folder: Path, schemas: Schemas, cursor: duckdb.DuckDBPyConnection
    ) -> None:
        self._storage = storage
        self._temp_folder = temp_folder
        self._schemas = schemas
        self._cursor = cursor

    def paths(self, files: Sequence[StoredObject], descriptor: StorageDescriptor) -> list[str]:
        found = (readable_path(self._storage.path(file.location), descriptor, self._temp_folder) for file in files)
        return [without_patterns(str(path)) for path in found]

    def parquet_columns(self, file: StoredObject) -> Mapping[str, str]:
        return self._schemas.columns(file, without_patterns(str(self._storage.path(file.location))), self._cursor)
