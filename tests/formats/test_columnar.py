"""Parquet and Arrow files, read back by their own readers and by others."""

import io
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest
from hypothesis import given

from lake.formats import columnar, write
from tests.formats.arrays import columns, nasty_table


def written(table: pa.Table, name: str) -> bytes:
    out = io.BytesIO()
    write(table.to_reader(), out, format=name)
    return out.getvalue()


def read_arrow(data: bytes) -> pa.Table:
    return pa.ipc.open_file(io.BytesIO(data)).read_all()


def read_parquet(data: bytes) -> pa.Table:
    return pa.parquet.read_table(io.BytesIO(data))


READERS: dict[str, Callable[[bytes], pa.Table]] = {"arrow": read_arrow, "parquet": read_parquet}


@pytest.mark.parametrize("name", READERS)
@given(column=columns())
def test_a_file_reads_back_as_written(name: str, column: tuple[pa.Array, list[Any]]) -> None:
    table = pa.table([column[0]], names=["a"])
    back = READERS[name](written(table, name))
    # by their printed form, since NaN differs from itself
    assert str(back.column(0).to_pylist()) == str(table.column(0).to_pylist())
    assert back.schema.field(0).type.equals(table.schema.field(0).type)


def test_repeated_names_get_a_suffix_in_parquet_and_stay_in_arrow() -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    assert read_parquet(written(table, "parquet")).column_names == ["a", "a_2"]
    assert read_arrow(written(table, "arrow")).column_names == ["a", "a"]


def test_duckdb_and_polars_read_the_nasty_table(tmp_path: Path) -> None:
    parquet = tmp_path / "nasty.parquet"
    parquet.write_bytes(written(nasty_table(), "parquet"))
    arrow = written(nasty_table().select([0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12]), "arrow")
    rows = duckdb.sql(f"SELECT id, amount, name, name_2 FROM '{parquet}'").fetchall()
    expected = nasty_table()
    assert rows == list(zip(*(expected.column(n).to_pylist() for n in (0, 3, 5, 6)), strict=True))
    assert pl.read_ipc(io.BytesIO(arrow))["id"].to_list() == expected.column(0).to_pylist()


def test_what_parquet_lacks_is_written_as_text() -> None:
    spans = pa.array([(3, 0, 0), None], pa.month_day_nano_interval())
    table = pa.table({"span": spans, "in": pa.array([[(0, 1, 0)], None], pa.list_(pa.month_day_nano_interval()))})
    assert read_parquet(written(table, "parquet")).to_pydict() == {
        "span": ["0-3", None],
        "in": ["[1 00:00:00.000]", None],
    }


@pytest.mark.parametrize("name", READERS)
def test_a_dictionary_that_changes_between_batches_is_decoded(name: str) -> None:
    batches = [pa.record_batch({"a": pa.array(texts).dictionary_encode(), "b": [[1]]}) for texts in (["x"], ["y"])]
    table = pa.Table.from_batches(batches)
    assert READERS[name](written(table, name)).column("a").to_pylist() == ["x", "y"]


@pytest.mark.parametrize("name", READERS)
def test_a_pipe_will_do(name: str) -> None:
    read_end, write_end = os.pipe()
    received: list[bytes] = []

    def receive() -> None:
        with os.fdopen(read_end, "rb") as source:
            received.append(source.read())

    reader = threading.Thread(target=receive)
    reader.start()
    out: BinaryIO
    with os.fdopen(write_end, "wb") as out:
        write(nasty_table().to_reader(), out, format=name)
    reader.join()
    assert READERS[name](received[0]).num_rows == nasty_table().num_rows


def test_row_groups_end_by_rows_and_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.table({"n": range(200_000)})

    def group_rows() -> list[int]:
        file = pa.parquet.ParquetFile(io.BytesIO(written(table, "parquet"))).metadata
        assert file.row_group(0).column(0).compression == "ZSTD"
        return [file.row_group(n).num_rows for n in range(file.num_row_groups)]

    assert group_rows() == [200_000]
    monkeypatch.setattr(columnar, "GROUP_BYTES", 500_000)
    assert group_rows() == [100_000, 100_000]
