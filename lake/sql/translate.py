"""Athena's tree to DuckDB's text: sqlglot's generator, with the scans of the engine in the place of table names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count, islice

from sqlglot import exp
from sqlglot.generators.duckdb import DuckDBGenerator

from lake.errors import NotSupported

MAX_DIGITS = 38

# DuckDB adds a number to a name that occurs twice in a derived table.
UNNAMED = re.compile(r"\(unnamed \d+\)(?:_\d+)*")


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
    """Give every unnamed column of `tree` a name of its own, by which `result_names` knows it in the result."""
    marks = (exp.to_identifier(f"(unnamed {number})", quoted=True) for number in count())
    for values in list(tree.find_all(exp.Values)):
        if isinstance(values.parent, exp.Subquery):
            select = exp.select("*")
            values.replace(select)
            select.set("from_", exp.From(this=values))
    for source in tree.find_all(exp.Values, exp.Unnest):
        if isinstance(source.parent, exp.From | exp.Join) and not source.alias_column_names:
            columns = list(islice(marks, _width(source)))
            alias = exp.to_identifier(source.alias or next(marks).name, quoted=True)
            source.set("alias", exp.TableAlias(this=alias, columns=columns))
    for select in tree.find_all(exp.Select):
        for item in select.expressions:
            _name_column(item, marks)


def result_names(names: Iterable[str]) -> list[str]:
    """Return the names of a result's columns: Athena's `_col0`, `_col1`, … by position for the unnamed ones."""
    return [f"_col{place}" if UNNAMED.fullmatch(name) else name for place, name in enumerate(names)]


def _width(source: exp.Expr) -> int:
    """Return how many columns VALUES gives, or the unnesting of one list."""
    if isinstance(source, exp.Values):
        return len(source.expressions[0].expressions)
    return 2 if source.args.get("offset") else 1


def _name_column(item: exp.Expr, marks: Iterator[exp.Identifier]) -> None:
    inner = item.unnest()
    if isinstance(inner, exp.Dot):
        _put_alias(item, inner, exp.to_identifier(inner.name, quoted=True))
    elif isinstance(inner, exp.Column):
        item.replace(inner)
    elif not isinstance(item, exp.Alias | exp.Star):
        _put_alias(item, item, next(marks))


def _put_alias(item: exp.Expr, named: exp.Expr, name: exp.Identifier) -> None:
    """Put `named AS name` in the place of `item`; the nodes stay the same, as tables are known by theirs."""
    alias = exp.Alias(alias=name)
    item.replace(alias)
    alias.set("this", named)


def size_decimals(tree: exp.Query) -> None:
    """Give DECIMAL without a size Trino's: that of its digits in a literal, (38, 0) elsewhere. DuckDB's would be (18, 3)."""
    for node in tree.find_all(exp.Cast):
        if node.to.is_type(exp.DataType.Type.DECIMAL) and not node.to.expressions:
            whole, _, fraction = node.this.name.lstrip("+-").partition(".") if node.this.is_string else ("", "", "")
            scale = len(fraction)
            precision = len(whole.lstrip("0")) + scale or 1
            size = (precision, scale) if node.this.is_string and precision <= MAX_DIGITS else (MAX_DIGITS, 0)
            node.to.set("expressions", [exp.DataTypeParam(this=exp.Literal.number(digits)) for digits in size])
