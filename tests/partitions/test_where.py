"""Conditions on partition keys mean what SQL means."""

from __future__ import annotations

import sqlite3

import hypothesis.strategies as st
import pytest
from hypothesis import given

from lake.errors import UsageError
from lake.model import NULL_PARTITION, KeyBounds
from lake.partitions.where import condition_of
from tests.partitions.tables import partitioned_by

TABLE = partitioned_by(region="string", hour="int", dt="date")
ROWS = [
    (region, hour, dt)
    for region in ("EU", "eu", "a'b", NULL_PARTITION)
    for hour in ("5", "05", "-1", "12", NULL_PARTITION)
    for dt in ("2026-01-31", "2026-02-01", NULL_PARTITION)
]

TEXTS = st.sampled_from(["'EU'", "'eu'", "'a''b'", "''", "'E%'"])
NUMBERS = st.sampled_from(["5", "-1", "12", "0"])
DATES = st.sampled_from(["'2026-01-31'", "'2026-02-01'", "'2025-12-31'"])
COMPARISONS = st.sampled_from(["=", "<>", "!=", "<", "<=", ">", ">="])


def atoms(key: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(COMPARISONS, values).map(lambda each: f"{key} {each[0]} {each[1]}"),
        st.lists(values, min_size=1, max_size=3).map(lambda each: f"{key} IN ({', '.join(each)})"),
        st.lists(values, min_size=1, max_size=3).map(lambda each: f"{key} not in ({', '.join(each)})"),
        st.tuples(values, values).map(lambda each: f"{key} BETWEEN {each[0]} AND {each[1]}"),
        st.sampled_from([f"{key} IS NULL", f"{key} is not null"]),
    )


ATOMS = st.one_of(
    atoms("region", TEXTS), atoms("hour", NUMBERS), atoms("dt", DATES), TEXTS.map(lambda value: f"region LIKE {value}")
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "or"]), inner).map(lambda each: f"({each[0]} {each[1]} {each[2]})"),
        inner.map(lambda each: f"NOT ({each})"),
        st.tuples(inner, inner, inner).map(lambda each: f"({each[0]} OR {each[1]} AND {each[2]})"),
    ),
    max_leaves=5,
)


def by_sqlite(condition: str) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA case_sensitive_like = ON")
    connection.execute("CREATE TABLE t (region text, hour int, dt text, place int)")
    for place, row in enumerate(ROWS):
        connection.execute(
            "INSERT INTO t VALUES (?, ?, ?, ?)", (*(None if v == NULL_PARTITION else v for v in row), place)
        )
    found = connection.execute(f"SELECT place FROM t WHERE {condition} ORDER BY place").fetchall()
    connection.close()
    return [ROWS[place] for (place,) in found]


@given(CONDITIONS)
def test_a_condition_chooses_what_sqlite_chooses(condition: str) -> None:
    chosen = condition_of(TABLE, [condition])
    found = [row for row in ROWS if chosen.admits(row)]
    if "''" in condition.replace("a''b", ""):
        return  # the empty text is NULL to Hive, and a text to SQLite
    assert found == by_sqlite(condition)


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("region=EU", 15),
        ("REGION = EU", 15),
        ("dt=2026-01-31", 20),
        ("hour=5", 24),
        ("dt = DATE '2026-01-31' and hour < 0", 4),
        ('"hour" >= 5', 36),
        ("region=a'b", 0),
    ],
)
def test_short_forms_and_literals(condition: str, count: int) -> None:
    if condition == "region=a'b":
        with pytest.raises(UsageError, match="cannot be read"):
            condition_of(TABLE, [condition])
        return
    chosen = condition_of(TABLE, [condition])
    assert sum(map(chosen.admits, ROWS)) == count


@pytest.mark.parametrize(
    "condition",
    ["", "region", "region=", "dt = ", "= 'EU'", "day = 1", "region = 'EU' AND", "(hour = 5", "hour = 5)", "hour IN ()", "hour 5",
     "hour BETWEEN 1", "region LIKE", "hour IS 5", "hour = 'x", "hour = 5 hour = 6"],
)  # fmt: skip
def test_what_is_no_condition_is_told(condition: str) -> None:
    with pytest.raises(UsageError):
        condition_of(TABLE, [condition])


TYPED = partitioned_by(amount="decimal(5,2)", rate="double", ok="boolean", at="timestamp", on="date")
VALUES = [
    ("1.5", "1e3", "true", "2026-01-31 07:00:00", "2026-01-31"),
    ("1.50", "1000", "TRUE", "2026-01-31 07:00:00.000", "2026-02-01"),
    ("10.5", "20", "false", "2026-01-31 12:00:00.25", "2026-10-01"),
    ("-2", "x", NULL_PARTITION, "2026-02-01", "soon"),
]


@pytest.mark.parametrize(
    ("condition", "places"),
    [
        ("amount > 2", [2]),
        ("amount = 1.5", [0, 1]),
        ("amount=1.50", [0, 1]),
        ("amount < 2", [0, 1, 3]),
        ("rate = 1000", [0, 1]),
        ("rate BETWEEN 5 AND 30", [2]),
        ("NOT rate > 5", []),
        ("ok = true", [0, 1]),
        ("ok <> TRUE", [2]),
        ("at = TIMESTAMP '2026-01-31 07:00:00'", [0, 1]),
        ("at > '2026-01-31 12:00:00.2' AND at < '2026-02-01'", [2]),
        ("at >= DATE '2026-02-01'", [3]),
        ("on > '2026-02-01'", [2]),
        ("on IN (DATE '2026-01-31', '2026-10-01 00:00:00')", [0, 2]),
    ],
)
def test_values_compare_as_their_keys_types_do(condition: str, places: list[int]) -> None:
    chosen = condition_of(TYPED, [condition])
    assert [place for place, row in enumerate(VALUES) if chosen.admits(row)] == places


@pytest.mark.parametrize(
    "condition",
    [
        "amount = many",
        "rate > 'fast'",
        "ok = maybe",
        "at < 'soon'",
        "on=2026-02-30",
        "on = '2026/01/31'",
        "amount=1 OR",
    ],
)
def test_a_value_that_is_none_of_the_keys_type_is_told(condition: str) -> None:
    with pytest.raises(UsageError, match=" is no "):
        condition_of(TYPED, [condition])


@given(CONDITIONS)
def test_bounds_leave_nothing_out(condition: str) -> None:
    chosen = condition_of(TABLE, [condition])
    names = [key.name for key in TABLE.partition_keys]
    for row in ROWS:
        if chosen.admits(row):
            for bound in chosen.bounds:
                value = row[names.index(bound.key)]
                assert bound.values is None or value in bound.values
                assert bound.low is None or value >= bound.low
                assert bound.high is None or value <= bound.high


def test_a_catalog_is_asked_for_no_more_than_it_can_tell() -> None:
    chosen = condition_of(TABLE, ["dt >= DATE '2026-01-31' AND (hour < 5 OR region = 'x')", "region IN ('EU', 'eu')"])
    assert set(chosen.bounds) == {
        KeyBounds("dt", low="2026-01-31"),
        KeyBounds("region", values=frozenset(["EU", "eu"])),
    }
    assert condition_of(TABLE, ["NOT (dt >= '2026-01-31')", "dt <> '2026-01-31' OR hour = 5"]).bounds == ()
