"""Records that have types already: Parquet files, and what has an Arrow stream."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from lake.errors import DamagedFile, UsageError
from lake.ingest.records import Records
from lake.ingest.sources.streams import Progress
from lake.storage.faults import reading

if TYPE_CHECKING:
    import pyarrow as pa

FEWEST_ROWS, MOST_ROWS = 1_000, 500_000


def parquet_records(path: Path, identity: str, size: int, progress: Progress) -> Generator[Records]:
    """Raises StorageFailed, DamagedFile."""
    import pyarrow as pa
    from pyarrow import parquet

    with reading(str(path)), path.open("rb") as raw:
        length = path.stat().st_size
        try:
            with parquet.ParquetFile(raw) as file:
                rows = max(1, file.metadata.num_rows)
                batches = file.iter_batches(batch_size=_batch_rows(file.metadata, size))
                for records in typed_records(batches, str(path), identity):
                    yield records
                    progress.bytes_read = length * int(records.lines[-1].as_py()) // rows
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, OSError) and error.errno:
                raise
            message = f"{path} is no whole Parquet file: {str(error).splitlines()[0]}"
            raise DamagedFile(message, hint="get the file again and repeat") from error
        progress.bytes_read = length


def typed_records(batches: Iterable[pa.RecordBatch], name: str, identity: str) -> Generator[Records]:
    """Number the rows. Raises UsageError for two columns of one name."""
    import pyarrow as pa

    row = 1
    for batch in batches:
        names = batch.schema.names
        twice = next((column for column in names if names.count(column) > 1), None)
        if twice is not None:
            raise UsageError(f"{name}: two columns are called {twice!r}", hint="rename one of them")
        if batch.num_rows:
            numbers = pa.array(range(row, row + batch.num_rows), pa.int64())
            yield Records("typed", numbers, identity, columns=pa.Table.from_batches([batch]))
            row += batch.num_rows


def _batch_rows(metadata: pa.parquet.FileMetaData, size: int) -> int:
    groups = range(metadata.num_row_groups)
    row_bytes: int = sum(metadata.row_group(group).total_byte_size for group in groups) // max(1, metadata.num_rows)
    return min(MOST_ROWS, max(FEWEST_ROWS, size // max(1, row_bytes)))
