"""TPC-H and TPC-DS give what DuckDB's own text of them gives, and no Python body runs for them."""

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

import lake

tpc = pytest.importorskip("benchmarks.tpc")
pytestmark = pytest.mark.slow

SCALE = 0.05
SUITES = [tpc.TPCH, tpc.TPCDS]

# Trino's averages and quotients of decimals have their digits, DuckDB's are doubles; what ranks or divides these follows.
CENTS = 0.011
NOT_COMPARABLE = {
    ("tpcds", 44),
    ("tpcds", 58),
    ("tpcds", 63),
    ("tpcds", 53),
    ("tpcds", 89),
    ("tpcds", 47),
    ("tpcds", 57),
}


@pytest.fixture(scope="module", params=SUITES, ids=lambda suite: suite.name)
def both(request: pytest.FixtureRequest) -> Iterator[tuple[Any, lake.Lake, duckdb.DuckDBPyConnection]]:
    suite = request.param
    pytest.importorskip(f"duckdb_extension_{suite.name}")
    folder = suite.make_lake(SCALE)
    with lake.connect(folder) as db, suite.raw_duckdb(folder) as raw:
        yield suite, db, raw


def test_every_query_gives_the_rows_that_duckdb_gives(both: tuple[Any, lake.Lake, duckdb.DuckDBPyConnection]) -> None:
    suite, db, raw = both
    different = []
    for number, sql in enumerate(suite.queries(), start=1):
        ours = db.query(tpc.in_trino(sql)).fetch_all()
        theirs = raw.execute(sql).fetchall()
        if (suite.name, number) in NOT_COMPARABLE:
            assert len(ours) == len(theirs)
        elif not same(ours, theirs):
            different.append((number, ours[:1], theirs[:1]))
    assert not different


def test_no_query_calls_a_python_body(both: tuple[Any, lake.Lake, duckdb.DuckDBPyConnection]) -> None:
    suite, db, _ = both
    assert [n for n, sql in enumerate(suite.queries(), 1) if "py_" in db.plan(tpc.in_trino(sql)).compiled.sql] == []


def same(ours: list[tuple[Any, ...]], theirs: list[tuple[Any, ...]]) -> bool:
    """Compare rows in the order of their keys, numbers to a cent."""
    if len(ours) != len(theirs):
        return False
    pairs = zip(sorted(ours, key=keys), sorted(theirs, key=keys), strict=True)
    return all(close(a, b) for mine, other in pairs for a, b in zip(mine, other, strict=True))


def keys(row: tuple[Any, ...]) -> str:
    return str(
        [round(value) if isinstance(value, float | Decimal) and not is_odd(value) else str(value) for value in row]
    )


def is_odd(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def close(a: Any, b: Any) -> bool:
    if isinstance(a, float | Decimal) and isinstance(b, float | Decimal | int):
        return math.isclose(float(a), float(b), rel_tol=1e-6, abs_tol=CENTS)
    return bool(a == b)
