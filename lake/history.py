"""history.db: one row an execution, kept by the lake itself; it is also the table `history.queries`."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lake.errors import CatalogFailed, DamagedCatalog, DiskFull, ExecutionNotFound, LakeError, ReadOnlyLake
from lake.model import Column, Execution, State, StorageDescriptor, Table

if TYPE_CHECKING:
    import pyarrow as pa

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

    On a lake that cannot be written nothing is recorded, and executions are known to their own process only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self.writable = os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))

    def put(self, execution: Execution, *, token: str | None = None) -> str:
        """Add an execution, or bring the one of its id up to date; return the id.

        With a token that an earlier execution used, nothing is added and that one's id is returned.
        """
        if not self.writable:
            return execution.id
        row = _row(execution) | {"token": token, "process": os.getpid()}
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        changes = ", ".join(f"{name} = excluded.{name}" for name in row if name not in ("id", "token", "process"))
        sql = f"INSERT INTO executions ({names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {changes}"
        with self._connected() as connection:
            if token is not None:
                earlier = connection.execute("SELECT id FROM executions WHERE token = ?", (token,)).fetchone()
                if earlier is not None and earlier[0] != execution.id:
                    return str(earlier[0])
            connection.execute(sql, row)
        return execution.id

    def get(self, execution_id: str) -> Execution:
        """Raise ExecutionNotFound. An execution whose process died is told as failed."""
        with self._connected() as connection:
            row = connection.execute("SELECT * FROM executions WHERE id = ?", (execution_id,)).fetchone()
        if row is None:
            raise ExecutionNotFound(execution_id)
        return _execution(row)

    def list_executions(self, *, limit: int = 100) -> Iterator[Execution]:
        """Yield the newest first."""
        with self._connected() as connection:
            rows = connection.execute(
                "SELECT * FROM executions ORDER BY submitted_at DESC, rowid DESC LIMIT ?", (limit,)
            ).fetchall()
        yield from map(_execution, rows)

    def request_cancel(self, execution_id: str) -> None:
        """Leave word for the process that runs the execution."""
        if self.writable:
            with self._connected() as connection:
                connection.execute("UPDATE executions SET cancel_requested = 1 WHERE id = ?", (execution_id,))

    def cancel_requests(self) -> set[str]:
        """Return the ids of this process's executions that are to be stopped."""
        if not self.writable:
            return set()
        sql = "SELECT id FROM executions WHERE cancel_requested = 1 AND state = 'RUNNING' AND process = ?"
        with self._connected() as connection:
            return {row[0] for row in connection.execute(sql, (os.getpid(),))}

    def arrow(self) -> pa.Table:
        """Return all executions in the columns of `history.queries`."""
        import pyarrow as pa

        from lake.types import parse_type, to_arrow

        with self._connected() as connection:
            rows = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM executions ORDER BY submitted_at").fetchall()
        schema = pa.schema([(name, to_arrow(parse_type(type_))) for name, type_ in COLUMNS.items()])
        columns = list(zip(*map(tuple, rows), strict=True)) or [()] * len(COLUMNS)
        arrays = [
            pa.array([_naive(value) for value in values] if field.name.endswith("_at") else list(values), field.type)
            for field, values in zip(schema, columns, strict=True)
        ]
        return pa.Table.from_arrays(arrays, schema=schema)

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._open()
                yield self._connection
            except sqlite3.Error as error:
                raise _translated(error, self._path) from error

    def _open(self) -> sqlite3.Connection:
        if self.writable:
            connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(SCHEMA)
        elif self._path.exists():
            uri = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        else:
            connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            connection.executescript(SCHEMA)
        connection.row_factory = sqlite3.Row
        return connection


def _row(execution: Execution) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(execution, name) for name in COLUMNS}
    row["parameters"] = json.dumps(dict(execution.parameters)) if execution.parameters else None
    row["submitted_at"] = execution.submitted_at.timestamp()
    row["ended_at"] = execution.ended_at.timestamp() if execution.ended_at else None
    return row


def _execution(row: sqlite3.Row) -> Execution:
    values = {name: row[name] for name in COLUMNS}
    values["parameters"] = json.loads(values["parameters"] or "{}")
    values["state"] = State(values["state"])
    for name in ("submitted_at", "ended_at"):
        values[name] = datetime.fromtimestamp(values[name], UTC) if values[name] is not None else None
    execution = Execution(**values)
    if not execution.state.ended and not _alive(row["process"]):
        return replace(
            execution, state=State.FAILED, error_id="INTERNAL_ERROR", error_message="the process that ran it ended"
        )
    return execution


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


def _translated(error: sqlite3.Error, path: Path) -> LakeError:
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_FULL":
        return DiskFull(f"the disk is full: {path.name} could not be written", hint="free space and try again")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return ReadOnlyLake(f"{path} cannot be written", hint="give this user write permission")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return DamagedCatalog(
            f"{path} is damaged", hint=f"move it away: only the history of queries is in it ({error})"
        )
    return CatalogFailed(f"{path.name}: {error}")
