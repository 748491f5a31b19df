"""A result's rows into a Parquet file, batch by batch."""

from __future__ import annotations

import pyarrow as pa
from pyarrow import parquet

from lake.engine.athena.results import Rows
from lake.errors import NotSupported
from lake.storage.new_file import NewFile
from lake.types.zoned import plain_schema, without_zones


def export(rows: Rows, file: NewFile) -> int:
    """Write all rows, whole or not at all; return how many there are."""
    schema, count = plain_schema(rows.schema), 0
    with file.opened() as target:
        try:
            with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
                for batch in rows.batches:
                    writer.write_batch(without_zones(batch, schema))
                    count += batch.num_rows
        except pa.ArrowNotImplementedError as error:
            raise NotSupported(f"these rows do not go into a Parquet file: {error}") from error
    return count
