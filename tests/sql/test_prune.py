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
from lake.errors import InvalidSql
from lake.model import NULL_PARTITION, Partition
from tests.watch import opened_files

DAYS = ["2026-01-29", "2026-01-30", "2026-01-31", "2026-02-01"]
HOURS = [7, 12]


@pytest.fixture
def events(folder_lake: lake.Lake, clock: FixedClock) -> lake.Lake:
    """Table `events` by day (string) and hour (int), three rows a partition, `days` by date, and a view of each kind."""
    rows = [(f"{day}T{hour}#{n}", n, day, hour) for day, hour, n in product(DAYS, HOURS, range(3))]
    columns = dict(zip(("id", "n", "dt", "hour"), map(list, zip(*rows, strict=True)), strict=True))
    folder_lake.write(pa.table(columns), "events", partition_by=["dt", "hour"])
    folder_lake.write(
        pa.table({"n": range(4), "day": pa.array([date.fromisoformat(day) for day in DAYS])}),
        "days",
        partition_by=["day"],
    )
    folder_lake.query("CREATE VIEW plain AS SELECT id, n, dt AS d, hour FROM events WHERE n < 2")
    folder_lake.query("CREATE VIEW both AS SELECT * FROM events UNION ALL SELECT * FROM events")
    folder_lake.query("CREATE VIEW latest AS SELECT dt, hour, max(id) AS id FROM events GROUP BY dt, hour")
    clock.advance(datetime(2026, 2, 1, 10, tzinfo=UTC) - clock.now())
    return folder_lake


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
    ("(dt = '2026-01-29' AND n = 1) OR (n = 2 AND dt = '2026-01-31')", day(0, 2)),
    ("(dt = '2026-01-29' OR dt = '2026-01-31') AND (n = 1 OR hour = 7)", day(0, 2)),
    # What reads more than keys decides nothing.
    ("dt = id", ALL),
    ("NOT (dt = '2026-01-29' AND n = 1)", ALL),
    ("cardinality(filter(ARRAY[dt], dt -> dt = '2026-01-29')) = 1", ALL),
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
    ("SELECT n FROM events a JOIN events b USING (dt, hour, n) WHERE dt = '2026-01-30'", day(1)),
    ("SELECT n FROM events WHERE dt = '2026-01-30' AND n IN (SELECT n FROM events WHERE dt = '2026-01-31')", day(1, 2)),
    ("SELECT n FROM (SELECT * FROM events UNION ALL SELECT * FROM events) WHERE dt = '2026-01-30'", day(1)),
    ("SELECT n FROM both WHERE dt = '2026-01-30'", day(1)),
    ("SELECT n FROM (SELECT *, substr(dt, 1, 7) AS month FROM events) WHERE dt = '2026-01-30'", day(1)),
    ("SELECT n FROM (SELECT *, dt AS d FROM events) WHERE d = '2026-01-30'", day(1)),
    (
        "SELECT n FROM (SELECT a.*, b.n AS m FROM events a JOIN days b ON a.n = b.n) WHERE dt = '2026-02-01'",
        {"2026-01-29", "2026-01-30", "2026-01-31", "2026-02-01"} | day(3),
    ),
    ("SELECT c FROM (SELECT dt, count(*) AS c FROM events GROUP BY 1) WHERE dt = '2026-01-30'", day(1)),
    ("SELECT c FROM (SELECT count(*) AS c, dt AS d FROM events GROUP BY 2) WHERE d = '2026-01-30'", day(1)),
    ("SELECT c FROM (SELECT hour, dt, count(*) AS c FROM events GROUP BY 1, 2) WHERE dt = '2026-01-30'", day(1)),
    ("SELECT c FROM (SELECT dt, count(*) AS c FROM events GROUP BY ROLLUP (dt)) WHERE dt = '2026-01-30'", ALL),
    (
        "SELECT c FROM (SELECT dt, count(*) AS c FROM events GROUP BY GROUPING SETS ((dt), ())) WHERE dt = '2026-01-30'",
        ALL,
    ),
    ("SELECT e.i FROM events AS e (i, m, d, h) WHERE d = '2026-01-30' AND h = 7", {"2026-01-30/7"}),
    ("WITH c (a, d) AS (SELECT n, dt FROM events) SELECT a FROM c WHERE d = '2026-01-30'", day(1)),
    ("SELECT a FROM (SELECT n, dt FROM events) AS x (a, d) WHERE d = '2026-01-30'", day(1)),
    (
        "SELECT n FROM (SELECT n, dt FROM events) x WHERE (dt = '2026-01-30' AND n = 1) OR (dt = '2026-01-31' AND n = 2)",
        day(1, 2),
    ),
    (
        "WITH c AS (SELECT * FROM events) SELECT n FROM c WHERE dt = '2026-01-30' UNION ALL SELECT n FROM c WHERE dt = '2026-01-31'",
        ALL,
    ),
    (
        "WITH RECURSIVE c (d) AS (SELECT dt FROM events UNION SELECT d FROM c WHERE d > '2026-01-31') SELECT d FROM c WHERE d = '2026-01-30'",
        ALL,
    ),
    (
        "SELECT a.n FROM events a RIGHT JOIN days b ON a.n = b.n AND a.dt = '2026-01-30' WHERE b.day = DATE '2026-01-29'",
        day(1) | {"2026-01-29"},
    ),
    (
        "SELECT a.n FROM days b LEFT JOIN events a ON a.n = b.n WHERE a.dt = '2026-01-30' AND b.day = DATE '2026-01-29'",
        day(1) | {"2026-01-29"},
    ),
    (
        "SELECT a.n FROM events a FULL JOIN days b ON a.n = b.n WHERE a.dt = '2026-01-30' AND b.day = DATE '2026-01-29'",
        day(1) | {"2026-01-29"},
    ),
    (
        "SELECT a.n FROM events a, days b WHERE a.n = b.n AND dt = '2026-01-30' AND day = DATE '2026-01-29'",
        day(1) | {"2026-01-29"},
    ),
    ("SELECT a.n FROM events a CROSS JOIN UNNEST(ARRAY[1, 2]) AS u (x) WHERE dt = '2026-01-30' AND x = 1", day(1)),
    (
        "SELECT n FROM events e WHERE dt = '2026-01-30' AND EXISTS (SELECT 1 FROM days WHERE n = e.n AND day = DATE '2026-01-29')",
        day(1) | {"2026-01-29"},
    ),
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


