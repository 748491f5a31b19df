"""What is wrong with a query is said before it runs, with Trino's code and the place."""

import pytest

import lake
from lake.errors import InvalidSql, QueryFailed

REFUSED = [
    ("SELECT a, count(*) FROM t", "EXPRESSION_NOT_AGGREGATE", 8),
    ("SELECT a + 1, b FROM t GROUP BY a + 1", "EXPRESSION_NOT_AGGREGATE", 15),
    ("SELECT sum(b) OVER (), b FROM t GROUP BY a", "EXPRESSION_NOT_AGGREGATE", 12),
    ("SELECT max(a) FROM t HAVING b > 1", "EXPRESSION_NOT_AGGREGATE", 29),
    ("SELECT a FROM t, t AS u", "AMBIGUOUS_NAME", 8),
    ("SELECT c FROM t", "COLUMN_NOT_FOUND", 8),
    ("SELECT u.a FROM t", "COLUMN_NOT_FOUND", 8),
    ("SELECT a FROM nowhere", "TABLE_NOT_FOUND", 15),
    ("SELECT a || 1 FROM t", "FUNCTION_NOT_FOUND", 8),
    ("SELECT a + 'x' FROM t", "TYPE_MISMATCH", 8),
    ("SELECT nothing(a) FROM t", "FUNCTION_NOT_FOUND", 8),
    ("SELECT a FROM t ORDER BY 2", "INVALID_COLUMN_REFERENCE", None),
    ("SELECT DISTINCT a FROM t ORDER BY b", "EXPRESSION_NOT_IN_DISTINCT", 35),
    ("SELECT a FROM t GROUP BY 2", "INVALID_COLUMN_REFERENCE", None),
    ("SELECT * FROM t WHERE a", "TYPE_MISMATCH", 23),
]

GROUPED = [
    ("SELECT a + 1, count(*) FROM t GROUP BY a + 1", [(2, 1)]),
    ("SELECT a + 1 + 1 FROM t GROUP BY a + 1", [(3,)]),
    ("SELECT sum(sum(b)) OVER (ORDER BY a) FROM t GROUP BY a", [(2,)]),
    ("SELECT r.x, r FROM (SELECT CAST(ROW(a) AS ROW(x integer)) AS r FROM t) GROUP BY r", [(1, {"x": 1})]),
    ("SELECT transform(ARRAY[1], x -> x + a), count(*) FROM t GROUP BY a", [([2], 1)]),
    ("SELECT a FROM t GROUP BY DISTINCT a, GROUPING SETS ((), (t.a))", [(1,)]),
    ("SELECT a, b, count(*) FROM t GROUP BY DISTINCT ROLLUP (a, b), CUBE (a) ORDER BY 1, 2", [(1, 2, 1), (1, None, 1), (None, None, 1)]),
    ("SELECT (SELECT max(u.a) FROM t AS u WHERE u.a = t.a) FROM t GROUP BY a", [(1,)]),
    ("SELECT default.t.a, awsdatacatalog.default.t.b FROM t", [(1, 2)]),
    ("SELECT 21 < ALL (VALUES 22, 23), 21 >= SOME (VALUES 21)", [(True, True)]),
]  # fmt: skip


@pytest.fixture(scope="module")
def t(tmp_path_factory: pytest.TempPathFactory) -> lake.Lake:
    folder = tmp_path_factory.mktemp("analysis") / "lake"
    lake.create_lake(folder)
    db = lake.connect(folder)
    db.query("CREATE VIEW t AS SELECT a, b FROM (VALUES (1, 2)) AS v (a, b)")
    return db


@pytest.mark.parametrize(("sql", "code", "column"), REFUSED)
def test_a_query_that_means_nothing_is_refused_at_its_place(
    t: lake.Lake, sql: str, code: str, column: int | None
) -> None:
    with pytest.raises((InvalidSql, lake.errors.TableNotFound)) as refused:
        t.plan(sql)
    assert refused.value.id == code
    assert column is None or f"line 1:{column}: " in refused.value.message


@pytest.mark.parametrize(("sql", "rows"), GROUPED)
def test_what_is_grouped_by_may_stand_beside_aggregates(t: lake.Lake, sql: str, rows: list[tuple[object, ...]]) -> None:
    assert t.query(sql).fetch_all() == rows


def test_a_frame_of_no_length_is_refused_as_it_is_computed(t: lake.Lake) -> None:
    with pytest.raises(QueryFailed, match="must not be negative or null") as failed:
        t.query("SELECT array_agg(a) OVER (ORDER BY a RANGE x PRECEDING) FROM (VALUES (1, 1), (2, NULL)) AS v (a, x)")
    assert failed.value.id == "INVALID_WINDOW_FRAME"


def test_decimals_too_large_for_64_bits_are_computed_in_128(t: lake.Lake) -> None:
    sql = "SELECT sum(a * b), max(a - b) FROM (VALUES (DECIMAL '1234567890123.45', DECIMAL '12345678901234.12')) AS v (a, b)"
    assert [str(value) for value in t.query(sql).fetch_all()[0]] == [
        "15241578753238199984764152.1140",
        "-11111111011110.67",
    ]
    with pytest.raises(QueryFailed) as failed:
        t.query("SELECT sum(a * a) FROM (VALUES DECIMAL '99999999999999999999') AS v (a)")
    assert failed.value.id == "NUMERIC_VALUE_OUT_OF_RANGE"
