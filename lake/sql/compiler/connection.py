"""What a connection must have for compiled texts to run in it."""

from __future__ import annotations

from typing import NoReturn

import duckdb

from lake.sql.compiler import macros, python_forms


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the macros, and the function that raises what Trino raises. The time zone must be UTC."""
    # A result of the type of NULL fits everywhere; DuckDB's own error() may not stand within TRY.
    connection.create_function(
        "trino_error",
        _raise,
        ["VARCHAR", "VARCHAR"],
        '"NULL"',
        null_handling="special",
    )
    for statement in macros.statements():
        connection.execute(statement)


def _raise(code: str, message: str) -> NoReturn:
    raise python_forms.TrinoError(code, message)
