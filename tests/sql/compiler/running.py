"""Compile a query without tables and run it in DuckDB."""

from __future__ import annotations

from functools import cache
from typing import Any

import duckdb

from lake.sql.compiler.connection import Library
from lake.sql.compiler.parser import QueryDialect, QueryParser
from lake.sql.compiler.queries import Queries


def run(sql: str) -> list[tuple[Any, ...]]:
    dialect = QueryDialect()
    tree = QueryParser(dialect=dialect).parse(dialect.tokenize(sql), sql)[0]
    compiled = Queries(lambda node: None).compile(tree)
    session, library = _session()
    library.provide(session, compiled.sql)
    return session.execute(compiled.sql).fetchall()


@cache
def _session() -> tuple[duckdb.DuckDBPyConnection, Library]:
    """One for all tests of a process."""
    session = duckdb.connect()
    session.execute("SET TimeZone='UTC'")
    return session, Library()
