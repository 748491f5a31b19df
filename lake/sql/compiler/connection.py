"""What a connection must have for compiled texts to run in it."""

from __future__ import annotations

from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling

from lake.sql.compiler import macros
from lake.sql.compiler.runtime.errors import TrinoError

VARCHARS: list[Any] = ["VARCHAR", "VARCHAR"]


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the macros, and the function that raises what Trino raises. The time zone must be UTC."""
    # A result of the type of NULL fits everywhere; DuckDB's own error() may not stand within TRY.
    connection.create_function(
        "trino_error",
        _raise,
        VARCHARS,
        '"NULL"',
        null_handling=FunctionNullHandling.SPECIAL,
    )
    for statement in macros.statements():
        connection.execute(statement)


def _raise(code: str, message: str) -> None:
    raise TrinoError(code, message)