RENAMED = [
    # A list of column names on an alias gives the names another meaning.
    "SELECT count(*) FROM events AS r(dt, n, id, hour) WHERE r.dt >= '2026-01-30T'",
    "SELECT count(*) FROM events AS r(id, dt, n, hour) WHERE r.dt = 1",
    "WITH c AS (SELECT dt, id FROM events) SELECT count(*) FROM c AS q(id, dt) WHERE dt >= '2026-01-30T'",
    "WITH c(id, dt) AS (SELECT dt, id FROM events) SELECT count(*) FROM c WHERE dt >= '2026-01-30T'",
    "SELECT count(*) FROM (SELECT dt, id FROM events) AS q(id, dt) WHERE dt >= '2026-01-30T'",
    # A limit chooses rows before the condition does, wherever it stands.
    "SELECT count(*) FROM ((SELECT * FROM events ORDER BY id) LIMIT 7) x WHERE dt = '2026-01-30'",
    "SELECT count(*) FROM ((SELECT * FROM events ORDER BY id) OFFSET 7) x WHERE dt = '2026-01-30'",
    "WITH x AS ((SELECT * FROM events ORDER BY id) LIMIT 7) SELECT count(*) FROM x WHERE dt = '2026-01-30'",
    "SELECT count(*) FROM (SELECT * FROM events ORDER BY id FETCH FIRST 7 ROWS ONLY) x WHERE dt = '2026-01-30'",
    # Equal names of two tables are two columns.
    (
        "SELECT sum(r) FROM (SELECT a.dt, row_number() OVER (PARTITION BY b.dt ORDER BY a.id, b.id) AS r "
        "FROM events a JOIN events b ON a.n = b.n) WHERE dt = '2026-01-30'"
    ),
    (
        "SELECT sum(s) FROM (SELECT b.dt AS d, min(a.dt) AS dt, count(*) AS s FROM events a JOIN events b ON a.n = b.n "
        "GROUP BY b.dt) WHERE dt = '2026-01-30'"
    ),
    (
        "SELECT sum(s) FROM (SELECT a.dt, count(*) AS s FROM events a JOIN events b ON a.n = b.n GROUP BY a.dt, b.dt) "
        "WHERE dt = '2026-01-30'"
    ),
]


