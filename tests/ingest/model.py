"""What reading blocks of records has to give: the scalar reader, record by record. Shares no code with the columnar one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

import pyarrow as pa

from lake.ingest.columns import Read
from lake.ingest.events import (
    Event,
    Reason,
    Rejected,
    derived_event_id,
    read_json,
    read_record,
    read_texts,
)
from lake.ingest.mapping import FieldMap

SOURCE = "möwe-1"
Verdicts = tuple[list[bytes], list[tuple[int, Reason]]]


def expected_of_lines(lines: Iterable[bytes], mapping: FieldMap) -> Verdicts:
    events: list[bytes] = []
    rejected: list[tuple[int, Reason]] = []
    for line, raw in enumerate(lines, 1):
        try:
            record = read_json(raw)
        except Rejected as refusal:
            rejected.append((line, refusal.reason))
            continue
        read_parts(line, record, mapping, read_record, events, rejected)
    return events, rejected


def expected_of_rows(rows: Iterable[Mapping[str, Any]], mapping: FieldMap, *, texts: bool) -> Verdicts:
    events: list[bytes] = []
    rejected: list[tuple[int, Reason]] = []
    for line, row in enumerate(rows, 1):
        read_parts(line, row, mapping, read_texts if texts else read_record, events, rejected)
    return events, rejected


def read_parts(
    line: int,
    record: Any,
    mapping: FieldMap,
    reader: Callable[[Any], Event],
    events: list[bytes],
    rejected: list[tuple[int, Reason]],
) -> None:
    if mapping.melt and isinstance(record, Mapping) and not record.keys() & set(mapping.melt):
        rejected.append((line, Reason.NOT_WIDE))
        return
    for part in mapping.records(record).values() if isinstance(record, Mapping) else [record]:
        try:
            event = reader(part)
        except Rejected as refusal:
            rejected.append((line, refusal.reason))
            continue
        event_id = event.event_id or derived_event_id(SOURCE, line, event)
        events.append(replace(event, event_id=event_id).normalised())


def found(read: Read) -> Verdicts:
    return [to_event(row).normalised() for row in read.events.to_pylist()], [
        (record.line, record.reason) for record in read.rejected
    ]


def to_event(row: Mapping[str, Any]) -> Event:
    assert row["attributes"] == sorted(row["attributes"])
    ts = row["ts"].replace(tzinfo=UTC)
    return Event(row["id"], ts, row["metric"], row["value"], row["event_id"], dict(row["attributes"]))


def lines_of(count: int) -> pa.Array:
    return pa.array(range(1, count + 1), pa.int64())
