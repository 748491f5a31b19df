import pytest

from lake.errors import ColumnNotFound, InvalidSql, NotSupported
from tests.sql.compiler.running import run

PAIRS = "(VALUES (1, 'a'), (1, 'b'), (2, 'c')) t(a, b)"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (f"SELECT max(b) OVER w FROM {PAIRS} WINDOW w AS (PARTITION BY a) ORDER BY b", [("b",), ("b",), ("c",)]),
        (f"SELECT a FROM {PAIRS} ORDER BY a FETCH FIRST ROW WITH TIES", [(1,), (1,)]),
        ("SELECT a * -2 AS a FROM (VALUES -1, 0, 2) t(a) ORDER BY a * -1", [(2,), (0,), (-4,)]),
        ("SELECT t.r.* FROM (VALUES ROW(ROW('a', true))) t(r)", [("a", True)]),
        ("SELECT t.* AS (x, y) FROM (VALUES ROW(1, 2)) t", [(1, 2)]),
        ("SELECT x FROM UNNEST(CAST(ARRAY[ROW(1)] AS ARRAY(ROW(x INTEGER))))", [(1,)]),
        ("SELECT list[1], t.list[2], regexp FROM (VALUES (ARRAY[1, 2], 3)) t(list, regexp)", [(1, 2, 3)]),
        ("SELECT r.x FROM UNNEST(CAST(ARRAY[ROW(1, 2)] AS ARRAY(ROW(x INTEGER, y INTEGER)))) t(r)", [(1,)]),
        ("SELECT r.x, n FROM UNNEST(CAST(ARRAY[ROW(1)] AS ARRAY(ROW(x INTEGER)))) WITH ORDINALITY t(r, n)", [(1, 1)]),
        ("SELECT r + 1 FROM UNNEST(CAST(ARRAY[ROW(1)] AS ARRAY(ROW(x INTEGER)))) t(r)", [(2,)]),
        (f"SELECT upper(b) || 'x', count(*) FROM {PAIRS} WHERE a = 2 GROUP BY 1", [("Cx", 1)]),
        (
            "SELECT coalesce(try_cast(x AS date), date(date_parse(x, '%d.%m.%Y'))) = DATE '2026-01-05' FROM (VALUES '2026-01-05', '05.01.2026') t(x)",
            [(True,), (True,)],
        ),
        ("SELECT 1 IN (VALUES 1, 2)", [(True,)]),
        ("SELECT * FROM (VALUES 1 UNION VALUES 1) t", [(1,)]),
        ("SELECT (SELECT 1, 2) = ROW(1, 2)", [(True,)]),
        ("SELECT max_by(x, y) FROM (VALUES ('a', 1E0), ('b', nan())) t(x, y)", [("a",)]),
        ("SELECT max(x), max(x, 1) FROM (VALUES 1E0, nan()) t(x)", [(1.0, [1.0])]),
        ("SELECT min_by(x, y) FROM (VALUES (NULL, 1), (2, 3)) t(x, y)", [(None,)]),
        ("SELECT map_agg(x, y) FROM (VALUES (1, 2), (1, 3), (NULL, 4)) t(x, y)", [({1: 2},)]),
        ("SELECT multimap_agg(x, y) FROM (VALUES (1, 2), (1, 3)) t(x, y)", [({1: [2, 3]},)]),
        ("SELECT reduce_agg(x, 0, (s, x) -> s + x, (a, b) -> a + b) FROM (VALUES 1, 2, NULL) t(x)", [(3,)]),
    ],
)
def test_queries_give_what_trino_gives(sql: str, expected: list[tuple[object, ...]]) -> None:
    assert run(sql) == expected


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        (f"SELECT DISTINCT a FROM {PAIRS} ORDER BY b", InvalidSql),
        (f"SELECT max(b) OVER v FROM {PAIRS} WINDOW w AS (PARTITION BY a)", InvalidSql),
        (f"SELECT c FROM {PAIRS}", ColumnNotFound),
        ("SELECT * FROM (VALUES 1) t(a) RIGHT JOIN LATERAL (SELECT 1) ON true", NotSupported),
    ],
)
def test_what_cannot_be_run_is_refused_before(sql: str, error: type[InvalidSql]) -> None:
    with pytest.raises(error):
        run(sql)
