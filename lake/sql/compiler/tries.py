"""TRY beside GROUP BY and windows. DuckDB 1.5 takes no aggregate, no window and no grouped column within its TRY.

So these are computed before it, and what is made of them in the body of a lambda that is called with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cache

from sqlglot import exp

from lake.sql.compiler.expressions import Expressions
from lake.sql.compiler.macros import CALL, calls, definitions
from lake.sql.compiler.nodes import is_aggregate_call
from lake.sql.compiler.typed import Typed

WHOLE = exp.Column | exp.Window | exp.Subquery | exp.Exists
"""What is computed before."""


class OutsideTry(Expressions):
    """Compiles whole expressions of a query that has groups or windows; `texts` are what it groups by."""

    def __init__(self, plain: Expressions, texts: AbstractSet[str] | None) -> None:
        super().__init__(plain.scope, plain.queries, plain.names)
        self._plain = plain
        self._texts = texts

    def compile(self, node: exp.Expr) -> Typed:
        value = self._plain.compile(node)
        if not tries(value.sql) or (self._texts is None and node.find(exp.Window) is None):
            return value
        if self._texts is not None and value.sql in self._texts:
            return value
        variable = f"try_{hashlib.sha256(value.sql.encode()).hexdigest()[:8]}"
        body = _Body(self._plain, self._texts or frozenset(), variable)
        inside = body.compile(node)
        if not body.values or not tries(inside.sql):
            return value
        values = ", ".join(f"{name} := {sql}" for sql, name in body.values.items())
        return replace(value, sql=f"(list_transform([struct_pack({values})], lambda {variable}: {inside.sql}))[1]")


class _Body(Expressions):
    """Compiles the body of the lambda. `values` are the texts of what is computed before, and their names."""

    def __init__(self, plain: Expressions, texts: AbstractSet[str], variable: str) -> None:
        super().__init__(plain.scope, plain.queries, plain.names)
        self._plain = plain
        self._texts = texts
        self._variable = variable
        self.values: dict[str, str] = {}

    def compile(self, node: exp.Expr) -> Typed:
        if isinstance(node, WHOLE) or is_aggregate_call(node) or (isinstance(node, exp.In) and node.args.get("query")):
            return self._before(self._plain.compile(node))
        if self._texts and not isinstance(node, exp.Literal | exp.Lambda):
            value = self._plain.compile(node)
            if value.sql in self._texts:
                return self._before(value)
        return super().compile(node)

    def _before(self, value: Typed) -> Typed:
        name = self.values.setdefault(value.sql, f"v{len(self.values)}")
        return replace(value, sql=f"{self._variable}.{name}")


def tries(sql: str) -> bool:
    """Say whether a text has a TRY in it, or calls a macro that has."""
    return "TRY(" in sql or not _macros_that_try().isdisjoint(CALL.findall(sql))


@cache
def _macros_that_try() -> frozenset[str]:
    return frozenset(
        name for name in definitions() if any("TRY(" in definitions().get(inner, "") for inner in (name, *calls(name)))
    )
