"""Records one by one, by the scalar reader: those that the fast lane is not certain of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lake.ingest.events import Event, Rejected, attribute_text, read_json, read_record, read_texts
from lake.ingest.fast_lane import Part
from lake.ingest.mapping import FieldMap
from lake.ingest.outcome import RejectedRecord
from lake.ingest.records import Records
from lake.ingest.schema import event_columns
from lake.ingest.texts import Whole, row_numbers, to_numbers
from lake.ingest.typed_cells import python_rows


@dataclass(frozen=True)
class ByHand:
    part: Part
    rejected: list[RejectedRecord]


def read_carefully(records: Records, rows: Whole, mapping: FieldMap) -> ByHand:
    found: list[tuple[int, Event]] = []
    rejected: list[RejectedRecord] = []
    lines = to_numbers(records.lines, np.int64)
    for row, record in zip(rows.tolist(), _outcomes(records, rows, mapping), strict=True):
        for outcome in record.outcomes:
            if isinstance(outcome, Rejected):
                rejected.append(RejectedRecord(int(lines[row]), outcome.reason, record.raw))
            else:
                found.append((row, outcome))
    return ByHand(
        Part(np.array([row for row, _ in found], np.int64), event_columns([event for _, event in found])), rejected
    )


@dataclass(frozen=True)
class Outcome:
    """What became of a record, part by part."""

    raw: bytes
    outcomes: list[Event | Rejected]


def _outcomes(records: Records, rows: Whole, mapping: FieldMap) -> Iterator[Outcome]:
    wanted = row_numbers(rows)
    lines = None if records.raw is None else records.raw.take(wanted)
    if records.kind == "json":
        assert lines is not None
        for line in lines:
            yield Outcome(line.as_py(), _read_line(line.as_py(), mapping))
        return
    assert records.columns is not None
    reader = read_texts if records.kind == "text" else read_record
    for place, values in enumerate(python_rows(records.columns.take(wanted))):
        raw = attribute_text(values).encode(errors="replace") if lines is None else lines[place].as_py()
        yield Outcome(raw, [_read(reader, part) for part in mapping.records(values)])


def _read_line(line: bytes, mapping: FieldMap) -> list[Event | Rejected]:
    try:
        record = read_json(line)
        parts = mapping.records(record) if isinstance(record, Mapping) else [record]
    except Rejected as refusal:
        return [refusal]
    return [_read(read_record, part) for part in parts]


def _read(reader: Callable[[Any], Event], record: Any) -> Event | Rejected:
    try:
        return reader(record)
    except Rejected as refusal:
        return refusal
