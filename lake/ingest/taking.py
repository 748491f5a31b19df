"""Taking events: from sources into the spool, acknowledged block by block, and delivered when enough has come together."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from lake.clock import Clock
from lake.errors import EventsRejected, LakeError
from lake.ingest.delivery import NOTHING, Delivery, OpenCursor
from lake.ingest.events import Event, Reason, Rejected, attribute_text, derived_event_id, read_record
from lake.ingest.frames import Packed, pack_columns, pack_events
from lake.ingest.mapping import FieldMap, read_parts, taken_columns
from lake.ingest.open_segment import OpenSegment
from lake.ingest.rejected import Form, RejectedFile, Rejection
from lake.ingest.spool import Spool

if TYPE_CHECKING:
    from lake.ingest.records import Records
    from lake.ingest.segments import SegmentWriter
    from lake.ingest.sources import Source

RECORDS_AT_ONCE = 10_000
SECONDS_AT_ONCE = 1.0
"""Python objects are acknowledged in batches of so many, or as many as come in this time."""

OnAck = Callable[[str, int], None]
"""Told, once they are durable, in which segment how many events are."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of `records`: acknowledged `events`, some of several a record; what was `rejected`, and why.

    `delivery` is what has been put into the table, `recovered` what was found in the spool before, `waiting` how many of its
    events are still in the spool. `unknown` are the sources with records that cannot be told from those of an earlier time.
    """

    records: int = 0
    events: int = 0
    rejected: Mapping[Reason, int] = field(default_factory=dict)
    delivery: Delivery = NOTHING
    recovered: Delivery = NOTHING
    waiting: int = 0
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def rejected_count(self) -> int:
        return sum(self.rejected.values())


@dataclass(frozen=True, slots=True)
class TakingOptions:
    """With `strict`, all is taken or nothing. With `deliver`, what was taken is delivered when the taking is left.

    `progress` is called when something has been acknowledged. Once `ending` is set, what has been read is still taken, and
    nothing more is read.
    """

    mapping: FieldMap = field(default_factory=FieldMap)
    strict: bool = False
    deliver: bool = True
    on_ack: OnAck | None = None
    progress: Callable[[Ingested], None] | None = None
    ending: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class TakingParts:
    """What all takings of a lake share; `deliver` delivers what is in the spool, so many `readers` work at once."""

    spool: Spool
    segment: OpenSegment
    cursor: OpenCursor
    deliver: Callable[[], Delivery]
    clock: Clock
    readers: int


class Taking:
    """One ingest, a context manager."""

    def __init__(self, parts: TakingParts, options: TakingOptions) -> None:
        self._parts = parts
        self._options = options
        self._rejections = RejectedFile(parts.spool.rejected, parts.clock)
        self._held: SegmentWriter | None = None
        self._mapped: set[str] = set()
        self._records = 0
        self._taken: defaultdict[str, int] = defaultdict(int)
        self._rejected: defaultdict[Reason, int] = defaultdict(int)
        self._delivery = self._recovered = NOTHING
        self._waiting = 0
        self._notes: list[str] = []
        self._unknown: list[str] = []

    @property
    def options(self) -> TakingOptions:
        return self._options

    @property
    def done(self) -> Ingested:
        """What it has come to so far."""
        return Ingested(
            self._records,
            sum(self._taken.values()),
            dict(self._rejected),
            self._delivery,
            self._recovered,
            self._waiting,
            tuple(self._notes),
            tuple(self._unknown),
        )

    def take(self, source: Source) -> None:
        """Take everything of a source. What it raises comes after all that stands before has been acknowledged."""
        from lake.ingest.columns import ColumnReader
        from lake.ingest.reading import read_blocks
        from lake.ingest.records import UNENDED

        with ExitStack() as stack:
            cursors = [stack.enter_context(self._parts.cursor()) for _ in range(self._parts.readers)]
            readers = [ColumnReader(cursor, self._options.mapping) for cursor in cursors]
            derived = 0
            try:
                copies = max(1, len(self._options.mapping.melt))
                for found in read_blocks(source.blocks(self._options.ending), readers, copies=copies):
                    self._deliver_if_due()
                    if found is None:
                        continue
                    records, read = found
                    if read.ends_within(records) and not self._options.strict:
                        read = read.without_last()
                        source.notes.append(f"{source.name}: {UNENDED}, it is taken when it is whole")
                    self._mapped |= read.mapped
                    derived += read.derived
                    form = _form(records)
                    rejections = [
                        self._rejection(
                            source.name, source.identity, each.line, each.reason, form, each.raw, each.taken
                        )
                        for each in read.rejected
                    ]
                    self._keep(pack_columns(read.events) if read.events.num_rows else None, rejections, read.records)
            finally:
                self._tell_source(source.name, source.notes, deduplicated=source.deduplicated or not derived)

    def take_records(self, records: Iterable[object], *, name: str, identity: str, deduplicated: bool) -> None:
        """Take Python objects, mappings of what an event has."""
        line = derived = 0
        for batch in _batches(records):
            if self._options.ending.is_set():
                break
            events: list[Event] = []
            rejections: list[Rejection] = []
            for record in batch:
                line += 1
                if isinstance(record, Mapping):
                    self._mapped |= self._options.mapping.columns & record.keys()
                outcomes = read_parts(record, self._options.mapping, read_record)
                for outcome in outcomes.values():
                    if isinstance(outcome, Rejected):
                        raw = attribute_text(record).encode(errors="backslashreplace")
                        taken = taken_columns(outcomes)
                        rejections.append(
                            self._rejection(name, identity, line, outcome.reason, Form("json"), raw, taken)
                        )
                    else:
                        derived += outcome.event_id is None
                        events.append(_identified(outcome, identity, line))
            self._keep(pack_events(events) if events else None, rejections, len(batch))
            self._deliver_if_due()
        self._tell_source(name, (), deduplicated=deduplicated or not derived)

    def __enter__(self) -> Taking:
        """Deliver what was found. If that fails, events are taken all the same, and leaving tries again."""
        if self._options.deliver and self._parts.spool.waiting():
            with suppress(LakeError):
                self._recovered = self._parts.deliver()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        held, self._held = self._held, None
        if held is not None and kind is None and not self._options.ending.is_set():
            self._acknowledged(self._parts.segment.publish(held), held.events)
        elif held is not None:
            held.discard()
        if kind is None and self._records:
            self._tell_absent(self._options.mapping.columns - self._mapped)
        if self._options.deliver:
            try:
                self._delivery += self._parts.deliver()
            except LakeError:
                if kind is None:
                    raise
            finally:
                left = self._parts.spool.paths(self._taken)
                self._waiting = sum(self._taken[path.stem] for path in left)

    def _keep(self, events: Packed | None, rejections: list[Rejection], records: int) -> None:
        """Make rejections durable, then events, and acknowledge them."""
        if rejections:
            self._reject(rejections)
        self._records += records
        if events is not None:
            if self._options.strict:
                self._held = self._held or self._parts.spool.new_segment(held=True)
                self._held.append(events)
            else:
                self._acknowledged(self._parts.segment.append(events), events.count)
        if self._options.progress is not None:
            self._options.progress(self.done)

    def _reject(self, rejections: list[Rejection]) -> None:
        if self._options.strict:
            first = rejections[0]
            raise EventsRejected(
                f"line {first.line} of {first.source}: {first.reason}",
                hint="nothing was taken; without --strict the others are, and what is rejected is kept",
            )
        self._rejections.add(_once_a_line(rejections))
        for rejection in rejections:
            self._rejected[Reason(rejection.reason)] += 1

    def _deliver_if_due(self) -> None:
        """Deliver, or let events wait in the spool if that fails: leaving tries again."""
        if self._parts.segment.is_due and not self._options.strict:
            with suppress(LakeError):
                self._delivery += self._parts.deliver()

    def _acknowledged(self, segment: str, count: int) -> None:
        self._taken[segment] += count
        if self._options.on_ack is not None:
            self._options.on_ack(segment, count)

    def _rejection(
        self, source: str, identity: str, line: int, reason: Reason, form: Form, raw: bytes, taken: frozenset[str]
    ) -> Rejection:
        return Rejection(source, identity, line, reason, self._parts.clock.now(), form, raw, taken)

    def _tell_source(self, name: str, notes: Iterable[str], *, deduplicated: bool) -> None:
        self._notes += notes
        if not deduplicated:
            self._unknown.append(name)

    def _tell_absent(self, columns: Iterable[str]) -> None:
        self._notes += [f"no record has a column {column!r}, which the mapping names" for column in sorted(columns)]


def _batches(records: Iterable[object]) -> Iterator[list[object]]:
    """Yield records as they come. What they raise comes after all that stand before."""
    rest = iter(records)
    while True:
        batch: list[object] = []
        until = time.monotonic() + SECONDS_AT_ONCE
        try:
            for record in islice(rest, RECORDS_AT_ONCE):
                batch.append(record)
                if time.monotonic() >= until:
                    break
        except Exception:
            if batch:
                yield batch
            raise
        if not batch:
            return
        yield batch


def _identified(event: Event, identity: str, line: int) -> Event:
    return event if event.event_id is not None else replace(event, event_id=derived_event_id(identity, line, event))


def _form(records: Records) -> Form:
    if records.kind != "text":
        return Form("json")
    assert records.columns is not None
    return Form("text", tuple(records.columns.column_names), records.delimiter)


def _once_a_line(rejections: Iterable[Rejection]) -> list[Rejection]:
    """Keep a record once, whatever number of its parts was rejected."""
    found: dict[int, Rejection] = {}
    for rejection in rejections:
        found.setdefault(rejection.line, rejection)
    return list(found.values())
