"""Whatever holds columns can be written, and comes back as it was."""

from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from lake.errors import UsageError, WriteRefused
from lake.write.source import BATCH_BYTES, open_reader, slices
from tests.write.place import Place, moment

TABLE = pa.table(
    {
        "id": ["a", "b", None],
        "n": pa.array([1, None, 3], pa.int64()),
        "x": [1.5, 2.5, None],
        "day": ["2026-01-01", "2026-01-02", "2026-01-01"],
    }
)
ROWS = [("a", 1, 1.5, "2026-01-01"), ("b", None, 2.5, "2026-01-02"), (None, 3, None, "2026-01-01")]
SQL = "SELECT * FROM (VALUES ('a', 1::BIGINT, 1.5::DOUBLE, '2026-01-01'), ('b', NULL, 2.5, '2026-01-02'), (NULL, 3, NULL, '2026-01-01')) t(id, n, x, day)"


def duckdb_result() -> Any:
    return duckdb.connect().execute(SQL)


SOURCES = {
    "arrow table": lambda: TABLE,
    "arrow reader": lambda: TABLE.to_reader(max_chunksize=1),
    "arrow batch": lambda: TABLE.to_batches()[0],
    "pandas": lambda: TABLE.to_pandas(types_mapper=pd.ArrowDtype),
    "pandas with an index": lambda: TABLE.to_pandas(types_mapper=pd.ArrowDtype).set_index(
        pd.Index([7, 8, 9], name="i")
    ),
    "polars": lambda: pl.DataFrame(TABLE),
    "duckdb relation": lambda: duckdb.sql(SQL),
    "duckdb result": duckdb_result,
}


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_comes_back_as_it_was(place: Place, source: str) -> None:
    written = place.write(SOURCES[source](), "t", partition_by=["day"])
    assert (written.rows, written.files, written.partitions, written.added) == (3, 2, 2, 2)
    assert place.rows("t") == sorted(ROWS, key=repr)
    types = [(column.name, column.type) for column in place.table("t").all_columns]
    assert types == [("id", "string"), ("n", "bigint"), ("x", "double"), ("day", "string")]


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_fits_a_table_without_partitions(place: Place, source: str) -> None:
    written = place.write(SOURCES[source](), "t")
    assert (written.rows, written.files, written.partitions, written.added) == (3, 1, 0, 0)
    assert place.rows("t") == sorted(ROWS, key=repr)


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        ([{"a": 1}], "DataFrame"),
        ({"a": [1]}, "DataFrame"),
        (None, "DataFrame"),
        ("a,b", "DataFrame"),
        (pl.LazyFrame({"a": [1]}), "collect"),
        (pd.Series([1]), "DataFrame"),
    ],
)
def test_what_is_no_table_is_refused_with_a_hint(place: Place, data: Any, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        place.write(data, "t")
    assert hint in (refused.value.hint or "")


def test_a_pandas_column_of_mixed_values_is_named(place: Place) -> None:
    with pytest.raises(WriteRefused, match="'mixed'"):
        place.write(pd.DataFrame({"fine": [1, 2], "mixed": [1, "x"]}), "t")


def test_pandas_takes_not_a_number_for_null(place: Place) -> None:
    frame = pd.DataFrame({"x": [1.0, float("nan")], "at": [pd.Timestamp("2026-01-01"), pd.NaT], "s": ["a", None]})
    place.write(frame, "t")
    assert place.rows("t") == [(1.0, moment(2026, 1, 1), "a"), (None, None, None)]


def test_a_pandas_frame_without_rows_makes_the_table(place: Place) -> None:
    written = place.write(pd.DataFrame({"n": pd.Series([], dtype="int64")}), "t")
    assert written.files == 0
    assert [(column.name, column.type) for column in place.table("t").columns] == [("n", "bigint")]
    assert place.rows("t") == []


def test_a_large_batch_is_taken_in_slices() -> None:
    table = pa.table({"n": pa.array(range(BATCH_BYTES // 8 * 3 + 5), pa.int64())})
    batches = list(slices(open_reader(table.combine_chunks(), "t")))
    assert [batch.num_rows for batch in batches] == [BATCH_BYTES // 8] * 3 + [5]
    assert sum(batch.column(0).nbytes for batch in batches) <= table.nbytes + 64
