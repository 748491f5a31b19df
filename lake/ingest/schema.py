"""The columns of events, as segments keep them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from lake.ingest.events import Event

if TYPE_CHECKING:
    import pyarrow as pa


@cache
def event_schema() -> pa.Schema:
    """`ts` is UTC; `event_id` is always set; attributes are sorted by name."""
    import pyarrow as pa

    return pa.schema(
        [
            ("id", pa.string()),
            ("ts", pa.timestamp("ms")),
            ("metric", pa.string()),
            ("value", pa.float64()),
            ("event_id", pa.string()),
            ("attributes", pa.map_(pa.string(), pa.string())),
        ]
    )


def event_columns(events: Sequence[Event]) -> pa.Table:
    """Return events, whose event_id must be set, as columns."""
    import pyarrow as pa

    from lake.columns import doubles_of, moments_of, texts_of

    pairs = [sorted(event.attributes.items()) for event in events]
    offsets = struct.pack(f"{len(pairs) + 1}i", *accumulate(map(len, pairs), initial=0))
    attributes = pa.MapArray.from_arrays(
        pa.Array.from_buffers(pa.int32(), len(pairs) + 1, [None, pa.py_buffer(offsets)]),
        texts_of([key for key, _ in chain.from_iterable(pairs)]),
        texts_of([value for _, value in chain.from_iterable(pairs)]),
    )
    columns = [
        texts_of([event.id for event in events]),
        moments_of([event.ts.replace(tzinfo=None) for event in events]),
        texts_of([event.metric for event in events]),
        doubles_of([event.value for event in events]),
        texts_of([event.event_id for event in events]),
        attributes,
    ]
    return pa.Table.from_arrays(columns, schema=event_schema())
