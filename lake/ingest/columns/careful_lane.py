"""Records one by one, by the scalar reader: those that the fast lane is not certain of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from lake.ingest.columns.fast_lane import Part
from lake.ingest.columns.texts import Whole, row_numbers, to_numbers
from lake.ingest.columns.typed_cells import python_rows
from lake.ingest.events import Event, Rejected, attribute_text, read_json, read_record, read_texts
from lake.ingest.mapping import FieldMap, Outcomes, read_parts, taken_columns
from lake.ingest.records import Records, RejectedRecord
from lake.ingest.schema import event_columns


@dataclass(frozen=True)
class ByHand:
    part: Part
    rejected: list[RejectedRecord]
    mapped: frozenset[str]
    """The columns of the mapping that any of the records has."""


def read_carefully(records: Records, rows: Whole, mapping: FieldMap) -> ByHand:
    found: list[tuple[int, Event]] = []
    rejected: list[RejectedRecord] = []
    mapped: set[str] = set()
    lines = to_numbers(records.lines, np.int64)
    for row, record in zip(rows.tolist(), _outcomes(records, rows, mapping), strict=True):
        mapped |= record.mapped
        taken = mapping.taken | taken_columns(record.outcomes)
        for outcome in record.outcomes.values():
            if isinstance(outcome, Rejected):
                rejected.append(RejectedRecord(int(lines[row]), outcome.reason, record.raw, taken))
            else:
                found.append((row, outcome))
    part = Part(np.array([row for row, _ in found], np.int64), event_columns([event for _, event in found]))
    return ByHand(part, rejected, frozenset(mapped))


@dataclass(frozen=True)
class Outcome:
    """What became of a record, part by part."""

    raw: bytes
    outcomes: Outcomes
    mapped: frozenset[str] = frozenset()


def _outcomes(records: Records, rows: Whole, mapping: FieldMap) -> Iterator[Outcome]:
    wanted = row_numbers(rows)
    lines = None if records.raw is None else records.raw.take(wanted)
    if records.kind == "json":
        assert lines is not None
        for line in lines:
            yield _read_line(line.as_py(), mapping)
        return
    assert records.columns is not None
    reader = read_texts if records.kind == "text" else read_record
    for place, values in enumerate(python_rows(records.columns.take(wanted))):
        raw = attribute_text(values).encode(errors="replace") if lines is None else lines[place].as_py()
        yield Outcome(raw, read_parts(values, mapping, reader))


def _read_line(line: bytes, mapping: FieldMap) -> Outcome:
    try:
        record = read_json(line)
    except Rejected as refusal:
        return Outcome(line, {"": refusal})
    mapped = mapping.columns & record.keys() if isinstance(record, Mapping) else frozenset()
    return Outcome(line, read_parts(record, mapping, read_record), mapped)
