"""Columns of attributes as one column of maps, names in order, without NULL."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from lake.columns import texts_of
from lake.ingest.columns.texts import Whole, is_valid, to_arrow

ATTRIBUTES = pa.map_(pa.string(), pa.string())


def to_maps(columns: Mapping[str, pa.Array], count: int) -> pa.Array:
    """Return a map for each of `count` rows: what is not NULL, by the name of its column."""
    names = sorted(columns)
    offsets = np.arange(count + 1, dtype=np.int32) * len(names)
    if not names or not count:
        nothing = texts_of(())
        return pa.MapArray.from_arrays(to_arrow(offsets, pa.int32()), nothing, nothing)
    valid = np.column_stack([is_valid(columns[name]) for name in names])
    places = np.arange(count)[:, None] + np.arange(len(names)) * count
    which = np.broadcast_to(np.arange(len(names), dtype=np.int32), valid.shape)
    if not valid.all():
        places, which = places[valid], which[valid]
        offsets[1:] = np.cumsum(valid.sum(axis=1))
    values = columns[names[0]] if valid.all() and len(names) == 1 else _take(columns, names, places.ravel())
    keys = texts_of(names).take(to_arrow(which.ravel(), pa.int32()))
    return pa.MapArray.from_arrays(to_arrow(offsets, pa.int32()), keys, values)


def _take(columns: Mapping[str, pa.Array], names: list[str], places: Whole) -> pa.Array:
    together = pa.concat_arrays([columns[name] for name in names])
    return together.take(to_arrow(places, pa.int64()))
