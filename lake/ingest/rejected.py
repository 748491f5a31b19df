"""Records that are no events: kept with their bytes, source, line and reason until somebody takes them again.

.tap-lake/spool/rejected/<name>.jsonl has one object a line:

    {"source", "identity", "line", "reason", "at", "kind", "columns", "delimiter", "taken", "text" or "base64"}
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from lake.clock import Clock
from lake.errors import DamagedFile
from lake.storage.faults import reading, writing
from lake.storage.files import sync_folder
from lake.write.disk import append, make_folders
from lake.write.places import new_write_id

SUFFIX = ".jsonl"


@dataclass(frozen=True, slots=True)
class Form:
    """How the bytes of a record are to be read again: the columns and the delimiter are those of a line of CSV."""

    kind: str
    columns: tuple[str, ...] = ()
    delimiter: str = ","


@dataclass(frozen=True, slots=True)
class Rejection:
    """`source` is the name that a user knows; `identity` is what event ids are derived from.

    `taken` are those of its columns that became events all the same, when it was taken apart: they are not taken again.
    """

    source: str
    identity: str
    line: int
    reason: str
    at: datetime
    form: Form
    raw: bytes
    taken: frozenset[str] = frozenset()


class RejectedFile:
    """Adds rejections to a file of its own, made with the first, and durable when `add` returns."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    @cached_property
    def path(self) -> Path:
        return self._folder / f"{new_write_id(self._clock.now())}{SUFFIX}"

    def add(self, rejections: Iterable[Rejection]) -> None:
        """Raise DiskFull, ReadOnlyLake or StorageFailed."""
        lines = b"".join(_encoded(rejection) for rejection in rejections)
        if not lines:
            return
        with writing(str(self.path), self.path):
            if not self.path.parent.is_dir():
                make_folders([self.path.parent])
            with _locked(self.path, os.O_WRONLY | os.O_CREAT) as descriptor:
                size = os.fstat(descriptor).st_size
                append(descriptor, size, lines)
                if size == 0:
                    sync_folder(self.path.parent)


@contextmanager
def _locked(path: Path, flags: int) -> Iterator[int]:
    """Open a file that neither grows nor goes by others meanwhile. May raise OSError."""
    while True:
        descriptor = os.open(path, flags | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                yield descriptor
                return
        finally:
            os.close(descriptor)


def rejected_files(folder: Path) -> list[Path]:
    """Return the files of rejections, oldest first."""
    with reading(str(folder)):
        return sorted(folder.glob(f"*{SUFFIX}"))


def read_rejected(paths: Sequence[Path]) -> Iterator[Rejection]:
    """Yield what files keep, a record once however often it was read, with all that was ever taken of it.

    A last line that a crash cut short was never acknowledged, and is left out. So is a file that has gone: its records were
    taken by somebody else.
    """
    taken: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for rejection in _read(paths, b'"taken": '):
        taken[_key(rejection)] |= rejection.taken
    known: set[int] = set()
    for rejection in _read(paths):
        if (key := _key(rejection)) not in known:
            known.add(key)
            yield replace(rejection, taken=taken[key]) if key in taken else rejection


def _read(paths: Sequence[Path], mark: bytes = b"") -> Iterator[Rejection]:
    """Yield the lines that have a mark."""
    for path in paths:
        with reading(str(path)), suppress(FileNotFoundError), path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.endswith(b"\n") and mark in line:
                    yield _decoded(line, f"line {number} of {path}")


def sizes_of(paths: Iterable[Path]) -> dict[Path, int]:
    """Return the sizes of those files that are there, each at a moment when nobody adds to it."""
    sizes = {}
    for path in paths:
        with reading(str(path)), suppress(FileNotFoundError), _locked(path, os.O_RDONLY) as descriptor:
            sizes[path] = os.fstat(descriptor).st_size
    return sizes


def remove_unchanged(sizes: Mapping[Path, int]) -> None:
    """Remove files, but for those that have grown: what was added since has not been read."""
    for path, size in sizes.items():
        with writing(str(path), path), suppress(FileNotFoundError), _locked(path, os.O_RDONLY) as descriptor:
            if os.fstat(descriptor).st_size == size:
                path.unlink()


def _key(rejection: Rejection) -> int:
    place = f"{rejection.identity}\n{rejection.line}\n".encode()
    return int.from_bytes(hashlib.blake2b(place + rejection.raw, digest_size=8).digest())


def _encoded(rejection: Rejection) -> bytes:
    body: dict[str, Any] = {
        "source": rejection.source,
        "identity": rejection.identity,
        "line": rejection.line,
        "reason": rejection.reason,
        "at": rejection.at.isoformat(),
        "kind": rejection.form.kind,
    }
    if rejection.form.columns:
        body |= {"columns": rejection.form.columns, "delimiter": rejection.form.delimiter}
    if rejection.taken:
        body["taken"] = sorted(rejection.taken)
    try:
        body["text"] = rejection.raw.decode()
    except UnicodeDecodeError:
        body["base64"] = base64.b64encode(rejection.raw).decode()
    return json.dumps(body).encode() + b"\n"


def _decoded(line: bytes, place: str) -> Rejection:
    try:
        body = json.loads(line)
        raw = body["text"].encode() if "text" in body else base64.b64decode(body["base64"])
        form = Form(body["kind"], tuple(body.get("columns", ())), body.get("delimiter", ","))
        at = datetime.fromisoformat(body["at"])
        taken = frozenset(body.get("taken", ()))
        return Rejection(body["source"], body["identity"], body["line"], body["reason"], at, form, raw, taken)
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedFile(f"{place} is damaged: {error!r}", hint="mend the line, or take it out of the file") from error
