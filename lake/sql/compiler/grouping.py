"""GROUP BY, and the rule that nothing stands beside an aggregate that is neither one nor grouped by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, product

from sqlglot import exp

from lake.errors import InvalidSql, NotSupported
from lake.sql.compiler.expressions import Expressions, refuse
from lake.sql.compiler.nodes import called, is_aggregate_call
from lake.sql.compiler.typed import Typed

SETS = (exp.GroupingSets, exp.Rollup, exp.Cube)
ARGUMENTS = ("expressions", "grouping_sets", "rollup", "cube", "all")

Items = Sequence[tuple[str | None, Typed]]
"""The columns of a SELECT, which GROUP BY may name by their places."""


@dataclass(frozen=True)
class Grouping:
    """`sql` is the clause, empty without one; `texts` are what is grouped by, `kinds` the nodes of those but columns."""

    sql: str = ""
    texts: frozenset[str] = field(default_factory=frozenset)
    kinds: frozenset[type[exp.Expr]] = field(default_factory=frozenset)


def group_by(node: exp.Select, expressions: Expressions, items: Items) -> Grouping:
    group = node.args.get("group")
    if group is None:
        return Grouping()
    for argument, value in group.args.items():
        if value and argument not in ARGUMENTS:
            raise refuse(NotSupported, f"GROUP BY {argument.upper()} is not supported", node)
    clause = _Clause(expressions, items, frozenset(type(each.unalias()) for each in node.expressions))
    elements = [*group.expressions, *(each for name in ARGUMENTS[1:4] for each in group.args.get(name) or ())]
    if group.args.get("all") is False and any(isinstance(each, SETS) for each in elements):
        text = clause.distinct_sets(elements)
    else:
        text = ", ".join(clause.text(each) for each in elements)
    return Grouping(f" GROUP BY {text}", frozenset(clause.texts), frozenset(clause.kinds))


class _Clause:
    def __init__(self, expressions: Expressions, items: Items, item_kinds: frozenset[type[exp.Expr]]) -> None:
        self._expressions = expressions
        self._items = items
        self._item_kinds = item_kinds
        self.texts: list[str] = []
        self.kinds: set[type[exp.Expr]] = set()

    def text(self, node: exp.Expr) -> str:
        if isinstance(node, exp.Paren):
            return self.text(node.this)
        if not isinstance(node, exp.Tuple | exp.GroupingSets | exp.Rollup | exp.Cube):
            return self._leaf(node)
        word = {exp.GroupingSets: "GROUPING SETS ", exp.Rollup: "ROLLUP ", exp.Cube: "CUBE "}.get(type(node), "")
        return f"{word}({', '.join(self.text(part) for part in node.expressions)})"

    def distinct_sets(self, elements: Sequence[exp.Expr]) -> str:
        """Write the sets that the elements together mean, each once."""
        together = (tuple(dict.fromkeys(chain(*sets))) for sets in product(*(self._sets(each) for each in elements)))
        different = {frozenset(each): each for each in together}
        texts = (f"({', '.join(each)})" for each in different.values())
        return f"GROUPING SETS ({', '.join(texts)})"

    def _sets(self, node: exp.Expr) -> list[tuple[str, ...]]:
        if isinstance(node, exp.Paren):
            return self._sets(node.this)
        if isinstance(node, exp.GroupingSets):
            return [found for part in node.expressions for found in self._sets(part)]
        if isinstance(node, exp.Tuple):
            return [tuple(self._leaf(part) for part in node.expressions)]
        if not isinstance(node, exp.Rollup | exp.Cube):
            return [(self._leaf(node),)]
        parts = [self._sets(part)[0] for part in node.expressions]
        if isinstance(node, exp.Rollup):
            return [tuple(chain(*parts[:count])) for count in range(len(parts), -1, -1)]
        chosen = (some for count in range(len(parts), -1, -1) for some in combinations(parts, count))
        return [tuple(chain(*some)) for some in chosen]

    def _leaf(self, node: exp.Expr) -> str:
        text = self._by_place(node) if node.is_int else self._expressions.compile(node).sql
        # DuckDB would take a number for a place in SELECT.
        text = f"CAST({text} AS INTEGER)" if text.isdigit() else text
        self.texts.append(text)
        self.kinds |= self._item_kinds if node.is_int else {type(node)}
        return text

    def _by_place(self, node: exp.Expr) -> str:
        place = int(node.name)
        if not 1 <= place <= len(self._items):
            raise refuse(
                InvalidSql, f"GROUP BY position {place} is not in select list", node, "INVALID_COLUMN_REFERENCE"
            )
        return self._items[place - 1][1].sql


def check_grouped(node: exp.Select, expressions: Expressions, grouping: Grouping) -> None:
    """Raise EXPRESSION_NOT_AGGREGATE where SELECT or HAVING names a column that a group has many values of."""
    if not grouping.sql and not has_aggregates(node):
        return
    for each in _named(node):
        for column in _outside(each, expressions, grouping):
            shown = column.sql("trino").replace('"', "")
            raise refuse(
                InvalidSql,
                f"'{shown}' must be an aggregate expression or appear in GROUP BY clause",
                column,
                "EXPRESSION_NOT_AGGREGATE",
            )


def has_aggregates(node: exp.Select) -> bool:
    return node.args.get("having") is not None or any(_has_aggregate(each) for each in _named(node))


def _named(node: exp.Select) -> list[exp.Expr]:
    having = node.args.get("having")
    return [*node.expressions, *([having.this] if having is not None else [])]


def _outside(node: exp.Expr, expressions: Expressions, grouping: Grouping) -> Iterator[exp.Column]:
    """Yield the columns of this query that are neither within an aggregate nor part of what is grouped by."""
    if isinstance(node, exp.Query | exp.Subquery) or is_aggregate_call(node):
        return
    if isinstance(node, exp.Column):
        if not isinstance(node.this, exp.Star) and _is_outside(node, expressions, grouping.texts):
            yield node
    elif type(node) not in grouping.kinds or not _is_grouped(node, expressions, grouping.texts):
        for part in _parts(node):
            yield from _outside(part, expressions, grouping)


def _is_outside(node: exp.Column, expressions: Expressions, texts: frozenset[str]) -> bool:
    sql = expressions.compile(node).sql
    own = (column.value.sql for column in expressions.scope.columns)
    return any(_is_part(sql, text) for text in own) and not any(_is_part(sql, text) for text in texts)


def _is_grouped(node: exp.Expr, expressions: Expressions, texts: frozenset[str]) -> bool:
    try:
        return expressions.compile(node).sql in texts
    except InvalidSql:
        # What names a parameter of the lambda around it says nothing alone.
        return False


def _is_part(sql: str, of: str) -> bool:
    return sql == of or sql.startswith(f"({of}).")


def _parts(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield what a node is made of. A window function is called on groups: what it is given has been aggregated."""
    for child in node.iter_expressions():
        if not isinstance(node, exp.Window) or child is not node.this:
            yield child
            continue
        yield from called(child).iter_expressions()


def _has_aggregate(node: exp.Expr) -> bool:
    if isinstance(node, exp.Query | exp.Subquery):
        return False
    return is_aggregate_call(node) or any(_has_aggregate(part) for part in _parts(node))
