"""Compile a query without tables and run it in DuckDB."""

from __future__ import annotations

from functools import cache
from typing import Any, NoReturn

import duckdb
from sqlglot import exp

from lake.errors import TableNotFound
from lake.sql.compiler import connection, python_forms
from lake.sql.compiler.parser import QueryDialect, QueryParser
from lake.sql.compiler.queries import Queries


def run(sql: str) -> list[tuple[Any, ...]]:
    dialect = QueryDialect()
    tree = QueryParser(dialect=dialect).parse(dialect.tokenize(sql), sql)[0]
    compiled = Queries(_no_table).compile(tree)
    session, known = _session()
    python_forms.register(session, known)
    return session.execute(compiled.sql).fetchall()


@cache
def _session() -> tuple[duckdb.DuckDBPyConnection, set[str]]:
    """One for all tests of a process, with the names of the functions that it knows."""
    session = duckdb.connect()
    session.execute("SET TimeZone='UTC'")
    connection.prepare(session)
    return session, set()


def _no_table(node: exp.Table) -> NoReturn:
    raise TableNotFound(node.name)
