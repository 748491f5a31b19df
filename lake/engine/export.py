"""A query's rows written to a Parquet file by DuckDB itself, on all cores, whole or not at all."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import duckdb

from lake.engine.output import BIGINTS
from lake.engine.readers.literals import text
from lake.errors import StorageFailed
from lake.sql.translate import result_names
from lake.types.datatype import quoted


def staging_path(target: Path) -> Path:
    """Return a name beside `target` for the time of writing, its folder resolved."""
    folder = target.absolute().parent
    if not folder.is_dir():
        raise StorageFailed(f"folder {folder} does not exist", hint="make it first")
    return folder.resolve() / f".{target.name}.{uuid.uuid4().hex[:8]}.tmp"


def sync_export(staging: Path) -> None:
    """Make the finished file durable before it takes its place."""
    handle = os.open(staging, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def export_text(cursor: duckdb.DuckDBPyConnection, query: str, staging: Path) -> str:
    """Return the COPY statement; integers wider than Athena's, which Parquet lacks, become bigint."""
    described = cursor.execute(f"DESCRIBE {query}").fetchall()
    names = [f"c{place}" for place in range(len(described))]
    columns = ", ".join(
        f"{f'CAST({name} AS BIGINT)' if row[1] in BIGINTS else name} AS {quoted(shown)}"
        for name, row, shown in zip(names, described, result_names(row[0] for row in described), strict=True)
    )
    rows = f"SELECT {columns} FROM ({query}) AS q({', '.join(names)})"
    return f"COPY ({rows}) TO {text(str(staging))} (FORMAT parquet, COMPRESSION zstd)"
