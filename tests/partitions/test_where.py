"""Conditions on partition keys mean what SQL means."""

from __future__ import annotations

import sqlite3

import hypothesis.strategies as st
import pytest
from hypothesis import given

from lake.errors import UsageError
from lake.model import NULL_PARTITION
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
        ("region=", 15),
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
    ["", "region", "= 'EU'", "day = 1", "region = 'EU' AND", "(hour = 5", "hour = 5)", "hour IN ()", "hour 5",
     "hour BETWEEN 1", "region LIKE", "hour IS 5", "hour = 'x", "hour = 5 hour = 6"],
)  # fmt: skip
def test_what_is_no_condition_is_told(condition: str) -> None:
    with pytest.raises(UsageError):
        condition_of(TABLE, [condition])
