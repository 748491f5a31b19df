"""Blocks of records before they are read, and what has been read of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import pyarrow as pa

from lake.ingest.events import Reason

Kind = Literal["json", "text", "typed"]
UNENDED = "its last line has no end: if it is still being written"


@dataclass(frozen=True)
class RejectedRecord:
    """A record that is no event: the line that it begins on, why, and its bytes, or the row as JSON where a source has no lines.

    `taken` are those of its melted columns that became events all the same.
    """

    line: int
    reason: Reason
    raw: bytes
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Records:
    """One block of records of one source.

    `lines` (int64) are the physical lines that the records begin on, the first is 1; those of typed data are its rows. `raw`
    (binary) are their bytes without line ends, None for typed data. `columns` are all text, or of any type where `kind` is
    "typed", or None where it is "json". `source` is the identity that event ids are derived from. What could not
    be taken apart is in `malformed` and in none of the others. `delimiter` is that of CSV. `taken` are columns that became
    events when the records were read before. `unended` says that the last line had no end, in a file that may grow.
    """

    kind: Kind
    lines: pa.Array
    source: str
    raw: pa.Array | None = None
    columns: pa.Table | None = None
    malformed: tuple[RejectedRecord, ...] = ()
    delimiter: str = ","
    taken: frozenset[str] = frozenset()
    unended: bool = False

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def size(self) -> int:
        """Return how many bytes the records have."""
        held = self.columns if self.raw is None else self.raw
        return 0 if held is None else int(held.nbytes)

    def pieces(self, count: int) -> Iterator[Records]:
        """Yield the records in so many blocks of about the same number; what is malformed comes with the first."""
        step = max(1, -(-len(self) // count))
        for start in range(0, max(1, len(self)), step):
            yield replace(
                self,
                lines=self.lines.slice(start, step),
                raw=None if self.raw is None else self.raw.slice(start, step),
                columns=None if self.columns is None else self.columns.slice(start, step),
                malformed=() if start else self.malformed,
                unended=self.unended and start + step >= len(self),
            )
