"""Athena's tree to DuckDB's text: sqlglot's generator, with the scans of the engine in the place of table names."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.generators.duckdb import DuckDBGenerator

from lake.errors import NotSupported

MAX_DIGITS = 38


class ScanText(exp.Expression):
    """A FROM item whose DuckDB text the engine gives."""

    arg_types = {"this": True, "alias": False}  # noqa: RUF012


class _Generator(DuckDBGenerator):
    TRANSFORMS = {**DuckDBGenerator.TRANSFORMS, ScanText: lambda self, node: node.args["this"]}  # noqa: RUF012

    def literal_sql(self, expression: exp.Literal) -> str:
        # DuckDB's parser ends at NUL.
        if not expression.is_string or "\0" not in expression.name:
            return super().literal_sql(expression)
        parts = (super(_Generator, self).literal_sql(exp.Literal.string(part)) for part in expression.name.split("\0"))
        return f"({' || chr(0) || '.join(parts)})"


def to_duckdb(tree: exp.Expr) -> str:
    try:
        return str(_Generator(dialect="duckdb", comments=False).generate(tree, copy=False))
    except RecursionError:
        raise NotSupported("the query is nested too deep") from None


def name_columns(tree: exp.Query) -> None:
    """Give the unnamed columns of a result Athena's names: `_col0`, `_col1`, … by position."""
    first: exp.Expr = tree
    while isinstance(first, exp.SetOperation | exp.Subquery):
        first = first.this
    if not isinstance(first, exp.Select) or any(item.is_star for item in first.expressions):
        return
    for place, item in enumerate(first.expressions):
        if isinstance(item, exp.Dot):
            item.replace(exp.alias_(item.copy(), item.name, quoted=True))
        elif not isinstance(item, exp.Alias | exp.Column):
            item.replace(exp.alias_(item.copy(), f"_col{place}", quoted=True))


def size_decimals(tree: exp.Query) -> None:
    """Give DECIMAL without a size Trino's: that of its digits in a literal, (38, 0) elsewhere. DuckDB's would be (18, 3)."""
    for node in tree.find_all(exp.Cast):
        if node.to.is_type(exp.DataType.Type.DECIMAL) and not node.to.expressions:
            whole, _, fraction = node.this.name.lstrip("+-").partition(".") if node.this.is_string else ("", "", "")
            scale = len(fraction)
            precision = len(whole.lstrip("0")) + scale or 1
            size = (precision, scale) if node.this.is_string and precision <= MAX_DIGITS else (MAX_DIGITS, 0)
            node.to.set("expressions", [exp.DataTypeParam(this=exp.Literal.number(digits)) for digits in size])
