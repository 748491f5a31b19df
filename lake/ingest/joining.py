"""The rows of one delivery: events of the spool that the table lacks, with the rows of files that are merged, sorted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from lake.engine.faults import translate, translate_streamed
from lake.engine.readers.parquet import many_files_text
from lake.errors import LakeError
from lake.ingest.delivery import Day
from lake.ingest.duplicates import Distinct
from lake.ingest.schema import event_schema
from lake.ingest.segments import Segment, read_frames
from lake.ingest.table import IDENTITY, KEY
from lake.model import StoredObject, Table
from lake.types import parse_type
from lake.types.datatype import quoted

FRESH = "tap_lake_fresh"
SPOOLED = "tap_lake_spooled"
ROWS_PER_BATCH = 122_880


def days_of(segments: Sequence[Segment]) -> Counter[str]:
    """Count the events of each day, yyyy-MM-dd in UTC."""
    counts: Counter[str] = Counter()
    ts = event_schema().get_field_index("ts")
    for segment in segments:
        for batch in read_frames(segment, [ts]):
            for found in pc.value_counts(batch.column(0).cast(pa.date32())).to_pylist():
                counts[found["values"].isoformat()] += found["counts"]
    return counts


class Joining:
    """Reads through a cursor that can reach the files of a table's partitions."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, table: Table, path_of: Callable[[str], Path]) -> None:
        self._cursor = cursor
        self._table = table
        self._path_of = path_of
        self._distinct = Distinct(IDENTITY, FRESH)

    @property
    def fresh(self) -> int:
        """How many events of the spool have been read that the table lacks."""
        return self._distinct.fresh

    def open(self, segments: Sequence[Segment], days: Sequence[Day]) -> pa.RecordBatchReader:
        """Return the rows in the table's columns, by day, id and ts, each identity once."""
        spooled = pa.RecordBatchReader.from_batches(
            event_schema(), (batch for segment in segments for batch in read_frames(segment))
        )
        try:
            self._cursor.register(SPOOLED, spooled)
            stream = self._cursor.execute(self._sql(segments, days)).to_arrow_reader(ROWS_PER_BATCH)
        except duckdb.Error as error:
            raise translate(error) from error
        schema = pa.schema([field for field in stream.schema if field.name != FRESH])
        return pa.RecordBatchReader.from_batches(schema, self._distinct.pass_on(_translated(stream)))

    def _sql(self, segments: Sequence[Segment], days: Sequence[Day]) -> str:
        names = [column.name for column in self._table.columns]
        known = {field.name for field in event_schema()}
        values = [
            quoted(column.name)
            if column.name in known
            else f"CAST(NULL AS {parse_type(column.type).duckdb}) AS {quoted(column.name)}"
            for column in self._table.columns
        ]
        kept = [file for day in days for file in day.kept]
        condition = f"WHERE NOT EXISTS ({self._present_sql(segments, kept)})" if kept else ""
        rows = f"SELECT {', '.join(values)}, 1 AS {FRESH} FROM {SPOOLED} AS s {condition}"
        merged = [file for day in days for file in day.merged]
        if merged:
            rows += (
                f" UNION ALL SELECT {', '.join(map(quoted, names))}, 0 AS {FRESH} FROM {self._files_sql(merged, names)}"
            )
        order = ", ".join((KEY, *IDENTITY, FRESH))
        return f"SELECT *, strftime(ts, '%Y-%m-%d') AS {KEY} FROM ({rows}) ORDER BY {order}"

    def _present_sql(self, segments: Sequence[Segment], files: Sequence[StoredObject]) -> str:
        """Look for an event in files that stay, as far as they can have it by their ts."""
        frames = [frame for segment in segments for frame in segment.frames]
        first, last = min(frame.first for frame in frames), max(frame.last for frame in frames)
        same = " AND ".join(f"t.{name} = s.{name}" for name in IDENTITY)
        span = f"t.ts BETWEEN make_timestamp_ms({first}) AND make_timestamp_ms({last})"
        return f"SELECT 1 FROM {self._files_sql(files, IDENTITY)} AS t WHERE {same} AND {span}"

    def _files_sql(self, files: Sequence[StoredObject], names: Sequence[str]) -> str:
        types = {column.name: parse_type(column.type) for column in self._table.columns}
        paths = [str(self._path_of(file.location)) for file in files]
        columns = [(name, types[name]) for name in names]
        shown = ", ".join(f"c{place} AS {quoted(name)}" for place, name in enumerate(names))
        return f"(SELECT {shown} FROM {many_files_text(columns, paths)})"


def _translated(stream: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    try:
        yield from stream
    except LakeError:
        raise
    except duckdb.Error as error:
        raise translate(error) from error
    except (OSError, pa.ArrowException) as error:
        raise translate_streamed(error) from error
