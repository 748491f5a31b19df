"""The box and the records: what fits, what is cut, and what a terminal must never be sent."""

import io
import re
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from lake.formats import FormatOptions, write
from tests.formats.arrays import TEXTS, columns, nasty_table


def lines(table: pa.Table, name: str = "table", **options: Any) -> list[str]:
    out = io.BytesIO()
    write(table.to_reader(), out, format=name, options=FormatOptions(**options))
    text = out.getvalue().decode()
    assert text.endswith("\n")
    return text[:-1].split("\n")


@given(st.lists(columns(), min_size=1, max_size=12), st.integers(12, 120))
def test_no_line_is_wider_than_the_terminal(drawn: list[tuple[pa.Array, list[Any]]], width: int) -> None:
    rows = min(len(values) for _, values in drawn)
    table = pa.table([array.slice(0, rows) for array, _ in drawn], names=[f"column {n}" for n in range(len(drawn))])
    printed = lines(table, width=width)
    assert max(cell_len(line) for line in printed) <= width
    frame = [line for line in printed if line[0] in "┌│├└"]
    assert len({cell_len(line) for line in frame}) == 1
    assert len(frame) == rows + 4


@given(st.lists(TEXTS, min_size=1, max_size=4), st.sampled_from(["table", "vertical"]))
def test_no_control_character_reaches_the_terminal(values: list[str], name: str) -> None:
    printed = "".join(lines(pa.table([values], names=[values[0]]), name))
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]", printed)


def test_numbers_stand_right_and_null_differs_from_an_empty_text() -> None:
    table = pa.table({"n": [1, None], "text": ["", None], "d": [1.0, 10.25]})
    assert lines(table) == [
        "┌──────┬──────┬───────┐",
        "│    n │ text │     d │",
        "├──────┼──────┼───────┤",
        "│    1 │      │   1.0 │",
        "│ NULL │ NULL │ 10.25 │",
        "└──────┴──────┴───────┘",
        "(2 rows)",
    ]


def test_the_last_line_counts() -> None:
    table = pa.table({"n": range(2500)})
    assert lines(table.slice(0, 1))[-1] == "(1 row)"
    assert lines(table.slice(0, 0))[-1] == "(0 rows)"
    assert lines(table)[-1] == "(2,500 rows)"
    cut = lines(table, max_rows=1000)
    assert cut[-1].startswith("(1,000 rows shown, more follow:")
    assert len(cut) == 1000 + 5
    assert lines(table.slice(0, 1000), max_rows=1000)[-1] == "(1,000 rows)"


def test_numbers_are_never_cut_while_another_column_can_go() -> None:
    table = pa.table({f"c{n}": [10**15 + n] for n in range(20)})
    printed = lines(table, width=60)
    assert re.findall(r"\d{5,}", printed[3]) == ["1000000000000000", "1000000000000019"]
    assert printed[-1] == "(2 of 20 columns shown: --format vertical shows all)"


def test_a_single_value_wider_than_the_terminal_is_cut() -> None:
    assert lines(pa.table({"n": [10**18]}), width=12)[3] == "│ 1000000… │"


def test_a_later_longer_value_keeps_the_rows_apart() -> None:
    table = pa.table({"a": ["x"] * 1000 + ["longer"], "b": [1] * 1001})
    assert lines(table)[-3] == "│ longer │ 1 │"
    assert lines(table, width=20)[-3] == "│ … │ 1 │"


@pytest.mark.parametrize("name", ["table", "vertical"])
def test_colour_adds_codes_and_nothing_else(name: str) -> None:
    plain, coloured = lines(nasty_table(), name), lines(nasty_table(), name, color=True)
    assert [re.sub(r"\x1b\[[0-9]*m", "", line) for line in coloured] == plain
    assert "\x1b[2m" in "".join(coloured)
    assert "\x1b" not in "".join(plain)


def test_records_are_numbered_across_batches() -> None:
    table = pa.concat_tables([pa.table({"id": [n], "long name": ["x"]}) for n in range(3)])
    assert lines(table, "vertical")[::3] == [f"-[ RECORD {n} ]-------" for n in (1, 2, 3)]
    assert lines(table, "vertical", max_rows=2)[-1].startswith("(2 rows shown, more follow")
    assert lines(table.slice(0, 0), "vertical") == ["(0 rows)"]
