"""A plan as the one DuckDB statement that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from lake.engine.files import Files
from lake.engine.scan import Wanted, column_types, scan_text
from lake.sql.compile import HIDDEN_COLUMNS, CompiledQuery
from lake.sql.compiler.forms import form
from lake.sql.plan import QueryPlan, Scan
from lake.types import DataType
from lake.types.datatype import quoted

Shown = Callable[[str, DataType], str]
"""A column of the compiled query and its type to the text of what is given for it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """`rows` are to be registered under their names before the text runs."""

    text: str
    rows: Mapping[str, Callable[[], pa.Table]]


def build_statement(plan: QueryPlan, files: Files, shown: Shown) -> Statement:
    """Put scans into the compiled query, and around it what is given for its columns."""
    compiled = plan.compiled
    sources = [
        _source(number, scan, files, reads)
        for number, (scan, reads) in enumerate(zip(plan.scans, compiled.reads, strict=True))
    ]
    rows = {_rows_name(number): scan.rows for number, scan in enumerate(plan.scans) if scan.rows is not None}
    return Statement(f"SELECT {_columns(compiled, shown)} FROM ({compiled.text(sources)})", rows)


def _columns(compiled: CompiledQuery, shown: Shown) -> str:
    return ", ".join(f"{shown(f'c{place}', type_)} AS c{place}" for place, type_ in enumerate(compiled.types))


def _source(number: int, scan: Scan, files: Files, reads: frozenset[str]) -> str:
    if scan.rows is None:
        return scan_text(scan, files, Wanted(reads, tuple(name for name in HIDDEN_COLUMNS if name in reads)))
    columns = ((quoted(name), form(type_)) for name, type_ in column_types(scan.table))
    return (
        f"(SELECT {', '.join(f'CAST({name} AS {kind}) AS {name}' for name, kind in columns)} FROM {_rows_name(number)})"
    )


def _rows_name(number: int) -> str:
    return f"rows{number}"
