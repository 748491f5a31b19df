"""The rows of one delivery: events of the spool that the table lacks, and the rows of files that are merged with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from lake.engine.faults import translate
from lake.engine.readers.literals import paths, text
from lake.engine.readers.parquet import many_files_text
from lake.ingest.schema import event_schema
from lake.ingest.segments import Segment, read_frames
from lake.ingest.table import IDENTITY, KEY
from lake.model import StoredObject, Table
from lake.types import parse_type, to_arrow
from lake.types.datatype import quoted
from lake.write.disk import sync_file
from lake.write.fitting import stored_type
from lake.write.stage import StagedFile, Staging, sync_folders

SPOOLED = "spooled"
FRESH = "fresh"
ATTRIBUTES = "attributes"


class Joining:
    """Works in a cursor of its own, which can reach the files of a table's partitions and the staging folder."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, table: Table, path_of: Callable[[str], Path]) -> None:
        self._cursor = cursor
        self._types = {column.name: parse_type(column.type) for column in table.columns}
        self._path_of = path_of

    @property
    def schema(self) -> pa.Schema:
        """The columns of what `stage` writes, the partition key with them."""
        fields = [(name, stored_type(to_arrow(type_))) for name, type_ in self._types.items()]
        return pa.schema([*fields, (KEY, pa.string())])

    def load(self, segments: Sequence[Segment]) -> Counter[str]:
        """Take the events of segments in, each once; return how many there are of each day, yyyy-MM-dd in UTC."""
        with _explained():
            self._cursor.register(SPOOLED, _reader(segments))
            self._cursor.execute(f"CREATE TEMP TABLE {FRESH} AS SELECT *, CAST(ts AS DATE) AS {KEY} FROM {SPOOLED}")
            self._cursor.unregister(SPOOLED)
            self._drop_repeats()
        return self._days()

    def drop_present(self, segments: Sequence[Segment], files: Sequence[StoredObject]) -> Counter[str]:
        """Leave out the events of segments that are in files already; return how many are left of each day.

        Few events share their event_id with another, so looking for that alone, which is cheap, is nearly always enough.
        """
        if not files:
            return self._days()
        with _explained():
            frames = [frame for segment in segments for frame in segment.frames]
            first, last = min(frame.first for frame in frames), max(frame.last for frame in frames)
            span = f"ts BETWEEN make_timestamp_ms({first}) AND make_timestamp_ms({last})"
            self._cursor.execute(
                f"CREATE TEMP TABLE present AS SELECT * FROM {self._files_sql(files, IDENTITY)} "
                f"WHERE event_id IN (SELECT event_id FROM {FRESH}) AND {span}"
            )
            same = " AND ".join(f"present.{name} = {FRESH}.{name}" for name in IDENTITY)
            self._cursor.execute(f"DELETE FROM {FRESH} USING present WHERE {same}")
        return self._days()

    def can_merge(self, files: Sequence[StoredObject]) -> bool:
        """Say whether the table has every column of some files: one that a user took out of it may come back."""
        with _explained():
            listed = paths(str(self._path_of(file.location)) for file in files)
            parquet = f"read_parquet({listed}, union_by_name = true, hive_partitioning = false)"
            found = self._cursor.execute(f"DESCRIBE SELECT * FROM {parquet}").fetchall()
        return all(row[0].lower() in self._types for row in found)

    def stage(
        self, counts: Mapping[str, int], merged: Mapping[str, Sequence[StoredObject]], staging: Staging
    ) -> list[StagedFile]:
        """Write a file a day, sorted by id and ts, durably."""
        files = []
        for number, day in enumerate(counts):
            path = staging.path_of(number, (day,))
            with _explained():
                copied = self._cursor.execute(self._copy_sql(day, merged.get(day, ()), path)).fetchone()
            assert copied is not None
            sync_file(path)
            files.append(StagedFile((day,), path, copied[0]))
        sync_folders(files, staging)
        return files

    def _drop_repeats(self) -> None:
        """Hashes of a part are counted first: that is cheap, and mostly enough to know that there are none."""
        identity = ", ".join(IDENTITY)
        counted = f"SELECT count(*), count(DISTINCT hash(event_id, ts)) FROM {FRESH}"
        rows, distinct = self._cursor.execute(counted).fetchall()[0]
        if rows != distinct:
            self._cursor.execute(f"CREATE TEMP TABLE once AS SELECT DISTINCT ON ({identity}) * FROM {FRESH}")
            self._cursor.execute(f"DROP TABLE {FRESH}; ALTER TABLE once RENAME TO {FRESH}")

    def _copy_sql(self, day: str, merged: Sequence[StoredObject], path: Path) -> str:
        known = event_schema().names
        values = [_fresh_value(name) if name in known else f"NULL AS {quoted(name)}" for name in self._types]
        rows = f"SELECT {', '.join(values)} FROM {FRESH} WHERE {KEY} = DATE {text(day)}"
        if merged:
            rows += f" UNION ALL SELECT * FROM {self._files_sql(merged, list(self._types))}"
        shown = ", ".join(
            f"CAST({quoted(name)} AS {type_.duckdb}) AS {quoted(name)}" for name, type_ in self._types.items()
        )
        ordered = f"SELECT {shown} FROM ({rows}) ORDER BY id, ts"
        return f"COPY ({ordered}) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd)"

    def _days(self) -> Counter[str]:
        with _explained():
            found = self._cursor.execute(f"SELECT {KEY}, count(*) FROM {FRESH} GROUP BY ALL ORDER BY ALL").fetchall()
        return Counter({day.isoformat(): count for day, count in found})

    def _files_sql(self, files: Sequence[StoredObject], names: Sequence[str]) -> str:
        paths = [str(self._path_of(file.location)) for file in files]
        shown = ", ".join(f"c{place} AS {quoted(name)}" for place, name in enumerate(names))
        return f"(SELECT {shown} FROM {many_files_text([(name, self._types[name]) for name in names], paths)})"


def _fresh_value(name: str) -> str:
    return f"map_from_entries({ATTRIBUTES}) AS {ATTRIBUTES}" if name == ATTRIBUTES else quoted(name)


def _reader(segments: Sequence[Segment]) -> pa.RecordBatchReader:
    """Attributes go in as lists of pairs, which they are: DuckDB takes much longer over Arrow's maps."""
    pairs = pa.list_(pa.struct([("key", pa.string()), ("value", pa.string())]))
    place = event_schema().get_field_index(ATTRIBUTES)
    schema = event_schema().set(place, pa.field(ATTRIBUTES, pairs))

    def batches() -> Iterator[pa.RecordBatch]:
        for segment in segments:
            for batch in read_frames(segment):
                maps = batch.column(place)
                items = pa.StructArray.from_arrays([maps.keys, maps.items], fields=list(pairs.value_type))
                lists = pa.ListArray.from_arrays(maps.offsets, items, type=pairs)
                yield pa.RecordBatch.from_arrays([*batch.columns[:place], lists], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise translate(error) from error
