"""Tables of all of Arrow's types, some of them with what an event needs."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from tests.ingest import hostile

COLUMNS = ["id", "ts", "metric", "value", "event_id", "attributes", "site", "b", "größe"]

TYPES = [
    *[pa.int8(), pa.int64(), pa.uint64(), pa.float32(), pa.float64(), pa.float16(), pa.bool_(), pa.null()],
    *[
        pa.timestamp("s"),
        pa.timestamp("ms", "UTC"),
        pa.timestamp("us", "America/New_York"),
        pa.timestamp("ns"),
        pa.date32(),
    ],
    *[pa.date64(), pa.time64("us"), pa.duration("ms"), pa.decimal128(10, 3), pa.decimal128(5, -2), pa.binary()],
    *[pa.list_(pa.int32()), pa.struct([("x", pa.float64()), ("y", pa.string())]), pa.map_(pa.string(), pa.string())],
    *[
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int32(), pa.string()),
        pa.string(),
        pa.string(),
        pa.binary(3),
    ],
    *[pa.large_binary(), pa.list_(pa.date32()), pa.decimal256(40, 5), pa.map_(pa.string(), pa.int32())],
]


MOMENTS = st.datetimes(datetime(1700, 1, 1), datetime(2250, 1, 1))  # noqa: DTZ001 - zones are those of the columns


def python_values(kind: pa.DataType) -> st.SearchStrategy[Any]:
    is_a = pa.types
    if is_a.is_map(kind) or is_a.is_struct(kind) or is_a.is_list(kind):
        return nested_values(kind)
    if is_a.is_integer(kind):
        least = 0 if is_a.is_unsigned_integer(kind) else -(2 ** (kind.bit_width - 1))
        return st.integers(least, least + 2**kind.bit_width - 1)
    if is_a.is_floating(kind):
        floats = st.floats(width=kind.bit_width)
        return floats.map(np.float16) if kind == pa.float16() else floats
    if is_a.is_decimal(kind):
        decimals = st.decimals(-900, 900, places=2, allow_nan=False)
        return decimals.map(lambda number: number.quantize(1) * 100 if kind.scale < 0 else number)
    strategies = {
        is_a.is_boolean: st.booleans(),
        is_a.is_timestamp: MOMENTS,
        is_a.is_date: MOMENTS.map(lambda moment: moment.date()),
        is_a.is_time: st.times(),
        is_a.is_duration: st.integers(-(10**12), 10**12).map(lambda millis: timedelta(milliseconds=millis)),
        is_a.is_fixed_size_binary: st.binary(min_size=3, max_size=3),
        is_a.is_binary: st.binary(max_size=4),
        is_a.is_large_binary: st.binary(max_size=4),
        is_a.is_null: st.none(),
    }
    return next((found for fits, found in strategies.items() if fits(kind)), st.one_of(hostile.texts, hostile.stamps))


def nested_values(kind: pa.DataType) -> st.SearchStrategy[Any]:
    if pa.types.is_list(kind):
        return st.lists(python_values(kind.value_type), max_size=2)
    if pa.types.is_struct(kind):
        return st.fixed_dictionaries({"x": st.floats(), "y": st.text(max_size=3)})
    values = st.integers(0, 3) if kind.item_type == pa.int32() else st.one_of(st.none(), st.text(max_size=3))
    entries = st.dictionaries(st.sampled_from(["b", "a", "site", "é"]), values, max_size=3)
    return entries.map(lambda found: list(found.items()))


@st.composite
def typed_columns(draw: st.DrawFn, name: str, count: int) -> pa.Array:
    usual = {
        "id": [pa.string()],
        "ts": [pa.timestamp("us"), pa.timestamp("ns"), pa.timestamp("ms", "UTC"), pa.date32(), pa.string()],
        "metric": [pa.string(), pa.dictionary(pa.int32(), pa.string())],
        "value": [pa.float64(), pa.int64(), pa.decimal128(10, 3), pa.float32()],
        "event_id": [pa.string()],
        "attributes": [pa.map_(pa.string(), pa.string())],
    }
    kind = draw(st.one_of(st.sampled_from(usual.get(name, TYPES)), st.sampled_from(TYPES)))
    good = {"id": "s-1", "metric": "temp", "event_id": "e1"}.get(name) if pa.types.is_string(kind) else None
    cells = st.one_of(st.none(), python_values(kind), st.just(good))
    values = draw(st.lists(cells, min_size=count, max_size=count))
    if pa.types.is_timestamp(kind) and kind.unit in ("s", "ms"):
        values = [value and value.replace(microsecond=0) for value in values]
    return pa.array(values, kind)


@st.composite
def typed_tables(draw: st.DrawFn) -> pa.Table:
    count = draw(st.integers(0, 6))
    names = draw(st.lists(st.sampled_from(COLUMNS), unique=True, min_size=4))
    return pa.table({name: draw(typed_columns(name, count)) for name in names})
