"""What writes are made of, and what they say in the end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lake.write.keys import Values

if TYPE_CHECKING:
    from lake.catalog.sqlite import SqliteCatalog
    from lake.clock import Clock
    from lake.settings import WriteSettings
    from lake.storage.files import FileStorage
    from lake.write.garbage import Garbage
    from lake.write.journal import Journal
    from lake.write.locks import Locks


@dataclass(frozen=True)
class Written:
    """What a write did: `partitions` is how many it wrote to, `added` how many of them are new."""

    rows: int
    files: int
    partitions: int
    added: int


@dataclass(frozen=True)
class Rider:
    """What is committed with an append, or not at all.

    `merged` names files, by partition, whose rows the append has taken over; `held` are partitions that have to be there even
    if no file goes to them; `places` are the locations where partitions must be now, if they are named; `note` writes into
    the same transaction.
    """

    merged: Mapping[Values, Sequence[str]] = field(default_factory=dict)
    held: Sequence[Values] = ()
    places: Mapping[Values, str] = field(default_factory=dict)
    note: Callable[[sqlite3.Connection], None] | None = None


ALONE = Rider()


@dataclass(frozen=True)
class WriteParts:
    """What all writes of a lake share."""

    catalog: SqliteCatalog
    storage: FileStorage
    locks: Locks
    journal: Journal
    garbage: Garbage
    clock: Clock
    settings: WriteSettings
