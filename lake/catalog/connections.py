"""Connections to a SQLite file that many threads and processes share, with no lock error for any of them."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lake.catalog.faults import LOCKED, damaged, read_only, translated
from lake.errors import CatalogFailed

BUSY_SECONDS = 30.0
IDLE_CONNECTIONS = 8
# A log that grew in one large change shrinks to this at the next checkpoint.
LOG_BYTES = 64 << 20

_inherited: list[sqlite3.Connection] = []


class SqliteFile:
    """A pool of connections to the file at `path`, which must exist. Opens nothing before it is needed.

    A thread takes a connection for a read or a transaction and gives it back, so there are never more than run at
    once. `on_open` sees each new connection and may refuse the file. Where the folder cannot be written, the file
    is opened for reading only. What is not `durable` survives the death of a process, but maybe no loss of power.
    """

    def __init__(
        self, path: Path, on_open: Callable[[sqlite3.Connection], None] | None = None, *, durable: bool = True
    ) -> None:
        self.path = path
        self._durable = durable
        self._on_open = on_open
        self._guard = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._local = threading.local()
        self._owner = os.getpid()
        self._opened_as: object = None
        self._closed = False

    @property
    def read_only(self) -> bool:
        return not is_writable(self.path)

    def close(self) -> None:
        """Close every connection; those in use close when they are given back."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            self._end(connection)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for statements that are read to their end at once, inside this thread's transaction if any."""
        current: sqlite3.Connection | None = getattr(self._local, "connection", None)
        with translated(self.path):
            if current is not None:
                yield current
                return
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock, and commit durably at the end, or undo everything on an error.

        Within a transaction of the same thread it joins it: an inner error undoes the inner part alone.
        """
        current: sqlite3.Connection | None = getattr(self._local, "connection", None)
        with translated(self.path):
            if current is not None:
                with _savepoint(current):
                    yield current
                return
            if self.read_only:
                raise damaged(self.path, "the file is missing") if not self.path.exists() else read_only(self.path)
            connection = self._take()
            try:
                _begin(connection)
                if self._on_open is not None:
                    self._on_open(connection)
                self._local.connection = connection
                yield connection
                connection.execute("COMMIT")
            finally:
                self._local.connection = None
                if connection.in_transaction:
                    with suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")
                self._give_back(connection)

    def _take(self) -> sqlite3.Connection:
        stale: list[sqlite3.Connection] = []
        with self._guard:
            if self._closed:
                raise CatalogFailed(f"{self.path} was closed")
            if self._owner != os.getpid():
                # Of the parent process: SQLite forbids to use them here, and closing them would drop the parent's locks.
                _inherited.extend(self._idle)
                self._idle, self._owner = [], os.getpid()
            state = snapshot(self.path)
            if state != self._opened_as:
                stale, self._idle, self._opened_as = self._idle, [], state
            connection = self._idle.pop() if self._idle else None
        for old in stale:
            self._end(old)
        return connection or self._open()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._guard:
            unfit = self._closed or connection.in_transaction or len(self._idle) >= IDLE_CONNECTIONS
            if not unfit:
                self._idle.append(connection)
        if unfit:
            self._end(connection)

    @staticmethod
    def _end(connection: sqlite3.Connection) -> None:
        with suppress(sqlite3.Error):
            connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            address(self.path), uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            # FULL: what was acknowledged also survives a power failure, which NORMAL does not promise with a log.
            connection.execute(f"PRAGMA synchronous={'FULL' if self._durable else 'NORMAL'}")
            connection.execute(f"PRAGMA journal_size_limit={LOG_BYTES}")
            if self._on_open is not None:
                self._on_open(connection)
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal" and is_writable(self.path):
                connection.execute("PRAGMA journal_mode=WAL")
        except BaseException:
            connection.close()
            raise
        return connection


def is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def address(path: Path) -> str:
    """Say how the file is to be opened.

    A log needs a file beside it even for reading. Where none can be made, a file without a log is read as one that
    nobody changes; a file with a log can be read as long as what its writers keep beside it is there.
    """
    if is_writable(path) or not path.exists():
        return f"{path.absolute().as_uri()}?mode=rw"
    log = has_log(path)
    return f"{path.absolute().as_uri()}?mode=ro" + ("" if log else "&immutable=1")


def has_log(path: Path) -> bool:
    try:
        return Path(f"{path}-wal").stat().st_size > 0
    except OSError:
        return False


def snapshot(path: Path) -> object:
    """Tell apart the states of the file that need a connection opened anew; None while it can be written.

    A connection that takes the file for unchanging must go when somebody else did change it.
    """
    if is_writable(path):
        return None
    try:
        state = path.stat()
    except OSError:
        return "missing"
    return (has_log(path), state.st_mtime_ns, state.st_size)


def _begin(connection: sqlite3.Connection) -> None:
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            # SQLite waits by itself, but gives up early while another process recovers or removes the log.
            if error.sqlite_errorcode & 0xFF not in LOCKED or time.monotonic() >= deadline:
                raise
            time.sleep(0.01)
        else:
            return


@contextmanager
def _savepoint(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("SAVEPOINT inner_part")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK TO inner_part")
            connection.execute("RELEASE inner_part")
        raise
    connection.execute("RELEASE inner_part")
