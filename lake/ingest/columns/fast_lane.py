"""Columns of records as events: those that the scalar reader would accept for certain, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lake.columns import texts_of
from lake.ingest.columns.attributes import to_maps
from lake.ingest.columns.cells import Cells, Printer
from lake.ingest.columns.texts import Mask, Whole, is_long, is_valid, to_arrow, to_flags, to_numbers, without_controls
from lake.ingest.events import DEFAULT_METRIC, FIELDS, METRIC, MISSING
from lake.ingest.mapping import FieldMap
from lake.ingest.schema import event_schema

EVENT_SCHEMA = event_schema()
LONGEST_ID, LONGEST_EVENT_ID = 64, 128


@dataclass(frozen=True)
class Part:
    """Events, at most one a record, and the records' places in the block. event_id is NULL where it is not given."""

    rows: Whole
    events: pa.Table


@dataclass(frozen=True)
class Accepted:
    """The records that are certain, and their events: a part for each melted column, one part where none is."""

    rows: Whole
    parts: list[Part]


NOTHING = Accepted(np.empty(0, np.int64), [])


@dataclass(frozen=True)
class FastLane:
    """`all_text` says that the records are those of a file in which every value is text."""

    mapping: FieldMap
    printer: Printer
    all_text: bool = False

    def accept(self, rows: Whole, fields: Mapping[str, Cells]) -> Accepted:
        common = self.mapping.renamed(fields)
        if "id" not in common or "ts" not in common:
            return NOTHING
        columns, certain = self._common(common, len(rows))
        metrics, values = self._metrics(common, fields), []
        for metric, cells in metrics:
            numbers = cells.numbers()
            present = ~cells.missing if self.mapping.melt else np.ones(len(rows), bool)
            names, named = self._names(metric, len(rows))
            certain &= (numbers.certain & named) | ~present
            # -0.0 becomes 0.0, as the scalar reader has it.
            values.append((names, to_arrow(numbers.values + 0.0, pa.float64()), present))
        parts = [
            self._part(rows, certain & present, {**columns, "metric": names, "value": numbers})
            for names, numbers, present in values
        ]
        return Accepted(rows[certain], parts) if metrics else NOTHING

    def _common(self, common: Mapping[str, Cells], count: int) -> tuple[dict[str, pa.Array], Mask]:
        ids, certain = _names(common["id"], LONGEST_ID)
        certain &= is_valid(ids)
        instants = common["ts"].instants()
        certain &= instants.certain
        event_ids = pa.nulls(count, pa.string())
        if "event_id" in common:
            event_ids, named = _names(common["event_id"], LONGEST_EVENT_ID)
            certain &= named
        attributes, kept = self._attributes(common, count)
        columns = {
            "id": ids,
            "ts": to_arrow(instants.values, pa.timestamp("ms")),
            "event_id": event_ids,
            "attributes": attributes,
        }
        return columns, certain & kept

    def _attributes(self, common: Mapping[str, Cells], count: int) -> tuple[pa.Array, Mask]:
        columns = {name: cells for name, cells in common.items() if name not in FIELDS}
        certain = np.ones(count, bool)
        if "attributes" in common:
            entries = common["attributes"].entries()
            certain &= entries.certain
            if entries.maps is not None and not columns:
                return entries.maps, certain
            if entries.maps is not None or columns.keys() & entries.columns.keys():
                return to_maps({}, count), ~np.ones(count, bool)
            columns |= entries.columns
        texts = {name: cells.attribute_texts(self.printer) for name, cells in columns.items()}
        for found in texts.values():
            certain &= found.certain
        return to_maps({name: found.values for name, found in texts.items()}, count), certain

    def _metrics(
        self, common: Mapping[str, Cells], fields: Mapping[str, Cells]
    ) -> list[tuple[Cells | str | None, Cells]]:
        """Return where the metric comes from, and its values."""
        if self.mapping.melt:
            return [(name, fields[name]) for name in self.mapping.melted(fields)]
        return [(common.get("metric"), common["value"])] if "value" in common else []

    def _names(self, metric: Cells | str | None, count: int) -> tuple[pa.Array, Mask]:
        if metric is None or isinstance(metric, str):
            name = DEFAULT_METRIC if metric is None or (self.all_text and metric in MISSING) else metric
            which = to_arrow(np.zeros(count, np.int32), pa.int32())
            return texts_of([name]).take(which), np.full(count, METRIC.fullmatch(name) is not None)
        found = metric.strings()
        names = pc.fill_null(found.values, DEFAULT_METRIC)
        encoded = names.dictionary_encode()
        known = np.array([METRIC.fullmatch(name) is not None for name in encoded.dictionary.to_pylist()], bool)
        return names, found.certain & known[to_numbers(encoded.indices, np.int32)]

    def _part(self, rows: Whole, kept: Mask, columns: Mapping[str, pa.Array]) -> Part:
        events = pa.Table.from_arrays([columns[name] for name in EVENT_SCHEMA.names], schema=EVENT_SCHEMA)
        if kept.all():
            return Part(rows, events)
        return Part(rows[kept], events.filter(to_flags(kept)))


def _names(cells: Cells, longest: int) -> tuple[pa.Array, Mask]:
    """Read a column as id or event_id; NULL is certain."""
    found = cells.strings()
    fits = is_long(found.values, 1, longest) & without_controls(found.values)
    return found.values, found.certain & (fits | ~is_valid(found.values))
