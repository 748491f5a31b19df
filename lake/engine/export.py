"""A query's rows written to a Parquet file by DuckDB itself, on all cores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from lake.engine.faults import translate
from lake.engine.readers.literals import text
from lake.types.datatype import quoted


def export_text(query: str, names: Sequence[str], path: Path) -> str:
    """Return the COPY statement for a query with columns c0, c1, …"""
    columns = ", ".join(f"c{place} AS {quoted(name)}" for place, name in enumerate(names))
    # The file is there, locked; DuckDB would write a second one beside it, out of its reach.
    return f"COPY (SELECT {columns} FROM ({query})) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)"


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
