"""What a frame of a segment holds: events as columns, or as lines where they are few.

To make columns of one event takes longer than to sync it; its normalised form is made at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from lake.ingest.events import FIRST, Event, read_line
from lake.ingest.schema import event_columns

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS, LINES = b"EVTS", b"LINE"
FEW = 16
"""So many events at most are held as lines."""

LINES_AT_ONCE = 10_000
"""So many become columns together."""

COMPRESSED_ROWS = 1000
"""Below them the compressor takes longer than the disk, and what is written is as large as the columns."""

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Packed:
    """Events as a frame holds them: `first` and `last` in milliseconds since 1970, the bytes of `memory` as columns."""

    kind: bytes
    count: int
    first: int
    last: int
    memory: int
    payload: bytes | memoryview


def pack_events(events: Sequence[Event]) -> Packed:
    """Pack events, one at least, whose event_id is set."""
    if len(events) > FEW:
        return pack_columns(event_columns(events))
    payload = b"\n".join([event.normalised() for event in events])
    times = [(event.ts - FIRST) // MILLISECOND for event in events]
    return Packed(LINES, len(events), min(times), max(times), len(payload), payload)


def pack_columns(events: pa.Table) -> Packed:
    """Pack columns of `event_schema()` that have a row at least."""
    payload = _stream(events)
    times = events.column("ts").to_numpy().view("int64")
    memory = events.nbytes if events.num_rows >= COMPRESSED_ROWS else len(payload)
    return Packed(COLUMNS, events.num_rows, int(times.min()), int(times.max()), memory, payload)


def unpack(frames: Iterable[tuple[bytes, bytes]]) -> Iterator[pa.RecordBatch]:
    """Yield the events of frames, given by kind and payload, in order. Raises what a payload that is neither leads to."""
    import pyarrow as pa

    events: list[Event] = []
    for kind, payload in frames:
        if events and (kind != LINES or len(events) >= LINES_AT_ONCE):
            yield from event_columns(events).to_batches()
            events = []
        if kind == LINES:
            events += map(read_line, payload.split(b"\n"))
        else:
            yield from pa.ipc.open_stream(pa.py_buffer(payload))
    yield from event_columns(events).to_batches()


def _stream(events: pa.Table) -> memoryview:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4" if events.num_rows >= COMPRESSED_ROWS else None)
    with pa.ipc.new_stream(sink, events.schema, options=options) as stream:
        stream.write_table(events)
    return memoryview(sink.getvalue())
