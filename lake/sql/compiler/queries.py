"""SELECT and what is around it: names are resolved here, and DuckDB gets generated ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlglot import exp

from lake.errors import ColumnNotFound, InvalidSql, NotSupported, TypeMismatch
from lake.sql.compiler import json_calls, operations, special_calls  # noqa: F401
from lake.sql.compiler.aggregate_calls import AggregateCall
from lake.sql.compiler.atoms import fields_of
from lake.sql.compiler.casts import coerced
from lake.sql.compiler.coercion import UNKNOWN, can_coerce, common_type
from lake.sql.compiler.correlation import check_correlated
from lake.sql.compiler.expressions import Expressions, check_arguments, refuse
from lake.sql.compiler.from_items import FromItems
from lake.sql.compiler.grouping import check_grouped, group_by, has_aggregates
from lake.sql.compiler.operators import comparable
from lake.sql.compiler.ordering import direction, has_ending
from lake.sql.compiler.recursion import recursive_text
from lake.sql.compiler.relation import Compiled, FindSource, all_of, renamed
from lake.sql.compiler.scope import Column, Names, Output, Scope, visible
from lake.sql.compiler.subqueries import in_query, quantified
from lake.sql.compiler.tries import OutsideTry, tries
from lake.sql.compiler.typed import Typed
from lake.sql.compiler.windows import name_no_windows
from lake.types import DataType

SELECT_ARGUMENTS = frozenset(
    "with_ expressions distinct from_ joins where group having order limit offset laterals windows".split()
)


class Queries:
    """With `exact`, no arithmetic is narrow (see `operators.arithmetic`); without, that of aggregates' arguments is."""

    def __init__(self, find_source: FindSource, names: Names | None = None, *, exact: bool = True) -> None:
        self._exact = exact
        self.narrow = False
        self._names = names or Names()
        self._from = FromItems(self, find_source, self._names)
        self._ctes: list[dict[str, Compiled]] = [{}]

    def aggregate(self, expressions: Expressions, node: exp.Expr) -> Typed:
        return AggregateCall(expressions).compile(node)

    def in_query(self, expressions: Expressions, node: exp.In) -> Typed:
        return in_query(expressions, node)

    def quantified(self, expressions: Expressions, node: exp.Binary, operator: str) -> Typed:
        return quantified(expressions, node, operator)

    def cte(self, name: str) -> Compiled | None:
        """Return the query of WITH that a name means here."""
        return next((ctes[name] for ctes in reversed(self._ctes) if name in ctes), None)

    @contextmanager
    def computing(self, *, narrow: bool) -> Iterator[None]:
        before = self.narrow
        self.narrow = narrow and not self._exact
        try:
            yield
        finally:
            self.narrow = before

    def compile(self, node: exp.Expr, outer: Scope | None = None) -> Compiled:
        if isinstance(node, exp.Subquery):
            inner = self._with(node, outer, lambda: self.compile(node.this, outer))
            return self._ordered_again(inner, node, outer) if has_ending(node) else inner
        if isinstance(node, exp.Select):
            return self._with(node, outer, lambda: self._select(node, outer))
        if isinstance(node, exp.SetOperation):
            return self._with(node, outer, lambda: self._set_operation(node, outer))
        if isinstance(node, exp.Values):
            return all_of(self._from.values(node, outer))
        if isinstance(node, exp.Table):
            return all_of(self._from.table(node, outer))
        raise refuse(NotSupported, f"{node.key.upper()} is not a query", node)

    # WITH

    def _with(self, node: exp.Expr, outer: Scope | None, compile_: Callable[[], Compiled]) -> Compiled:
        with_ = node.args.get("with_")
        if with_ is None:
            return compile_()
        check_arguments(with_, ("expressions", "recursive"))
        self._ctes.append({})
        try:
            texts = [self._cte(cte, outer, recursive=bool(with_.args.get("recursive"))) for cte in with_.expressions]
            inner = compile_()
        finally:
            self._ctes.pop()
        word = "WITH RECURSIVE" if with_.args.get("recursive") else "WITH"
        return replace(inner, sql=f"{word} {', '.join(texts)} {inner.sql}")

    def _cte(self, cte: exp.CTE, outer: Scope | None, *, recursive: bool) -> str:
        name, text = cte.alias.lower(), self._names.new("q")
        check_arguments(cte, ("this", "alias"))
        if name in self._ctes[-1]:
            raise refuse(InvalidSql, f"WITH query name '{name}' specified more than once", cte, "DUPLICATE_NAMED_QUERY")
        aliases = [column.name.lower() for column in cte.args["alias"].columns]
        if recursive and isinstance(cte.this, exp.Union) and _references(cte.this.expression, name):
            return self._recursive(cte, name, text, aliases, outer)
        body = self.compile(cte.this, outer)
        self._ctes[-1][name] = Compiled(text, renamed(body.outputs, aliases, cte))
        return f"{text} AS ({body.sql})"

    def _recursive(self, cte: exp.CTE, name: str, text: str, aliases: Sequence[str], outer: Scope | None) -> str:
        union = cte.this
        if has_ending(union):
            raise refuse(NotSupported, "immediate WITH, ORDER BY and LIMIT in a recursive query are not supported", cte)
        _, *others = _references(union.expression, name)
        if others:
            message = "multiple recursive references in the step relation of recursion"
            raise refuse(InvalidSql, message, others[0], "INVALID_RECURSIVE_REFERENCE")
        base = self.compile(union.this, outer)
        outputs, rows = renamed(base.outputs, aliases, cte), self._names.new("q")
        self._ctes[-1][name] = Compiled(rows, outputs)
        step = self.compile(union.expression, outer)
        self._ctes[-1][name] = Compiled(text, outputs)
        types = [output.type for output in base.outputs]
        given = [output.type for output in step.outputs]
        if len(given) != len(types):
            raise refuse(TypeMismatch, "base and step relations of recursion have different number of fields", cte)
        for place, (wanted, found) in enumerate(zip(types, given, strict=True), start=1):
            if not can_coerce(found, wanted):
                shown = f"{found.athena} instead of {wanted.athena}"
                raise refuse(TypeMismatch, f"recursion step relation output type in column {place} is {shown}", cte)
        distinct = bool(union.args.get("distinct"))
        first, following = _as_types(base, types), _as_types(step, types)
        return recursive_text(text, rows, first, following, len(types), distinct=distinct)

    # Set operations

    def _set_operation(self, node: exp.SetOperation, outer: Scope | None) -> Compiled:
        left, right = self.compile(node.this, outer), self.compile(node.expression, outer)
        if len(left.outputs) != len(right.outputs):
            raise refuse(TypeMismatch, f"{node.key.upper()} query has different number of fields", node)
        types = []
        for place, (ours, theirs) in enumerate(zip(left.outputs, right.outputs, strict=True), 1):
            type_ = common_type(ours.type, theirs.type)
            if type_ is None:
                shown = f"{ours.type.athena}, {theirs.type.athena}"
                raise refuse(
                    TypeMismatch, f"column {place} in {node.key.upper()} query has incompatible types: {shown}", node
                )
            types.append(type_)
        word = {exp.Union: "UNION", exp.Intersect: "INTERSECT", exp.Except: "EXCEPT"}[type(node)]
        every = "" if node.args.get("distinct") else " ALL"
        sql = f"({_as_types(left, types)}) {word}{every} ({_as_types(right, types)})"
        outputs = tuple(
            Output(each.name, type_, f"c{place}")
            for place, (each, type_) in enumerate(zip(left.outputs, types, strict=True))
        )
        return self._ordered_again(Compiled(sql, outputs), node, outer)

    def _ordered_again(self, inner: Compiled, node: exp.Expr, outer: Scope | None) -> Compiled:
        if not has_ending(node):
            return inner
        alias = self._names.new("r")
        columns = [
            Column(each.name, None, Typed(f"{alias}.c{place}", each.type)) for place, each in enumerate(inner.outputs)
        ]
        scope = Scope(columns, outer)
        ending = self._ending(node, scope, inner.outputs, {}, distinct=False)
        return Compiled(f"SELECT * FROM ({inner.sql}) AS {alias}{ending}", inner.outputs)

    # SELECT

    def _select(self, node: exp.Select, outer: Scope | None) -> Compiled:
        for argument, value in node.args.items():
            if value and argument not in SELECT_ARGUMENTS:
                raise refuse(NotSupported, f"{argument.upper()} is not supported in a query", node)
        _check_clauses(node)
        name_no_windows(node)
        from_, columns = self._from.read(node, outer)
        scope = Scope(columns, outer)
        check_correlated(node, scope)
        expressions = Expressions(scope, self, self._names)
        where = f" WHERE {expressions.boolean(node.args['where'].this).sql}" if node.args.get("where") else ""
        items = self._items(node, expressions)
        grouping = group_by(node, expressions, items)
        check_grouped(node, expressions, grouping)
        scope.grouped = grouping.texts if grouping.sql or has_aggregates(node) else None
        whole = OutsideTry(expressions, scope.grouped)
        if any(tries(value.sql) for _, value in items):
            items = self._items(node, whole)
        having = f" HAVING {whole.boolean(node.args['having'].this).sql}" if node.args.get("having") else ""
        outputs = tuple(Output(name, value.type, f"c{place}") for place, (name, value) in enumerate(items))
        shown = ", ".join(f"{_shown(value)} AS c{place}" for place, (_, value) in enumerate(items))
        distinct = "DISTINCT " if node.args.get("distinct") else ""
        texts = {value.sql: place for place, (_, value) in enumerate(items)}
        ties = self._ties(node, scope, outputs, texts, distinct=bool(distinct))
        ending = self._ending(node, scope, outputs, texts, distinct=bool(distinct))
        return Compiled(f"SELECT {distinct}{shown}{from_}{where}{grouping.sql}{having}{ties}{ending}", outputs)

    def _items(self, node: exp.Select, expressions: Expressions) -> list[tuple[str | None, Typed]]:
        return [found for item in node.expressions for found in self._item_of(item, expressions)]

    def _item_of(self, item: exp.Expr, expressions: Expressions) -> list[tuple[str | None, Typed]]:
        if isinstance(item, exp.Aliases):
            found = self._item_of(item.this, expressions)
            names = [each.name.lower() for each in item.args["expressions"]]
            if len(names) != len(found):
                raise refuse(
                    InvalidSql, f"Column alias list has {len(names)} entries, and there are {len(found)}", item
                )
            return [(name, value) for name, (_, value) in zip(names, found, strict=True)]
        if isinstance(item, exp.Star):
            return _all_columns(item, expressions.scope)
        if isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
            return self._star_of(item, expressions)
        if isinstance(item, exp.Dot) and isinstance(item.expression, exp.Star):
            return fields_of(expressions.compile(item.this), item)
        inner = item.this if isinstance(item, exp.Alias) else item
        name = item.alias.lower() if isinstance(item, exp.Alias) else _own_name(inner)
        return [(name, expressions.compile(inner))]

    def _star_of(self, item: exp.Column, expressions: Expressions) -> list[tuple[str | None, Typed]]:
        """What stands before the star is a relation, and else a row."""
        parts = [part.copy() for part in item.parts[:-1]]
        if len(parts) == 1:
            found = expressions.scope.of_relation(item.table.lower())
            if found:
                return [(column.name, column.value) for column in found]
        names = ("this", "table", "db", "catalog")
        row = exp.Column(**dict(zip(names, reversed(parts), strict=False)))
        try:
            value = expressions.compile(row)
        except ColumnNotFound as error:
            shown = ".".join(part.name for part in parts)
            raise refuse(ColumnNotFound, f"Unable to resolve reference {shown}", item) from error
        return fields_of(value, item)

    def _ties(
        self, node: exp.Select, scope: Scope, outputs: Sequence[Output], texts: dict[str, int], *, distinct: bool
    ) -> str:
        """Rows that are equal in the order to the last one of FETCH FIRST … WITH TIES have its rank."""
        limit = node.args.get("limit")
        if not _has_ties(limit):
            return ""
        order = node.args.get("order")
        if order is None:
            raise refuse(InvalidSql, "FETCH FIRST WITH TIES clause requires ORDER BY", node, "MISSING_ORDER_BY")
        if distinct or node.args.get("offset"):
            raise refuse(NotSupported, "WITH TIES together with DISTINCT or OFFSET is not supported", node)
        by_place = {place: text for text, place in texts.items()}
        terms = []
        for each in order.expressions:
            text = self._order_text(each.this, scope, outputs, texts)
            place = next((place for place in by_place if text == _of_output(place, outputs)), None)
            if place is not None:
                text = comparable(Typed(by_place[place], outputs[place].type))
            terms.append(f"{text} {direction(each)}")
        given = limit.args.get("count") if limit is not None else None
        count = _count(given or exp.Literal.number(1))
        return f" QUALIFY rank() OVER (ORDER BY {', '.join(terms)}) <= {count}"

    def _ending(
        self, node: exp.Expr, scope: Scope, outputs: Sequence[Output], texts: dict[str, int], *, distinct: bool
    ) -> str:
        """ORDER BY names outputs before columns."""
        parts = []
        order = node.args.get("order")
        if order is not None:
            # What is the same for all rows orders nothing.
            ordering = [
                each for each in order.expressions if each.this.is_int or not isinstance(each.this, exp.Literal)
            ]
            terms = [self._order_term(each, scope, outputs, texts, distinct=distinct) for each in ordering]
            parts.append(f" ORDER BY {', '.join(terms)}" if terms else "")
        offset, limit = node.args.get("offset"), node.args.get("limit")
        if isinstance(limit, exp.Fetch):
            if not _has_ties(limit):
                parts.append(f" LIMIT {_count(limit.args.get('count') or exp.Literal.number(1))}")
            elif not isinstance(node, exp.Select):
                raise refuse(NotSupported, "WITH TIES stands behind a SELECT alone", limit)
        elif limit is not None and limit.expression.name.upper() != "ALL":
            parts.append(f" LIMIT {_count(limit.expression)}")
        if offset is not None:
            parts.append(f" OFFSET {_count(offset.expression)}")
        return "".join(parts)

    def _order_term(
        self, node: exp.Ordered, scope: Scope, outputs: Sequence[Output], texts: dict[str, int], *, distinct: bool
    ) -> str:
        text = self._order_text(node.this, scope, outputs, texts)
        if distinct and text not in {_of_output(place, outputs) for place in range(len(outputs))}:
            raise refuse(
                InvalidSql,
                "For SELECT DISTINCT, ORDER BY expressions must appear in select list",
                node,
                "EXPRESSION_NOT_IN_DISTINCT",
            )
        return f"{text} {direction(node)}"

    def _order_text(self, node: exp.Expr, scope: Scope, outputs: Sequence[Output], texts: dict[str, int]) -> str:
        if node.is_int:
            place = int(node.name)
            if not 1 <= place <= len(outputs):
                raise refuse(
                    InvalidSql, f"ORDER BY position {place} is not in select list", node, "INVALID_COLUMN_REFERENCE"
                )
            return _of_output(place - 1, outputs)
        if isinstance(node, exp.Column) and not node.table:
            named = [place for place, output in enumerate(outputs) if output.name == node.name.lower()]
            different = {next((text for text, at in texts.items() if at == place), str(place)) for place in named}
            if len(named) > 1 and len(different) > 1:
                raise refuse(InvalidSql, f"Column '{node.name}' is ambiguous", node, "AMBIGUOUS_NAME")
            if named:
                return _of_output(named[0], outputs)
        # Within an expression too, a name means an output before it means a column.
        by_place = {place: text for text, place in texts.items()}
        meant = {
            (each.name, by_place.get(place, each.sql)): each.type for place, each in enumerate(outputs) if each.name
        }
        shown = [Column(name, None, Typed(text, type_)) for (name, text), type_ in meant.items()]
        inner = Scope(shown, scope)
        value = OutsideTry(Expressions(inner, self, self._names), scope.grouped).compile(node)
        if value.sql in texts:
            return _of_output(texts[value.sql], outputs)
        return comparable(value)


