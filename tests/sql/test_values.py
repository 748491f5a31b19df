"""Values that plain translation would change."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

import lake
from lake.errors import InvalidSql

CASES = [
    ("DECIMAL '0.12345'", Decimal("0.12345")),
    ("DECIMAL '-12.50'", Decimal("-12.50")),
    ("DECIMAL '00012'", Decimal(12)),
    ("DECIMAL '1.10' * 3", Decimal("3.30")),
    ("CAST(2.6e0 AS decimal)", Decimal(3)),
    ("5 / 2", 2),
    ("-5 / 2", -2),
    ("5 / 2.0e0", 2.5),
    ("x'0aff'", b"\x0a\xff"),
]


@pytest.mark.parametrize(("expression", "wanted"), CASES, ids=[expression for expression, _ in CASES])
def test_a_value_is_trinos(db: lake.Lake, expression: str, wanted: object) -> None:
    result = db.query(f"SELECT {expression} AS v")
    assert result.fetch_all() == [(wanted,)]


NAMES = [
    ("SELECT 1, 2 AS a, 'x' || 'y', ARRAY[1]", ["_col0", "a", "_col2", "_col3"]),
    ("SELECT 1 UNION ALL SELECT 2", ["_col0"]),
    ("SELECT * FROM (SELECT 1, count(*))", ["_col0", "_col1"]),
    ("SELECT *, 1 + 1 FROM (SELECT 1 AS a) t", ["a", "_col1"]),
    ("SELECT 1 AS a, * FROM (SELECT 1 + 1, 2)", ["a", "_col1", "_col2"]),
    ("SELECT * FROM (SELECT 1 + 1) a, (SELECT 2 + 2) b", ["_col0", "_col1"]),
    ("SELECT * FROM (SELECT * FROM (SELECT 1) a, (SELECT 2) b) c", ["_col0", "_col1"]),
    ("WITH c AS (SELECT 1 + 1) SELECT * FROM c", ["_col0"]),
    ("WITH c AS (SELECT 1 + 1) SELECT * FROM (SELECT * FROM c a, c b, c d)", ["_col0", "_col1", "_col2"]),
    ("WITH c (a) AS (SELECT 1 + 1) SELECT * FROM c", ["a"]),
    ("SELECT * FROM (SELECT 1 + 1, 2) t (a, b)", ["a", "b"]),
    ("SELECT * FROM (SELECT 1, 2 UNION ALL SELECT 3 AS a, 4 AS b)", ["_col0", "_col1"]),
    ("SELECT * FROM (SELECT 1 AS a, 2 UNION ALL SELECT 3, 4 AS b)", ["a", "_col1"]),
    ("VALUES (1, 2)", ["_col0", "_col1"]),
    ("(VALUES 1)", ["_col0"]),
    ("SELECT * FROM (VALUES (1, 2))", ["_col0", "_col1"]),
    ("SELECT * FROM ((VALUES (1, 2)))", ["_col0", "_col1"]),
    ("SELECT t.* FROM (VALUES (1, 2)) t", ["_col0", "_col1"]),
    ("SELECT * FROM (VALUES (1, 2)) t (a, b)", ["a", "b"]),
    ("SELECT * FROM (VALUES 1) CROSS JOIN (VALUES 2)", ["_col0", "_col1"]),
    ("SELECT * FROM UNNEST(ARRAY[1])", ["_col0"]),
    ("SELECT * FROM UNNEST(ARRAY[1]) WITH ORDINALITY", ["_col0", "_col1"]),
    ("SELECT * FROM UNNEST(ARRAY[1]) WITH ORDINALITY AS t (a, n)", ["a", "n"]),
    ("SELECT * FROM (SELECT ARRAY[1] AS a) CROSS JOIN UNNEST(a)", ["a", "_col1"]),
    ("SELECT t.* FROM UNNEST(ARRAY[1]) t", ["_col0"]),
    ("WITH c AS (VALUES (1, 2)) SELECT * FROM c", ["_col0", "_col1"]),
    ("SELECT 1 AS a WHERE 1 IN (VALUES 1, 2) AND 1 IN (SELECT 1) AND EXISTS (SELECT 1 + 1)", ["a"]),
    ("SELECT (SELECT 1 + 1) FROM (SELECT 1) t", ["_col0"]),
    ("SELECT (a), (r).x, t.r.x FROM (SELECT 1 AS a, CAST(ROW(1) AS ROW(x integer)) AS r) t", ["a", "x", "x"]),
    ("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3) SELECT * FROM c", ["n"]),
    ("SELECT a + 1 FROM (SELECT 1 AS a) GROUP BY a + 1 ORDER BY a + 1", ["_col0"]),
]


@pytest.mark.parametrize(("sql", "names"), NAMES, ids=[sql for sql, _ in NAMES])
def test_columns_without_a_name_are_numbered_by_their_place_in_the_result(
    db: lake.Lake, sql: str, names: list[str]
) -> None:
    assert db.query(sql).column_names == names


def test_a_parquet_file_has_the_names_of_the_result(db: lake.Lake, tmp_path: Path) -> None:
    execution = db.submit("SELECT * FROM (SELECT 1 + 1, 2 AS a)", export=tmp_path / "out.parquet")
    db.wait(execution.id)
    assert parquet.read_schema(tmp_path / "out.parquet").names == ["_col0", "a"]


def test_a_view_needs_names_for_the_columns_behind_its_star(db: lake.Lake) -> None:
    with pytest.raises(InvalidSql, match="not specified at position 2"):
        db.query("CREATE VIEW v AS SELECT * FROM (SELECT 1 AS a, 1 + 1)")


UNNAMED_OVER_TABLES = [
    ("SELECT (SELECT max(n) FROM b)", [(3,)]),
    ("SELECT ((SELECT max(n) FROM b))", [(3,)]),
    ("SELECT EXISTS (SELECT 1 FROM a), 1", [(True, 1)]),
    ("SELECT n, n IN (SELECT n FROM b) FROM a ORDER BY 1", [(1, False), (2, True)]),
    ("SELECT coalesce((SELECT max(n) FROM b), 0) + 1", [(4,)]),
    ("SELECT x FROM (SELECT (SELECT max(n) FROM b), n AS x FROM a) ORDER BY 1", [(1,), (2,)]),
    ("SELECT n FROM b WHERE n IN (SELECT (SELECT max(n) FROM a)) ORDER BY 1", [(2,)]),
    ("WITH c AS (SELECT (SELECT min(n) FROM b)) SELECT * FROM c", [(2,)]),
    ("SELECT * FROM (VALUES ((SELECT max(n) FROM b), 1))", [(3, 1)]),
    ("SELECT (SELECT CAST(ROW(n) AS ROW(f integer)) FROM a WHERE n = 1).f", [(1,)]),
    ("SELECT (SELECT max(n) FROM a) UNION ALL SELECT (SELECT max(n) FROM b) ORDER BY 1", [(2,), (3,)]),
]


@pytest.mark.parametrize(("sql", "wanted"), UNNAMED_OVER_TABLES, ids=[sql for sql, _ in UNNAMED_OVER_TABLES])
def test_a_column_without_a_name_may_read_a_table(db: lake.Lake, sql: str, wanted: list[tuple[object, ...]]) -> None:
    db.write(pa.table({"n": [1, 2]}), "a")
    db.write(pa.table({"n": [2, 3]}), "b")
    assert db.query(sql).fetch_all() == wanted
