"""What SQLite reports when something is wrong, told in a lake's own errors. One place for every database file."""

from __future__ import annotations

import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lake.errors import CatalogFailed, DamagedCatalog, DiskFull, LakeError, ReadOnlyLake

LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
FORBIDDEN = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH})
UNWRITTEN = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_SHMOPEN,
        sqlite3.SQLITE_IOERR_SHMMAP,
        sqlite3.SQLITE_CANTOPEN,
    }
)
SHORT_OF_ROOM_BYTES = 1 << 20


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise what SQLite reports of the file at `path` as a LakeError that names it."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error, path) from error


@contextmanager
def decoding(path: Path) -> Iterator[None]:
    """Take a row that cannot be read back for what it is: damage that SQLite itself does not see."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        if isinstance(error, LakeError):
            raise
        raise damaged(path, f"a record does not read back ({error})") from error


def translate(error: sqlite3.Error, path: Path) -> LakeError:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # Raised by Python's module rather than by SQLite: text that is no UTF-8, among others.
        if "decode to UTF-8" in str(error):
            return damaged(path, str(error))
        return CatalogFailed(f"{path}: {error}")
    primary = code & 0xFF
    if primary in DAMAGED or code == sqlite3.SQLITE_IOERR_SHORT_READ:
        return damaged(path, str(error))
    if not path.exists():
        return damaged(path, "the file is missing")
    if primary == sqlite3.SQLITE_FULL or (code in UNWRITTEN and is_short_of_room(path)):
        return DiskFull(f"{path} could not be written: the disk is full", hint=room_hint(path))
    if primary in FORBIDDEN or (primary == sqlite3.SQLITE_CANTOPEN and not os.access(path.parent, os.W_OK)):
        return read_only(path)
    if primary in LOCKED:
        return CatalogFailed(
            f"{path} stayed locked by another process",
            hint=f"`fuser {path}` names who holds it; wait for that process or end it, then try again",
        )
    if primary == sqlite3.SQLITE_IOERR:
        hint = "look at the system log for disk errors, and at quotas for this user"
        return CatalogFailed(f"{path}: {error} ({error.sqlite_errorname})", hint=hint)
    return CatalogFailed(f"{path}: {error}")


def read_only(path: Path) -> ReadOnlyLake:
    return ReadOnlyLake(
        f"{path} may not be written",
        hint=f"make {path.parent} and what is in it writable for this user; until then queries work, changes do not",
    )


def damaged(path: Path, reason: str) -> DamagedCatalog:
    return DamagedCatalog(f"{path} is damaged: {reason}", hint=restore_hint(path))


def restore_hint(path: Path) -> str:
    """Name the newest backup that holds the file, or say how to do without one."""
    backups = sorted(path.parent.glob(f"backups/*/{path.name}"))
    if backups:
        return f"stop what uses the lake, delete {path}-wal and {path}-shm, and copy {backups[-1]} to {path}"
    lake = path.parent.parent
    return (
        f"data files are untouched: move {path} away, run `tap-lake init {lake}`, "
        "create the tables again, and `tap-lake partitions repair` finds their data"
    )


def is_short_of_room(path: Path) -> bool:
    """Say whether the disk, or the size this process may give a file, explains a failed write."""
    room = os.statvfs(path.parent)
    if room.f_bavail * room.f_frsize < SHORT_OF_ROOM_BYTES or (room.f_files and not room.f_favail):
        return True
    return resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY


def room_hint(path: Path) -> str:
    folder = path.parent.absolute()
    while not folder.is_mount():
        folder = folder.parent
    return f"free space on {folder} and try again; nothing of this change was written"
