"""Write one Parquet file as Athena reads it: zstd, row groups of a sensible size, durable when closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lake.write.disk import sync_file

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP_ROWS = 1_000_000
ROW_GROUP_BYTES = 64 << 20
"""A row group ends at either, so that wide rows need no more memory than narrow ones."""

SAMPLE_ROWS = 20_000
FEW_DISTINCT = 0.5
"""A column with a smaller share of distinct values is written with a dictionary; for others it costs time and space."""


@dataclass(frozen=True)
class Encoding:
    """What all files of one write share."""

    schema: pa.Schema
    dictionary_paths: tuple[str, ...]

    @classmethod
    def for_sample(cls, sample: pa.Table | pa.RecordBatch) -> Encoding:
        """Decide from the first rows which columns repeat; parts of nested columns are taken to."""
        import pyarrow.compute as pc

        sample = sample.slice(0, SAMPLE_ROWS)
        varied = set()
        for name, column in zip(sample.schema.names, sample.columns, strict=True):
            if _is_nested(column.type) or not len(column):
                continue
            if pc.count_distinct(column).as_py() >= FEW_DISTINCT * len(column):
                varied.add(name)
        paths = _leaf_paths(sample.schema)
        return cls(sample.schema, tuple(path for path in paths if path not in varied))


def write_file(path: Path, pieces: Iterable[pa.Table | pa.RecordBatch], encoding: Encoding) -> int:
    """Write the rows in order, sync the file, and return how many there are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = 0
    with pa.OSFile(str(path), "wb") as file, pq.ParquetWriter(file, encoding.schema, **_options(encoding)) as writer:
        for group in _row_groups(pieces, encoding.schema):
            writer.write_table(group, row_group_size=ROW_GROUP_ROWS)
            rows += group.num_rows
    sync_file(path)
    return rows


def _options(encoding: Encoding) -> dict[str, Any]:
    return {
        "compression": "zstd",
        "use_dictionary": list(encoding.dictionary_paths) or False,
        # Arrow's own schema would only bring back types that the table does not have.
        "store_schema": False,
    }


def _row_groups(pieces: Iterable[pa.Table | pa.RecordBatch], schema: pa.Schema) -> Iterable[pa.Table]:
    held: list[pa.RecordBatch] = []
    rows = size = 0
    for piece in pieces:
        for batch in piece.to_batches() if hasattr(piece, "to_batches") else [piece]:
            if held and (rows + batch.num_rows > ROW_GROUP_ROWS or size + batch.nbytes > ROW_GROUP_BYTES):
                yield _joined(held, schema)
                held, rows, size = [], 0, 0
            held.append(batch)
            rows += batch.num_rows
            size += batch.nbytes
    if held:
        yield _joined(held, schema)


def _joined(batches: Sequence[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_batches(batches, schema=schema)


def _is_nested(arrow_type: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_nested(arrow_type))


def _leaf_paths(schema: pa.Schema) -> list[str]:
    """The names that Parquet gives to the columns that it stores, `tags.list.element` for one."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.ParquetWriter(sink, schema, store_schema=False).close()
    stored = pq.ParquetFile(pa.BufferReader(sink.getvalue())).schema
    return [stored.column(index).path for index in range(len(stored))]
