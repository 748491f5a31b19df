"""Values written into a statement's text are read back as they were, and the rest of the text is as it was."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

import lake
from lake.errors import MalformedQuery, ParameterError, UsageError
from lake.sql.bound_text import bind_text
from lake.sql.compiler.parser import TypedLiteral
from lake.sql.parameters import bind
from lake.sql.parse import parse_query
from lake.sql.survey import survey
from lake.values import Bigint

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-100, 100).map(Bigint),
    st.floats(),
    TEXTS,
    st.sampled_from(["'", "''; DROP TABLE t; --", ":b", "?", "\\", "\n", "/*", "a\0b", "*/ --", "\U0001f327"]),
    st.binary(),
    st.dates(),
    st.times(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6),
)
VALUES = st.one_of(SCALARS, st.lists(st.integers(-5, 5), max_size=3), st.lists(TEXTS, max_size=3))

TEMPLATES = [
    "SELECT :a AS x, '\U0001f327:a ?', \":a\" /* :a ? */ FROM t WHERE y=:b -- :a",
    "SELECT :a,:b",
    "SELECT -:a - :b",
    "SELECT f(:a, g(:b))",
    "WITH w AS (SELECT :a AS z) SELECT * FROM w\nWHERE q IN ('é', x) AND z[:b] = 1",
    "SELECT CASE :a WHEN 1 THEN :b ELSE :a END",
]
LISTS = [
    "SELECT x IN (:a)",
    "SELECT x IN :a",
    "SELECT x NOT IN ((:a))",
    "SELECT x IN (:a, :b)",
    "SELECT x IN (1, :a, 2, :b) AND y IN (f(3, 4), :a)",
    "SELECT x IN (:a, :b, 1)",
    "SELECT x IN ((:a), 1, (:b))",
]


def tree_of(sql: str, values: Any) -> exp.Expr:
    root = exp.Subquery(this=parse_query(sql))
    bind(survey(root).parameters, values)
    return root


def shape(tree: exp.Expr) -> str:
    """Leave out what differs between a literal that was read and one that was made: comments, the name of X'…', zones."""
    tree = tree.copy()
    for node in tree.walk():
        node.comments = None
        if isinstance(node, TypedLiteral):
            node.set("to", str(node.args["to"].this).removesuffix("TZ"))
    return repr(tree).replace("ByteString", "HexString")


@given(template=st.sampled_from(TEMPLATES), a=SCALARS, b=SCALARS)
def test_the_text_reads_as_the_tree_that_the_values_are_bound_to(template: str, a: Any, b: Any) -> None:
    values = {name: value for name, value in {"a": a, "b": b}.items() if f":{name}" in template}
    bound = bind_text(template, values)
    assert shape(tree_of(bound.text, None)) == shape(tree_of(template, values))


@given(template=st.sampled_from(LISTS), a=VALUES, b=VALUES)
def test_lists_go_where_the_tree_has_them(template: str, a: Any, b: Any) -> None:
    values = {name: value for name, value in {"a": a, "b": b}.items() if f":{name}" in template}
    bound = bind_text(template, values)
    if not any(value == [] for value in values.values()):
        written, wanted = tree_of(bound.text, None), tree_of(template, values)
        for node in (written, wanted):
            for each in list(node.find_all(exp.In)):
                each.set("expressions", sorted((item.unnest() for item in each.expressions), key=shape))
                if (only := each.args.get("field")) is not None:
                    each.set("field", None)
                    each.set("expressions", [only.unnest()])
        assert shape(written) == shape(wanted)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> lake.Lake:
    folder = tmp_path_factory.mktemp("shared")
    lake.create_lake(folder)
    return lake.connect(folder)


@given(value=SCALARS)
def test_an_engine_reads_back_what_was_written(shared: lake.Lake, value: Any) -> None:
    sql = "SELECT :value AS v, :value IS NULL AS absent"
    written = shared.query(bind_text(sql, {"value": value}).text).to_arrow()
    bound = shared.query(sql, {"value": value}).to_arrow()
    assert str(written.to_pylist()) == str(bound.to_pylist())
    assert written.schema == bound.schema


@pytest.mark.parametrize(
    "where", ["IN (:ids)", "NOT IN (:ids)", "IN :ids", "IN (2, :ids)", "IN (:ids, :more)", "IN ((:ids))"]
)
@given(ids=st.lists(st.integers(1, 4), max_size=3), more=st.lists(st.integers(1, 4), max_size=2))
def test_an_engine_finds_what_is_in_a_list(shared: lake.Lake, where: str, ids: list[int], more: list[int]) -> None:
    sql = f"SELECT a FROM (VALUES 1, 2, 3) t(a) WHERE a {where} ORDER BY 1"
    values = {"ids": ids} | ({"more": more} if "more" in where else {})
    assert shared.query(bind_text(sql, values).text).fetch_all() == shared.query(sql, values).fetch_all()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "NULL"),
        (True, "true"),
        (5, "5"),
        (-5, "(-5)"),
        (2**40, "BIGINT '1099511627776'"),
        (2**70, f"DECIMAL '{2**70}'"),
        (1.5, "DOUBLE '1.5'"),
        (float("-inf"), "DOUBLE '-Infinity'"),
        (Decimal("1.10"), "DECIMAL '1.10'"),
        ("it's", "'it''s'"),
        (b"\x0a\xff", "X'0aff'"),
        (datetime(2026, 3, 1, 12, 30, tzinfo=UTC), "TIMESTAMP '2026-03-01 12:30:00 UTC'"),
        (UUID(int=1), "UUID '00000000-0000-0000-0000-000000000001'"),
    ],
)
def test_a_literal_is_trinos(value: Any, written: str) -> None:
    assert bind_text("SELECT(?)", [value]).text == f"SELECT( {written} )"


@pytest.mark.parametrize(
    ("sql", "values", "written"),
    [
        ("INSERT INTO t VALUES (?, :b)", {"b": "x"}, None),
        ("INSERT INTO t VALUES (:a, :b)", {"a": 1, "b": "x"}, "INSERT INTO t VALUES ( 1 ,  'x' )"),
        ("CREATE TABLE t WITH (format = 'ORC') AS SELECT :a AS a", {"a": 1}, "CREATE TABLE t WITH (format = 'ORC') AS SELECT  1  AS a"),
        ("UNLOAD (SELECT :a) TO 's3://b/:a/' WITH (format = 'ORC')", {"a": 1}, "UNLOAD (SELECT  1 ) TO 's3://b/:a/' WITH (format = 'ORC')"),
        ("PREPARE p FROM SELECT ?", None, "PREPARE p FROM SELECT ?"),
        ("CREATE EXTERNAL TABLE t (a struct<b:int>) LOCATION 's3://b/'", None, "CREATE EXTERNAL TABLE t (a struct<b:int>) LOCATION 's3://b/'"),
    ],
)  # fmt: skip
def test_other_statements_take_values_too(sql: str, values: Any, written: str | None) -> None:
    if written is None:
        with pytest.raises(ParameterError, match=r"no value for \? number 1"):
            bind_text(sql, values)
    else:
        assert bind_text(sql, values).text == written


@pytest.mark.parametrize(
    ("sql", "values", "error", "complaint"),
    [
        ("SELECT :a", None, ParameterError, "no value for parameter :a"),
        ("SELECT 1", {"a": 1, "b": 2}, ParameterError, "the query has no parameter :a, :b"),
        ("SELECT ?", [1, 2], ParameterError, r"1 more values than \?"),
        ("SELECT :a", {"a": [1]}, ParameterError, "which only IN takes"),
        ("SELECT f(:a, 1)", {"a": [1]}, ParameterError, "which only IN takes"),
        ("SELECT 1 IN (:a + 1)", {"a": [1]}, ParameterError, "which only IN takes"),
        ("SELECT 1 IN (f(:a))", {"a": [1]}, ParameterError, "which only IN takes"),
        ("SELECT :a IN (1)", {"a": [1]}, ParameterError, "which only IN takes"),
        ("SELECT :a", {"a": object()}, ParameterError, "no SQL literal"),
        ("SHOW TABLES", {"a": 1}, UsageError, "takes none"),
        ("SELECT 'a", {"a": 1}, MalformedQuery, "."),
    ],
)
def test_what_cannot_be_bound_is_said(sql: str, values: Any, error: type[Exception], complaint: str) -> None:
    with pytest.raises(error, match=complaint):
        bind_text(sql, values)


def test_a_place_is_found_again_in_the_original() -> None:
    sql = "SELECT :a,\n  nope, :b, nope2"
    bound = bind_text(sql, {"a": "long\ntext\nof lines", "b": 1})
    for name in ("nope", "nope2"):
        before = bound.text[: bound.text.rindex(name)]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        original = sql[: sql.rindex(name)]
        assert bound.original_place(line, column) == (2, len(original) - original.rfind("\n"))
    assert bound.original_place(2, 2) == (1, 8)
