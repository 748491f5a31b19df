"""TPC-H and TPC-DS through `Lake.query` beside DuckDB alone on the same Parquet files, both to Arrow."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import duckdb

import lake
from benchmarks.measure import Benchmark, at_most
from benchmarks.tpc import TPCDS, TPCH, Suite, in_trino

SMALL = "SELECT count(*) AS n FROM region"


class Session:
    """Both contestants, open while a benchmark lasts."""

    db: lake.Lake
    raw: duckdb.DuckDBPyConnection
    queries: list[str]

    def __init__(self, suite: Suite) -> None:
        self._suite = suite

    @contextmanager
    def open(self) -> Iterator[None]:
        folder = self._suite.make_lake(1)
        self.queries = self._suite.queries()
        with lake.connect(folder) as self.db, self._suite.raw_duckdb(folder) as self.raw:
            yield

    def ask_lake(self, sql: str) -> None:
        self.db.query(in_trino(sql)).to_arrow()

    def ask_duckdb(self, sql: str) -> None:
        self.raw.execute(sql).to_arrow_table()

    def geometric_mean(self, ask: Callable[[str], None]) -> float:
        """Seconds a query, so that the ratio of two of these is the mean of the queries' ratios."""
        return math.exp(sum(math.log(seconds(ask, sql)) for sql in self.queries) / len(self.queries))

    def overhead(self) -> float:
        """Seconds that a query costs beyond what DuckDB alone needs for it."""
        pairs = [(seconds(self.ask_lake, SMALL), seconds(self.ask_duckdb, SMALL)) for _ in range(20)]
        return sorted(ours - raw for ours, raw in pairs)[len(pairs) // 2]

    def slowest_compilation(self) -> float:
        """Seconds to parse, resolve and compile the query that takes longest, files not looked at."""
        return max(best(partial(self._describe, in_trino(sql))) for sql in self.queries)

    def _describe(self, sql: str) -> None:
        self.db.describe_query(sql, self.db.database)


def seconds(ask: Callable[[str], None], sql: str) -> float:
    started = time.perf_counter()
    ask(sql)
    return time.perf_counter() - started


def best(act: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return min(times)


def compare(suite: Suite, goal: float, count: int) -> Benchmark:
    session = Session(suite)
    return Benchmark(
        f"{suite.name} sf1, geo-mean of {count} queries",
        at_most(goal),
        ours=lambda: session.geometric_mean(session.ask_lake),
        peer=lambda: session.geometric_mean(session.ask_duckdb),
        setup=session.open,
    )


small, large = Session(TPCH), Session(TPCDS)

BENCHMARKS = [
    compare(TPCH, 1.10, 22),
    compare(TPCDS, 1.20, 99),
    Benchmark("tpch, overhead of a query", at_most(10, "ms"), ours=small.overhead, setup=small.open),
    Benchmark("tpcds, longest compilation", at_most(30, "ms"), ours=large.slowest_compilation, setup=large.open),
]
