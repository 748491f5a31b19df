"""A result's rows from CSV, in pieces of whole rows: the object that Athena writes, and pages of the API in the same form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa
from pyarrow import csv

from lake.engine.athena.columns import ResultColumn, schema_of
from lake.errors import DamagedFile

QUOTE, LINE_END = b'"', b"\n"
DAMAGED_HINT = "run the query again"


def whole_rows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a CSV text where rows end: at a line end behind an even number of quotes."""
    waiting = b""
    for chunk in chunks:
        waiting += chunk
        end = _last_row_end(waiting)
        if end:
            yield waiting[:end]
            waiting = waiting[end:]
    if waiting:
        yield waiting


def _last_row_end(text: bytes) -> int:
    """Return where the last whole row ends, 0 where there is none."""
    even = text.count(QUOTE) % 2 == 0
    end = len(text)
    while (place := text.rfind(LINE_END, 0, end)) >= 0:
        even ^= text.count(QUOTE, place, end) % 2 == 1
        if even:
            return place + 1
        end = place
    return 0


def csv_text(rows: Iterable[Sequence[str | None]]) -> bytes:
    """Write rows as Athena does: a NULL is nothing, an empty text is `""`."""
    lines = (",".join("" if cell is None else f'"{_escaped(cell)}"' for cell in row) for row in rows)
    return "".join(line + "\n" for line in lines).encode()


def _escaped(cell: str) -> str:
    return cell.replace('"', '""') if '"' in cell else cell


class RowReader:
    """Reads pieces into batches of the columns' types."""

    def __init__(self, columns: Sequence[ResultColumn]) -> None:
        self.columns = columns
        self.schema = schema_of(columns)
        self._names = [f"c{place}" for place in range(len(columns))]

    def batch(self, piece: bytes, *, skip: int = 0) -> pa.RecordBatch:
        """Read whole rows, without the first `skip`. Raises DamagedFile."""
        if not piece:
            return pa.RecordBatch.from_pylist([], schema=self.schema)
        try:
            return self._fast(piece, skip)
        except pa.ArrowInvalid:
            return self._slow(piece, skip)

    def _fast(self, piece: bytes, skip: int) -> pa.RecordBatch:
        table = self._parse(piece, skip, [column.read_as for column in self.columns])
        arrays = [
            column.convert(_whole(read)) if column.convert is not None else _whole(read)
            for column, read in zip(self.columns, table.columns, strict=True)
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _slow(self, piece: bytes, skip: int) -> pa.RecordBatch:
        """Read the columns that may have texts that Arrow does not take in the careful way."""
        kinds = [pa.string() if column.careful is not None else column.read_as for column in self.columns]
        try:
            table = self._parse(piece, skip, kinds)
            arrays = [
                self._converted(column, _whole(read)) for column, read in zip(self.columns, table.columns, strict=True)
            ]
        except pa.ArrowInvalid as error:
            raise DamagedFile(f"the result is not as Athena writes it: {error}", hint=DAMAGED_HINT) from error
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _converted(self, column: ResultColumn, read: pa.Array) -> pa.Array:
        convert = column.careful or column.convert
        return convert(read) if convert is not None else read

    def _parse(self, piece: bytes, skip: int, kinds: Sequence[pa.DataType]) -> pa.Table:
        return csv.read_csv(
            pa.BufferReader(piece),
            read_options=csv.ReadOptions(
                column_names=self._names, skip_rows_after_names=skip, block_size=len(piece) + 1, use_threads=True
            ),
            parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                column_types=dict(zip(self._names, kinds, strict=True)),
                null_values=[""],
                true_values=["true"],
                false_values=["false"],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.nulls(0, column.type)])


def page_rows(page: dict[str, Any]) -> list[list[str | None]]:
    """Return the cells of a page of the API."""
    return [[datum.get("VarCharValue") for datum in row.get("Data", [])] for row in page["ResultSet"].get("Rows", [])]


def shown_rows(rows: Iterable[list[str | None]], width: int) -> list[list[str | None]]:
    """Part the rows of SHOW and DESCRIBE: one text each, its columns parted by tabs and filled up with blanks.

    What DESCRIBE leaves empty behind the first column is a NULL.
    """
    return [_parted(cells[0] or "", width) if len(cells) == 1 else cells for cells in rows]


def _parted(text: str, width: int) -> list[str | None]:
    first, *others = (part.rstrip(" ") for part in text.split("\t", width - 1))
    return [first, *(part or None for part in others), *[None] * (width - 1 - len(others))]
