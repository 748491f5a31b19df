"""How ORDER BY is written."""

from __future__ import annotations

from sqlglot import exp


def direction(node: exp.Ordered) -> str:
    return f"{'DESC' if node.args.get('desc') else 'ASC'} NULLS {'FIRST' if node.args.get('nulls_first') else 'LAST'}"


def has_ending(node: exp.Expr) -> bool:
    return any(node.args.get(name) for name in ("order", "limit", "offset", "with_"))
