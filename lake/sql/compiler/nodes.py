"""What several steps ask of a tree's nodes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from lake.sql.compiler.functions import is_aggregate

MODIFIERS = exp.Filter | exp.WithinGroup | exp.IgnoreNulls | exp.RespectNulls
"""What may stand around the call of an aggregate or a window function."""


def called(node: exp.Expr) -> exp.Expr:
    """Return the call within its modifiers."""
    while isinstance(node, MODIFIERS):
        node = node.this
    return node


def is_aggregate_call(node: exp.Expr) -> bool:
    call = called(node)
    return isinstance(call, exp.Anonymous) and is_aggregate(call.name.lower())


def calls_aggregate(node: exp.Expr) -> bool:
    """Say whether an aggregate is called in an expression, or in a query within it."""
    return any(is_aggregate_call(call) for call in node.find_all(exp.Anonymous))


def conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    """Yield what AND joins, from left to right."""
    stack = [condition]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.And):
            stack += [node.right, node.left]
        elif isinstance(node, exp.Paren):
            stack.append(node.this)
        else:
            yield node
