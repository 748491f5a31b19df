"""Where bytes go: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from lake.commands.console import interrupts
from lake.errors import DiskFull, StorageFailed, UsageError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class StandardOutput(io.BufferedIOBase):
    """Standard output in bytes, its failures told as ours; a closed pipe stays BrokenPipeError."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        with explained("standard output"):
            return sys.stdout.buffer.write(data)

    def flush(self) -> None:
        with explained("standard output"):
            sys.stdout.flush()


class NewFile:
    """A file being written beside its place, which it takes when the block ends well and not otherwise.

    A device or a pipe is written as it is.
    """

    def __init__(self, target: str) -> None:
        self.target = Path(target)
        place = Path(os.path.realpath(target))
        if place.is_dir():
            raise UsageError(f"{target} is a folder", hint="name a file in it")
        if not place.parent.is_dir():
            raise UsageError(f"{target}: folder {place.parent} does not exist", hint="make it first")
        self._place = place
        self.is_plain = not place.exists() or place.is_file()
        self.path = place.parent / f".{place.name[:200]}.{secrets.token_hex(4)}.tmp" if self.is_plain else place

    @contextmanager
    def prepared(self) -> Iterator[Path]:
        """Yield the path to write to, and put what was written there into its place."""
        with interrupts.cleaned_up(self._discard):
            try:
                yield self.path
                if self.is_plain:
                    with explained(str(self.target)):
                        self._take_place()
            except BaseException:
                self._discard()
                raise

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        mode = "xb" if self.is_plain else "wb"
        with self.prepared() as path, explained(str(self.target)), path.open(mode) as file:
            yield cast(BinaryIO, file)
            if self.is_plain:
                file.flush()
                os.fsync(file.fileno())

    def _take_place(self) -> None:
        with suppress(FileNotFoundError):
            self.path.chmod(stat.S_IMODE(self._place.stat().st_mode))
        self.path.replace(self._place)

    def _discard(self) -> None:
        """Remove what was written so far, and what the engine wrote beside it."""
        if not self.is_plain:
            return
        with suppress(OSError):
            for file in self.path.parent.iterdir():
                if file.name == self.path.name or file.name.startswith(f".{self.path.name}."):
                    file.unlink(missing_ok=True)


@contextmanager
def explained(subject: str) -> Iterator[None]:
    """Turn an operating system's refusal to write into an error that names what was written."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if isinstance(error, StorageFailed) or error.errno is None:
            raise
        kind, hint = (DiskFull, "free some space") if error.errno in FULL else (StorageFailed, None)
        raise kind(f"{subject} could not be written: {error.strerror}", hint=hint) from error
