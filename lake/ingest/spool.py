"""The folder of events that are acknowledged and not yet delivered.

.tap-lake/spool/<name>.events      segments (see `lake.ingest.segments`); names sort by time
.tap-lake/spool/<name>.held        segments that are valid with all of their source, or not at all
.tap-lake/spool/damaged/           segments of which a part cannot be read, once the rest is delivered
.tap-lake/spool/rejected/          records that are no events (see `lake.ingest.rejected`)
.tap-lake/spool/deliver.lock       held by whoever delivers
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from lake.clock import Clock
from lake.errors import StorageFailed
from lake.ingest.segments import MAKING, SUFFIX, SegmentWriter, is_left
from lake.storage.faults import reading, writing
from lake.storage.files import sync_folder
from lake.storage.temporary import unlock
from lake.write.disk import make_folders
from lake.write.places import new_write_id

HELD = ".held"
MAKING_TAKES = timedelta(hours=1)


class Spool:
    """Safe for several processes: each writes segments of its own, and one at a time delivers."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.rejected = folder / "rejected"
        self._clock = clock

    def new_segment(self, *, held: bool = False) -> SegmentWriter:
        """Make a segment; one that is `held` back is nothing to anybody until it is published."""
        self._make(self.folder)
        suffix = HELD if held else SUFFIX
        return SegmentWriter(self.folder / f"{new_write_id(self._clock.now())}{suffix}")

    def publish(self, segment: SegmentWriter) -> str:
        """Seal a segment that was held back, and let it be delivered; return its name."""
        segment.seal(self.folder / f"{segment.name}{SUFFIX}")
        return segment.name

    def waiting(self) -> list[Path]:
        """Return the segments that nobody writes any more, and what cannot be read, oldest first."""
        with reading(str(self.folder)):
            found = sorted(self.folder.glob(f"*{SUFFIX}"))
        return [path for path in found if _is_left(path)]

    @contextmanager
    def delivering(self) -> Iterator[None]:
        """Wait until nobody else delivers, and keep others waiting."""
        self._make(self.folder)
        path = self.folder / "deliver.lock"
        with writing(str(path), path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            unlock(descriptor)

    def paths(self, names: Iterable[str]) -> list[Path]:
        """Return where segments are, of those that are there."""
        found = [self.folder / f"{name}{SUFFIX}" for name in names]
        return [path for path in found if path.exists()]

    def remove(self, names: list[str]) -> None:
        """Remove segments, durably; those that are gone already are left out."""
        with writing(str(self.folder), self.folder / "deliver.lock"):
            for name in names:
                (self.folder / f"{name}{SUFFIX}").unlink(missing_ok=True)
            sync_folder(self.folder)

    def set_aside(self, path: Path) -> Path:
        """Move a damaged segment out of the way, and return where it is."""
        self._make(self.folder / "damaged")
        target = self.folder / "damaged" / path.name
        with writing(str(target), target):
            path.rename(target)
            sync_folder(target.parent)
            sync_folder(self.folder)
        return target

    def sweep(self) -> None:
        """Remove segments that processes which are dead held back, or had only begun to make."""
        long_ago = new_write_id(self._clock.now() - MAKING_TAKES)
        made = [path for path in self.folder.glob(f"*{MAKING}") if path.name < long_ago]
        for path in (*self.folder.glob(f"*{HELD}"), *made):
            # What cannot be removed is in nobody's way.
            with suppress(OSError):
                if is_left(path):
                    path.unlink(missing_ok=True)

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            with writing(str(folder), folder):
                make_folders([folder])


def _is_left(path: Path) -> bool:
    try:
        return is_left(path)
    except StorageFailed:
        # Whoever reads it says why it cannot be.
        return True
