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
    import numpy as np
    import pyarrow as pa

    combined: Any = None
    texts: list[list[str]] = []
    for key in keys:
        encoded = _encoded(chunk.column(key.name))
        texts.append([value_text(value, key.name, table) for value in encoded.dictionary.to_pylist()])
        indices = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        combined = indices if combined is None else combined * len(texts[-1]) + indices
    if len(keys) == 1:
        return combined, [(text,) for text in texts[0]]
    encoded = _encoded(pa.chunked_array([pa.array(combined)]))
    groups = [_decoded(number, texts) for number in encoded.dictionary.to_pylist()]
    return encoded.indices.to_numpy(zero_copy_only=False), groups


def _encoded(column: pa.ChunkedArray) -> Any:
    return column.combine_chunks().dictionary_encode(null_encoding="encode")


def _decoded(number: int, texts: Sequence[list[str]]) -> Values:
    values = []
    for known in reversed(texts):
        number, index = divmod(number, len(known))
        values.append(known[index])
    return tuple(reversed(values))


def _taken(body: pa.Table, codes: Any, pool: Executor) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    order = pc.array_sort_indices(pa.array(codes))
    columns = pool.map(lambda column: column.combine_chunks().take(order), body.columns)
    return pa.Table.from_arrays(list(columns), schema=body.schema)
