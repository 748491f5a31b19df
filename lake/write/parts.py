"""What writes are made of, and what they say in the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lake.catalog.sqlite import SqliteCatalog
    from lake.clock import Clock
    from lake.storage.files import FileStorage
    from lake.write.garbage import Garbage
    from lake.write.journal import Journal
    from lake.write.locks import Locks


@dataclass(frozen=True)
class WriteOptions:
    """`grace` is how long replaced files stay.

    `chunk_bytes` is how much of the data is held in memory before it is sorted by partition and put aside; without
    `threads` there are as many as processors.
    """

    grace: timedelta = timedelta(hours=1)
    chunk_bytes: int = 256 << 20
    threads: int = 0


@dataclass(frozen=True)
class Written:
    """What a write did: `partitions` is how many it wrote to, `added` how many of them are new."""

    rows: int
    files: int
    partitions: int
    added: int


@dataclass(frozen=True)
class WriteParts:
    """What all writes of a lake share."""

    catalog: SqliteCatalog
    storage: FileStorage
    locks: Locks
    journal: Journal
    garbage: Garbage
    clock: Clock
    options: WriteOptions
