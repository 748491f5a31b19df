"""Functions that DuckDB has nothing like, whose form is a Python body: what each costs a row, in microseconds of the processor.

`.venv/bin/python -m benchmarks.bench_long_tail [ROWS]` prints all of them, the dearest first.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb

from benchmarks.long_tail_cases import AGGREGATES, BASE, CASES, DERIVED, OF_SUMMARIES, PATTERNS
from benchmarks.measure import Benchmark, at_most
from lake.sql.compiler.connection import Library
from lake.sql.compiler.parser import QueryDialect, QueryParser
from lake.sql.compiler.queries import Queries
from lake.sql.compiler.relation import Source
from lake.types import DataType, parse_type

ROWS = 100_000
ROUNDS = 2
ALL = (*CASES, *AGGREGATES, *OF_SUMMARIES)


class Session:
    connection: duckdb.DuckDBPyConnection

    @contextmanager
    def open(self, rows: int = ROWS) -> Iterator[None]:
        """Make a table whose columns are of every type, those that no file can hold too."""
        self.library = Library()
        with duckdb.connect() as self.connection:
            self.connection.execute("SET TimeZone='UTC'; SET threads=1")
            columns = ", ".join(f"{text} AS {name}" for name, (_, text) in BASE.items())
            self.connection.execute(f"CREATE TABLE base AS SELECT {columns} FROM range({rows})")
            self.source = Source("base", tuple((name, parse_type(type_)) for name, (type_, _) in BASE.items()))
            self._add_columns(DERIVED)
            yield

    def _add_columns(self, texts: dict[str, str]) -> None:
        sql, types = self._compiled("SELECT " + ", ".join(["*", *texts.values()]) + " FROM t")
        names = [*(name for name, _ in self.source.columns), *texts]
        listed = ", ".join(f'c{place} AS "{name}"' for place, name in enumerate(names))
        self.connection.execute(f"CREATE TABLE t AS SELECT {listed} FROM ({sql})")
        self.source = Source("t", tuple(zip(names, types, strict=True)))

    def _compiled(self, sql: str) -> tuple[str, list[DataType]]:
        dialect = QueryDialect()
        tree = QueryParser(dialect=dialect).parse(dialect.tokenize(sql), sql)[0]
        compiled = Queries(lambda node: self.source).compile(tree)
        text = compiled.sql.replace(f"\0{self.source.name}\0", self.source.name)
        self.library.provide(self.connection, text)
        return text, [output.type for output in compiled.outputs]

    def micros(self, expression: str) -> float:
        """Return what a row costs, the least of several times."""
        grouping = "GROUP BY i % 1000" if expression in (*AGGREGATES, *OF_SUMMARIES) else ""
        sql, _ = self._compiled(f"SELECT {expression} FROM t {grouping}")
        return min(self._once(f"SELECT count(c0) FROM ({sql})") for _ in range(ROUNDS))

    def _once(self, sql: str) -> float:
        started = time.process_time()
        self.connection.execute(sql).fetchall()
        elapsed = time.process_time() - started
        (rows,) = self.connection.execute("SELECT count(*) FROM t").fetchone() or (1,)
        return elapsed / rows * 1e6


session = Session()


@cache
def costs() -> dict[str, float]:
    return {expression: session.micros(expression) for expression in ALL}


@cache
def pattern_costs() -> dict[str, float]:
    return {expression: session.micros(expression) for expression in PATTERNS}


BENCHMARKS = [
    Benchmark(
        "long tail, worst function, a row", at_most(5, "µs"), ours=lambda: max(costs().values()), setup=session.open
    ),
    Benchmark(
        "constant patterns, worst, a row",
        at_most(0.5, "µs"),
        ours=lambda: max(pattern_costs().values()),
        setup=session.open,
    ),
]


def main() -> None:
    rows, wanted = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS, " ".join(sys.argv[2:])
    with session.open(rows):
        for expression in (*PATTERNS, *ALL):
            if wanted in expression:
                print(f"{session.micros(expression):8.2f} µs  {expression}", flush=True)


if __name__ == "__main__":
    main()
