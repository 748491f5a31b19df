"""Counts the files that are really opened, by the kernel's own account (inotify), whoever opens them."""

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

IN_OPEN, IN_ISDIR = 0x20, 0x40000000
EVENT = struct.Struct("iIII")


@contextmanager
def opened_files(root: Path) -> Iterator[set[Path]]:
    """Fill a set with the files below `root`, folders that exist now, that are opened meanwhile."""
    libc = ctypes.CDLL(None, use_errno=True)
    watcher = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    folders = {}
    for folder in [root, *(path for path in root.rglob("*") if path.is_dir())]:
        folders[libc.inotify_add_watch(watcher, os.fsencode(folder), IN_OPEN)] = folder
    found: set[Path] = set()
    try:
        yield found
        found.update(_read(watcher, folders))
    finally:
        os.close(watcher)


def _read(watcher: int, folders: dict[int, Path]) -> Iterator[Path]:
    while True:
        try:
            events = os.read(watcher, 1 << 20)
        except BlockingIOError:
            return
        while events:
            number, mask, _, length = EVENT.unpack_from(events)
            name = events[EVENT.size : EVENT.size + length].rstrip(b"\0")
            events = events[EVENT.size + length :]
            if name and not mask & IN_ISDIR:
                yield folders[number] / os.fsdecode(name)
