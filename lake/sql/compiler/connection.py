"""What a database must have for compiled texts to run in it: the macros and the Python functions that they call."""

from __future__ import annotations

import inspect
import threading
from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling, PythonUDFType

from lake.sql.compiler.macros import CALL, calls, definitions
from lake.sql.compiler.python_forms import FUNCTIONS, Body, PythonFunction
from lake.sql.compiler.runtime.errors import TrinoError

RAISE = "trino_error"


class Library:
    """What one database has been told of; safe to share between threads. Its time zone must be UTC."""

    def __init__(self) -> None:
        self._known: dict[str, Body | None] = {}
        """Bodies are kept here: DuckDB lets go of them with the connection that they came by, and goes on to call them."""
        self._lock = threading.Lock()

    def provide(self, connection: duckdb.DuckDBPyConnection, sql: str) -> None:
        """Make what `sql` calls and the database lacks."""
        wanted = {inner: None for name in dict.fromkeys(CALL.findall(sql)) for inner in calls(name)}
        with self._lock:
            for name in wanted:
                if name not in self._known and _is_ours(name):
                    self._known[name] = _make(connection, name)


def _is_ours(name: str) -> bool:
    return name == RAISE or name in definitions() or name in FUNCTIONS


def _make(connection: duckdb.DuckDBPyConnection, name: str) -> Body | None:
    if name == RAISE:
        # A result of the type of NULL fits everywhere; DuckDB's own error() may not stand within TRY.
        return _register(connection, PythonFunction(RAISE, _raise, ("VARCHAR", "VARCHAR"), '"NULL"'))
    if name in definitions():
        connection.execute(definitions()[name])
        return None
    return _register(connection, FUNCTIONS[name])


def _raise(code: str, message: str) -> None:
    raise TrinoError(code, message)


def _register(connection: duckdb.DuckDBPyConnection, function: PythonFunction) -> Body:
    parameters: list[Any] = list(function.parameters)
    body = _of_arity(function.body, len(parameters))
    connection.create_function(
        function.name,
        body,
        parameters,
        function.result,
        type=PythonUDFType.ARROW if function.takes_columns else PythonUDFType.NATIVE,
        null_handling=FunctionNullHandling.SPECIAL,
    )
    return body


def _of_arity(body: Body, count: int) -> Body:
    """DuckDB counts a function's parameters by its signature, those with defaults too."""

    def called(*arguments: Any) -> Any:
        return body(*arguments)

    parameters = [inspect.Parameter(f"p{place}", inspect.Parameter.POSITIONAL_ONLY) for place in range(count)]
    setattr(called, "__signature__", inspect.Signature(parameters))  # noqa: B010
    return called
