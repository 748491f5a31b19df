"""What a delivery has to know of the files that a table has already, and the files that take the place of several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lake.engine.faults import translate
from lake.engine.readers.literals import paths, text
from lake.engine.readers.parquet import many_files_text
from lake.ingest.columns.texts import Whole, row_numbers
from lake.ingest.fresh import Fresh
from lake.ingest.table import IDENTITY
from lake.model import StoredObject, Table
from lake.types import parse_type
from lake.types.datatype import quoted
from lake.write.disk import sync_file

EVENTS, FOUND, ROW = "events", "found", "row"


class TableFiles:
    """Reads files of a table in a cursor of its own, which can reach the folders of partitions and of staging."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, table: Table, path_of: Callable[[str], Path]) -> None:
        self._cursor = cursor
        self._types = {column.name: parse_type(column.type) for column in table.columns}
        self._path_of = path_of
        self._has_found = False

    def look_for(self, events: pa.Table, files: Sequence[StoredObject]) -> None:
        """Note what files have that `events` may have too.

        Few events share their event_id with another, so looking for that alone, which is cheap, is nearly always enough.
        Files are sorted by id: where few of them come, most of a file need not be read.
        """
        if not files:
            return
        times = pc.min_max(events.column("ts")).as_py()
        with _explained():
            self._cursor.register(EVENTS, events.select(["id", "event_id"]))
            created = self._cursor.execute(
                f"CREATE TEMP TABLE {FOUND} AS SELECT * FROM {self._files_sql(self._paths(files), IDENTITY)} "
                f"WHERE event_id IN (SELECT event_id FROM {EVENTS}) AND id IN (SELECT DISTINCT id FROM {EVENTS}) "
                "AND ts BETWEEN $min AND $max",
                times,
            ).fetchone()
            self._cursor.unregister(EVENTS)
        self._has_found = created != (0,)

    def rows_present(self, fresh: Fresh) -> Whole:
        """Return which rows of `fresh` are in the files that were looked at."""
        if not self._has_found:
            return np.empty(0, np.int64)
        numbered = fresh.events.select(IDENTITY).append_column(ROW, row_numbers(np.arange(len(fresh))))
        with _explained():
            self._cursor.register(EVENTS, numbered)
            found = self._cursor.execute(f"SELECT {ROW} FROM {EVENTS} SEMI JOIN {FOUND} USING ({', '.join(IDENTITY)})")
            return np.asarray(found.fetchnumpy()[ROW])

    def can_merge(self, files: Sequence[StoredObject]) -> bool:
        """Say whether the table has every column of some files: one that a user took out of it may come back."""
        parquet = f"read_parquet({paths(self._paths(files))}, union_by_name = true, hive_partitioning = false)"
        with _explained():
            found = self._cursor.execute(f"DESCRIBE SELECT * FROM {parquet}").fetchall()
        return all(row[0].lower() in self._types for row in found)

    def merge(self, fresh: Path, files: Sequence[StoredObject], path: Path) -> int:
        """Write the rows of all into one file, sorted by id and ts, durably; return how many they are."""
        rows = self._files_sql([str(fresh), *self._paths(files)], list(self._types))
        with _explained():
            copied = self._cursor.execute(
                f"COPY (SELECT * FROM {rows} ORDER BY id, ts) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd)"
            ).fetchone()
        assert copied is not None
        sync_file(path)
        return int(copied[0])

    def _files_sql(self, files: Sequence[str], names: Sequence[str]) -> str:
        shown = ", ".join(f"c{place} AS {quoted(name)}" for place, name in enumerate(names))
        return f"(SELECT {shown} FROM {many_files_text([(place, name, self._types[name]) for place, name in enumerate(names)], files)})"

    def _paths(self, files: Sequence[StoredObject]) -> list[str]:
        return [str(self._path_of(file.location)) for file in files]


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise translate(error) from error
