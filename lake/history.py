"""history.db: one row an execution, kept by the lake itself; it is also the table `history.queries`."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lake.catalog.connections import SqliteFile
from lake.catalog.faults import translated
from lake.errors import DamagedCatalog, DiskFull, ExecutionNotFound, LakeError, ReadOnlyLake
from lake.model import Column, Execution, State, StorageDescriptor, Table

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS executions (
    id TEXT PRIMARY KEY, token TEXT UNIQUE, sql TEXT NOT NULL, parameters TEXT, database TEXT NOT NULL,
    engine TEXT NOT NULL, statement_type TEXT NOT NULL, state TEXT NOT NULL, submitted_at REAL NOT NULL, ended_at REAL,
    error_id TEXT, error_message TEXT, estimated_bytes INTEGER, scanned_bytes INTEGER, cost_usd REAL, rows INTEGER,
    process INTEGER, cancel_requested INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS executions_by_time ON executions (submitted_at);
"""

COLUMNS = {
    "id": "string",
    "sql": "string",
    "parameters": "string",
    "database": "string",
    "engine": "string",
    "statement_type": "string",
    "state": "string",
    "submitted_at": "timestamp",
    "ended_at": "timestamp",
    "error_id": "string",
    "error_message": "string",
    "estimated_bytes": "bigint",
    "scanned_bytes": "bigint",
    "cost_usd": "double",
    "rows": "bigint",
}

HISTORY_TABLE = Table(
    "history",
    "queries",
    descriptor=StorageDescriptor(columns=tuple(Column(name, type_) for name, type_ in COLUMNS.items())),
    description="One row an execution of this lake",
)


class History:
    """Safe to share between threads; several processes may write at once.

    Keeping it is no reason for a query to fail: on a lake that is read-only nothing is
    recorded, a full disk is logged, and executions are known to their own process only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = SqliteFile(path, durable=False)

    @cached_property
    def _exists(self) -> bool:
        """Make the file where it is absent; False where that is not possible."""
        try:
            with translated(self._path), closing(sqlite3.connect(self._path)) as connection:
                connection.executescript(SCHEMA)
        except LakeError as error:
            if isinstance(error, DamagedCatalog):
                raise _damaged(self._path, error) from error
            if not isinstance(error, ReadOnlyLake):
                logger.warning("no history is kept: %s", error.message)
            return self._path.exists()
        return True

    def put(self, execution: Execution, *, token: str | None = None) -> str:
        """Add an execution, or bring the one of its id up to date; return the id.

        With a token that an earlier execution used, nothing is added and that one's id is returned.
        """
        row = _row(execution) | {"token": token, "process": os.getpid()}
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        changes = ", ".join(f"{name} = excluded.{name}" for name in row if name not in ("id", "token", "process"))
        sql = f"INSERT INTO executions ({names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {changes}"
        with self._writing() as connection:
            if connection is None:
                return execution.id
            if token is not None:
                earlier = connection.execute("SELECT id FROM executions WHERE token = ?", (token,)).fetchone()
                if earlier is not None and earlier[0] != execution.id:
                    return str(earlier[0])
            connection.execute(sql, row)
        return execution.id

    def get(self, execution_id: str) -> Execution:
        """Raise ExecutionNotFound. An execution whose process died is told as failed."""
        rows = self._read("SELECT * FROM executions WHERE id = ?", (execution_id,))
        if not rows:
            raise ExecutionNotFound(execution_id)
        return _execution(rows[0])

    def request_cancel(self, execution_id: str) -> None:
        """Leave word for the process that runs the execution."""
        with self._writing() as connection:
            if connection is not None:
                connection.execute("UPDATE executions SET cancel_requested = 1 WHERE id = ?", (execution_id,))

    def cancel_requests(self) -> set[str]:
        """Return the ids of this process's executions that are to be stopped."""
        sql = "SELECT id FROM executions WHERE cancel_requested = 1 AND state = 'RUNNING' AND process = ?"
        return {row["id"] for row in self._read(sql, (os.getpid(),))}

    def arrow(self) -> pa.Table:
        """Return all executions in the columns of `history.queries`."""
        import pyarrow as pa

        from lake.types import parse_type, to_arrow

        rows = [_told(row) for row in self._read("SELECT * FROM executions ORDER BY submitted_at")]
        schema = pa.schema([(name, to_arrow(parse_type(type_))) for name, type_ in COLUMNS.items()])
        columns = {name: [row[name] for row in rows] for name in COLUMNS}
        columns |= {name: list(map(_naive, columns[name])) for name in ("submitted_at", "ended_at")}
        return pa.table(columns, schema=schema)

    def close(self) -> None:
        self._file.close()

    def _read(self, sql: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        if not self._exists:
            return []
        with self._file.reading() as connection:
            cursor = connection.cursor()
            cursor.row_factory = sqlite3.Row
            return cursor.execute(sql, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection | None]:
        """Give a transaction, or None where nothing can be written."""
        if not self._exists or self._file.read_only:
            yield None
            return
        try:
            with self._file.transaction() as connection:
                yield connection
        except (DiskFull, ReadOnlyLake) as error:
            logger.warning("an execution is missing from the history: %s", error.message)


def _row(execution: Execution) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(execution, name) for name in COLUMNS}
    row["parameters"] = json.dumps(dict(execution.parameters)) if execution.parameters else None
    row["submitted_at"] = execution.submitted_at.timestamp()
    row["ended_at"] = execution.ended_at.timestamp() if execution.ended_at else None
    return row


def _told(row: sqlite3.Row) -> dict[str, Any]:
    """Return the columns of an execution; one whose process died has failed."""
    values = {name: row[name] for name in COLUMNS}
    if not State(values["state"]).ended and not _alive(row["process"]):
        values |= {
            "state": State.FAILED,
            "error_id": "INTERNAL_ERROR",
            "error_message": "the process that ran it ended",
        }
    return values


def _execution(row: sqlite3.Row) -> Execution:
    values = _told(row)
    values["parameters"] = json.loads(values["parameters"] or "{}")
    values["state"] = State(values["state"])
    for name in ("submitted_at", "ended_at"):
        values[name] = datetime.fromtimestamp(values[name], UTC) if values[name] is not None else None
    return Execution(**values)


def _naive(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _damaged(path: Path, error: DamagedCatalog) -> DamagedCatalog:
    return DamagedCatalog(error.message, hint=f"move {path} away: only the history of queries is in it")
