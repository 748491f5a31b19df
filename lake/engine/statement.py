"""A plan as the one DuckDB statement that answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lake.engine.files import Files
from lake.engine.scan import Wanted, scan_text
from lake.history import HISTORY_TABLE
from lake.sql.compile import HIDDEN_COLUMNS, CompiledQuery, scan_name
from lake.sql.plan import QueryPlan, Scan
from lake.types import DataType

HISTORY_NAME = "history_queries"

Shown = Callable[[str, DataType], str]
"""A column of the compiled query and its type to the text of what is given for it."""


@dataclass(frozen=True, slots=True)
class Statement:
    text: str
    reads_history: bool
    history_name: str = HISTORY_NAME


def build_statement(plan: QueryPlan, files: Files, shown: Shown) -> Statement:
    """Put scans before the compiled query, and around it what is given for its columns."""
    compiled = plan.compiled
    scans = [
        # What is read in one place only is planned as if it stood there.
        f"{scan_name(number)} AS NOT MATERIALIZED {_source(scan, files, reads)}"
        for number, (scan, reads) in enumerate(zip(plan.scans, compiled.reads, strict=True))
    ]
    start = f"WITH {', '.join(scans)} " if scans else ""
    reads_history = any(scan.table is HISTORY_TABLE for scan in plan.scans)
    return Statement(f"{start}SELECT {_columns(compiled, shown)} FROM ({compiled.sql})", reads_history)


def _columns(compiled: CompiledQuery, shown: Shown) -> str:
    return ", ".join(f"{shown(f'c{place}', type_)} AS c{place}" for place, type_ in enumerate(compiled.types))


def _source(scan: Scan, files: Files, reads: frozenset[str]) -> str:
    if scan.table is HISTORY_TABLE:
        return f"(SELECT * FROM {HISTORY_NAME})"
    hidden = tuple(name for name in HIDDEN_COLUMNS if name in reads)
    return scan_text(scan, files, Wanted(reads, hidden))
