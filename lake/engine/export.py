"""A query's rows written to a Parquet file by DuckDB itself, on all cores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from lake.engine.faults import translate
from lake.engine.output import BIGINTS
from lake.engine.readers.literals import text
from lake.sql.translate import result_names
from lake.types.datatype import quoted


def export_text(cursor: duckdb.DuckDBPyConnection, query: str, path: Path) -> str:
    """Return the COPY statement; integers wider than Athena's, which Parquet lacks, become bigint."""
    described = cursor.execute(f"DESCRIBE {query}").fetchall()
    names = [f"c{place}" for place in range(len(described))]
    columns = ", ".join(
        f"{f'CAST({name} AS BIGINT)' if row[1] in BIGINTS else name} AS {quoted(shown)}"
        for name, row, shown in zip(names, described, result_names(row[0] for row in described), strict=True)
    )
    rows = f"SELECT {columns} FROM ({query}) AS q({', '.join(names)})"
    # The file is there, locked; DuckDB would write a second one beside it, out of its reach.
    return f"COPY ({rows}) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)"


@contextmanager
def naming_target(path: Path, target: Path) -> Iterator[None]:
    """Have a failure to write to `path` name the file that was asked for."""
    try:
        yield
    except duckdb.IOException as error:
        if str(path) not in str(error):
            raise
        failure = translate(error)
        reason = failure.message.rpartition(": ")[2]
        raise type(failure)(f"{target} could not be written: {reason}", hint=failure.hint) from error
