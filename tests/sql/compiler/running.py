"""Compile a query without tables and run it in DuckDB."""

from __future__ import annotations

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
    with duckdb.connect() as session:
        session.execute("SET TimeZone='UTC'")
        connection.prepare(session)
        python_forms.register(session, set())
        return session.execute(compiled.sql).fetchall()


def _no_table(node: exp.Table) -> NoReturn:
    raise TableNotFound(node.name)
