"""tap-lake partitions repair --due: what a schedule runs."""

from __future__ import annotations

import json
import logging
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from lake.commands.console.session import Session
from lake.commands.partitions.shown import leave, nests, partitioned_tables

if TYPE_CHECKING:
    from lake.partitions.due import DueOptions, TableOutcome

COLUMNS = (
    ("table", "varchar"),
    ("added", "bigint"),
    ("moved", "bigint"),
    ("dropped", "bigint"),
    ("refused", "bigint"),
    ("stray", "bigint"),
    ("expected", "bigint"),
    ("unknown", "bigint"),
    ("lag_seconds", "double"),
    ("full", "boolean"),
    ("in_time", "boolean"),
    ("guard", "varchar"),
    ("error", "varchar"),
    ("undo", "array(varchar)"),
)
GUARDED = 7


class JsonLines(logging.Formatter):
    """One object a line: when, how bad, what; the outcome of a table where there is one, and a trace where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "message": record.getMessage(),
        }
        outcome = getattr(record, "outcome", None)
        entry |= {} if outcome is None else asdict(outcome)
        entry |= {"trace": self.formatException(record.exc_info)} if record.exc_info else {}
        return json.dumps(entry, ensure_ascii=False)


def repair_due_tables(
    session: Session, tables: Sequence[str], every: bool, seconds: float, options: DueOptions, log_format: str
) -> None:
    """Repair the named tables, or all, and print a row for each."""
    from lake.partitions.due import repair_due

    with session.lake() as lake, logged(session, log_format):
        names = partitioned_tables(lake, tables, every=every)
        deadline = lake.clock.now() + timedelta(seconds=seconds)
        outcomes = repair_due(lake, names, deadline, options=options)
        if session.settings.verbose and log_format != "json":
            _say_calls(session, outcomes)
        nested = nests(session)
        columns = COLUMNS if nested else (*COLUMNS[:-1], ("undo", "varchar"))
        session.output.rows(columns, [_row(outcome, nested=nested) for outcome in outcomes])
    leave(exit_code(outcomes))


def _say_calls(session: Session, outcomes: Sequence[TableOutcome]) -> None:
    from lake.partitions.counting import Calls

    for outcome in outcomes:
        session.output.say(f"{outcome.table}: calls: {Calls(counts=Counter(outcome.calls))}")


def _row(outcome: TableOutcome, *, nested: bool) -> tuple[Any, ...]:
    """Give the undo files as a list, or in a text with spaces between them where a format has no lists."""
    *fields, undo = (getattr(outcome, name) for name, _ in COLUMNS)
    return *fields, list(undo) if nested else " ".join(undo) or None


def exit_code(outcomes: Sequence[TableOutcome]) -> int:
    if any(outcome.error for outcome in outcomes):
        return 1
    if any(outcome.guard for outcome in outcomes):
        return GUARDED
    return 1 if any(outcome.failed for outcome in outcomes) else 0


@contextmanager
def logged(session: Session, log_format: str) -> Iterator[None]:
    """Have what is logged go to standard error, as lines for people or as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if log_format == "json" else logging.Formatter("%(message)s"))
    root = logging.getLogger("lake")
    before = root.level
    root.setLevel(logging.WARNING if session.settings.quiet else logging.INFO)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
