"""TRY and TRY_CAST, which give NULL for what fails (trino.io/docs/422/functions/conditional.html, conversion.html).

What stands twice in an expression DuckDB computes once, and before it, also out of TRY, where nothing catches its failure. It leaves
alone what stands in a lambda.
"""

from __future__ import annotations

import re

from sqlglot import exp

from lake.sql.compiler.nodes import calls_aggregate

MAY_FAIL = re.compile(r"\b(?:trino_|py_|CAST\()")
OUTSIDE_OF_LAMBDAS = (exp.Window, exp.Query, exp.Subquery)


def tried(sql: str, node: exp.Expr) -> str:
    """Return TRY of the text that was made of a node."""
    if len(MAY_FAIL.findall(sql)) < 2 or not _fits_lambda(node):
        return f"TRY({sql})"
    return f"TRY({in_lambda('0', 'try_', sql)})"


def in_lambda(value: str, name: str, body: str) -> str:
    return f"(list_transform([{value}], lambda {name}: {body}))[1]"


def _fits_lambda(node: exp.Expr) -> bool:
    if node.find(*OUTSIDE_OF_LAMBDAS) is not None:
        return False
    return not calls_aggregate(node)
