"""Folders that belong to a process and go with it, however it ends."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lake.storage.faults import writing

CLAIMED = "tap-lake-"
UNUSABLE = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT})


@contextmanager
def claim_folder(parent: Path) -> Iterator[Path]:
    """Make a folder in `parent` for as long as this lasts, and remove those that dead processes left there.

    Where none can be made (a lake that may only be read) it is one of the system's temporary folders, so that queries
    can still spill.
    """
    with ExitStack() as stack:
        with writing(str(parent), parent):
            try:
                folder, lock = _claim(parent)
            except OSError as error:
                if error.errno not in UNUSABLE:
                    raise
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=CLAIMED)))
            else:
                stack.callback(os.close, lock)
                stack.callback(shutil.rmtree, folder, ignore_errors=True)
        yield folder


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait for the lock of a folder and hold it, or lose it with the process."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _claim(parent: Path) -> tuple[Path, int]:
    parent.mkdir(parents=True, exist_ok=True)
    folder = parent / f"{CLAIMED}{os.getpid()}-{secrets.token_hex(8)}"
    # While the parent is locked nobody takes a folder that has just been made, and is not locked yet, for a dead one.
    with locked(parent):
        folder.mkdir()
        lock = _try_lock(folder)
        others = [(other, _try_lock(other)) for other in parent.glob(f"{CLAIMED}*") if other != folder]
    assert lock is not None
    for other, dead in others:
        if dead is not None:
            shutil.rmtree(other, ignore_errors=True)
            os.close(dead)
    return folder, lock


def _try_lock(folder: Path) -> int | None:
    """Lock a folder, or return None when it is locked or gone. The lock ends with the descriptor or the process."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
