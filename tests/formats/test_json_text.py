"""json and jsonl as json.loads sees them."""

import io
import json
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from lake.formats import write
from tests.formats.arrays import columns, nasty_table
from tests.formats.models import json_value


def written(table: pa.Table, name: str) -> str:
    out = io.BytesIO()
    write(table.to_reader(), out, format=name)
    return out.getvalue().decode()


def loads(text: str) -> Any:
    return json.loads(text, parse_float=str, parse_int=str)


@given(columns(), st.text(st.characters(exclude_categories=["Cs"])))
def test_json_loads_gets_every_value_back(column: tuple[pa.Array, list[Any]], name: str) -> None:
    array, values = column
    table = pa.table([array], names=[name])
    expected = [{name: json_value(value, array.type)} for value in values]
    lines = written(table, "jsonl").split("\n")
    assert lines.pop() == ""
    assert [loads(line) for line in lines] == expected
    assert loads(written(table, "json")) == expected


def test_json_and_jsonl_hold_the_same_rows() -> None:
    lines = written(nasty_table(), "jsonl").split("\n")[:-1]
    assert [json.loads(line) for line in lines] == json.loads(written(nasty_table(), "json"))
    assert len(lines) == nasty_table().num_rows


def test_a_repeated_name_gets_a_free_suffix() -> None:
    table = pa.Table.from_arrays([pa.array([n]) for n in range(4)], names=["a", "a", "a_2", "a"])
    assert written(table, "jsonl") == '{"a":0,"a_3":1,"a_2":2,"a_4":3}\n'


def test_decimals_keep_their_digits_and_what_is_no_number_is_a_string() -> None:
    table = pa.table(
        {
            "d": pa.array(["0.0000000100", "12345678901234567890.0000000001"]).cast(pa.decimal128(38, 10)),
            "f": pa.array([float("nan"), float("-inf")]),
        }
    )
    assert written(table, "jsonl") == (
        '{"d":0.0000000100,"f":"NaN"}\n{"d":12345678901234567890.0000000001,"f":"-Infinity"}\n'
    )


def test_keys_are_always_strings() -> None:
    kinds = {
        "n": (pa.int8(), [(2, 0), (1, 0)]),
        "t": (pa.string(), [('q"', 0), ("1", 0)]),
        "f": (pa.float64(), [(0.5, 0), (float("nan"), 0)]),
        "s": (pa.struct([("a", pa.string())]), [({"a": "x"}, 0)]),
    }
    table = pa.table({name: pa.array([pairs], pa.map_(key, pa.int8())) for name, (key, pairs) in kinds.items()})
    row = json.loads(written(table, "jsonl"))
    assert row == {"n": {"1": 0, "2": 0}, "t": {"1": 0, 'q"': 0}, "f": {"0.5": 0, "NaN": 0}, "s": {'{"a":"x"}': 0}}


def test_a_json_value_stays_json_and_on_its_line() -> None:
    table = pa.table({"j": pa.array(['{"a":\n [1, 2]}', None], pa.json_())})
    assert written(table, "jsonl") == '{"j":{"a":  [1, 2]}}\n{"j":null}\n'
