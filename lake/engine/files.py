"""Where the files of a plan are on this machine, and what is in them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import duckdb

from lake.engine.readers.literals import without_patterns
from lake.engine.unpack import readable_path
from lake.model import StorageDescriptor, StoredObject
from lake.storage.files import FileStorage

SCHEMAS_KEPT = 10_000


class Files(Protocol):
    def path(self, file: StoredObject, descriptor: StorageDescriptor) -> str:
        """Return where DuckDB reads an object: its path, or that of an unpacked copy."""
        ...

    def parquet_columns(self, file: StoredObject) -> Mapping[str, str]:
        """Return DuckDB's types by the names as the file has them."""
        ...


class Schemas:
    """The columns of Parquet files looked at lately, for all queries of an engine."""

    def __init__(self) -> None:
        self._known: OrderedDict[StoredObject, Mapping[str, str]] = OrderedDict()

    def get(self, file: StoredObject) -> Mapping[str, str] | None:
        return self._known.get(file)

    def put(self, file: StoredObject, columns: Mapping[str, str]) -> None:
        self._known[file] = columns
        while len(self._known) > SCHEMAS_KEPT:
            self._known.popitem(last=False)


class LocalFiles:
    """The files as one query sees them, through a cursor that can reach them."""

    def __init__(
        self, storage: FileStorage, temp_folder: Path, schemas: Schemas, cursor: duckdb.DuckDBPyConnection
    ) -> None:
        self._storage = storage
        self._temp_folder = temp_folder
        self._schemas = schemas
        self._cursor = cursor

    def path(self, file: StoredObject, descriptor: StorageDescriptor) -> str:
        return str(readable_path(self._storage.path(file.location), descriptor, self._temp_folder))

    def parquet_columns(self, file: StoredObject) -> Mapping[str, str]:
        columns = self._schemas.get(file)
        if columns is None:
            path = without_patterns(str(self._storage.path(file.location)))
            described = self._cursor.execute("DESCRIBE SELECT * FROM read_parquet(?)", [[path]]).fetchall()
            columns = {row[0]: row[1] for row in described}
            self._schemas.put(file, columns)
        return columns