def _check_clauses(node: exp.Select) -> None:
    """Refuse what a clause may hold and nothing here reads."""
    known = {
        "distinct": ("expressions",),
        "order": ("expressions",),
        "offset": ("expression",),
        "limit": ("expression", "count", "direction", "limit_options"),
    }
    for name, arguments in known.items():
        clause = node.args.get(name)
        if isinstance(clause, exp.Expr):
            check_arguments(clause, arguments)
    limit = node.args.get("limit")
    options = limit.args.get("limit_options") if limit is not None else None
    if options is not None and options.args.get("percent"):
        raise refuse(NotSupported, "PERCENT is not supported", node)


def _all_columns(item: exp.Star, scope: Scope) -> list[tuple[str | None, Typed]]:
    if item.args.get("except_") or item.args.get("replace") or item.args.get("rename"):
        raise refuse(NotSupported, "a star takes nothing more", item)
    if not scope.columns:
        raise refuse(ColumnNotFound, "SELECT * not allowed in queries without FROM clause", item)
    return [(column.name, column.value) for column in visible(scope.columns)]


def _has_ties(limit: Any) -> bool:
    options = limit.args.get("limit_options") if isinstance(limit, exp.Fetch) else None
    return options is not None and bool(options.args.get("with_ties"))


def _references(node: exp.Expr, name: str) -> list[exp.Table]:
    return [table for table in node.find_all(exp.Table) if table.name.lower() == name and not table.db]


