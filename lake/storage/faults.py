"""What the operating system refuses, told in a lake's own errors."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lake.errors import DiskFull, LakeError, ReadOnlyLake, StorageFailed

NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NO_ACCESS = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})


@contextmanager
def reading(subject: str) -> Iterator[None]:
    """Raise what goes wrong as StorageFailed: what may not be read must never look like what is not there."""
    try:
        yield
    except OSError as error:
        if isinstance(error, LakeError):
            raise
        hint = "give this user the right to read it" if error.errno in NO_ACCESS else None
        raise StorageFailed(f"{subject} could not be read: {reason(error)}", hint=hint) from error


@contextmanager
def writing(subject: str, path: Path) -> Iterator[None]:
    """Raise what goes wrong as DiskFull, ReadOnlyLake or StorageFailed; `path` is what was to be changed."""
    try:
        yield
    except OSError as error:
        if isinstance(error, LakeError):
            raise
        if error.errno in NO_SPACE:
            hint = f"free space on {mount_point(path)} and try again; nothing was written"
            raise DiskFull(f"{subject} could not be written: {reason(error)}", hint=hint) from error
        if error.errno in NO_ACCESS:
            hint = f"make {existing_folder(path)} writable for this user; until then queries work, changes do not"
            raise ReadOnlyLake(f"{subject} may not be written: {reason(error)}", hint=hint) from error
        raise StorageFailed(f"{subject} could not be written: {reason(error)}") from error


def reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)


def existing_folder(path: Path) -> Path:
    folder = path.absolute().parent
    while not folder.is_dir():
        folder = folder.parent
    return folder


def mount_point(path: Path) -> Path:
    folder = existing_folder(path)
    while not folder.is_mount():
        folder = folder.parent
    return folder
