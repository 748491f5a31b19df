"""TPC-H through `Lake.query` beside DuckDB alone on the same Parquet files, both to Arrow."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb

import lake
from benchmarks import tpch
from benchmarks.measure import Benchmark, at_most

SMALL = "SELECT count(*) AS n FROM region"


class Session:
    """Both contestants, open while a benchmark lasts."""

    db: lake.Lake
    raw: duckdb.DuckDBPyConnection
    queries: list[str]

    @contextmanager
    def open(self) -> Iterator[None]:
        folder = tpch.make_lake(1)
        self.queries = tpch.queries()
        with lake.connect(folder) as self.db, tpch.raw_duckdb(folder) as self.raw:
            yield

    def ask_lake(self, sql: str) -> None:
        self.db.query(sql).to_arrow()

    def ask_duckdb(self, sql: str) -> None:
        self.raw.execute(sql).to_arrow_table()

    def geometric_mean(self, ask: Callable[[str], None]) -> float:
        """Seconds a query, so that the ratio of two of these is the mean of the queries' ratios."""
        return math.exp(sum(math.log(seconds(ask, sql)) for sql in self.queries) / len(self.queries))

    def overhead(self) -> float:
        """Seconds that a query costs beyond what DuckDB alone needs for it."""
        pairs = [(seconds(self.ask_lake, SMALL), seconds(self.ask_duckdb, SMALL)) for _ in range(20)]
        return sorted(ours - raw for ours, raw in pairs)[len(pairs) // 2]


def seconds(ask: Callable[[str], None], sql: str) -> float:
    started = time.perf_counter()
    ask(sql)
    return time.perf_counter() - started


session = Session()

BENCHMARKS = [
    Benchmark(
        "tpch sf1, geo-mean of 22 queries",
        at_most(1.10),
        ours=lambda: session.geometric_mean(session.ask_lake),
        peer=lambda: session.geometric_mean(session.ask_duckdb),
        setup=session.open,
    ),
    Benchmark("tpch, overhead of a query", at_most(10, "ms"), ours=session.overhead, setup=session.open),
]
