"""A query asked again is not compiled again, and its answer is as if it were."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import lake
from lake.clock import FixedClock
from lake.errors import TableNotFound


@pytest.fixture
def db(tmp_path: Path, clock: FixedClock) -> Iterator[lake.Lake]:
    lake.create_lake(tmp_path, database="web")
    with lake.connect(tmp_path, clock=clock) as db:
        yield db


def rows(db: lake.Lake, sql: str, params: object = None) -> list[dict[str, object]]:
    found: list[dict[str, object]] = db.query(sql, params).to_arrow().to_pylist()  # type: ignore[arg-type]
    return found


def test_the_same_query_is_compiled_once(db: lake.Lake) -> None:
    assert db.plan("SELECT 1").compiled is db.plan("SELECT 1").compiled
    assert db.plan("SELECT :a", {"a": 1}).compiled is db.plan("SELECT :a", {"a": 1}).compiled


def test_a_table_that_was_changed_is_seen_as_it_is_now(db: lake.Lake) -> None:
    db.query("CREATE EXTERNAL TABLE t (a int) STORED AS PARQUET LOCATION 'web/t/'")
    assert db.query("SELECT * FROM t").to_arrow().column_names == ["a"]
    db.query("ALTER TABLE t ADD COLUMNS (b int)")
    assert db.query("SELECT * FROM t").to_arrow().column_names == ["a", "b"]
    db.query("DROP TABLE t")
    with pytest.raises(TableNotFound):
        db.query("SELECT * FROM t")


def test_a_view_that_was_replaced_is_seen_as_it_is_now(db: lake.Lake) -> None:
    db.query("CREATE VIEW v AS SELECT 1 AS a")
    assert rows(db, "SELECT a FROM v") == [{"a": 1}]
    db.query("CREATE OR REPLACE VIEW v AS SELECT 2 AS a")
    assert rows(db, "SELECT a FROM v") == [{"a": 2}]


def test_values_that_are_equal_and_of_other_types_are_other_queries(db: lake.Lake) -> None:
    types = [rows(db, "SELECT typeof(?) AS t", [value])[0]["t"] for value in (1, True, 1.0, "1")]
    assert types == ["integer", "boolean", "double", "varchar(1)"]


def test_names_mean_those_of_the_database_that_is_asked(db: lake.Lake) -> None:
    db.query("CREATE VIEW v AS SELECT 1 AS a")
    db.query("CREATE DATABASE other")
    db.query("CREATE VIEW other.v AS SELECT 2 AS a")
    found = [db.query("SELECT a FROM v", database=name).to_arrow()["a"][0].as_py() for name in ("web", "other")]
    assert found == [1, 2]


def test_the_clock_goes_on(db: lake.Lake, clock: FixedClock) -> None:
    first = rows(db, "SELECT CAST(now() AS varchar) AS n")
    clock.advance(timedelta(days=1))
    assert rows(db, "SELECT CAST(now() AS varchar) AS n") != first
