"""What waits in the spool, to be told to who asks how a lake is."""

from __future__ import annotations

from dataclasses import dataclass

from lake.ingest.delivered import Delivered
from lake.ingest.rejected import read_rejected, rejected_files
from lake.ingest.segments import read_segment
from lake.ingest.spool import Spool


@dataclass(frozen=True, slots=True)
class Waiting:
    """`segments` that nobody writes any more hold `events` that are not in the table; `rejected` records are kept."""

    segments: int
    events: int
    rejected: int


def what_waits(spool: Spool, delivered: Delivered) -> Waiting:
    """Read all that waits. Raises NewerFormat, StorageFailed, DamagedFile."""
    whole, until = delivered.names(), delivered.until()
    paths = [path for path in spool.waiting() if path.stem not in whole]
    events = sum(
        frame.count for path in paths for frame in read_segment(path).frames if frame.offset >= until.get(path.stem, 0)
    )
    rejected = sum(1 for _ in read_rejected(rejected_files(spool.rejected)))
    return Waiting(len(paths), events, rejected)
