"""Files and folders made durable: a file's own sync does not keep its name, its folder's does."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from lake.storage.files import sync_folder

ATTEMPTS = 10


def sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def append(descriptor: int, size: int, *parts: bytes | memoryview) -> int:
    """Add to a file of `size` bytes, durably; return its new size. What fails leaves the file as it was."""
    end = size
    try:
        for part in parts:
            end = write_at(descriptor, part, end)
        os.fsync(descriptor)
    except BaseException:
        with suppress(OSError):
            os.ftruncate(descriptor, size)
        raise
    return end


def write_at(descriptor: int, data: bytes | memoryview, offset: int) -> int:
    """Write all of `data`; return the offset of its end."""
    rest = memoryview(data)
    while rest:
        written = os.pwrite(descriptor, rest, offset)
        rest = rest[written:]
        offset += written
    return offset


def make_folders(folders: Iterable[Path]) -> list[Path]:
    """Make folders with their parents, durably; return those that were not there, parents first."""
    wanted = list(folders)
    made: list[Path] = []
    try:
        for attempt in range(ATTEMPTS):
            try:
                made += _make_missing(wanted)
                break
            except FileNotFoundError:
                # Somebody removed a parent that was empty.
                if attempt == ATTEMPTS - 1:
                    raise
    except BaseException:
        remove_folders(made)
        raise
    return made


def _make_missing(folders: Iterable[Path]) -> Iterator[Path]:
    grown: set[Path] = set()
    for folder in folders:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            grown.add(path.parent)
            yield path
    for parent in grown:
        sync_folder(parent)


def remove_folders(folders: list[Path]) -> None:
    """Remove, last first, those that are empty."""
    for folder in reversed(folders):
        with suppress(OSError):
            folder.rmdir()


def remove_empty(folder: Path, *, below: Path) -> None:
    """Remove a folder and its parents as far as they are empty, up to `below`, which stays."""
    while below in folder.parents:
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return
        folder = folder.parent
