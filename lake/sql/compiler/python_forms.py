"""Functions of the table whose form is a Python body: for what DuckDB has nothing like, a value at a time.

A body gets Python values and gives one; it is not called for NULL unless it says that it wants to be. It raises TrinoError for
what Trino refuses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lake.sql.compiler.forms import form

if TYPE_CHECKING:
    from lake.sql.compiler.functions.table import Call

Body = Callable[..., Any]


@dataclass(frozen=True)
class PythonFunction:
    """A body under the types that it is called with, as DuckDB is told of it."""

    name: str
    body: Body
    parameters: tuple[str, ...]
    result: str
    takes_columns: bool = False
    """The body gets Arrow arrays, and gives one."""


FUNCTIONS: dict[str, PythonFunction] = {}
"""By the name in a query's text; one for each set of types that has been asked for."""


def python(body: Body, *, takes_null: bool = False) -> Callable[[Call], str]:
    """Return a form that calls `body`."""

    def text(call: Call) -> str:
        parameters = tuple(form(call.type_of(place)) for place in range(len(call.arguments)))
        return call_text(
            body, [argument.sql for argument in call.arguments], parameters, form(call.type), takes_null=takes_null
        )

    return text


def python_columns(body: Body) -> Callable[[Call], str]:
    """Return a form that calls a body with Arrow arrays of thousands of values, NULL among them."""

    def text(call: Call) -> str:
        parameters = tuple(form(call.type_of(place)) for place in range(len(call.arguments)))
        return columns_text(body, [argument.sql for argument in call.arguments], parameters, form(call.type))

    return text


def columns_text(body: Body, arguments: list[str], parameters: tuple[str, ...], result: str) -> str:
    """Return the text of a call of a body that takes Arrow arrays."""
    name = f"py_{body.__name__}"
    FUNCTIONS.setdefault(name, PythonFunction(name, body, parameters, result, takes_columns=True))
    return f"{name}({', '.join(arguments)})"


def call_text(
    body: Body, arguments: list[str], parameters: tuple[str, ...], result: str, *, takes_null: bool = False
) -> str:
    """Return the text of a call of a body with these texts, and types of DuckDB."""
    digest = hashlib.sha256(f"{parameters} {result} {takes_null}".encode()).hexdigest()[:8]
    name = f"py_{body.__name__}_{digest}"
    if name not in FUNCTIONS:
        FUNCTIONS[name] = PythonFunction(name, body if takes_null else _strict(body), parameters, result)
    return f"{name}({', '.join(arguments)})"


def _strict(body: Body) -> Body:
    def called(*arguments: Any) -> Any:
        return None if None in arguments else body(*arguments)

    return called
