"""Millions of records a second by the rules of `lake.ingest.events`.

There are two lanes. The fast one works on whole columns and accepts only what it can prove to be what the scalar reader
would give. All other records, the odd and the bad, go through the scalar reader itself, one by one. So both give the same by
construction, and how fast it is depends on how few are odd: `Read.careful` counts them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lake.columns import texts_of
from lake.ingest.columns.careful_lane import read_carefully
from lake.ingest.columns.cells import Cells, TextCells
from lake.ingest.columns.digests import DuckDBPrinter, derived_event_ids
from lake.ingest.columns.fast_lane import EVENT_SCHEMA, FastLane, Part
from lake.ingest.columns.outcome import Read
from lake.ingest.columns.shapes import shaped
from lake.ingest.columns.texts import Whole, is_valid, offsets_of, row_numbers, to_flags, to_numbers
from lake.ingest.columns.typed_cells import TypedCells, plain_table
from lake.ingest.events import Event, derived_event_id
from lake.ingest.mapping import FieldMap
from lake.ingest.records import Records, RejectedRecord

__all__ = ["EVENT_SCHEMA", "ColumnReader", "Read", "Records", "RejectedRecord"]

BLOCK_BYTES = 2 * 1024 * 1024
"""So many bytes of lines are taken apart at once: what is made of them stays in the processor's cache."""


class ColumnReader:
    """Reads blocks of records. The connection evaluates expressions on Arrow tables; nothing is created in it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, mapping: FieldMap) -> None:
        self._printer = DuckDBPrinter(connection)
        self._mapping = mapping

    def read(self, records: Records) -> Read:
        mapping = replace(self._mapping, taken=records.taken)
        lane = FastLane(mapping, self._printer, all_text=records.kind == "text")
        if records.kind == "typed":
            records = replace(records, columns=plain_table(records.columns))
        accepted = np.zeros(len(records), bool)
        parts: list[Part] = []
        mapped: set[str] = set()
        for rows, fields in _groups(records):
            mapped |= self._mapping.columns & fields.keys()
            found = lane.accept(rows, fields)
            accepted[found.rows] = True
            parts += found.parts
        careful = np.flatnonzero(~accepted)
        by_hand = read_carefully(records, careful, mapping)
        lines = to_numbers(records.lines, np.int64)
        rows, events = _in_order([*parts, by_hand.part])
        derived = events["event_id"].null_count
        events = self._with_event_ids(records.source, lines[rows], events)
        rejected = sorted((*by_hand.rejected, *records.malformed), key=lambda record: record.line)
        mapped |= by_hand.mapped
        count = len(records) + len(records.malformed)
        return Read(events, rejected, count, len(careful), frozenset(mapped), derived)

    def _with_event_ids(self, source: str, lines: Whole, events: pa.Table) -> pa.Table:
        given = events["event_id"].combine_chunks()
        absent = ~is_valid(given)
        if not absent.any():
            return events
        lacking = events if absent.all() else events.filter(to_flags(absent))
        derived, certain = derived_event_ids(self._printer, source, lines[absent], lacking)
        if not certain.all():
            by_hand = [
                derived_event_id(source, line, to_event(row))
                for line, row in zip(
                    lines[absent][~certain].tolist(), lacking.filter(to_flags(~certain)).to_pylist(), strict=True
                )
            ]
            derived = pc.replace_with_mask(derived, to_flags(~certain), texts_of(by_hand))
        found = derived if absent.all() else pc.replace_with_mask(given, to_flags(absent), derived)
        return events.set_column(EVENT_SCHEMA.get_field_index("event_id"), EVENT_SCHEMA.field("event_id"), found)


def to_event(row: Mapping[str, Any]) -> Event:
    """Make an event without an event_id of a row, as Arrow gives it to Python."""
    return Event(row["id"], row["ts"], row["metric"], row["value"], None, dict(row["attributes"]))


def _groups(records: Records) -> Iterator[tuple[Whole, dict[str, Cells]]]:
    """Yield columns of the records whose fields are known, and which records they are of."""
    if records.kind == "json":
        assert records.raw is not None
        for start, block in _blocks(records.raw):
            for group in shaped(block):
                yield group.rows + start, group.fields
    elif len(records):
        assert records.columns is not None
        kind: Callable[[pa.Array], Cells] = TextCells if records.kind == "text" else TypedCells
        columns = {
            name: kind(column.combine_chunks())
            for name, column in zip(records.columns.column_names, records.columns.columns, strict=True)
        }
        yield np.arange(len(records)), columns


def _blocks(raw: pa.Array) -> Iterator[tuple[int, pa.Array]]:
    """Yield runs of lines, and the place of their first."""
    offsets = offsets_of(raw)
    start = 0
    while start < len(raw):
        end = max(int(np.searchsorted(offsets, offsets[start] + BLOCK_BYTES)), start + 1)
        yield start, raw[start:end]
        start = end


def _in_order(parts: list[Part]) -> tuple[Whole, pa.Table]:
    """Put events in the order of their records; those of one record stay in the order of the parts."""
    parts = [part for part in parts if len(part.rows)]
    if not parts:
        return np.empty(0, np.int64), EVENT_SCHEMA.empty_table()
    rows = np.concatenate([part.rows for part in parts])
    events = pa.concat_tables([part.events for part in parts]).combine_chunks()
    if (rows[1:] < rows[:-1]).any():
        order = np.argsort(rows, kind="stable")
        rows, events = rows[order], events.take(row_numbers(order))
    return rows, events
