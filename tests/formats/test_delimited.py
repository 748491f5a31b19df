"""csv and tsv as other readers see them."""

import csv
import io
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from lake.formats import FormatOptions, write
from tests.formats.arrays import TEXTS, nasty_table

ROWS = st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[st.none() | TEXTS] * width), max_size=5))


def written(table: pa.Table, name: str, **options: Any) -> str:
    out = io.BytesIO()
    write(table.to_reader(), out, format=name, options=FormatOptions(**options))
    return out.getvalue().decode()


def table_of(rows: list[tuple[str | None, ...]]) -> pa.Table:
    width = len(rows[0]) if rows else 1
    return pa.table([pa.array([row[n] for row in rows], pa.string()) for n in range(width)], names=list("abc"[:width]))


def quoted(value: str | None, delimiter: str) -> str:
    if value is None:
        return ""
    needs = value == "" or value[0] == " " or value[-1] == " " or any(c in value for c in f'"\r\n{delimiter}')
    return '"' + value.replace('"', '""') + '"' if needs else value


@given(ROWS, st.sampled_from([("csv", ","), ("tsv", "\t")]))
def test_a_value_is_quoted_only_where_needed(rows: list[tuple[str | None, ...]], form: tuple[str, str]) -> None:
    name, delimiter = form
    lines = [delimiter.join(quoted(value, delimiter) for value in row) + "\n" for row in rows]
    assert written(table_of(rows), name, header=False) == "".join(lines)


@given(ROWS)
def test_pythons_csv_reader_gets_the_texts_back(rows: list[tuple[str | None, ...]]) -> None:
    text = written(table_of(rows), "csv")
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    width = len(rows[0]) if rows else 1
    assert read[0] == list("abc"[:width])
    # the reader takes a NULL alone on its line for no value at all
    assert [row or [""] for row in read[1:]] == [[value or "" for value in row] for row in rows]


def test_duckdb_tells_null_from_the_empty_text(tmp_path: Any) -> None:
    table = pa.table({"a": ["x", None, ""], "b": [1, 2, 3]})
    path = tmp_path / "null.csv"
    path.write_text(written(table, "csv"))
    rows = duckdb.sql(f"SELECT a FROM read_csv('{path}', allow_quoted_nulls=false)").fetchall()
    assert rows == [("x",), (None,), ("",)]


def test_names_are_quoted_and_repeated_as_they_are() -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2]), pa.array([3])], names=["a,b", "a,b", ""])
    assert written(table, "csv") == '"a,b","a,b",""\n1,2,3\n'


def test_a_csv_line_holds_every_column_of_the_nasty_table() -> None:
    rows = list(csv.reader(io.StringIO(written(nasty_table(), "csv"), newline=""), strict=True))
    assert {len(row) for row in rows} == {nasty_table().num_columns}


def test_markdown_keeps_a_cell_on_its_line() -> None:
    table = pa.table({"n|m": ["a|b", "x\ny\r\nz", None], "n": [1, 2, 3]})
    assert written(table, "markdown") == ("| n\\|m | n |\n|---|---:|\n| a\\|b | 1 |\n| x<br>y<br>z | 2 |\n|  | 3 |\n")
