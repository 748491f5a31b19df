"""A file that a user named: it appears whole or not at all, and what was there stays until then."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from lake.errors import DiskFull, StorageFailed, UsageError
from lake.storage.faults import NO_SPACE
from lake.storage.temporary import try_lock

_claimed: set[Path] = set()


class NewFile:
    """A file being written beside its place, under a lock by which a later write knows whether its writer lives.

    A device or a pipe is written as it is. Raise UsageError for a folder, or where there is no folder to write in.
    """

    def __init__(self, target: str | Path) -> None:
        self.target = Path(target)
        place = Path(os.path.realpath(target))
        if place.is_dir():
            raise UsageError(f"{target} is a folder", hint="name a file in it")
        if not place.parent.is_dir():
            raise UsageError(f"{target}: folder {place.parent} does not exist", hint="make it first")
        self._place = place
        self._begins = f".{place.name[:200]}."
        self.is_plain = not place.exists() or place.is_file()
        self.path = place.parent / f"{self._begins}{secrets.token_hex(4)}.tmp" if self.is_plain else place

    @contextmanager
    def claimed(self) -> Iterator[Path]:
        """Yield the path to write to, which is gone in the end unless it took its place; remove what dead writers left."""
        if not self.is_plain:
            yield self.path
            return
        with explained(self.target):
            lock = self._claim()
        try:
            self._sweep()
            yield self.path
        finally:
            with suppress(OSError):
                self.path.unlink(missing_ok=True)
            _claimed.discard(self.path)
            os.close(lock)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Yield the file to write to; it takes its place when the block ends well."""
        with self.claimed() as path, explained(self.target):
            with path.open("wb") as file:
                yield cast(BinaryIO, file)
            self.sync()
            self.take_place()

    def sync(self) -> None:
        """Make what was written durable."""
        if self.is_plain:
            descriptor = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def take_place(self) -> None:
        """Put what was written into its place, with the permissions of what was there."""
        if self.is_plain:
            with suppress(FileNotFoundError):
                self.path.chmod(stat.S_IMODE(self._place.stat().st_mode))
            self.path.replace(self._place)

    def _claim(self) -> int:
        while True:
            descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
            _claimed.add(self.path)
            # Where a file system knows no locks, nobody can take this file for a dead one either.
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                return descriptor
            # Another write removed it before it was locked.
            os.close(descriptor)

    def _sweep(self) -> None:
        name = re.compile(rf"{re.escape(self._begins)}[0-9a-f]{{8}}\.tmp")
        with suppress(OSError):
            for file in [file for file in self.path.parent.iterdir() if name.fullmatch(file.name)]:
                lock = try_lock(file)
                if lock is not None:
                    with suppress(OSError):
                        file.unlink()
                    os.close(lock)


def discard_claimed() -> None:
    """Remove what this process has not finished writing: for one that ends without leaving its blocks."""
    for path in list(_claimed):
        with suppress(OSError):
            path.unlink()


@contextmanager
def explained(subject: str | Path) -> Iterator[None]:
    """Turn an operating system's refusal to write into an error that names what was written."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if isinstance(error, StorageFailed) or error.errno is None:
            raise
        kind, hint = (DiskFull, "free some space") if error.errno in NO_SPACE else (StorageFailed, None)
        raise kind(f"{subject} could not be written: {error.strerror}", hint=hint) from error
