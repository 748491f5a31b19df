"""Rejected records as sources once more, each with the line and the identity that it had."""

from __future__ import annotations

import io
import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from lake.ingest.rejected import Form, Rejection
from lake.ingest.sources.options import SourceOptions
from lake.ingest.sources.read_ahead import NEVER

if TYPE_CHECKING:
    from lake.ingest.records import Records

RECORDS_AT_ONCE = 50_000
BYTES_AT_ONCE = 16 << 20
LINE_ENDS = re.compile(rb"\r\n|\r|\n")


@dataclass
class RejectedSource:
    """Records of one source that are written alike, and of which the same columns were taken."""

    name: str
    identity: str
    form: Form
    rejections: Sequence[Rejection]
    taken: frozenset[str] = frozenset()
    notes: list[str] = field(default_factory=list)
    deduplicated: bool = True
    bytes_read: int = 0
    size: int | None = None

    def blocks(self, ending: threading.Event = NEVER) -> Iterator[Records]:
        if ending.is_set():
            return iter(())
        return self._lines() if self.form.kind == "text" else self._documents()

    def _documents(self) -> Iterator[Records]:
        import pyarrow as pa

        from lake.ingest.records import Records

        lines = pa.array([rejection.line for rejection in self.rejections], pa.int64())
        raw = pa.array([rejection.raw for rejection in self.rejections], pa.binary())
        yield Records("json", lines, self.identity, raw, taken=self.taken)

    def _lines(self) -> Iterator[Records]:
        """Read them as a file that has nothing else, and give each the line that it had in its own."""
        import pyarrow as pa

        from lake.ingest.sources import open_sources

        text = io.BytesIO(b"".join(rejection.raw + b"\n" for rejection in self.rejections))
        heights = (len(LINE_ENDS.findall(rejection.raw + b"\n")) for rejection in self.rejections)
        places = accumulate(heights, initial=1)
        own = {place: rejection.line for place, rejection in zip(places, self.rejections, strict=False)}
        options = SourceOptions(
            "csv", self.form.delimiter, "utf-8", header=False, columns=self.form.columns, name=self.identity
        )
        for records in filter(None, open_sources(["-"], options, text)[0].blocks()):
            lines = pa.array([own[line] for line in records.lines.to_pylist()], pa.int64())
            malformed = tuple(replace(each, line=own[each.line], taken=self.taken) for each in records.malformed)
            yield replace(records, lines=lines, malformed=malformed, taken=self.taken)


def rejected_sources(rejections: Iterable[Rejection]) -> Iterator[RejectedSource]:
    for (name, identity, form), found in groupby(rejections, lambda each: (each.source, each.identity, each.form)):
        for some in _batches(found):
            groups: defaultdict[tuple[frozenset[str], int], list[Rejection]] = defaultdict(list)
            for rejection in some:
                # A quote that nothing closes would take in the rows that follow.
                alone = rejection.line if form.kind == "text" and rejection.raw.count(b'"') % 2 else 0
                groups[rejection.taken, alone].append(rejection)
            for (taken, _), alike in groups.items():
                yield RejectedSource(name, identity, form, alike, taken)


def _batches(rejections: Iterable[Rejection]) -> Iterator[list[Rejection]]:
    some: list[Rejection] = []
    size = 0
    for rejection in rejections:
        some.append(rejection)
        size += len(rejection.raw)
        if len(some) == RECORDS_AT_ONCE or size >= BYTES_AT_ONCE:
            yield some
            some, size = [], 0
    if some:
        yield some
