"""Subqueries that name columns of the query around them. Trino takes those that it can turn into joins, and refuses others; so do we."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from lake.errors import NotSupported
from lake.sql.compiler.coercion import DOUBLE, REAL
from lake.sql.compiler.expressions import refuse
from lake.sql.compiler.nodes import MODIFIERS, conjuncts, is_aggregate_call
from lake.sql.compiler.scope import Column, Scope

SCALAR, EXISTS, IN, LATERAL = "scalar", "exists", "in", "lateral"
FLOATS = (DOUBLE, REAL)


def check_correlated(node: exp.Select, scope: Scope) -> None:
    """Raise NotSupported for a shape that Trino does not take apart."""
    whole = _whole(node)
    kind = _kind(whole)
    if scope.outer is None or kind is None:
        return
    query = _Correlated(node, scope)
    if whole is not node:
        refused = query.reaches_out()
    else:
        refused = query.is_refused_in() if kind == IN else query.is_refused(kind)
    if refused:
        raise refuse(NotSupported, "Given correlated subquery is not supported", node)


def _whole(node: exp.Expr) -> exp.Expr:
    """Return the set operation that a query is a side of, or the query."""
    above = node.parent
    while isinstance(above, exp.Subquery) and isinstance(above.parent, exp.SetOperation):
        above = above.parent
    return _whole(above) if isinstance(above, exp.SetOperation) else node


def _kind(node: exp.Expr) -> str | None:
    holder = node.parent
    while isinstance(holder, exp.Subquery) and isinstance(holder.parent, exp.Subquery):
        holder = holder.parent
    above = holder.parent if isinstance(holder, exp.Subquery) else holder
    if isinstance(above, exp.Exists):
        return EXISTS
    if isinstance(above, exp.In | exp.Any | exp.All):
        return IN
    if isinstance(above, exp.Lateral):
        return LATERAL
    is_table = above is None or isinstance(above, exp.From | exp.Join | exp.CTE | exp.SetOperation)
    return SCALAR if isinstance(holder, exp.Subquery) and not is_table else None


class _Correlated:
    def __init__(self, node: exp.Select, scope: Scope) -> None:
        self._node = node
        self._scope = scope
        items = node.expressions
        where = node.args.get("where")
        joined = conjuncts(where.this) if where is not None else ()
        self._conditions = [each for each in joined if self._reaches_out(each)]
        calls = [call for item in items for call in _walk(item) if _aggregates_rows(call)]
        having = node.args.get("having")
        self._aggregated = bool(calls or having or node.args.get("group"))
        self._is_whole = self._aggregated and not node.args.get("group")
        self._aggregates_reach_out = any(self._reaches_out(_with_filter(call)) for call in calls)
        self._is_filtered = bool(calls) and all(isinstance(call.parent, exp.Filter) for call in calls)
        self._has_windows = any(isinstance(each, exp.Window) for item in items for each in _walk(item))
        self._items_reach_out = any(self._reaches_out(item) for item in items)
        from_ = node.args.get("from_")
        self._source = from_.this if from_ is not None else None

    def reaches_out(self) -> bool:
        return self._items_reach_out or bool(self._conditions) or self._unnests_outer()

    def is_refused_in(self) -> bool:
        changed = self._aggregated or self._has_windows or self._has_any("distinct", "limit")
        return self._items_reach_out or self._unnests_outer() or (bool(self._conditions) and changed)

    def is_refused(self, kind: str) -> bool:
        if self._unnests_outer():
            return self._has_any("where") or self._is_filtered
        if self._conditions and self._is_whole and self._has_any("having"):
            return True
        if kind != EXISTS and self._gives_outer():
            return True
        return bool(self._conditions) and (self._is_cut_off() or (kind != LATERAL and self._is_grouped_off()))

    def _gives_outer(self) -> bool:
        """What is computed of both sides is, but where a single row is sure to be."""
        if self._aggregates_reach_out or (self._has_windows and self._conditions):
            return True
        if not self._items_reach_out or self._aggregated:
            return False
        return self._has_any("where") or (self._source is not None and not self._is_row())

    def _is_row(self) -> bool:
        return isinstance(self._source, exp.Values) and len(self._source.expressions) == 1

    def _is_cut_off(self) -> bool:
        """LIMIT is taken apart where all rows with the same value of an inner column are meant."""
        if not self._has_any("limit") or self._is_whole or self._is_row():
            return False
        equal = self._equal_columns()
        inner = [each for each in self._conditions if self._has_any("order") or self._has_own(each)]
        return len(equal) < len(inner) or not self._grouped() <= set(equal)

    def _is_grouped_off(self) -> bool:
        """DISTINCT and GROUP BY are where they keep the columns that conditions other than equality need."""
        if not self._has_any("distinct", "group") or len(self._equal_columns()) == len(self._conditions):
            return False
        kept = self._grouped() if self._has_any("group") else _names(self._node.expressions)
        needed = {
            column.name.lower()
            for condition in self._conditions
            if self._equal_column(condition) is None
            for column in _walk(condition)
            if isinstance(column, exp.Column) and not self._is_outer(column)
        }
        return not needed <= kept

    def _grouped(self) -> set[str]:
        group = self._node.args.get("group")
        return _names(group.expressions) if group is not None else set()

    def _has_any(self, *arguments: str) -> bool:
        return any(self._node.args.get(argument) for argument in arguments)

    def _unnests_outer(self) -> bool:
        return isinstance(self._source, exp.Unnest) and self._reaches_out(self._source)

    def _equal_columns(self) -> list[str]:
        found = map(self._equal_column, self._conditions)
        return [name for name in found if name is not None]

    def _equal_column(self, condition: exp.Expr) -> str | None:
        """Return the inner column that is equal to something of the outer query, as it is."""
        if not isinstance(condition, exp.EQ):
            return None
        for own, other in ((condition.this, condition.expression), (condition.expression, condition.this)):
            if isinstance(own, exp.Column) and not self._is_outer(own) and not self._has_own(other):
                return own.name.lower() if self._stays(own, other) else None
        return None

    def _stays(self, own: exp.Column, other: exp.Expr) -> bool:
        """A bigint becomes a double to be compared with one, so that it is no column any more."""
        inner, outer = self._found(own, self._scope), []
        if isinstance(other, exp.Column) and self._scope.outer is not None:
            outer = self._found(other, self._scope.outer)
        loses = any(column.value.type.name in ("bigint", "decimal") for column in inner)
        return not (loses and any(column.value.type in FLOATS for column in outer))

    def _has_own(self, node: exp.Expr) -> bool:
        return any(isinstance(each, exp.Column) and not self._is_outer(each) for each in _walk(node))

    def _reaches_out(self, node: exp.Expr) -> bool:
        return any(isinstance(each, exp.Column) and self._is_outer(each) for each in _walk(node))

    def _is_outer(self, column: exp.Column) -> bool:
        if self._found(column, Scope(self._scope.columns)):
            return False
        if isinstance(column.this, exp.Star):
            relation = column.table.lower()
            return not any(each.relation == relation for each in self._scope.columns)
        return self._scope.outer is not None and bool(self._found(column, self._scope.outer))

    def _found(self, column: exp.Column, scope: Scope) -> list[Column]:
        parts = [part.name.lower() for part in column.parts]
        for count in range(min(3, len(parts)), 0, -1):
            names = parts[:count]
            found = scope.find(names[-1], names[-2] if count > 1 else None, names[-3] if count > 2 else None)
            if found:
                return found
        return []


def _walk(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield what is of the query itself, and not of queries within it."""
    return node.walk(prune=lambda each: isinstance(each, exp.Query))


def _aggregates_rows(node: exp.Expr) -> bool:
    """Say whether a node is the call of an aggregate that is no window function."""
    if not isinstance(node, exp.Anonymous) or not is_aggregate_call(node):
        return False
    above = node.parent
    while isinstance(above, MODIFIERS):
        above = above.parent
    return not isinstance(above, exp.Window)


def _with_filter(call: exp.Expr) -> exp.Expr:
    return call.parent if isinstance(call.parent, exp.Filter) else call


def _names(nodes: Sequence[exp.Expr]) -> set[str]:
    bare = (each.this if isinstance(each, exp.Alias) else each for each in nodes)
    return {each.name.lower() for each in bare if isinstance(each, exp.Column)}
