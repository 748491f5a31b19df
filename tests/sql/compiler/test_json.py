"""JSON: functions, casts, and what DuckDB's own functions answer alike."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lake.engine.readers.literals import text
from lake.errors import InvalidSql, TypeMismatch
from lake.sql.compiler.runtime import json
from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.json_values import from_json
from lake.types import parse_type
from tests.sql.compiler.running import run


def value(expression: str) -> Any:
    return run(f"SELECT {expression}")[0][0]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ('{"b": 1, "a": [ ]}', '{"a":[],"b":1}'),
        ('{"a": 1, "a": 2}', '{"a":2}'),
        ("1.50", "1.5"),
        ("1e3", "1000.0"),
        ("12345678.9", "1.23456789E7"),
        ("0.0001", "1.0E-4"),
        ("1e309", '"Infinity"'),
        ("92233720368547758071", "92233720368547758071"),
        (r'"\u001f\/\ud83d\ude00\\u001f"', '"\\u001F/😀\\\\u001f"'),
        (" null ", "null"),
    ],
)
def test_a_document_is_parsed_to_canonical_text(written: str, canonical: str) -> None:
    assert json.parse_json(written) == canonical


@pytest.mark.parametrize("written", ["", "{}{", "[1,]", "NaN", "01", '"\t"', "{'a': 1}"])
def test_what_is_no_json_is_refused(written: str) -> None:
    with pytest.raises(TrinoError, match="INVALID_FUNCTION_ARGUMENT"):
        json.parse_json(written)


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("$", ()),
        ("$.a.b", ("a", "b")),
        ('$["a b"][1]', ("a b", "1")),
        (r'$["a\"b"]', ('a"b',)),
        ("$[key].x:y", ("key", "x:y")),
    ],
)
def test_a_path_is_split_into_steps(path: str, steps: tuple[str, ...]) -> None:
    assert json.path_steps(path) == steps


@pytest.mark.parametrize("path", ["", "a", "$.", "$..a", "$[", '$["a]', "$.a b", "$x"])
def test_a_path_of_another_shape_is_refused(path: str) -> None:
    with pytest.raises(TrinoError, match="Invalid JSON path"):
        json.path_steps(path)


def test_a_path_is_followed_no_further_than_its_end() -> None:
    assert json.json_extract_scalar('{"a": 1.50, oops', "$.a") == "1.50"
    assert json.json_extract_scalar('{"b": oops, "a": 1}', "$.a") is None
    assert json.json_extract_scalar('{"1": "x"}', "$[1]") == "x"
    assert json.json_extract('{"a": {"c": 1.50, "b": 2}}', "$.a") == '{"c":1.5,"b":2}'
    assert json.json_extract('{"a": null}', "$.a") == "null"
    assert json.json_size('{"a": {"c": 1, "b": 2}}', "$.a") == 2
    assert json.json_size('{"a": 1}', "$.b") is None


def test_elements_of_an_array_are_found() -> None:
    assert json.json_array_get('["a", {"b": 1}]', 0) == "a"
    assert json.json_array_get('["a", {"b": 1}]', -1) == '{"b":1}'
    assert json.json_array_get('["a"]', -2) is None
    assert json.json_array_length("[1, [2, 3]]") == 2
    assert json.json_array_length("{}") is None
    assert json.json_array_contains("[1, 1.0, true]", True) is True
    assert json.json_array_contains("[1]", 1.0) is False
    assert json.json_array_contains("[1", 2) is None


DOCUMENTS = [
    '{"a":1}', '{"a":1.50}', '{"a":-0}', '{"a":1e3}', '{"a":12345678901234567890123}', '{"a":18446744073709551615}',
    '{"a":"x\\ny\\u001f\\/é"}', '{"a":null}', '{"a":[1,2,]}', '{"a":{"b":1,},"c":2}', '{"b":NaN,"a":1}', '{"a":1', "x", "",
    '{"a":1}x', '{"a":1,"a":2}', '{"a": { "x" : [1, 2.5] , "b": "," } }', ' {"a" : "q"} ', '{"a":"\t"}', '{"\\u0061":5}',
    "[1,2]", "[1,2,]", "[1 2", "[]", "[nan]",
]  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS)
def test_duckdb_answers_as_the_body_does(document: str) -> None:
    from_column = f"FROM (VALUES {text(document)}) t(a)"
    names = (
        "json_extract(a, '$.a'), json_extract_scalar(a, '$.a'), json_extract_scalar(a, '$.a.b'), json_array_length(a)"
    )
    assert run(f"SELECT {names} {from_column}") == [
        (
            json.json_extract(document, "$.a"),
            json.json_extract_scalar(document, "$.a"),
            json.json_extract_scalar(document, "$.a.b"),
            json.json_array_length(document),
        )
    ]


@pytest.mark.parametrize(
    ("written", "type_", "expected"),
    [
        ("true", "bigint", 1),
        ("2.5", "integer", 3),
        ('"12"', "smallint", 12),
        ("1.5", "varchar", "1.5E0"),
        ("12", "varchar", "12"),
        ("null", "varchar", None),
        ("0", "boolean", False),
        ('"f"', "boolean", False),
        ("123.456", "decimal(10,2)", Decimal("123.46")),
        ("true", "decimal(3,1)", Decimal("1.0")),
        ("[1, null]", "array(varchar)", ["1", None]),
        ("[null]", "array(json)", ["null"]),
        ('{"1": [2]}', "map(bigint, array(bigint))", {"key": [1], "value": [[2]]}),
        ('{"B": 1, "x": 2}', "row(a varchar, b bigint)", (None, 1)),
        ('[1, "x"]', "row(a varchar, b varchar)", ("1", "x")),
    ],
)
def test_json_is_cast_by_the_type(written: str, type_: str, expected: object) -> None:
    assert from_json(parse_type(type_, trino=True))(written) == expected


@pytest.mark.parametrize(
    ("written", "type_"),
    [
        ("128", "tinyint"),
        ('"1.5"', "bigint"),
        ("{}", "varchar"),
        ("1000", "decimal(3,1)"),
        ("1", "array(bigint)"),
        ('{"1": 1, "01": 2}', "map(bigint, bigint)"),
        ("[1]", "row(a bigint, b bigint)"),
        ("12", "varchar(1)"),
    ],
)
def test_json_that_does_not_fit_a_type_is_refused(written: str, type_: str) -> None:
    with pytest.raises(TrinoError, match="INVALID_CAST_ARGUMENT"):
        from_json(parse_type(type_, trino=True))(written)


def test_casts_run_in_duckdb() -> None:
    assert str(value("CAST(JSON '[\"NaN\", 1]' AS array(double))")) == "[nan, 1.0]"
    assert value('CAST(JSON \'{"a": {"b": 1.5}}\' AS map(varchar, row(b real)))') == {"a": {"b": 1.5}}
    assert value("CAST(JSON '[null]' AS array(json))") == ["null"]
    assert value("CAST(MAP(ARRAY[2, 10], ARRAY[1e7, null]) AS JSON)") == '{"10":null,"2":1.0E7}'
    assert value("CAST(CAST(0.1 AS real) AS JSON)") == "0.1"
    assert value("CAST(CAST(ROW(1, ARRAY['x']) AS row(a bigint, b array(varchar))) AS JSON)") == '{"a":1,"b":["x"]}'
    with pytest.raises(TypeMismatch):
        value("CAST(JSON '1' AS date)")
    with pytest.raises(InvalidSql):
        value("JSON '{'")
