"""Functions in daily use on 10 million rows: Athena's through `Lake.query` beside DuckDB's own on the same file."""

import math
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb

import lake
from benchmarks.measure import Benchmark, at_most

FOLDER = Path(__file__).resolve().parent / "data" / "functions"
ROWS = 10_000_000

# Athena's expression, and what DuckDB has of its own that comes nearest. Both are computed for every row: a sum, or
# the greatest, of what they give.
COMMON = {
    "a + b": "a + b",
    "a / b": "a // b",
    "a % b": "a % b",
    "d / e": "d / e",
    "m * m": "m * m",
    "round(d, 2)": "round(d, 2)",
    "CASE WHEN a > b THEN a ELSE b END": "CASE WHEN a > b THEN a ELSE b END",
    "coalesce(n, a)": "coalesce(n, a)",
    "CAST(a AS varchar)": "CAST(a AS VARCHAR)",
    "CAST(s AS bigint)": "CAST(s AS BIGINT)",
    "CAST(day AS date)": "CAST(day AS DATE)",
    "CAST(d AS bigint)": "CAST(d AS BIGINT)",
    "upper(t)": "upper(t)",
    "length(t)": "length(t)",
    "substr(t, 3, 4)": "substring(t, 3, 4)",
    "replace(t, '-', '/')": "replace(t, '-', '/')",
    "t || s": "t || s",
    "trim(t)": "trim(t)",
    "strpos(t, '9')": "strpos(t, '9')",
    "split_part(t, '-', 2)": "split_part(t, '-', 2)",
    "t LIKE '%77%'": "t LIKE '%77%'",
    "regexp_like(t, '[a-f]+-7')": "regexp_matches(t, '[a-f]+-7')",
    "regexp_extract(t, '(\\d+)-(\\d+)', 2)": "regexp_extract(t, '(\\d+)-(\\d+)', 2)",
    "regexp_replace(t, '\\d+', '#')": "regexp_replace(t, '\\d+', '#', 'g')",
    "date_trunc('month', ts)": "date_trunc('month', ts)",
    "date_add('day', 3, ts)": "ts + to_days(3)",
    "date_diff('hour', ts, us)": "date_sub('hour', ts, us)",
    "year(ts)": "year(ts)",
    "date_format(ts, '%Y-%m-%d')": "strftime(ts, '%Y-%m-%d')",
    "format_datetime(ts, 'yyyy-MM-dd HH')": "strftime(ts, '%Y-%m-%d %H')",
    "to_unixtime(ts)": "epoch(ts)",
    "to_unixtime(from_unixtime(a))": "epoch(to_timestamp(a))",
    "json_extract_scalar(j, '$.k')": "json_extract_string(j, '$.k')",
    "cardinality(l)": "len(l)",
    "element_at(l, 2)": "l[2]",
    "contains(l, 7)": "list_contains(l, 7)",
    "approx_distinct(b)": "approx_count_distinct(b)",
}
NUMBERS = frozenset(
    {"a + b", "a / b", "a % b", "d / e", "m * m", "round(d, 2)", "CAST(s AS bigint)", "CAST(d AS bigint)", "length(t)"}
    | {"CASE WHEN a > b THEN a ELSE b END", "coalesce(n, a)", "strpos(t, '9')", "date_diff('hour', ts, us)", "year(ts)"}
    | {"to_unixtime(ts)", "to_unixtime(from_unixtime(a))", "cardinality(l)", "element_at(l, 2)"}
)
TABLE = {
    "a": ("bigint", "range % 86400 * 20000"),
    "b": ("bigint", "range * 7919 % 1000 + 1"),
    "n": ("bigint", "CASE WHEN range % 3 > 0 THEN range END"),
    "d": ("double", "range / 7"),
    "e": ("double", "range % 97 + 0.5"),
    "m": ("decimal(9,2)", "CAST(range % 100000 AS DECIMAL(9,2))"),
    "s": ("string", "CAST(range * 31 % 1000003 AS VARCHAR)"),
    "t": ("string", "'id-' || (range % 977) || '-' || (range * 13 % 10007)"),
    "day": ("string", "strftime(DATE '2020-01-01' + CAST(range % 2000 AS INTEGER), '%Y-%m-%d')"),
    "ts": ("timestamp", "make_timestamp(1600000000000000 + range * 7000003)"),
    "us": ("timestamp", "make_timestamp(1700000000000000 + range * 5000011)"),
    "j": ("string", '\'{"id": \' || range || \', "k": \' || range % 1009 || \', "v": "x"}\''),
    "l": ("array<int>", "[range % 10, range % 11, range % 12]::INTEGER[]"),
}


def make_lake() -> Path:
    if (FOLDER / "done").exists():
        return FOLDER
    shutil.rmtree(FOLDER, ignore_errors=True)
    lake.create_lake(FOLDER)
    (FOLDER / "data" / "t").mkdir(parents=True)
    columns = ", ".join(f"{text} AS {name}" for name, (_, text) in TABLE.items())
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {columns} FROM range({ROWS})) TO '{FOLDER}/data/t/0.parquet'")
    with lake.connect(FOLDER) as db:
        declared = ", ".join(f"`{name}` {type_}" for name, (type_, _) in TABLE.items())
        db.query(f"CREATE EXTERNAL TABLE t ({declared}) STORED AS PARQUET LOCATION 't/'")
    (FOLDER / "done").touch()
    return FOLDER


class Session:
    db: lake.Lake
    raw: duckdb.DuckDBPyConnection

    @contextmanager
    def open(self) -> Iterator[None]:
        folder = make_lake()
        with lake.connect(folder) as self.db, duckdb.connect() as self.raw:
            self.raw.execute(f"CREATE VIEW t AS SELECT * FROM read_parquet('{folder}/data/t/0.parquet')")
            yield

    def ratios(self) -> dict[str, float]:
        """Seconds through the lake by those of DuckDB alone, for each function; the reading of the column is in both."""
        return {ours: self._ratio(ours, theirs) for ours, theirs in COMMON.items()}

    def _ratio(self, ours: str, theirs: str) -> float:
        mine, peers = (f"SELECT {_computed(text, of=ours)} FROM t" for text in (ours, theirs))
        pairs = [(_seconds(self._ask_lake, mine), _seconds(self._ask_duckdb, peers)) for _ in range(2)]
        return min(lake for lake, _ in pairs) / min(raw for _, raw in pairs)

    def _ask_lake(self, sql: str) -> None:
        self.db.query(sql).to_arrow()

    def _ask_duckdb(self, sql: str) -> None:
        self.raw.execute(sql).to_arrow_table()


def _seconds(ask: Callable[[str], None], sql: str) -> float:
    started = time.perf_counter()
    ask(sql)
    return time.perf_counter() - started


def _computed(expression: str, *, of: str) -> str:
    if of.startswith("approx_"):
        return expression
    kind = "sum" if of in NUMBERS else "max"
    return f"{kind}({expression})"


session = Session()


@cache
def ratios() -> dict[str, float]:
    """Measured once for both figures: it takes a minute."""
    return session.ratios()


def geometric_mean() -> float:
    return math.exp(sum(map(math.log, ratios().values())) / len(ratios()))


BENCHMARKS = [
    Benchmark("functions, geo-mean of ratios", at_most(1.5, "times"), ours=geometric_mean, setup=session.open),
    Benchmark("functions, worst ratio", at_most(4, "times"), ours=lambda: max(ratios().values()), setup=session.open),
]