def _as_types(compiled: Compiled, types: Sequence[DataType]) -> str:
    if [output.type for output in compiled.outputs] == list(types) and UNKNOWN not in types:
        return f"SELECT * FROM ({compiled.sql})"
    shown = (
        f"{coerced(Typed(f'c{place}', output.type), type_).sql} AS c{place}"
        for place, (output, type_) in enumerate(zip(compiled.outputs, types, strict=True))
    )
    return f"SELECT {', '.join(shown)} FROM ({compiled.sql})"


def _shown(value: Typed) -> str:
    return "CAST(NULL AS INTEGER)" if value.type == UNKNOWN and value.sql == "NULL" else value.sql


def _own_name(node: exp.Expr) -> str | None:
    node = node.unnest()
    if isinstance(node, exp.Column):
        return node.name.lower()
    return node.expression.name.lower() if isinstance(node, exp.Dot) else None


def _of_output(place: int, outputs: Sequence[Output]) -> str:
    value = Typed(f"c{place}", outputs[place].type)
    key = comparable(value)
    return str(place + 1) if key == value.sql else key


def _count(node: exp.Expr) -> str:
    if not isinstance(node, exp.Literal) or node.is_string or not node.name.isdigit():
        raise refuse(NotSupported, "LIMIT and OFFSET take a number", node)
    return node.name
