"""The events of a delivery as columns in memory: sorted by partition, id and ts, each of them once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lake.errors import StorageFailed
from lake.ingest.columns.texts import Whole, row_numbers, to_arrow, to_flags, to_numbers
from lake.ingest.periods import Period
from lake.ingest.portions import Portion
from lake.ingest.schema import event_schema
from lake.ingest.segments import read_frames
from lake.write.keys import Values
from lake.write.split import Run

MOMENT_BITS = 27
"""As many hold a moment of a day in milliseconds."""


def read_events(portions: Sequence[Portion]) -> tuple[pa.Table, dict[str, str]]:
    """Return the events of portions in the order in which they came, and by name why some segments cannot be read."""
    frames: list[pa.RecordBatch] = []
    unread = {}
    for portion in portions:
        try:
            frames += list(read_frames(portion.part))
        except StorageFailed as error:
            unread[portion.name] = error.message
    return pa.Table.from_batches(frames, schema=event_schema()), unread


def partitions_of(events: pa.Table, period: Period) -> list[Values]:
    """Return the partitions that events are of."""
    return [period.values(int(number)) for number in np.unique(_times(events) // period.milliseconds)]


@dataclass(frozen=True)
class Fresh:
    """`events` have the columns of `event_schema()`."""

    events: pa.Table
    period: Period

    @classmethod
    def of(cls, events: pa.Table, period: Period) -> Fresh:
        """Sort events; of those that agree in their identity, the first stays."""
        numbers, moments = np.divmod(_times(events), period.milliseconds)
        keys = _sort_keys(numbers, _ranks(events.column("id")), moments)
        order = np.argsort(keys, kind="stable")
        kept = order[_first_of_identity(events, keys, order)]
        return cls(events.take(row_numbers(kept)), period)

    def __len__(self) -> int:
        return int(self.events.num_rows)

    def without(self, rows: Whole) -> Fresh:
        """Leave out rows, by their numbers."""
        if not len(rows):
            return self
        kept = np.ones(len(self), bool)
        kept[rows] = False
        return Fresh(self.events.filter(to_flags(kept)), self.period)

    @cached_property
    def runs(self) -> list[Run]:
        """Say where the rows of each partition are."""
        numbers = _times(self.events) // self.period.milliseconds
        starts = np.flatnonzero(np.diff(numbers, prepend=numbers[:1] - 1))
        return [
            Run(self.period.values(int(numbers[start])), int(start), int(end - start))
            for start, end in pairwise([*starts, len(numbers)])
        ]


def _times(events: pa.Table) -> Whole:
    """Return milliseconds since 1970."""
    return _numbers(events.column("ts"), np.int64)


def _ranks(texts: pa.ChunkedArray) -> Whole:
    """Return for each text its place among the different ones in order of their bytes."""
    encoded: Any = texts.combine_chunks().dictionary_encode()
    order = to_numbers(pc.array_sort_indices(encoded.dictionary), np.uint64)
    ranks: Whole = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return np.asarray(ranks[to_numbers(encoded.indices, np.int32)])


def _sort_keys(periods: Whole, ids: Whole, moments: Whole) -> Whole:
    """Put what events are sorted by into one number each."""
    if not len(periods):
        return periods
    groups = (periods - periods.min()) * (ids.max() + 1) + ids
    if groups.max() >= 1 << (63 - MOMENT_BITS):
        groups = np.unique(groups, return_inverse=True)[1]
    return np.asarray(groups << MOMENT_BITS | moments)


def _first_of_identity(events: pa.Table, keys: Whole, order: Whole) -> Whole:
    """Say of each place in order whether its event is the first of its identity: only events of one key are compared."""
    ordered = keys[order]
    as_before = np.diff(ordered, prepend=-1) == 0
    first = np.ones(len(order), bool)
    if not as_before.any():
        return first
    shared = np.flatnonzero(as_before | np.append(as_before[1:], False))
    rest = events.select(["metric", "event_id"]).take(row_numbers(order[shared]))
    compared = rest.append_column("key", to_arrow(ordered[shared], pa.int64()))
    numbered = compared.append_column("place", to_arrow(shared, pa.int64()))
    found = numbered.group_by(["key", "metric", "event_id"], use_threads=False).aggregate([("place", "min")])
    first[shared] = False
    first[_numbers(found.column("place_min"), np.int64)] = True
    return first


def _numbers(column: pa.ChunkedArray, kind: type[np.generic]) -> Whole:
    return np.concatenate([np.empty(0, kind), *(to_numbers(chunk, kind) for chunk in column.chunks)])
