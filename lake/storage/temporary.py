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
UNFINISHED = ".tap-lake-unfinished-"
"""How the name of a file begins that a `put` has not finished, and keeps locked; no listing shows one."""

UNUSABLE = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT})


@contextmanager
def claim_folder(parent: Path) -> Iterator[Path]:
    """Make a folder in `parent` for as long as this lasts, and remove what dead processes left there.

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
        lock = try_lock(folder)
        others = [*parent.glob(f"{CLAIMED}*"), *parent.glob(f"{UNFINISHED}*")]
        dead = [(other, try_lock(other)) for other in others if other != folder]
    assert lock is not None
    for other, held in dead:
        if held is not None:
            _remove(other)
            os.close(held)
    return folder, lock


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def is_held(descriptor: int, *, alone: bool) -> bool:
    """Close a descriptor, and say whether somebody holds a lock on its file: one of his own, or (not `alone`) a shared one."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if alone else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        unlock(descriptor)
    return False


def unlock(descriptor: int) -> None:
    """Let go of a lock and its file, for processes too that were forked with it: a close alone would leave it to them."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def try_lock(path: Path) -> int | None:
    """Lock a file or folder, or return None when it is locked or gone. The lock ends with descriptor or process."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