@pytest.mark.parametrize("sql", RENAMED, ids=[sql[:90] for sql in RENAMED])
def test_names_and_limits_mislead_nobody(events: lake.Lake, sql: str) -> None:
    rows = events.query("SELECT id, n, dt, hour FROM events").to_arrow()
    with duckdb.connect() as model:
        model.register("events", rows)
        assert (
            events.query(sql).fetch_all() == model.execute(sql.replace("FETCH FIRST 7 ROWS ONLY", "LIMIT 7")).fetchall()
        )


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
        "SELECT x.dt, x.n, x.hour AS m FROM (SELECT * FROM events UNION ALL SELECT * FROM events) x WHERE {inner}",
        "SELECT x.dt, x.n, x.hour AS m FROM (SELECT *, s AS d FROM events a WHERE {on}) x WHERE {inner} OR x.d = '2026-01-30'",
        "WITH x (n, dt, hour, s) AS (SELECT n, s, hour, dt FROM events) SELECT x.dt, x.n, x.hour AS m FROM x WHERE {inner}",
        "SELECT x.dt, x.n, x.s AS m FROM events AS x (n, dt, s, hour) WHERE {inner}",
        "SELECT x.dt, x.n, x.hour AS m FROM (SELECT dt, hour, count(*) AS n FROM events GROUP BY 1, 2) x WHERE {inner}",
        "SELECT x.dt, x.n, b.n AS m FROM (SELECT * FROM events) x {join} JOIN (SELECT * FROM events) b ON x.n = b.n AND x.hour = b.hour WHERE {inner}",
        "SELECT x.dt, x.n, x.hour AS m FROM (SELECT dt, n, hour, row_number() OVER (PARTITION BY dt ORDER BY n, hour) AS r FROM events) x WHERE x.r < 3 AND {inner}",
    ]
)


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[lake.Lake, duckdb.DuckDBPyConnection]:
    """A lake, and DuckDB with all its rows in a table, which knows of no partitions."""
    folder = tmp_path_factory.mktemp("twins")
    rows = [(n, day if n else DAYS[0], day, hour) for day, hour, n in product([*DAYS, None], HOURS, range(3))]
    columns = dict(zip(("n", "s", "dt", "hour"), map(list, zip(*rows, strict=True)), strict=True))
    lake.create_lake(folder)
    db = lake.connect(folder)
    db.write(pa.table(columns), "events", partition_by=["dt", "hour"])
    model = duckdb.connect()
    model.register("arrow_events", pa.table(columns))
    model.execute("CREATE TABLE events AS SELECT n, s, dt, hour FROM arrow_events")
    return db, model


# Each lost or invented rows once, or could.
SNARES = [
    "SELECT n FROM events AS e (n, hour, s, dt) WHERE e.hour = '2026-01-29' OR e.hour IS NULL",
    "SELECT n FROM events AS e (n, dt, hour, s) WHERE e.dt = '2026-01-29' AND e.hour = '2026-01-30'",
    "SELECT x.r FROM (SELECT b.dt, rank() OVER (PARTITION BY a.dt ORDER BY b.dt) AS r FROM events a JOIN events b ON a.n = b.n) x WHERE x.dt = '2026-01-30'",
    "SELECT a.n, c.dt FROM events a JOIN events b RIGHT JOIN events c ON b.n = c.n AND b.s = c.dt ON a.n = c.n WHERE b.dt IS NULL",
    "SELECT a.n, c.dt FROM events a LEFT JOIN events b RIGHT JOIN events c ON b.n = c.n ON a.n = c.n AND b.dt IS NULL",
    "SELECT a.n, c.dt FROM events a RIGHT JOIN events b JOIN events c ON b.n = c.n ON a.n = c.n AND c.dt = '2026-01-29'",
    "SELECT a.n, b.dt FROM events a RIGHT JOIN events b ON a.n = b.n AND a.dt IS NULL AND b.dt = '2026-01-30'",
    "SELECT a.n, c.dt FROM events a LEFT JOIN (events b JOIN events c ON b.n = c.n AND c.dt = '2026-01-29') ON a.n = b.n + 1 WHERE c.dt IS NULL",
    "SELECT dt, n FROM events a FULL JOIN (SELECT * FROM events WHERE dt < '2026-01-31') b USING (dt, n, hour) WHERE dt IS NULL OR dt > '2026-01-30'",
    "SELECT x.dt FROM (SELECT dt, n FROM events a FULL JOIN events b USING (dt, n, hour)) x WHERE x.dt = '2026-01-30'",
    "SELECT x.dt FROM (SELECT * FROM events a JOIN events b USING (dt, n)) x WHERE x.dt = '2026-01-30'",
    "WITH events2 (dt, n, s, hour) AS (SELECT s, n, dt, hour FROM events) SELECT n FROM events2 WHERE dt = '2026-01-29'",
    "SELECT x.dt FROM (SELECT dt, n FROM events EXCEPT SELECT s, n FROM events) x WHERE x.dt = '2026-01-30'",
    "SELECT x.c FROM (SELECT 'a' AS dt, count(*) AS c FROM events GROUP BY 1) x WHERE x.dt = 'a'",
    "SELECT x.c FROM (SELECT dt, s, count(*) AS c FROM events GROUP BY 1, 2) x WHERE x.s = '2026-01-29'",
    "SELECT n FROM events WHERE EXISTS (SELECT 1 FROM (SELECT n AS m, dt AS d FROM events) y WHERE dt = '2026-01-29' AND d = '2026-01-30')",
    "SELECT n FROM events e WHERE 0 < (SELECT count(*) FROM events f WHERE f.dt = e.dt AND f.s = e.s AND f.hour = 7)",
]

