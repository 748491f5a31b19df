"""The file format of the spool: frames of events, each durable and checked by itself.

    tap-lake segment 2\\n
    frame…   kind  count  first  last  memory  length  crc32 of the payload  crc32 of the header before it
             EVTS: the payload is an Arrow IPC stream (lz4 where it is large) of `event_schema()`
             LINE: it is the normalised JSON of the events, a line each
    END.     count of frames in place of the count, nothing else

Format 1 had no LINE.

All numbers are little-endian; `first` and `last` are the least and the greatest ts, in milliseconds since 1970, `memory`
is how many bytes the events take as columns. A frame that was not synced may be cut short by a crash: it was never
acknowledged. The header has a checksum of its own, so that a length that is damaged is told from a frame that is cut short.
Whoever writes a segment holds its lock, which dies with the process.
"""

from __future__ import annotations

import fcntl
import os
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, ClassVar
from weakref import WeakSet

from lake.errors import DamagedFile, NewerFormat, StorageFailed
from lake.ingest.events import Rejected
from lake.ingest.frames import Packed, unpack
from lake.storage.faults import reading, writing
from lake.storage.files import sync_folder
from lake.storage.temporary import is_held, unlock
from lake.write.disk import append, write_at

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = 2
SUFFIX = ".events"
MAKING = ".making"
TITLE = f"tap-lake segment {VERSION}\n".encode()
_TITLE = re.compile(rb"tap-lake segment (\d{1,9})\n")
_HEADER = struct.Struct("<4sIqqQQII")
_CHECKSUM = struct.Struct("<I")
_END = b"END."
CUT_AT_HEAD = "it ends within a frame's head, which was being written when its process was killed, or was cut off since"
CUT_SHORT = "it ends within a frame, which was being written when its process was killed, or was cut off since"


@dataclass(frozen=True, slots=True)
class Frame:
    """`first` and `last` in milliseconds since 1970, `memory` in bytes; the events lie at `offset` in the file."""

    kind: bytes
    count: int
    first: int
    last: int
    memory: int
    offset: int
    length: int

    @property
    def end(self) -> int:
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class Segment:
    """What a file of the spool holds. `damage` says what cannot be read of it, if anything."""

    path: Path
    frames: tuple[Frame, ...]
    sealed: bool
    damage: str | None = None

    @property
    def name(self) -> str:
        return self.path.name.removesuffix(SUFFIX)

    @property
    def events(self) -> int:
        return sum(frame.count for frame in self.frames)

    @property
    def has_rest(self) -> bool:
        """Say whether it holds more than whole frames, of which some may have been acknowledged."""
        return self.damage not in (None, CUT_AT_HEAD)

    @property
    def memory(self) -> int:
        """Return how many bytes its events take as columns."""
        return sum(frame.memory for frame in self.frames)


class SegmentWriter:
    """Adds frames to a new file; what `append` has returned from survives everything but the disk itself."""

    _open: ClassVar[WeakSet[SegmentWriter]] = WeakSet()

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name.partition(".")[0]
        self.events = 0
        self.memory = 0
        self._size = 0
        self._frames = 0
        # It gets its name when it is locked: without a lock it would be taken for a dead process's.
        made = path.with_suffix(MAKING)
        with writing(str(path), path):
            self._file = os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX)
                self._size = write_at(self._file, TITLE, 0)
                made.rename(path)
                sync_folder(path.parent)
            except BaseException:
                made.unlink(missing_ok=True)
                self.discard()
                raise
        self._open.add(self)

    def append(self, events: Packed) -> None:
        """Write and sync one frame; raise DiskFull, ReadOnlyLake or StorageFailed with the file as it was before."""
        self._append(_header(events), events.payload)
        self._frames += 1
        self.events += events.count
        self.memory += events.memory

    def seal(self, path: Path | None = None) -> None:
        """Say that nothing follows, and let go of the file, moved to `path` before. A segment without events goes."""
        try:
            if self._frames:
                self._append(_header(Packed(_END, self._frames, 0, 0, 0, b"")))
                if path is not None:
                    # Without its lock it would be taken for a dead process's.
                    with writing(str(path), path):
                        self.path.rename(path)
                        sync_folder(path.parent)
        finally:
            if self._frames:
                self._let_go()
            else:
                self.discard()

    @property
    def is_removed(self) -> bool:
        """Say whether somebody has deleted the file: what is in it goes with this process."""
        return os.fstat(self._file).st_nlink == 0

    def take_over(self, removed: SegmentWriter) -> None:
        """Make the frames of a segment whose file is gone durable in this one, which has none yet."""
        frames = os.pread(removed._file, removed._size - len(TITLE), len(TITLE))
        if len(frames) < removed._size - len(TITLE):
            raise StorageFailed(f"{removed.path} was removed, and cannot be read any more")
        self._append(frames)
        self._frames, self.events, self.memory = removed._frames, removed.events, removed.memory
        removed._let_go()

    def discard(self) -> None:
        """Let go of the file as if it had never been."""
        self.path.unlink(missing_ok=True)
        self._let_go()

    @classmethod
    def forget_all(cls) -> None:
        """Close the files in a process that was forked: they are its parent's, and must not outlive it here."""
        for writer in cls._open:
            writer.close()
        cls._open.clear()

    def close(self) -> None:
        os.close(self._file)

    def _let_go(self) -> None:
        self._open.discard(self)
        unlock(self._file)

    def _append(self, *parts: bytes | memoryview) -> None:
        with writing(str(self.path), self.path):
            self._size = append(self._file, self._size, *parts)


