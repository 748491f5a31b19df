"""Values bound to a query come back as they were, whatever they hold."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lake
from lake.errors import ParameterError

HOSTILE = [
    "",
    "'",
    "''; DROP TABLE t; --",
    ":b",
    "?",
    "\\",
    "\n",
    "a\tb",
    "%",
    "é",
    "\U0001f327",
    "\x1f",
    "/*",
    "a\0b",
    "\0",
    "*/ --",
]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> lake.Lake:
    folder = tmp_path_factory.mktemp("shared")
    lake.create_lake(folder)
    return lake.connect(folder)


@given(
    value=st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False),
        st.text(st.characters(exclude_categories=["Cs"])),
        st.sampled_from(HOSTILE),
        st.binary(),
        st.dates(),
        st.times(),
        st.datetimes(),
        st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6),
    )
)
def test_a_value_comes_back_as_it_was(shared: lake.Lake, value: Any) -> None:
    rows = shared.query("SELECT :value AS v, :value IS NULL AS absent", {"value": value}).fetch_all()
    assert rows == [(value, value is None)]
    assert type(rows[0][0]) is type(value)


@pytest.mark.everywhere
def test_an_instant_keeps_its_place_in_time(db: lake.Lake) -> None:
    instant = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    assert db.query("SELECT :at AS at", {"at": instant}).fetch_all()[0][0] == instant


@pytest.mark.parametrize(
    ("sql", "params", "wanted"),
    [
        ("SELECT count(*) FROM (VALUES 1, 2, 3) t(a) WHERE a IN (:ids)", {"ids": [1, 3, 9]}, 2),
        ("SELECT count(*) FROM (VALUES 1, 2, 3) t(a) WHERE a NOT IN (:ids)", {"ids": [1, 3]}, 1),
        ("SELECT count(*) FROM (VALUES 1, 2, 3) t(a) WHERE a IN (:ids)", {"ids": []}, 0),
        ("SELECT count(*) FROM (VALUES 1, 2, 3) t(a) WHERE a NOT IN (:ids)", {"ids": []}, 3),
        ("SELECT count(*) FROM (VALUES 1, 2, 3) t(a) WHERE a IN (:ids, 2)", {"ids": (1,)}, 2),
        ("SELECT count(*) FROM (VALUES 'a', 'b''c') t(a) WHERE a IN (:names)", {"names": {"b'c"}}, 1),
        ("SELECT count(*) FROM (VALUES 1, 2, 3) t(a) WHERE a IN (2, :ids)", {"ids": []}, 1),
        ("SELECT count(*) FROM (VALUES 1, 2, 3) t(a) WHERE a IN (:ids, :more)", {"ids": [], "more": [1, 2]}, 2),
        ("SELECT count(*) FROM (VALUES 1, 2, 3) t(a) WHERE a IN (:ids, :more)", {"ids": [], "more": []}, 0),
        ("SELECT count(*) FROM (VALUES 1, 2, 3) t(a) WHERE a IN ((:ids))", {"ids": [1, 2]}, 2),
        ("SELECT count(*) FROM (VALUES 1, 2, 3) t(a) WHERE a IN :ids", {"ids": [1, 2]}, 2),
        ("SELECT count(*) FROM (VALUES 1, 2, 3) t(a) WHERE a IN (:ids)", {"ids": np.array([1, 2])}, 2),
        ("SELECT ? + ?", [1, 2], 3),
        ("SELECT array_join(ARRAY[(SELECT ?), ?, ?], '')", ["a", "b", "c"], "abc"),
        ("WITH w AS (SELECT ? AS x) SELECT x || ? FROM w WHERE x < ? LIMIT ?", ["a", "b", "c", 1], "ab"),
        ("SELECT max(x || y || ?) FROM (SELECT ? AS x, '?' AS y WHERE 'c' = ? /* ? */) -- ?", ["a", "b", "c"], "b?a"),
        ("SELECT CASE ? WHEN ? THEN ? ELSE ? END", [1, 2, "a", "b"], "b"),
        ("SELECT ARRAY[5, 6][?]", [2], 6),
        ("SELECT ARRAY[5, 6][:place]", {"place": 2}, 6),
        ("SELECT ARRAY[5, 6, 7][:place + 1]", {"place": 2}, 7),
        ("SELECT element_at(ARRAY[5, 6], :place)", {"place": 2}, 6),
        ("SELECT MAP(ARRAY[1, 2], ARRAY[5, 6])[:key]", {"key": 2}, 6),
        ("SELECT a[b] + a[2] + a[:c] FROM (SELECT ARRAY[10, 200, 3000] AS a, 3 AS b)", {"c": 1}, 3210),
        (
            "SELECT :a",
            {"a": np.datetime64("2026-01-31T07:00:00.123456789", "ns")},
            datetime(2026, 1, 31, 7, 0, 0, 123456),  # noqa: DTZ001
        ),
        ("SELECT :a", {"a": np.float32(0.5)}, 0.5),
        ("SELECT :a IS NULL", {"a": pd.NaT}, True),
        ("SELECT :a", {"a": pd.Timestamp("2026-01-31 07:00")}, datetime(2026, 1, 31, 7)),  # noqa: DTZ001
        ("SELECT X'6869' = :a", {"a": b"hi"}, True),
        ("SELECT :a + :a", {"a": -2}, -4),
        ("SELECT CAST(:a AS varchar)", {"a": Decimal("1.10")}, "1.10"),
        ("SELECT :a", {"a": float("inf")}, float("inf")),
        ("SELECT hour(:a)", {"a": time(7, 30)}, 7),
        ("SELECT :a - interval '1' day", {"a": date(2026, 3, 1)}, date(2026, 2, 28)),
    ],
)
def test_lists_and_expressions(db: lake.Lake, sql: str, params: Any, wanted: Any) -> None:
    assert db.query(sql, params).fetch_all() == [(wanted,)]


@pytest.mark.parametrize(
    ("sql", "params", "complaint"),
    [
        ("SELECT :a", None, "no value for parameter :a"),
        ("SELECT :a", {"b": 1}, "no value for parameter :a"),
        ("SELECT 1", {"a": 1, "b": 2}, "the query has no parameter :a, :b"),
        ("SELECT ?", [], r"no value for \? number 1"),
        ("SELECT ?", [1, 2], r"1 more values than \?"),
        ("SELECT :a", {"a": [1]}, ":a is a list, which only IN takes"),
        ("SELECT :a", {"a": object()}, "object, which has no SQL literal"),
        ("SELECT :a", {"a": Decimal("NaN")}, "no DECIMAL"),
        ("SELECT :a", {"a": Decimal(10) ** 40}, "DECIMAL holds 38"),
        ("SELECT * FROM :a", {"a": "t"}, "table function|mismatched input"),
        ("SELECT 1", "text", "not text"),
        ("SELECT :a", {"a": np.array([1, 2])}, "a list, which only IN takes"),
        ("SELECT 1 IN (:a + 1)", {"a": [1]}, "a list, which only IN takes"),
        ("SELECT :a IN (1)", {"a": [1]}, "a list, which only IN takes"),
        ("SELECT :a", {"a": time(7, tzinfo=UTC)}, "time with a zone"),
        ("SELECT :a", {"a": "\ud800"}, "no UTF-8 text"),
        ("SELECT ? FROM (SELECT :a)", {"a": 1}, r"no value for \? number 1"),
    ],
)
def test_what_cannot_be_bound_is_said(db: lake.Lake, sql: str, params: Any, complaint: str) -> None:
    with pytest.raises((ParameterError, lake.LakeError), match=complaint):
        db.query(sql, params)


@pytest.mark.everywhere
def test_a_parameter_is_never_a_name_or_a_text(db: lake.Lake) -> None:
    db.query("CREATE DATABASE IF NOT EXISTS web")
    for hostile in HOSTILE:
        assert db.query("SELECT 'x' || :a || 'y' AS a", {"a": hostile}).fetch_all() == [(f"x{hostile}y",)]
