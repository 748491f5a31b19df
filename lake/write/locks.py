"""Locks that die with their process: one a table, shared by readers and held alone to commit; one a write in
progress; one that all queries share."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lake.model import TableName
from lake.partitions.layouts.names import escape
from lake.storage.temporary import is_held, unlock

NO_WRITING = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT})
WRITE_PREFIX, WRITE_SUFFIX = "write-", ".lock"
QUERIES = "queries.running"


class Locks:
    """Lock files in one folder. They work between threads as between processes; a thread takes none twice."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def alone(self, name: TableName) -> Iterator[None]:
        """Wait until nobody reads the table's listing or commits to it, and keep others waiting."""
        with _held(self._path(name, "gate"), fcntl.LOCK_EX), _held(self._path(name, "lock"), fcntl.LOCK_EX):
            yield

    @contextmanager
    def shared(self, name: TableName) -> Iterator[bool]:
        """Keep writers from committing to the table; yields False, unlocked, where no lock file can be made.

        A writer that waits holds the gate, so readers who come later cannot starve it.
        """
        try:
            gate = _opened(self._path(name, "gate"))
        except OSError as error:
            if error.errno not in NO_WRITING:
                raise
            yield False
            return
        try:
            fcntl.flock(gate, fcntl.LOCK_SH)
            lock = _opened(self._path(name, "lock"))
        finally:
            unlock(gate)
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield True
        finally:
            unlock(lock)

    def querying(self) -> IO[bytes] | None:
        """Mark a query as running, from before it lists files until what is returned is closed or forgotten.

        None where no lock file can be made.
        """
        try:
            file = os.fdopen(_opened(f"{self._folder}/{QUERIES}"), "rb")
        except OSError as error:
            if error.errno not in NO_WRITING:
                raise
            return None
        fcntl.flock(file, fcntl.LOCK_SH)
        return file

    def is_queried(self) -> bool:
        """Say whether any process runs a query of this lake."""
        return is_held(_opened(f"{self._folder}/{QUERIES}"), alone=False)

    @contextmanager
    def writing(self, write_id: str) -> Iterator[None]:
        """Mark a write as alive. Held from before its first file is made, so that nobody sweeps what it stages."""
        path = self._write_path(write_id)
        descriptor = _opened(path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            while not _is_at(descriptor, path):
                # Swept away as a dead one's between its making and its locking.
                os.close(descriptor)
                descriptor = _opened(path)
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
            self.forget(write_id)
        finally:
            unlock(descriptor)

    def is_alive(self, write_id: str) -> bool:
        try:
            descriptor = os.open(self._write_path(write_id), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        return is_held(descriptor, alone=True)

    def forget_dead(self) -> None:
        """Remove the marks of writes whose process is gone; without a mark they are no more alive than with one."""
        for path in self._folder.glob(f"{WRITE_PREFIX}*{WRITE_SUFFIX}"):
            write_id = path.name[len(WRITE_PREFIX) : -len(WRITE_SUFFIX)]
            if not self.is_alive(write_id):
                self.forget(write_id)

    def forget(self, write_id: str) -> None:
        Path(self._write_path(write_id)).unlink(missing_ok=True)

    def _path(self, name: TableName, kind: str) -> str:
        return f"{self._folder}/{escape(str(name))}.{kind}"

    def _write_path(self, write_id: str) -> str:
        return f"{self._folder}/{WRITE_PREFIX}{write_id}{WRITE_SUFFIX}"


@contextmanager
def _held(path: str, kind: int) -> Iterator[None]:
    descriptor = _opened(path)
    try:
        fcntl.flock(descriptor, kind)
        yield
    finally:
        unlock(descriptor)


def _opened(path: str) -> int:
    """Open a lock file, making it and its folder when absent; for reading alone where it may not be written."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o666)
    except FileNotFoundError:
        Path(path).parent.mkdir(exist_ok=True)
        return os.open(path, flags, 0o666)
    except OSError as error:
        if error.errno not in NO_WRITING or not Path(path).exists():
            raise
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _is_at(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), Path(path).stat())
    except FileNotFoundError:
        return False
