"""Doubles as Python writes them, and the event ids of events that have none, by the million."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lake.columns import texts_of
from lake.ingest.columns.texts import Doubles, Mask, Whole, bytes_of, offsets_of, row_numbers, rows_at, to_arrow

SPACE, QUOTE, BACKSLASH = b' "\\'


@dataclass(frozen=True)
class DuckDBPrinter:
    """DuckDB writes a double as Python does: the shortest text that is read as the same double."""

    connection: duckdb.DuckDBPyConnection

    def floats(self, values: Doubles) -> pa.Array:
        table = pa.table({"value": to_arrow(values, pa.float64())})
        return self.project(table, "CAST(value AS VARCHAR)")

    def project(self, table: pa.Table, expression: str) -> pa.Array:
        """Return what a text expression gives for every row, in their order, whatever threads did."""
        numbered = table.append_column("row", row_numbers(np.arange(len(table))))
        found = self.connection.from_arrow(numbered).project(f'"row", {expression} AS found').to_arrow_table()
        rows = found["row"].combine_chunks().to_numpy()
        texts = found["found"].cast(pa.string()).combine_chunks()
        return texts if (rows[1:] > rows[:-1]).all() else texts.take(row_numbers(np.argsort(rows)))


EVENT_ID = (
    """sha256(concat(source, chr(10), line, chr(10), '{"id":"', id, '","ts":"', strftime(ts, '%Y-%m-%dT%H:%M:%S.%gZ'), """
    """'","metric":"', metric, '","value":', CAST(value AS VARCHAR), ',"attributes":{', attributes, '}}'))[1:32]"""
)


def derived_event_ids(printer: DuckDBPrinter, source: str, lines: Whole, events: pa.Table) -> tuple[pa.Array, Mask]:
    """Return what `events.derived_event_id` gives, and for which events: those whose text needs no escapes."""
    attributes, ids = events["attributes"].combine_chunks(), events["id"].combine_chunks()
    offsets = offsets_of(attributes)
    entries = pc.binary_join_element_wise('"', attributes.keys, '":"', attributes.items, '"', "")
    per_event = pa.ListArray.from_arrays(to_arrow(offsets, pa.int32()), entries)
    zeros = to_arrow(np.zeros(len(events), np.int32), pa.int32())
    table = pa.table(
        {
            "source": pa.DictionaryArray.from_arrays(zeros, texts_of([source])),
            "line": row_numbers(lines),
            "id": ids,
            "ts": events["ts"],
            "metric": events["metric"],
            "value": events["value"],
            "attributes": pc.binary_join(per_event, ","),
        }
    )
    plain = np.ones(len(events), bool)
    plain[_escaped(ids)] = False
    for texts in (attributes.keys, attributes.items):
        plain[rows_at(_escaped(texts), offsets)] = False
    return printer.project(table, EVENT_ID), plain


def _escaped(texts: pa.Array) -> Whole:
    """Return the places of texts that JSON writes with escapes."""
    offsets = offsets_of(texts)
    data = bytes_of(texts)[offsets[0] : offsets[-1]]
    escapes = np.flatnonzero((data < SPACE) | (data == QUOTE) | (data == BACKSLASH))
    return rows_at(escapes + offsets[0], offsets)
