"""ORC files as Parquet, which DuckDB reads: copied once for as long as they do not change."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa

from lake.engine.faults import DAMAGED_HINT
from lake.errors import DamagedFile


def parquet_copy(path: Path, temp_folder: Path, *, by_name: bool) -> Path:
    """Return the copy of a file, its columns by name in small letters or by their places: 0, 1, …"""
    stat = path.stat()
    seen = f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0{by_name}"
    copy = temp_folder / f"{hashlib.sha256(seen.encode()).hexdigest()[:32]}.parquet"
    if not copy.exists():
        partial = copy.with_suffix(".part")
        try:
            _write(path, partial, by_name=by_name)
        except (OSError, pa.ArrowInvalid) as error:
            raise DamagedFile(f"{path} is no whole ORC file: {error}", hint=DAMAGED_HINT) from error
        partial.replace(copy)
    return copy


def _write(path: Path, partial: Path, *, by_name: bool) -> None:
    import pyarrow.orc as orc
    import pyarrow.parquet as pq

    source = orc.ORCFile(path)
    names = [name.lower() if by_name else str(place) for place, name in enumerate(source.schema.names)]
    schema = pa.schema([field.with_name(name) for field, name in zip(source.schema, names, strict=True)])
    with pq.ParquetWriter(partial, schema, coerce_timestamps="us", allow_truncated_timestamps=True) as target:
        for stripe in range(source.nstripes):
            target.write_batch(pa.RecordBatch.from_arrays(source.read_stripe(stripe).columns, schema=schema))
