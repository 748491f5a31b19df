from decimal import Decimal

import duckdb
import pytest

from lake.sql.compiler.runtime.arrays import combined_places
from lake.sql.compiler.runtime.errors import TrinoError
from tests.sql.compiler.running import run


def value(expression: str) -> object:
    return run(f"SELECT {expression}")[0][0]


def test_combinations_end_with_those_of_the_last_elements() -> None:
    assert combined_places(4, 2) == [[1, 2], [1, 3], [2, 3], [1, 4], [2, 4], [3, 4]]
    assert combined_places(3, 0) == [[]]
    assert combined_places(1, 2) == []


@pytest.mark.parametrize(("length", "size"), [(3, -1), (9, 6), (500, 5)])
def test_combinations_that_are_too_many_are_refused(length: int, size: int) -> None:
    with pytest.raises(TrinoError, match="INVALID_FUNCTION_ARGUMENT"):
        combined_places(length, size)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ARRAY[1, NULL] = ARRAY[1, NULL]", None),
        ("ARRAY[1, NULL] = ARRAY[2, NULL]", False),
        ("ARRAY[1, NULL] = ARRAY[1]", False),
        ("ROW(1, ROW(NULL)) <> ROW(1, ROW(2))", None),
        ("MAP(ARRAY[1, 3], ARRAY[2, 4]) = MAP(ARRAY[3, 1], ARRAY[4, 2])", True),
        ("contains(ARRAY[1, NULL], 2)", None),
        ("contains(ARRAY[nan()], nan())", False),
        ("array_position(ARRAY[1, 2], 3)", 0),
        ("array_distinct(ARRAY[2, NULL, 2, NULL, 1])", [2, None, 1]),
        ("array_union(ARRAY[2, 8], ARRAY[8, 3])", [2, 8, 3]),
        ("array_intersect(ARRAY[NULL, 2], ARRAY[NULL])", [None]),
        ("array_except(ARRAY[1, NULL, 2], ARRAY[NULL])", [1, 2]),
        ("arrays_overlap(ARRAY[1, NULL], ARRAY[2])", None),
        ("array_max(ARRAY[nan(), 2E0])", 2.0),
        ("array_sort(ARRAY[3, 1, 2], (x, y) -> CASE WHEN x < y THEN 1 WHEN x = y THEN 0 ELSE -1 END)", [3, 2, 1]),
        ("array_join(ARRAY[1, NULL, 3], s)", "1-3"),
        ("ngrams(ARRAY['a', 'b', 'c'], 2)", [["a", "b"], ["b", "c"]]),
        ("ngrams(ARRAY['a'], 2)", [["a"]]),
        ("combinations(ARRAY['a', 'b', 'c'], 2)", [["a", "b"], ["a", "c"], ["b", "c"]]),
        ("contains_sequence(ARRAY[1, 2, 3], ARRAY[2, 3])", True),
        ("reduce(ARRAY[5, NULL, 50], BIGINT '0', (s, x) -> s + coalesce(x, 0), s -> s * 2)", 110),
        ("reduce(CAST(ARRAY[] AS ARRAY(BIGINT)), 1, (s, x) -> s, s -> s)", 1),
        ("any_match(ARRAY[false, NULL], x -> x)", None),
        ("all_match(ARRAY[true, NULL], x -> x)", None),
        ("none_match(CAST(ARRAY[] AS ARRAY(BOOLEAN)), x -> x)", True),
        ("zip(ARRAY[1, 2], ARRAY['x'])[2][2]", None),
        ("array_histogram(ARRAY[1, 2, 1, NULL])", {1: 2, 2: 1}),
        ("multimap_from_entries(ARRAY[(1, 3), (2, 4), (1, 6)])", {1: [3, 6], 2: [4]}),
        ("map_zip_with(MAP(ARRAY[1], ARRAY[2]), MAP(ARRAY[1], ARRAY[5]), (k, a, b) -> k + a + b)", {1: 8}),
    ],
)
def test_arrays_and_maps_are_as_in_trino(expression: str, expected: object) -> None:
    assert run(f"SELECT {expression} FROM (VALUES '-') t(s)")[0][0] == expected


@pytest.mark.parametrize(
    "expression",
    [
        "ARRAY[1][0]",
        "ARRAY[1][2]",
        "repeat(1, -1)",
        "repeat(1, 10001)",
        "slice(ARRAY[1], 0, 1)",
        "slice(ARRAY[1], 1, -1)",
        "trim_array(ARRAY[1], 2)",
        "sequence(1, 5, 0)",
        "sequence(1, 5, -1)",
        "sequence(0, 10000)",
        "ngrams(ARRAY[1], 0)",
        "MAP(ARRAY[1], ARRAY[2])[3]",
        "MAP(ARRAY[1, 1], ARRAY[2, 3])",
        "multimap_from_entries(ARRAY[(NULL, 1)])",
    ],
)
def test_what_trino_refuses_is_refused(expression: str) -> None:
    with pytest.raises(Exception, match=r"INVALID_FUNCTION_ARGUMENT|unique"):
        run(f"SELECT {expression}")


def test_a_sequence_of_dates_steps_by_months() -> None:
    months = value(
        "transform(sequence(DATE '2016-04-12', DATE '2016-06-12', INTERVAL '1' MONTH), d -> CAST(d AS VARCHAR))"
    )
    assert months == ["2016-04-12", "2016-05-12", "2016-06-12"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("array_except(ARRAY[1, NULL, 1], CAST(ARRAY[] AS array(integer)))", [1, None, 1]),
        ("array_except(ARRAY[1, NULL, 2], ARRAY[2, 3])", [1, None]),
        ("ARRAY[1.0] || 2.0 || 123456789.75", [Decimal("1.00"), Decimal("2.00"), Decimal("123456789.75")]),
        ("contains(ARRAY[TIME '10:00:00+00:00'], TIME '11:00:00+01:00')", True),
        ("sequence(CAST(NULL AS date), DATE '2020-01-01', INTERVAL '90' MINUTE)", None),
        ("regexp_split('é1b', '\\d')", ["é", "b"]),
    ],
)
def test_odd_arrays_have_trinos_value(expression: str, expected: object) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize("call", ["contains({0}, {1})", "array_position({0}, {1})", "array_remove({0}, {1})"])
def test_what_may_be_equal_or_not_is_refused(call: str) -> None:
    with pytest.raises(duckdb.Error, match="NOT_SUPPORTED"):
        run(f"SELECT {call.format('ARRAY[ARRAY[1, NULL]]', 'ARRAY[1, 2]')}")


def test_arrays_are_ordered_by_the_first_elements_that_differ() -> None:
    assert value("ARRAY[1, NULL] < ARRAY[2, 1]") is True
    assert value("ARRAY[1] < ARRAY[1, NULL]") is True
    with pytest.raises(duckdb.Error, match="null elements"):
        run("SELECT ARRAY[1, NULL] < ARRAY[1, 2]")
