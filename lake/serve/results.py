"""The rows of an execution as texts: kept in a file of this process, given by pages, written as the result object."""

from __future__ import annotations

import bisect
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from lake.columns import texts_of
from lake.formats.strings import body, constant, join, join_columns, replace
from lake.serve.columns import ResultColumn
from lake.serve.texts import value_texts
from lake.types import DataType

ROWS_PER_BATCH = 10_000

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ResultRows:
    """`path` is an Arrow file of texts, None where there are no rows and no columns. `starts`: each batch's first row."""

    columns: tuple[ResultColumn, ...]
    path: Path | None
    starts: tuple[int, ...]
    count: int
    header: bool
    """Whether the column names are the first row."""

    @property
    def length(self) -> int:
        return self.count + self.header

    def page(self, start: int, size: int) -> list[Row]:
        """Return rows as the API gives them; the header, where there is one, is row 0."""
        rows: list[Row] = []
        if self.header and start == 0 and size:
            rows.append(_row(column.name for column in self.columns))
        first = max(start - self.header, 0)
        rows += self._rows(first, size - len(rows))
        return rows

    def _rows(self, start: int, size: int) -> Iterator[Row]:
        if self.path is None or size <= 0 or start >= self.count:
            return
        with pa.memory_map(str(self.path)) as source:
            reader = pa.ipc.open_file(source)
            place = bisect.bisect_right(self.starts, start) - 1
            while size > 0 and place < reader.num_record_batches:
                batch = reader.get_batch(place).slice(start - self.starts[place], size)
                yield from map(_row, zip(*(column.to_pylist() for column in batch.columns), strict=True))
                start, size, place = start + batch.num_rows, size - batch.num_rows, place + 1


NO_ROWS = ResultRows((), None, (), 0, header=False)


class ResultFolder:
    """Names the files of one process's results in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._lock = threading.Lock()

    def new(self, suffix: str) -> Path:
        with self._lock:
            self._made += 1
            return self._folder / f"result-{self._made}{suffix}"


def keep_rows(
    path: Path, columns: tuple[ResultColumn, ...], types: Sequence[DataType], batches: Iterable[pa.RecordBatch]
) -> ResultRows:
    """Render and keep the rows of a query, reading them once as they come."""
    texts = ([value_texts(*pair) for pair in zip(batch.columns, types, strict=True)] for batch in batches)
    starts = _keep(path, [column.name for column in columns], texts)
    return ResultRows(columns, path, starts[:-1], starts[-1], header=True)


def keep_lines(
    path: Path, columns: tuple[ResultColumn, ...], batches: Iterable[pa.RecordBatch], pad: int
) -> ResultRows:
    """Keep the rows of SHOW and DESCRIBE, each as one text: its fields, padded to `pad` characters, between tabs."""
    starts = _keep(path, ["line"], ([_lines(batch, pad)] for batch in batches))
    return ResultRows(columns, path, starts[:-1], starts[-1], header=False)


def _keep(path: Path, names: Sequence[str], arrays: Iterable[list[pa.Array]]) -> tuple[int, ...]:
    """Write texts in batches of a size that a page is cut from quickly; return where each begins, and the end."""
    schema = pa.schema([(name, pa.string()) for name in names])
    counts = []
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for columns in arrays:
            for part in _small(pa.RecordBatch.from_arrays(columns, schema=schema)):
                writer.write_batch(part)
                counts.append(part.num_rows)
    return tuple(accumulate(counts, initial=0))


def write_csv(rows: ResultRows, out: BinaryIO) -> None:
    """Write Athena's CSV: all but NULL in quotes, the header too; a NULL is nothing."""
    names = [column.name.replace('"', '""') for column in rows.columns]
    out.write((",".join(f'"{name}"' for name in names) + "\n").encode())
    for batch in _batches(rows):
        quoted = [join('"', replace(column, [('"', '""')]), '"') for column in batch.columns]
        out.write(body(join_columns([join_columns(quoted, ","), constant("")], "\n")))


def write_text(rows: ResultRows, out: BinaryIO) -> None:
    """Write lines with nothing after the last one."""
    first = True
    for batch in _batches(rows):
        lines = body(join_columns([constant(""), batch.column(0)], "\n"))
        out.write(lines[1:] if first else lines)
        first = False


def _batches(rows: ResultRows) -> Iterator[pa.RecordBatch]:
    if rows.path is None:
        return
    with pa.memory_map(str(rows.path)) as source:
        reader = pa.ipc.open_file(source)
        for place in range(reader.num_record_batches):
            yield reader.get_batch(place)


def _small(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, ROWS_PER_BATCH):
        yield batch.slice(start, ROWS_PER_BATCH)


def _lines(batch: pa.RecordBatch, pad: int) -> pa.Array:
    rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
    return texts_of(["\t".join((field or "").ljust(pad) for field in row) for row in rows])


def _row(texts: Iterable[str | None]) -> Row:
    return {"Data": [{} if text is None else {"VarCharValue": text} for text in texts]}
