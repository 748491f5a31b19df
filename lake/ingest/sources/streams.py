"""Bytes of files, packed or not, and of pipes, read into buffers that are given."""

from __future__ import annotations

import bz2
import gzip
import io
import select
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from lake.errors import DamagedFile, StorageFailed
from lake.ingest.sources.read_ahead import Ended, IsEnding
from lake.storage.faults import reading

if TYPE_CHECKING:
    import pyarrow as pa

PATIENCE_SECONDS = 0.3
"""So long what came through a pipe waits for more."""
MOMENT_MILLISECONDS = 100
PIECE_BYTES = 256 << 10
"""What is unpacked at once."""
DAMAGED_HINT = "the records before the damage are kept; get the file again and repeat"


class Stream(Protocol):
    @property
    def waits(self) -> bool:
        """Whether bytes may be long in coming."""
        ...

    def read_into(self, view: memoryview) -> int | None:
        """Fill the beginning of `view`: 0 at the end, None if nothing came for a moment.

        Raises Ended when it is asked to end. May raise StorageFailed.
        """
        ...


@dataclass
class Progress:
    """`bytes_read` are those of the file as it lies there, packed or not."""

    bytes_read: int = 0


@dataclass(frozen=True)
class Filled:
    """`fault` is what ended a stream before its end."""

    count: int
    at_end: bool
    fault: StorageFailed | None = None


def fill(stream: Stream, view: memoryview, at_least: int = 1) -> Filled:
    """Read until `view` is full, or the stream ends, or it has `at_least` so many bytes and waited for more in vain."""
    count = 0
    deadline: float | None = None
    while count < len(view):
        try:
            got = stream.read_into(view[count:])
        except StorageFailed as fault:
            return Filled(count, at_end=True, fault=fault)
        except Ended:
            if not count:
                raise
            return Filled(count, at_end=False)
        if got == 0:
            return Filled(count, at_end=True)
        if got and deadline is None:
            deadline = time.monotonic() + PATIENCE_SECONDS
        count += got or 0
        if stream.waits and count >= at_least and deadline is not None and time.monotonic() >= deadline:
            break
    return Filled(count, at_end=False)


@dataclass(frozen=True)
class FileStream:
    name: str
    readinto: Callable[[memoryview], int]
    position: Callable[[], int]
    progress: Progress
    is_ending: IsEnding
    waits = False

    def read_into(self, view: memoryview) -> int:
        if self.is_ending():
            raise Ended
        with reading(self.name), _unpacking(self.name):
            count = self.readinto(view)
        self.progress.bytes_read = self.position()
        return count


class Pipe:
    """Stdin, or a file that is a pipe."""

    waits = True

    def __init__(self, raw: BinaryIO, name: str, progress: Progress, is_ending: IsEnding) -> None:
        self._name, self._progress, self._is_ending = name, progress, is_ending
        self._readinto = _reader(raw)
        self._ready = _poll(raw)

    def read_into(self, view: memoryview) -> int | None:
        if self._is_ending():
            raise Ended
        with reading(self._name):
            if self._ready is not None and not self._ready.poll(MOMENT_MILLISECONDS):
                return None
            count = self._readinto(view)
        self._progress.bytes_read += count or 0
        return count


@contextmanager
def open_stream(
    path: Path, packing: str | None, name: str, progress: Progress, is_ending: IsEnding
) -> Iterator[Stream]:
    """Open a file. Raises StorageFailed, and DamagedFile for a packed file of no bytes."""
    with reading(name):
        raw = path.open("rb") if packing else path.open("rb", buffering=0)
    with raw:
        if path.is_fifo() or path.is_char_device():
            yield Pipe(raw, name, progress, is_ending)
            return
        if packing and path.stat().st_size == 0:
            raise DamagedFile(f"{name} is empty, which no packed file is", hint=DAMAGED_HINT)
        readinto = UNPACKERS[packing](raw) if packing else raw.readinto
        yield FileStream(name, readinto, raw.tell, progress, is_ending)


def _reader(raw: BinaryIO) -> Callable[[memoryview], int | None]:
    found = getattr(raw, "readinto1", None) or getattr(raw, "readinto", None)
    if found is not None:
        return found  # type: ignore[no-any-return]

    def readinto(view: memoryview) -> int:
        data = raw.read(min(len(view), PIECE_BYTES))
        view[: len(data)] = data
        return len(data)

    return readinto


def _poll(raw: BinaryIO) -> select.poll | None:
    try:
        descriptor = raw.fileno()
    except (AttributeError, io.UnsupportedOperation):
        return None
    ready = select.poll()
    ready.register(descriptor, select.POLLIN)
    return ready


@contextmanager
def _unpacking(name: str) -> Iterator[None]:
    """Raise what unpackers say of damaged files; their OSErrors have no number."""
    import pyarrow as pa

    try:
        yield
    except (EOFError, zlib.error, pa.ArrowInvalid, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise DamagedFile(f"{name} is cut short or damaged: {error}", hint=DAMAGED_HINT) from error


def _gzip(raw: BinaryIO) -> Callable[[memoryview], int]:
    unpacked = gzip.GzipFile(fileobj=raw)
    return lambda view: unpacked.readinto1(view[:PIECE_BYTES])


def _bzip2(raw: BinaryIO) -> Callable[[memoryview], int]:
    unpacked = bz2.BZ2File(raw)
    return lambda view: unpacked.readinto1(view[:PIECE_BYTES])


class _Zstandard:
    """Arrow gives nothing of the piece in which a file ends early, so that piece is read again byte by byte."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._count = 0
        self._unpacked = self._open()
        self._again: pa.NativeFile | None = None
        self._fault: Exception | None = None

    def __call__(self, view: memoryview) -> int:
        import pyarrow as pa

        if self._fault is not None:
            raise self._fault
        try:
            count = int(self._unpacked.readinto(view[:PIECE_BYTES]))
        except (OSError, pa.ArrowInvalid) as error:
            self._fault = error
            count = self._rescue(view[:PIECE_BYTES])
            if not count:
                raise
        self._count += count
        return count

    def _open(self) -> pa.NativeFile:
        import pyarrow as pa

        self._raw.seek(0)
        return pa.CompressedInputStream(pa.PythonFile(self._raw, mode="r"), "zstd")

    def _rescue(self, view: memoryview) -> int:
        import pyarrow as pa

        # Kept, since Arrow closes a file that it forgets.
        again = self._again = self._open()
        for start in range(0, self._count, PIECE_BYTES):
            again.read(min(PIECE_BYTES, self._count - start))
        count = 0
        while count < len(view):
            try:
                byte = again.read(1)
            except (OSError, pa.ArrowInvalid):
                break
            view[count : count + 1] = byte
            count += 1
        return count


UNPACKERS: dict[str, Callable[[Any], Callable[[memoryview], int]]] = {
    ".gz": _gzip,
    ".zst": _Zstandard,
    ".bz2": _bzip2,
}
