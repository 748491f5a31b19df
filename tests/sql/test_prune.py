"""Which partitions a query opens, counted by the kernel, and that leaving the others out changes no answer."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lake
from lake.clock import FixedClock
from lake.model import NULL_PARTITION, Partition
from tests.watch import opened_files

DAYS = ["2026-01-29", "2026-01-30", "2026-01-31", "2026-02-01"]
HOURS = [7, 12]


@pytest.fixture
def events(db: lake.Lake, clock: FixedClock) -> lake.Lake:
    """Table `events` by day (string) and hour (int), three rows a partition, `days` by date, and a view of each kind."""
    rows = [(f"{day}T{hour}#{n}", n, day, hour) for day, hour, n in product(DAYS, HOURS, range(3))]
    columns = dict(zip(("id", "n", "dt", "hour"), map(list, zip(*rows, strict=True)), strict=True))
    db.write(pa.table(columns), "events", partition_by=["dt", "hour"])
    db.write(
        pa.table({"n": range(4), "day": pa.array([date.fromisoformat(day) for day in DAYS])}),
        "days",
        partition_by=["day"],
    )
    db.query("CREATE VIEW plain AS SELECT id, n, dt AS d, hour FROM events WHERE n < 2")
    db.query("CREATE VIEW latest AS SELECT dt, hour, max(id) AS id FROM events GROUP BY dt, hour")
    clock.advance(datetime(2026, 2, 1, 10, tzinfo=UTC) - clock.now())
    return db


def opened(db: lake.Lake, sql: str, params: dict[str, object] | None = None) -> set[str]:
    """Return the partitions whose files a query opens, as `day/hour` or `day`."""
    with opened_files(db.directory.data) as files:
        db.query(sql, params).fetch_all()
    return {"/".join(part.partition("=")[2] for part in path.parts if "=" in part) for path in files}


def day(*numbers: int) -> set[str]:
    return {f"{DAYS[number]}/{hour}" for number in numbers for hour in HOURS}


ALL = day(0, 1, 2, 3)

CASES: list[tuple[str, set[str]]] = [
    ("dt = '2026-01-30'", day(1)),
    ("'2026-01-30' = dt", day(1)),
    ("dt = '2026-01-30' AND hour = 7", {"2026-01-30/7"}),
    ("events.dt = '2026-01-30'", day(1)),
    ("DT = '2026-01-30'", day(1)),
    ("dt IN ('2026-01-29', '2026-02-01')", day(0, 3)),
    ("dt NOT IN ('2026-01-29', '2026-02-01')", day(1, 2)),
    ("dt BETWEEN '2026-01-30' AND '2026-01-31'", day(1, 2)),
    ("dt > '2026-01-30'", day(2, 3)),
    ("dt >= '2026-01-31' AND dt < '2026-02-01'", day(2)),
    ("dt = '2026-01-29' OR dt = '2026-01-31'", day(0, 2)),
    ("dt = '2026-01-29' OR hour = 12", day(0) | {f"{d}/12" for d in DAYS}),
    ("NOT dt < '2026-02-01'", day(3)),
    ("substr(dt, 1, 7) = '2026-02'", day(3)),
    ("dt LIKE '2026-01-3%'", day(1, 2)),
    ("CAST(dt AS date) = DATE '2026-01-31'", day(2)),
    ("CAST(dt AS date) >= current_date - interval '1' day", day(2, 3)),
    ("date_trunc('month', CAST(dt AS date)) = DATE '2026-02-01'", day(3)),
    ("concat(dt, ' ', CAST(hour AS varchar)) >= '2026-01-31 7'", {"2026-01-31/7"} | day(3)),
    ("hour > 7", {f"{d}/12" for d in DAYS}),
    ("hour * 2 = 14", {f"{d}/7" for d in DAYS}),
    ("hour = 12 AND n = 1", {f"{d}/12" for d in DAYS}),
    ("CASE WHEN dt = '2026-01-29' THEN hour = 7 ELSE false END", {"2026-01-29/7"}),
    ("(dt, hour) IN (('2026-01-29', 7))", {"2026-01-29/7"}),
    ("dt IS NULL", set()),
    ("false AND dt = '2026-01-29'", set()),
    # What reads more than keys decides nothing.
    ("dt = id", ALL),
    ("dt = '2026-01-29' OR n = 1", ALL),
    ("rand() < 2", ALL),
]


@pytest.mark.parametrize(("predicate", "wanted"), CASES, ids=[predicate for predicate, _ in CASES])
def test_a_predicate_on_keys_decides_what_is_opened(events: lake.Lake, predicate: str, wanted: set[str]) -> None:
    assert opened(events, f"SELECT count(*), max(n) FROM events WHERE {predicate}") == wanted


QUERIES: list[tuple[str, set[str]]] = [
    ("WITH a AS (SELECT * FROM events) SELECT n FROM a WHERE dt = '2026-01-30'", day(1)),
    ("SELECT n FROM (SELECT n, dt AS d FROM events) x WHERE d = '2026-01-30'", day(1)),
    ("SELECT n FROM plain WHERE d = '2026-01-30'", day(1)),
    ("SELECT id FROM latest WHERE dt = '2026-01-30' AND hour = 7", {"2026-01-30/7"}),
    ("SELECT n FROM (SELECT n, dt FROM events UNION ALL SELECT n, dt FROM events) WHERE dt = '2026-01-30'", day(1)),
    ("SELECT dt, s FROM (SELECT dt, sum(n) AS s FROM events GROUP BY dt) WHERE dt = '2026-01-30'", day(1)),
    (
        "SELECT r FROM (SELECT dt, row_number() OVER (PARTITION BY dt ORDER BY n) AS r FROM events) WHERE dt = '2026-01-30'",
        day(1),
    ),
    ("SELECT r FROM (SELECT dt, row_number() OVER (ORDER BY n) AS r FROM events) WHERE dt = '2026-01-30'", ALL),
    ("SELECT n FROM (SELECT n, dt FROM events LIMIT 1000) WHERE dt = '2026-01-30'", ALL),
    ("SELECT s FROM (SELECT max(dt) AS dt, sum(n) AS s FROM events) WHERE dt = '2026-01-30'", ALL),
    (
        "SELECT a.n FROM events a JOIN events b ON a.id = b.id AND a.dt = '2026-01-30' AND b.dt = '2026-01-29'",
        day(0, 1),
    ),
    (
        "SELECT a.n FROM events a LEFT JOIN events b ON a.id = b.id AND b.dt = '2026-01-29' WHERE a.dt = '2026-01-30'",
        day(0, 1),
    ),
    (
        "SELECT a.n FROM events a LEFT JOIN events b ON a.id = b.id AND a.dt = '2026-01-29' WHERE b.dt = '2026-01-30'",
        ALL,
    ),
    ("SELECT a.n FROM events a JOIN events b USING (dt, hour, n) WHERE dt = '2026-01-30'", day(1)),
    ("SELECT n FROM events WHERE dt = '2026-01-30' AND n IN (SELECT n FROM events WHERE dt = '2026-01-31')", day(1, 2)),
    ("SELECT n FROM days WHERE day = DATE '2026-01-30'", {"2026-01-30"}),
    ("SELECT n FROM days WHERE day > current_date - interval '2' day", {"2026-01-31", "2026-02-01"}),
    ("SELECT n FROM days WHERE year(day) = 2026 AND month(day) = 2", {"2026-02-01"}),
]


@pytest.mark.parametrize(("sql", "wanted"), QUERIES, ids=[sql[:80] for sql, _ in QUERIES])
def test_a_condition_reaches_the_table_it_is_about(events: lake.Lake, sql: str, wanted: set[str]) -> None:
    assert opened(events, sql) == wanted


def test_parameters_decide_too(events: lake.Lake) -> None:
    sql = "SELECT n FROM events WHERE dt IN (:days) AND hour = :hour + 5"
    assert opened(events, sql, {"days": DAYS[:2], "hour": 7}) == {"2026-01-29/12", "2026-01-30/12"}


def test_null_is_a_partition_of_its_own(db: lake.Lake) -> None:
    db.write(pa.table({"n": [1, 2], "dt": ["2026-01-30", None]}), "t", partition_by=["dt"])
    assert db.query("SELECT n FROM t WHERE dt IS NULL").fetch_all() == [(2,)]
    assert db.query("SELECT n FROM t WHERE dt < '9'").fetch_all() == [(1,)]
    assert db.query("SELECT n FROM t WHERE coalesce(dt, 'x') = 'x'").fetch_all() == [(2,)]
    assert opened(db, "SELECT n FROM t WHERE dt IS NULL") == {NULL_PARTITION}


def test_an_outer_join_keeps_its_absent_rows(events: lake.Lake) -> None:
    sql = "SELECT count(*) FROM events a LEFT JOIN events b ON a.id = b.id WHERE {} AND a.n = 0"
    assert events.query(sql.format("b.dt IS NULL")).fetch_all() == [(0,)]
    assert events.query(sql.format("coalesce(b.dt, '2026-01-29') = '2026-01-29'")).fetch_all() == [(2,)]


def test_a_value_that_is_no_number_leaves_the_choice_to_the_query(events: lake.Lake) -> None:
    table = events.table("events")
    bad = Partition(("2026-03-01", "noon"), f"{table.location}elsewhere/", table.descriptor)
    assert not events.catalog.add_partitions(table.full_name, [bad])
    assert events.query("SELECT count(*) FROM events WHERE hour = 7 AND dt < '2026-02-02'").fetch_all() == [(12,)]


ATOMS = st.sampled_from(
    [
        *(f"{{}}dt {operator} '{day}'" for operator in ("=", "<>", "<", ">=") for day in DAYS),
        *(f"{{}}hour {operator} {hour}" for operator in ("=", "<", ">=") for hour in (7, 12)),
        "{}dt IS NULL",
        "{}n = 1",
        "{}n + {}hour > 8",
        "coalesce({}dt, 'none') <> 'none'",
        "substr({}dt, 9) IN ('30', '31')",
        "{}hour IN (7, NULL)",
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda condition: f"NOT ({condition})"),
    ),
    max_leaves=5,
)
SHAPES = st.sampled_from(
    [
        "SELECT a.dt, a.n, b.n AS m FROM events a {join} JOIN events b ON a.n = b.n AND a.hour = b.hour AND {on} WHERE {where}",
        "SELECT x.dt, x.n, x.hour AS m FROM (SELECT a.dt, a.n, a.hour FROM events a WHERE {on}) x WHERE {inner}",
        "WITH x AS (SELECT dt, hour, count(*) AS n FROM events a WHERE {on} GROUP BY dt, hour) SELECT x.dt, x.n, x.hour AS m FROM x WHERE {inner}",
        "SELECT x.dt, x.n, x.hour AS m FROM (SELECT dt, n, hour FROM events UNION SELECT dt, hour, n FROM events) x WHERE {inner}",
        "SELECT x.dt, x.n, x.hour AS m FROM (SELECT dt, n, hour, row_number() OVER (PARTITION BY dt ORDER BY n, hour) AS r FROM events) x WHERE x.r < 3 AND {inner}",
    ]
)


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[lake.Lake, duckdb.DuckDBPyConnection]:
    """A lake, and DuckDB with all its rows in a table, which knows of no partitions."""
    folder = tmp_path_factory.mktemp("twins")
    rows = [(n, day, hour) for day, hour, n in product([*DAYS, None], HOURS, range(3))]
    columns = dict(zip(("n", "dt", "hour"), map(list, zip(*rows, strict=True)), strict=True))
    lake.create_lake(folder)
    db = lake.connect(folder)
    db.write(pa.table(columns), "events", partition_by=["dt", "hour"])
    model = duckdb.connect()
    model.register("arrow_events", pa.table(columns))
    model.execute("CREATE TABLE events AS SELECT n, dt, hour FROM arrow_events")
    return db, model


@given(
    shape=SHAPES,
    join=st.sampled_from(["", "LEFT", "RIGHT", "FULL"]),
    on=CONDITIONS,
    where=CONDITIONS,
    sides=st.lists(st.sampled_from(["a.", "b."]), min_size=2, max_size=2),
)
@settings(deadline=timedelta(seconds=5))
def test_leaving_partitions_out_changes_no_answer(
    twins: tuple[lake.Lake, duckdb.DuckDBPyConnection], shape: str, join: str, on: str, where: str, sides: list[str]
) -> None:
    db, model = twins
    # Conditions in ON of a FULL join are not for every engine.
    on_side = "a." if "b." not in shape or join == "FULL" else sides[0]
    condition = "true" if join == "FULL" and "{join}" in shape else on.replace("{}", on_side)
    where_side = sides[1] if "{join}" in shape else "x."
    sql = shape.format(join=join, on=condition, where=where.replace("{}", where_side), inner=where.replace("{}", "x."))
    answer = db.query(sql).to_arrow().to_pylist()
    wanted = model.execute(sql).to_arrow_table().to_pylist()
    assert sorted(map(str, answer)) == sorted(map(str, wanted)), sql


def test_a_file_put_by_hand_beside_the_others_is_read(events: lake.Lake) -> None:
    folder: Path = events.directory.data / "default" / "events" / "dt=2026-01-30" / "hour=7"
    pq.write_table(pa.table({"id": ["by hand"], "n": pa.array([9], pa.int64())}), folder / "z.parquet")
    assert events.query("SELECT id FROM events WHERE dt = '2026-01-30' AND n = 9").fetch_all() == [("by hand",)]
