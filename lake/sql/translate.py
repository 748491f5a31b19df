"""Athena's tree to DuckDB's text: sqlglot's generator, with the scans of the engine in the place of table names."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

from lake.errors import NotSupported


class ScanText(exp.Expression):
    """A FROM item whose DuckDB text the engine gives."""

    arg_types = {"this": True, "alias": False}  # noqa: RUF012


class _Generator(DuckDB.Generator):
    TRANSFORMS = {**DuckDB.Generator.TRANSFORMS, ScanText: lambda self, node: node.args["this"]}  # noqa: RUF012


def to_duckdb(tree: exp.Expression) -> str:
    try:
        return _Generator(dialect="duckdb", unsupported_level=None).generate(tree, copy=False)
    except RecursionError:
        raise NotSupported("the query is nested too deep") from None


def name_columns(tree: exp.Query) -> None:
    """Give the unnamed columns of a result Athena's names: `_col0`, `_col1`, … by position."""
    first: exp.Expression = tree
    while isinstance(first, exp.SetOperation | exp.Subquery):
        first = first.this
    if not isinstance(first, exp.Select) or any(item.is_star for item in first.expressions):
        return
    for place, item in enumerate(first.expressions):
        if not isinstance(item, exp.Alias | exp.Column | exp.Dot):
            item.replace(exp.alias_(item.copy(), f"_col{place}", quoted=True))
