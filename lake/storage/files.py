"""The storage of a lake in a directory: plain files, by the standard library alone."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from lake.errors import StorageFailed
from lake.model import StoredObject
from lake.storage.faults import ABSENT, reading, writing
from lake.storage.paths import LakePaths
from lake.storage.temporary import UNFINISHED

ATTEMPTS = 20
NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


class FileStorage:
    """Implements `lake.interfaces.Storage` on `root`, the data folder, and on folders that `file://` may name.

    Keys are paths: a folder without any files is listed as a prefix, and holds no keys. Unlike on S3, a key that
    others were once below takes no object itself, and parts of a key have at most 255 bytes. Symbolic links are
    followed within the folders; one that leads out raises LocationForbidden. `temporary` is where objects are
    written before they appear, if it is on the same file system; else they are written beside their place.
    """

    listings_at_once = 1

    def __init__(
        self, root: Path, *, bucket: str, allowed_folders: Iterable[Path] = (), temporary: Path | None = None
    ) -> None:
        self.paths = LakePaths(root, bucket, allowed_folders)
        self._temporary = temporary

    def path(self, location: str) -> Path:
        """Give the path that a location stands for, or raise LocationForbidden."""
        return self.paths.path(location)

    def location(self, path: Path) -> str:
        """Give the location that an absolute path in the lake has."""
        return self.paths.location(path)

    def list_keys(self, prefix: str) -> Iterator[StoredObject]:
        """Yield locations that begin with `prefix` as it was written. What is neither file nor folder is left out."""
        folder, shown, start = self._place(prefix)
        return self._walk(folder, shown, start)

    def list_prefixes(self, prefix: str) -> Iterator[str]:
        folder, shown, start = self._place(prefix)
        for entry in self._entries(folder, shown):
            if entry.name.startswith(start) and self._is_folder(entry, shown):
                yield f"{shown}{entry.name}/"

    def list_level(self, prefix: str) -> Iterator[StoredObject | str]:
        folder, shown, start = self._place(prefix)
        for entry in self._entries(folder, shown):
            if not entry.name.startswith(start) or entry.name.startswith(UNFINISHED):
                continue
            location = shown + entry.name
            if self._is_folder(entry, shown):
                yield f"{location}/"
            elif (status := self._status(entry, location)) is not None and S_ISREG(status.st_mode):
                yield _object(location, status)

    def head(self, location: str) -> StoredObject | None:
        path = self.path(location)
        with reading(location):
            try:
                status = path.stat()
            except OSError as error:
                if error.errno in ABSENT:
                    return None
                raise
        if not S_ISREG(status.st_mode) or location.endswith("/"):
            return None
        return _object(location, status)

    def get_range(self, location: str, *, start: int = 0, length: int | None = None) -> bytes:
        if self.head(location) is None:
            raise StorageFailed(f"{location} is not there")
        with reading(location), self.path(location).open("rb") as file:
            file.seek(start)
            return file.read(-1 if length is None else length)

    def put(self, location: str, data: bytes, *, if_absent: bool = False, if_match: str | None = None) -> bool:
        path = self.path(location)
        if if_match is not None:
            with _locked(path.parent):
                there = self.head(location)
                return there is not None and there.etag == if_match and self.put(location, data)
        if location.endswith("/"):
            raise StorageFailed(f"{location} names a folder; an object needs a name")
        with writing(location, path):
            folder = self._temporary or path.parent
            for _ in range(ATTEMPTS - 1):
                try:
                    return self._write(path, data, if_absent, folder)
                except OSError as error:
                    # The temporary folder may be gone or on another disk, the object's own pruned since it was made.
                    if error.errno not in (errno.EXDEV, errno.ENOENT):
                        raise
                folder = path.parent
            return self._write(path, data, if_absent, folder)

    def delete(self, locations: Iterable[str]) -> None:
        """Delete objects one after the other; an error leaves those after it. Folders stay."""
        for location in locations:
            path = self.path(location)
            with writing(location, path):
                try:
                    path.unlink()
                except IsADirectoryError:
                    continue
                except OSError as error:
                    if error.errno not in ABSENT:
                        raise

    def _write(self, path: Path, data: bytes, if_absent: bool, folder: Path) -> bool:
        grown = make_folders(path.parent)
        unfinished = folder / f"{UNFINISHED}{os.getpid()}-{secrets.token_hex(8)}"
        try:
            with unfinished.open("xb", buffering=0) as file:
                # By this lock a temporary folder's sweep knows that it is not left over.
                fcntl.flock(file, fcntl.LOCK_EX)
                view = memoryview(data)
                while view:
                    view = view[file.write(view) :]
                os.fsync(file.fileno())
                if not if_absent:
                    unfinished.replace(path)
                elif not _link(unfinished, path):
                    return False
        finally:
            with suppress(OSError):
                unfinished.unlink()
        # Only now: time spent between making a folder and filling it is time for it to be pruned.
        with suppress(FileNotFoundError):
            for changed in (path.parent, *grown):
                sync_folder(changed)
        return True

    def _place(self, prefix: str) -> tuple[str, str, str]:
        """Split a prefix into a folder that may be absent, its URL, and how names in it must begin."""
        if prefix == self.paths.own[:-1]:
            prefix = self.paths.own
        start = prefix.rpartition("/")[2]
        shown = prefix[: len(prefix) - len(start)]
        return self.paths.text(shown), shown, start

    def _walk(self, folder: str, shown: str, start: str) -> Iterator[StoredObject]:
        """Yield the objects below a folder with the URL `shown`; in itself, only names that begin with `start` count."""
        # With each folder, the real ones on the way there: a link back to one of them would lead on for ever.
        waiting: list[tuple[str, str, tuple[str, ...]]] = [(folder, shown, (os.path.realpath(folder),))]
        while waiting:
            folder, shown, way = waiting.pop()
            for entry in self._entries(folder, shown):
                name = entry.name
                if not name.startswith(start) or name.startswith(UNFINISHED):
                    continue
                location = shown + name
                linked = entry.is_symlink()
                if linked:
                    self.paths.check_links(entry.path, location)
                status = self._status(entry, location)
                if status is None:
                    continue
                if S_ISREG(status.st_mode):
                    yield _object(location, status)
                elif S_ISDIR(status.st_mode):
                    real = os.path.realpath(entry.path) if linked else f"{way[-1]}/{name}"
                    if real in way:
                        raise StorageFailed(f"{location} is a symbolic link back to {real}", hint="remove the link")
                    waiting.append((entry.path, f"{location}/", (*way, real)))
            start = ""

    def _entries(self, folder: str, shown: str) -> list[os.DirEntry[str]]:
        with reading(shown):
            try:
                with os.scandir(folder) as scan:
                    return list(scan)
            except OSError as error:
                if error.errno not in ABSENT:
                    raise
        base = self.paths.base_of(folder)
        if not base.is_dir():
            # The disk may not be mounted: that must not look like a lake whose data are gone.
            raise StorageFailed(f"the folder {base} is missing", hint="mount it, restore it, or make it anew")
        return []

    def _is_folder(self, entry: os.DirEntry[str], shown: str) -> bool:
        if entry.is_symlink():
            self.paths.check_links(entry.path, shown + entry.name)
        with reading(shown + entry.name):
            return entry.is_dir()

    @staticmethod
    def _status(entry: os.DirEntry[str], location: str) -> os.stat_result | None:
        """Return None for what has gone meanwhile and for links to nothing."""
        with reading(location):
            if not location.isascii():
                check_name(location)
            try:
                return entry.stat()
            except FileNotFoundError:
                return None


def make_folders(folder: Path) -> list[Path]:
    """Make a folder and its parents; return the folders that have a new name in them, to be synced."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
    return [path.parent for path in missing]


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, which the sync of a file does not."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_name(location: str) -> None:
    try:
        location.encode()
    except UnicodeEncodeError as error:
        raise StorageFailed(f"the name of {location!r} is no UTF-8, as keys are", hint="rename the file") from error


def _object(location: str, status: os.stat_result) -> StoredObject:
    modified = datetime.fromtimestamp(status.st_mtime_ns / 1e9, UTC)
    tag = f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"
    return StoredObject(location, status.st_size, modified, tag)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep out others who replace what they saw in a folder, where it is there."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _link(unfinished: Path, path: Path) -> bool:
    try:
        os.link(unfinished, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno in NO_LINKS:
            raise StorageFailed(f"{path}: this file system cannot create a file only if it is absent") from error
        raise
    return True