AMBIGUOUS = [
    "SELECT x.dt FROM (SELECT a.dt, b.dt FROM events a JOIN events b ON a.n = b.n AND a.hour = b.hour) x WHERE x.dt = '2026-01-29'",
    "SELECT x.dt FROM (SELECT s AS dt, dt FROM events) x WHERE x.dt = '2026-01-29'",
    "SELECT x.dt FROM (SELECT s AS dt, * FROM events) x WHERE x.dt = '2026-01-29'",
    "SELECT x.dt FROM (SELECT *, s AS dt FROM events) x WHERE x.dt = '2026-01-29'",
]


@pytest.mark.parametrize("sql", AMBIGUOUS)
def test_a_name_of_two_columns_is_refused(db: lake.Lake, sql: str) -> None:
    db.write(pa.table({"n": [1], "s": ["a"], "dt": ["2026-01-29"], "hour": [7]}), "events", partition_by=["dt", "hour"])
    with pytest.raises(InvalidSql, match=r"line 1:\d+: Column 'x.dt' is ambiguous"):
        db.query(sql)


@pytest.mark.parametrize("sql", SNARES)
def test_a_snare_catches_no_rows(twins: tuple[lake.Lake, duckdb.DuckDBPyConnection], sql: str) -> None:
    db, model = twins
    assert sorted(map(str, db.query(sql).fetch_all())) == sorted(map(str, model.execute(sql).fetchall()))


def test_a_views_table_is_not_the_querys_cte(twins: tuple[lake.Lake, duckdb.DuckDBPyConnection]) -> None:
    db, _ = twins
    db.query("CREATE VIEW seen AS SELECT n, dt FROM events")
    sql = "WITH events (s, dt, n, hour) AS (SELECT 'a', 'b', 1, 2) SELECT count(*) FROM seen, events WHERE seen.dt = '2026-01-29'"
    assert db.query(sql).fetch_all() == [(6,)]
    db.query("DROP VIEW seen")


@given(
    keys=st.lists(st.tuples(st.sampled_from(DAYS), st.sampled_from(HOURS)), min_size=1, max_size=3, unique=True),
    beside=CONDITIONS,
)
def test_no_partition_is_opened_that_a_simple_condition_excludes(
    twins: tuple[lake.Lake, duckdb.DuckDBPyConnection], keys: list[tuple[str, int]], beside: str
) -> None:
    db, _ = twins
    chosen = " OR ".join(f"(dt = '{day}' AND hour = {hour})" for day, hour in keys)
    found = opened(db, f"SELECT count(n) FROM events WHERE ({chosen}) AND {beside.replace('{}', '')}")
    assert found <= {f"{day}/{hour}" for day, hour in keys}


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


MERGED = "(SELECT dt, hr, zone, v FROM ua) a JOIN (SELECT dt, hr, zone, v AS w FROM ub) b USING (dt, hr, zone)"
STARS = [
    f"SELECT count(*) FROM (SELECT * FROM {MERGED}) AS t(x, y, z, v, w) WHERE x = '2026-01-01'",
    f"SELECT count(*) FROM (SELECT * FROM {MERGED}) AS t(x, y, z, v, w) WHERE y = '07' AND z = 'eu'",
    f"WITH c(x, y, z, v, w) AS (SELECT * FROM {MERGED}) SELECT count(*) FROM c WHERE x = '2026-01-01'",
    f"SELECT count(*) FROM (SELECT * FROM {MERGED} UNION ALL SELECT dt, hr, zone, v, v FROM ua) WHERE dt = '2026-01-01'",
    f"SELECT count(*) FROM (SELECT dt, hr, zone, v, v FROM ua UNION ALL SELECT * FROM {MERGED}) WHERE dt = '2026-01-01'",
    f"SELECT count(*) FROM (SELECT * FROM (SELECT * FROM {MERGED})) AS t(x, y, z, v, w) WHERE z = 'eu'",
]


@pytest.mark.parametrize("sql", STARS, ids=[sql[:90] for sql in STARS])
def test_a_star_over_merged_columns_goes_by_no_position(db: lake.Lake, sql: str) -> None:
    places = [
        (day, hour, zone) for day in ("2026-01-01", "2026-01-02") for hour in ("07", "08") for zone in ("eu", "us")
    ]
    days, hours, zones = map(list, zip(*places, strict=True))
    rows = pa.table({"v": range(len(places)), "dt": days, "hr": hours, "zone": zones})
    with duckdb.connect() as model:
        for name in ("ua", "ub"):
            db.write(rows, name, partition_by=["dt", "hr", "zone"])
            model.register(name, rows)
        assert db.query(sql).fetch_all() == model.execute(sql).fetchall()
