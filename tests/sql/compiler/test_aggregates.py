"""Aggregates of the compiler (trino.io/docs/422/functions/aggregate.html)."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from lake.errors import FunctionNotFound
from lake.sql.compiler.runtime import summaries
from tests.sql.compiler.running import run


@pytest.mark.parametrize(
    ("aggregate", "values", "expected"),
    [
        ("approx_percentile(x, 0.5)", "1, 2, 3, 4", 3),
        ("approx_percentile(x, ARRAY[0.1, 0.5, 1])", "3, 1, 2, NULL", [1, 2, 3]),
        ("approx_percentile(x, 2, 0.5)", "1, 2, 9", 2),
        ("approx_distinct(x)", "'a', 'b', NULL, 'a', 'c'", 3),
        ("approx_distinct(x, 0.01)", "1, 1, 2", 2),
        ("approx_most_frequent(2, x, 10)", "1, 1, 1, 2, 2, 3", {1: 3, 2: 2}),
        ("numeric_histogram(2, x)", "1e0, 2e0, 10e0, 11e0", {1.5: 2.0, 10.5: 2.0}),
        ("skewness(x)", "0, -7, 1, -1, 5", pytest.approx(-0.436982458853792)),
        ("kurtosis(x)", "1, 2, 3", None),
        ("geometric_mean(x)", "0e0, 5e0", 0.0),
        ("count_if(x)", "CAST(NULL AS boolean)", 0),
        ("avg(x)", "INTERVAL '1' DAY, INTERVAL '3' DAY", 172_800_000),
        ("sum(x)", "INTERVAL '1' YEAR, INTERVAL '2' MONTH", 14),
        ("max(x, 2)", "3, 1, 2, NULL", [3, 2]),
        ("listagg(x, ',' ON OVERFLOW ERROR) WITHIN GROUP (ORDER BY x)", "'b', 'a'", "a,b"),
        ("listagg(x, ',' ON OVERFLOW TRUNCATE '…' WITH COUNT) WITHIN GROUP (ORDER BY x)", "'b', 'a'", "a,b"),
    ],
)
def test_an_aggregate_has_trinos_value(aggregate: str, values: str, expected: Any) -> None:
    assert run(f"SELECT {aggregate} FROM (VALUES {values}) t(x)") == [(expected,)]


@pytest.mark.parametrize("name", ["stddev", "stddev_pop", "variance", "var_pop", "skewness", "kurtosis"])
def test_what_is_not_finite_has_no_spread(name: str) -> None:
    ((found,),) = run(f"SELECT {name}(x) FROM (VALUES 1e0, 2e0, 5e0, nan(), infinity()) t(x)")
    assert math.isnan(found)


@pytest.mark.parametrize("name", ["corr", "regr_slope", "regr_intercept"])
def test_what_is_not_finite_has_no_slope(name: str) -> None:
    assert run(f"SELECT {name}(x, y) FROM (VALUES (1e0, 2e0), (2e0, infinity())) t(x, y)") == [(None,)]


def test_covariance_of_reals_is_a_real() -> None:
    query = "SELECT typeof(covar_pop(x, y)), covar_pop(x, y) FROM (VALUES (REAL '1', REAL '2'), (REAL '3', REAL '5')) t(x, y)"
    assert run(query) == [("real", 1.5)]


def test_the_average_of_no_decimals_is_null() -> None:
    assert run("SELECT avg(x) FROM (VALUES 1.5) t(x) WHERE false") == [(None,)]
    assert run("SELECT avg(x) FROM (VALUES 1.5, 2.26) t(x)") == [(Decimal("1.88"),)]


@pytest.mark.parametrize("call", ["max(x)", "min(x)", "min_by(1, x)", "array_sort(ARRAY[x])", "greatest(x, x)"])
@pytest.mark.parametrize("value", ["JSON '1'", "MAP(ARRAY[1], ARRAY[1])"])
def test_what_has_no_order_has_no_greatest(call: str, value: str) -> None:
    with pytest.raises(FunctionNotFound):
        run(f"SELECT {call} FROM (VALUES {value}) t(x)")


@pytest.mark.parametrize("query", ["max(x, 10001)", "min(x, 0)", "approx_percentile(x, 2)", "approx_distinct(x, 0.5)"])
def test_numbers_out_of_range_are_refused(query: str) -> None:
    with pytest.raises(duckdb.Error, match="INVALID_FUNCTION_ARGUMENT"):
        run(f"SELECT {query} FROM (VALUES 1, 2) t(x)")


def test_a_percentile_lies_between_heavy_centroids() -> None:
    assert summaries.value_at([(1.0, 4.0), (2.0, 2.0), (3.0, 2.0)], 0.5) == pytest.approx(1.666666, abs=1e-5)
    assert summaries.value_at([(1.0, 1.0), (2.0, 1.0)], 0.0) == 1.0
