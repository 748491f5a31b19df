"""Bring the rows of one chunk together by partition, in the order in which they came."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lake.model import Column
from lake.write.keys import Values, value_text

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Run:
    """Rows of one partition that lie together in a chunk."""

    values: Values
    start: int
    length: int


def split(chunk: pa.Table, keys: Sequence[Column], table: str, pool: Executor) -> tuple[pa.Table, list[Run]]:
    """Return the columns held in files, sorted by partition, and where each partition's rows are."""
    import numpy as np

    codes, groups = _codes(chunk, keys, table)
    body = chunk.drop_columns([key.name for key in keys])
    counts = np.bincount(codes, minlength=len(groups))
    if np.any(codes[1:] < codes[:-1]):
        body = _taken(body, codes, pool)
    ends = np.cumsum(counts)
    # Codes count partitions in the order of their first rows, so already grouped rows are left where they are.
    runs = [Run(values, int(end - count), int(count)) for values, end, count in zip(groups, ends, counts, strict=True)]
    return body, runs


def _codes(chunk: pa.Table, keys: Sequence[Column], table: str) -> tuple[Any, list[Values]]:
    """Number the partitions by first appearance; return each row's number, and the partitions' values."""
    codes, groups = _encoded(chunk.column(keys[0].name), keys[0].name, table)
    for key in keys[1:]:
        indices, texts = _encoded(chunk.column(key.name), key.name, table)
        pairs = _from_numpy(codes * len(texts) + indices).dictionary_encode()
        codes = _to_numpy(pairs.indices)
        found = (divmod(pair, len(texts)) for pair in pairs.dictionary.to_pylist())
        groups = [groups[group] + texts[text] for group, text in found]
    return codes, groups


def _encoded(column: pa.ChunkedArray, key: str, table: str) -> tuple[Any, list[Values]]:
    encoded: Any = column.combine_chunks().dictionary_encode(null_encoding="encode")
    return _to_numpy(encoded.indices), [(value_text(value, key, table),) for value in encoded.dictionary.to_pylist()]


# pyarrow's own ways to and from numpy load pandas, which takes longer than a small write.
def _to_numpy(indices: pa.Array) -> Any:
    import numpy as np

    values = np.frombuffer(indices.buffers()[1], np.int32, len(indices), indices.offset * 4)
    return values.astype(np.int64)


def _from_numpy(numbers: Any) -> Any:
    import pyarrow as pa

    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


def _taken(body: pa.Table, codes: Any, pool: Executor) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    order = pc.array_sort_indices(_from_numpy(codes))
    columns = pool.map(lambda column: column.combine_chunks().take(order), body.columns)
    return pa.Table.from_arrays(list(columns), schema=body.schema)
