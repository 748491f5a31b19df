"""The hashes of a column are those of its values one by one."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.sql.compiler.runtime import checksums, hash_columns, texts


def hash_of_double(value: float) -> int:
    # Zeros are equal, and so is what is no number.
    written = struct.pack("<d", value + 0.0) if value == value else struct.pack("<Q", 0x7FF8 << 48)
    return checksums.hash_of_bytes(written)


def hash_of_real(value: float) -> int:
    written = struct.unpack("<i", struct.pack("<f", value + 0.0))[0] if value == value else 0x7FC00000
    return checksums.hash_of_number(written)


CASES = [
    (hash_columns.hash_of_numbers, checksums.hash_of_number, pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (hash_columns.hash_of_doubles, hash_of_double, pa.float64(), st.floats()),
    (hash_columns.hash_of_reals, hash_of_real, pa.float32(), st.floats(width=32)),
]


@pytest.mark.parametrize(("columns", "alone", "kind", "values"), CASES)
@given(data=st.data())
def test_a_column_hashes_as_its_values_do(
    columns: Callable[..., Any],
    alone: Callable[..., int],
    kind: pa.DataType,
    values: st.SearchStrategy[Any],
    data: st.DataObject,
) -> None:
    column = data.draw(st.lists(st.none() | values, max_size=8))
    expected = [None if value is None else alone(value) for value in column]
    assert columns(pa.array(column, kind)).to_pylist() == expected


@given(st.text("abcü😀", max_size=9), st.text("abcü😀", max_size=9))
def test_levenshtein_counts_the_fewest_changes(left: str, right: str) -> None:
    row = list(range(len(right) + 1))
    for place, ours in enumerate(left, 1):
        following = [place]
        for column, theirs in enumerate(right, 1):
            following.append(min(row[column] + 1, following[-1] + 1, row[column - 1] + (ours != theirs)))
        row = following
    assert texts.levenshtein(left, right) == row[-1]