os.register_at_fork(after_in_child=SegmentWriter.forget_all)


def is_left(path: Path) -> bool:
    """Say whether a segment is there and nobody writes it: it is whole, or its process is dead."""
    with reading(str(path)):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        return not is_held(descriptor, alone=True)


def read_segment(path: Path) -> Segment:
    """Check a segment, every byte of it. Raises NewerFormat, StorageFailed; damage is told in what is returned.

    A frame whose checksum is wrong is left out, and those after it are found as long as its length is right.
    """
    with reading(str(path)), path.open("rb") as file:
        damage = _title_damage(file, path)
        if damage:
            return Segment(path, (), sealed=False, damage=damage)
        frames: list[Frame] = []
        seen = 0
        while head := file.read(_HEADER.size):
            if len(head) < _HEADER.size:
                return Segment(path, tuple(frames), sealed=False, damage=damage or CUT_AT_HEAD)
            kind, count, first, last, memory, length, checked, _ = _HEADER.unpack(head)
            if _with_checksum(head) != head:
                return Segment(
                    path, tuple(frames), sealed=False, damage=f"it is damaged at byte {file.tell() - len(head)}"
                )
            offset = file.tell()
            found, crc = _checked(file, length)
            if found < length:
                return Segment(path, tuple(frames), sealed=False, damage=damage or CUT_SHORT)
            if crc != checked:
                damage = f"it is damaged at byte {offset}"
            elif kind == _END:
                damage = damage or (f"{count - seen} of its frames are gone" if count > seen else None)
                return Segment(path, tuple(frames), sealed=True, damage=damage)
            else:
                frames.append(Frame(kind, count, first, last, memory, offset, length))
            seen += 1
        return Segment(path, tuple(frames), sealed=False, damage=damage)


def read_frames(segment: Segment) -> Iterator[pa.RecordBatch]:
    """Yield the events of a checked segment."""
    import pyarrow as pa

    with reading(str(segment.path)), segment.path.open("rb") as file:
        try:
            yield from unpack((frame.kind, _payload(file, frame)) for frame in segment.frames)
        except (pa.ArrowException, Rejected) as error:
            raise DamagedFile(f"{segment.path} is damaged before byte {file.tell()}: {error}") from error


def _payload(file: BinaryIO, frame: Frame) -> bytes:
    file.seek(frame.offset)
    return file.read(frame.length)


def _title_damage(file: BinaryIO, path: Path) -> str | None:
    title = file.readline(64)
    found = _TITLE.fullmatch(title)
    if found is None:
        return CUT_AT_HEAD if TITLE.startswith(title) else "its first line is damaged"
    if int(found[1]) > VERSION:
        raise NewerFormat(
            f"{path} was written by a newer tap-lake (segment format {int(found[1])}, this one reads {VERSION})",
            hint="deliver it with that version, or update this one",
        )
    return None


def _header(events: Packed) -> bytes:
    fields = (events.kind, events.count, events.first, events.last, events.memory)
    return _with_checksum(_HEADER.pack(*fields, len(events.payload), zlib.crc32(events.payload), 0))


def _with_checksum(head: bytes) -> bytes:
    fields = head[: -_CHECKSUM.size]
    return fields + _CHECKSUM.pack(zlib.crc32(fields))


def _checked(file: BinaryIO, length: int) -> tuple[int, int]:
    found, crc = 0, 0
    while found < length:
        part = file.read(min(1 << 20, length - found))
        if not part:
            break
        found += len(part)
        crc = zlib.crc32(part, crc)
    return found, crc
