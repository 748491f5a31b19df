"""JSON by DuckDB and by orjson is what the exact bodies make of it."""

from __future__ import annotations

import json as standard
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lake.sql.compiler.runtime import json
from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.json_path_items import Context, PathError
from lake.sql.compiler.runtime.json_paths import parse_path
from lake.sql.compiler.runtime.json_values import NoCast, from_json, reader_of
from lake.sql.compiler.runtime.sql_json import Search
from lake.types import parse_type
from tests.sql.compiler.running import run
from tests.sql.compiler.test_native_patterns import quoted

names = st.sampled_from(["a", "b", "1", "Ab", "ü", "\ue000", "😀", 'q"'])
numbers = st.sampled_from(
    "0 -0 0.0 -0.0 1.0 1.50 12.125 1e5 1E-3 0.001 0.0009 0.00100 1234567.5 12345678.5 9999999.99999999999 9223372036854775807 "
    "9223372036854775808 123456789012345678901234567890 18446744073709551616 -9223372036854775809 1e400 0.1234567890123456789 100.00".split()
)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4).map(standard.dumps)
raw_texts = st.text("ab é\x7f\u2028😀,]}:1e5", max_size=5).map(lambda text: f'"{text}"')
scalars = st.one_of(numbers, texts, raw_texts, st.sampled_from(["null", "true", "false", '"\\ud800"', "NaN", "", "01"]))


def objects(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    members = st.tuples(names.map(standard.dumps), inner).map(" : ".join)
    return st.lists(members, max_size=3).map(lambda listed: f"{{{', '.join(listed)}}}")


def arrays(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(inner, max_size=3).map(lambda listed: f"[{' ,'.join(listed)}]")


documents = st.recursive(scalars, lambda inner: objects(inner) | arrays(inner), max_leaves=6)
odd_documents = documents | documents.map(lambda text: text[:-1]) | documents.map(lambda text: text + " ,")
TYPES = [
    "bigint",
    "integer",
    "double",
    "decimal(12,2)",
    "boolean",
    "varchar",
    "varchar(3)",
    "json",
    "array(bigint)",
    "array(double)",
]
TYPES += [
    "array(json)",
    "map(varchar,json)",
    "map(varchar,bigint)",
    "map(bigint,varchar)",
    "row(a bigint, b varchar)",
    "row(a json)",
]


def outcome(call: Any, *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except TrinoError as error:
        return error.code


def asked(call: str, document: str) -> Any:
    """Return the answer about a document of a row."""
    try:
        return run(f"SELECT {call} FROM (VALUES {quoted(document)}) t(x)")[0][0]
    except Exception as error:  # noqa: BLE001
        return str(error).partition("TrinoError: ")[2].partition(":")[0] or str(error)


@given(odd_documents)
@settings(deadline=None)
def test_a_document_is_parsed_alike(document: str) -> None:
    assert asked("json_format(json_parse(x))", document) == outcome(json.parse_json, document)


@pytest.mark.parametrize("path", ["$.a", "$.a.b", "$[1]", "$.a[0]", '$["a"][1]', "$.b"])
@given(odd_documents)
@settings(deadline=None)
def test_a_path_finds_alike(path: str, document: str) -> None:
    for call in (json.json_extract_scalar, json.json_size, json.json_extract):
        shown = f"{call.__name__}(x, '{path}')"
        shown = f"json_format({shown})" if call is json.json_extract else shown
        assert asked(shown, document) == outcome(call, document, path), shown


@given(odd_documents, st.integers(-3, 3))
@settings(deadline=None)
def test_an_element_is_found_alike(document: str, index: int) -> None:
    found = asked(f"json_format(json_array_get(x, {index}))", document)
    assert found == outcome(json.json_array_get, document, index)


@given(
    odd_documents,
    st.sampled_from(
        [
            ("1e0", 1.0),
            ("1", 1),
            ("true", True),
            ("'a'", "a"),
            ("123456789012345678901234567890e0", 123456789012345678901234567890e0),
        ]
    ),
)
@settings(deadline=None)
def test_an_array_contains_alike(document: str, wanted: tuple[str, Any]) -> None:
    assert asked(f"json_array_contains(x, {wanted[0]})", document) == outcome(
        json.json_array_contains, document, wanted[1]
    )


@pytest.mark.parametrize("name", TYPES)
@given(documents)
@settings(deadline=None)
def test_a_cast_reads_alike(name: str, document: str) -> None:
    type_ = parse_type(name)

    def exact(text: str) -> Any:
        try:
            return reader_of(type_)(json.read(text))
        except (NoCast, ValueError):
            return "INVALID_CAST_ARGUMENT"

    assert outcome(from_json(type_), document) == exact(document)


PATHS = ["lax $.a", "strict $.a", "lax $.a[*]", "lax $[1]", 'strict $."b"', "lax $.*", "lax $"]


@pytest.mark.parametrize("path", PATHS)
@given(odd_documents)
@settings(deadline=None)
def test_a_path_that_goes_down_finds_what_one_that_looks_finds(path: str, document: str) -> None:
    search = Search(parse_path(path), (), only_goes_down=True)
    try:
        exact: Any = search.path(Context(json.read(document), {}))
    except PathError:
        exact = "PATH_EVALUATION_ERROR"
    except ValueError:
        exact = "JSON_INPUT_CONVERSION_ERROR"
    assert repr(outcome(search.items, document, ())) == repr(exact)
