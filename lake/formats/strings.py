"""Small acts on Arrow string arrays that its kernels leave to the caller.

Arrow imports pandas, a quarter of a second, the first time that it converts any Python value. So what is written for
every result gives Arrow no Python value: constants are made of their bytes, by `constant` and `number`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from lake.columns import texts_of

NULL = pa.nulls(1, pa.string())[0]
LAYOUTS = {pa.int32(): "i", pa.int64(): "q", pa.float32(): "f", pa.float64(): "d"}


@cache
def constant(value: str) -> pa.StringScalar:
    """Make a string constant."""
    return texts_of([value])[0]


@cache
def number(value: float, kind: pa.DataType) -> pa.Scalar:
    """Make a constant of an int32, an int64 or a float."""
    return pa.Array.from_buffers(kind, 1, [None, pa.py_buffer(struct.pack(LAYOUTS[kind], value))])[0]


def join(*parts: pa.Array | str, null: str | None = None) -> pa.Array:
    """Put the parts of each row behind one another. A NULL part makes the row NULL, or is written as `null`."""
    arrow_parts = [constant(part) if isinstance(part, str) else part for part in parts]
    if null is None:
        return pc.binary_join_element_wise(*arrow_parts, constant(""))
    return pc.binary_join_element_wise(*arrow_parts, constant(""), null_handling="replace", null_replacement=null)


def join_columns(columns: list[pa.Array], separator: str, *, null: str = "") -> pa.Array:
    """Join the columns of each row by a separator: three times as quick as `join` with the separators as parts."""
    return pc.binary_join_element_wise(*columns, constant(separator), null_handling="replace", null_replacement=null)


def choose(condition: pa.Array, yes: pa.Array | str, no: pa.Array | str | pa.Scalar) -> pa.Array:
    """Take one text where the condition holds, the other where it does not, NULL where it is NULL."""
    yes, no = (constant(side) if isinstance(side, str) else side for side in (yes, no))
    return pc.if_else(condition, yes, no)


def join_lists(texts: pa.Array, lengths: pa.Array, separator: str) -> pa.Array:
    """Join runs of texts, as many for each row as its length (int32) says; a NULL text is written as null."""
    ends = pc.cumulative_sum(lengths)
    start = pa.Array.from_buffers(pa.int32(), 1, [None, pa.py_buffer(bytes(4))])
    lists = pa.ListArray.from_arrays(pa.concat_arrays([start, ends]), pc.coalesce(texts, constant("null")))
    return pc.binary_join(lists, constant(separator))


def patch(texts: pa.Array, mask: pa.Array, repair: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Replace the texts under the mask by their repaired forms, working on those alone."""
    if not pc.any(mask).as_py():
        return texts
    return pc.replace_with_mask(texts, mask, repair(texts.filter(mask)))


def replace(texts: pa.Array, pairs: Iterable[tuple[str, str]]) -> pa.Array:
    """Replace plain substrings, one pair after the other."""
    for old, new in pairs:
        texts = pc.replace_substring(texts, old, new)
    return texts


def matches(texts: pa.Array, pattern: str) -> pa.Array:
    """Say which texts hold a match of the RE2 pattern; NULL for NULL."""
    return pc.match_substring_regex(texts, pattern)


def body(texts: pa.Array) -> memoryview:
    """Give the bytes of all texts in a row, without copying: an array of lines is a page."""
    _, offsets, values = texts.buffers()
    if values is None or len(texts) == 0:
        return memoryview(b"")
    bounds = memoryview(offsets).cast("i")
    return memoryview(values)[bounds[texts.offset] : bounds[texts.offset + len(texts)]]


def unique_names(names: list[str]) -> list[str]:
    """Give each repeated name a suffix that no other has: `a, a, a_2` become `a, a_3, a_2`."""
    taken, seen, unique = set(names), set[str](), []
    for name in names:
        candidate, number = name, 1
        while candidate in seen or (number > 1 and candidate in taken):
            number += 1
            candidate = f"{name}_{number}"
        seen.add(candidate)
        unique.append(candidate)
    return unique
