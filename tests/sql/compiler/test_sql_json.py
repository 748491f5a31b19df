"""SQL/JSON: paths, and the clauses of json_exists, json_value, json_query, json_object, json_array."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lake.errors import InvalidSql, NotSupported, TypeMismatch
from lake.sql.compiler.runtime.json_path_items import Context, PathError
from lake.sql.compiler.runtime.json_paths import PathSyntaxError, parse_path
from tests.sql.compiler.running import run

DOCUMENT = {"a": [1, {"b": 2}, {"b": 3}], "s": "text", "n": None, "x y": 1.5}


def found(path: str, **variables: list[Any]) -> list[Any]:
    return parse_path(path)(Context(DOCUMENT, variables))


def value(expression: str) -> Any:
    return run(f"SELECT {expression}")[0][0]


@pytest.mark.parametrize(
    ("path", "items"),
    [
        ("lax $.a[0]", [1]),
        ("lax $.a.b", [2, 3]),
        ("lax $.a[last]", [{"b": 3}]),
        ("lax $.a[last - 1 to last].b", [2, 3]),
        ("lax $.a[5]", []),
        ("lax $.a[0, 1 to 9]", [1, {"b": 2}, {"b": 3}]),
        ("lax $.s[*]", ["text"]),
        ('lax $."x y"', [1.5]),
        ("lax $.missing", []),
        ("lax $..b", [2, 3]),
        ("lax $.*.b", [2, 3]),
        ("lax $.a ? (@.b > 2)", [{"b": 3}]),
        ("lax $.a[*] ? (!(@.b >= 3) && exists(@.b)).b", [2]),
        ('lax $.a[*] ? ((@.b > "x") is unknown).b', [2, 3]),
        ('lax $.s ? (@ starts with "te")', ["text"]),
        ('lax $.s ? ((@ == "text") || (@ == 1))', ["text"]),
        ("lax $.n ? (@ == null)", [None]),
        ("lax $.a.size()", [3]),
        ("lax $.*.type()", ["array", "string", "null", "number"]),
        ("lax -$.a[1].b.abs() + 2 * 3", [4]),
        ("lax 7 / 2", [3]),
        ("lax -7 % 2", [-1]),
        ("lax 7.0 / 2", [Decimal("3.5")]),
        ("lax 1e0 / 4", [0.25]),
        ('lax "1.5".double().ceiling()', [2.0]),
        ("lax $.a[1].keyvalue().name", ["b"]),
        ("strict $.a[*] ? (@.b == 2)", [{"b": 2}]),
    ],
)
def test_a_path_finds_items(path: str, items: list[Any]) -> None:
    assert found(path) == items


@pytest.mark.parametrize(
    "path",
    [
        "strict $.missing",
        "strict $.a[9]",
        "strict $.a.b",
        "strict $.s[0]",
        "lax $.a + 1",
        "lax 1 / 0",
        "lax 1000000000000 * 1000000000000",
        "lax $.s.abs()",
        "lax last",
    ],
)
def test_a_path_fails_on_a_document(path: str) -> None:
    with pytest.raises(PathError):
        found(path)


@pytest.mark.parametrize(
    "path", ["", "$.a", "lax", "lax $.", "lax $[", "lax $ ? @", "lax $.a.nothing()", "lax 1 1", "lax #"]
)
def test_a_path_of_another_shape_is_refused(path: str) -> None:
    with pytest.raises(PathSyntaxError):
        parse_path(path)


def test_json_exists_says_whether_an_item_is_found() -> None:
    assert value("""json_exists('{"a": 1}', 'lax $.a')""") is True
    assert value("""json_exists('{"a": 1}', 'strict $.b')""") is False
    assert value("""json_exists('{"a": 1}', 'strict $.b' UNKNOWN ON ERROR)""") is None
    assert value("""json_exists('[...', 'lax $' TRUE ON ERROR)""") is True
    assert value("""json_exists('[1, 2]', 'lax $[*] ? (@ > $low)' PASSING 1.5 AS "low")""") is True
    assert value("""json_exists(null, 'lax $')""") is None


def test_json_value_gives_one_scalar_of_a_type() -> None:
    assert value("""json_value('{"a": "1"}', 'lax $.a' RETURNING bigint)""") == 1
    assert value("""json_value('{"a": 1.5}', 'lax $.a')""") == "1.5E0"
    assert value("""json_value('{"a": 1.5}', 'lax $.a' RETURNING double DEFAULT 2e0 ON EMPTY)""") == 1.5
    assert value("""json_value('{"a": 1.5}', 'lax $.b' RETURNING double DEFAULT 2e0 ON EMPTY)""") == 2.0
    assert value("""json_value('{"a": [1]}', 'lax $.a' RETURNING integer DEFAULT -1 ON ERROR)""") == -1
    assert value("""json_value('{"a": null}', 'lax $.a' DEFAULT 'x' ON EMPTY)""") is None
    with pytest.raises(Exception, match="JSON path found multiple items"):
        value("""json_value('[1, 2]', 'lax $[*]' ERROR ON ERROR)""")
    with pytest.raises(TypeMismatch):
        value("""json_value('1', 'lax $' RETURNING bigint DEFAULT 'x' ON EMPTY)""")


def test_json_query_gives_json() -> None:
    assert value("""json_query('{"b": 1, "a": "x"}', 'lax $')""") == '{"b":1,"a":"x"}'
    assert value("""json_query('["a", 1]', 'lax $[*]')""") is None
    assert value("""json_query('["a", 1]', 'lax $[*]' WITH ARRAY WRAPPER)""") == '["a",1]'
    assert value("""json_query('["a", 1]', 'lax $[0]' WITH CONDITIONAL WRAPPER)""") == '["a"]'
    assert value("""json_query('["a", 1]', 'lax $' WITH CONDITIONAL WRAPPER)""") == '["a",1]'
    assert value("""json_query('["a", 1]', 'lax $[0]' OMIT QUOTES ON SCALAR STRING)""") == "a"
    assert value("""json_query('[', 'lax $' EMPTY OBJECT ON ERROR)""") == "{}"
    assert value("""json_query('[]', 'lax $[0]' EMPTY ARRAY ON EMPTY NULL ON ERROR)""") == "[]"
    with pytest.raises(InvalidSql):
        value("""json_query('[]', 'lax $' WITH WRAPPER OMIT QUOTES)""")


def test_objects_and_arrays_are_made() -> None:
    assert value("json_object(KEY 'a' VALUE 1, 'b' : null, 'c' VALUE 'x')") == '{"a":1,"b":null,"c":"x"}'
    assert value("json_object('a' : 1, 'b' : null ABSENT ON NULL)") == '{"a":1}'
    assert value("json_object('a' : 1.50, 'd' : DATE '2026-01-02', 'j' : '[1]' FORMAT JSON)") == (
        '{"a":1.50,"d":"2026-01-02","j":[1]}'
    )
    assert value("json_array(1, null, true, json_object('k' : json_array()))") == '[1,true,{"k":[]}]'
    assert value("json_array(1, null NULL ON NULL)") == "[1,null]"
    with pytest.raises(Exception, match="duplicate key"):
        value("json_object('a' : 1, 'a' : 2 WITH UNIQUE KEYS)")
    with pytest.raises(NotSupported):
        value("json_object('a' : '1' FORMAT JSON WITH UNIQUE KEYS)")


def test_a_path_is_checked_before_the_query_runs() -> None:
    with pytest.raises(InvalidSql, match="INVALID_PATH"):
        value("json_exists('{}', 'lax $[')")
    with pytest.raises(InvalidSql, match="no value passed for parameter"):
        value("json_exists('{}', 'lax $v')")
    with pytest.raises(TypeMismatch, match="ENCODING UTF8"):
        value("json_exists('{}' FORMAT JSON ENCODING UTF8, 'lax $')")
    assert value("json_exists(to_utf8('[1]') FORMAT JSON ENCODING UTF8, 'lax $[0]')") is True


def test_columns_are_read_in_every_row() -> None:
    sql = """SELECT json_value(j, 'lax $.a' RETURNING bigint) FROM (VALUES '{"a": 1}', null, '{') t(j)"""
    assert run(sql) == [(1,), (None,), (None,)]
