"""The forms in which rows leave the project: for a reader, for a program, for a file.

Importing this package is cheap: a format's writer, and pyarrow with it, is loaded when rows are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from lake.errors import UsageError
from lake.formats.writer import Format, FormatOptions, Writer, Written

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FORMATS", "Format", "FormatOptions", "Writer", "Written", "write"]

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "table": Format("a box that fits the terminal", ".txt", "terminal:TableWriter"),
        "vertical": Format("one line a value, for wide rows", ".txt", "terminal:VerticalWriter"),
        "csv": Format("comma-separated, NULL empty and '' as \"\"", ".csv", "delimited:CsvWriter"),
        "tsv": Format("tab-separated, otherwise as csv", ".tsv", "delimited:TsvWriter"),
        "json": Format("one JSON array, a line for each row", ".json", "json_text:JsonWriter"),
        "jsonl": Format("one JSON object a line", ".jsonl", "json_text:JsonLinesWriter"),
        "markdown": Format("a Markdown table", ".md", "delimited:MarkdownWriter"),
        "parquet": Format("Parquet with zstd", ".parquet", "columnar:ParquetWriter", binary=True),
        "arrow": Format("Arrow IPC file", ".arrow", "columnar:ArrowWriter", binary=True),
        "none": Format("read everything, write nothing", "", "writer:NoWriter"),
    }
)

DEFAULTS = FormatOptions()

# Text grows while it is rendered (a control character by six in JSON) and an Arrow string array holds 2 GiB:
# batches are cut small enough to stay far below it, and near the processor's cache.
PIECE_ROWS = 65_536
PIECE_BYTES = 32 * 1024 * 1024


def write(
    batches: pa.RecordBatchReader,
    out: BinaryIO,
    *,
    format: str,  # noqa: A002 - the word users know from --format
    options: FormatOptions = DEFAULTS,
) -> Written:
    """Write all rows, or the first `options.max_rows`, to `out`, in memory that does not grow with their number.

    One batch beyond `max_rows` may be read, to know whether more follow. Neither `batches` nor `out` is closed,
    and `out` need not be seekable. Errors of `out`, such as a closed pipe, pass through; an unknown format is a UsageError.
    """
    if format not in FORMATS:
        raise UsageError(f"format {format!r} is not one of {', '.join(FORMATS)}")
    module, _, name = FORMATS[format].writer.partition(":")
    writer: Writer = getattr(import_module(f"lake.formats.{module}"), name)(out, options)
    writer.begin(batches.schema)
    rows, more = 0, False
    for batch in batches:
        if options.max_rows is not None and rows + batch.num_rows > options.max_rows:
            batch, more = batch.slice(0, options.max_rows - rows), True
        for piece in _pieces(batch):
            writer.write(piece)
        rows += batch.num_rows
        if more:
            break
    writer.end(more=more)
    return Written(rows=rows, more=more)


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Halve until each piece is small in rows and bytes; a single huge row stays whole."""
    if batch.num_rows <= 1 or (batch.num_rows <= PIECE_ROWS and batch.nbytes <= PIECE_BYTES):
        if batch.num_rows:
            yield batch
        return
    middle = batch.num_rows // 2
    yield from _pieces(batch.slice(0, middle))
    yield from _pieces(batch.slice(middle))
