"""SELECT and what is around it: names are resolved here, and DuckDB gets generated ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlglot import exp

from lake.errors import ColumnNotFound, InvalidSql, NotSupported, TypeMismatch
from lake.sql.compiler import json_calls  # noqa: F401
from lake.sql.compiler.casts import cast_text, coerced
from lake.sql.compiler.coercion import BIGINT, BOOLEAN, DAYS, MONTHS, UNKNOWN, common_type
from lake.sql.compiler.expressions import Expressions, refuse
from lake.sql.compiler.forms import form, row_names
from lake.sql.compiler.functions import FUNCTIONS
from lake.sql.compiler.operators import comparable, comparison
from lake.sql.compiler.scope import Column, Names, Output, Scope, visible
from lake.sql.compiler.typed import Typed
from lake.types import DataType
from lake.types.datatype import ARRAY, MAP, ROW, quoted, row_of

SELECT_ARGUMENTS = frozenset(
    "with_ expressions distinct from_ joins where group having order limit offset laterals windows".split()
)
MOST_ROWS = 2**62
STEPS = {DAYS: "to_milliseconds({})", MONTHS: "to_months(CAST({} AS INTEGER))"}
GROUPINGS = (exp.GroupingSets, exp.Rollup, exp.Cube)


@dataclass(frozen=True, slots=True)
class Source:
    """A table: the name of the relation that stands for this one place of it in the text, and its columns."""

    name: str
    columns: tuple[tuple[str, DataType], ...]
    hidden: tuple[tuple[str, DataType], ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """The text of a query, whose columns are c0, c1, …, and what they are."""

    sql: str
    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A FROM item: its text, and its columns as they can be named."""

    sql: str
    columns: tuple[Column, ...]


FindSource = Callable[[exp.Table], Source | None]
"""Gives the table of the catalog that a name means at its place; None where it is a query's of WITH."""


class Queries:
    """With `exact`, no arithmetic is narrow (see `operators.arithmetic`); without, that of aggregates' arguments is."""

    def __init__(self, find_source: FindSource, names: Names | None = None, *, exact: bool = True) -> None:
        self._find_source = find_source
        self._exact = exact
        self.narrow = False
        self._names = names or Names()
        self._ctes: list[dict[str, Compiled]] = [{}]

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
            return self._ordered_again(inner, node, outer) if _has_ending(node) else inner
        if isinstance(node, exp.Select):
            return self._with(node, outer, lambda: self._select(node, outer))
        if isinstance(node, exp.SetOperation):
            return self._with(node, outer, lambda: self._set_operation(node, outer))
        if isinstance(node, exp.Values):
            relation = self._values(node, outer)
            return _all_of(relation)
        if isinstance(node, exp.Table):
            return _all_of(self._table(node, outer))
        raise refuse(NotSupported, f"{node.key.upper()} is not a query", node)

    # WITH

    def _with(self, node: exp.Expr, outer: Scope | None, compile_: Callable[[], Compiled]) -> Compiled:
        with_ = node.args.get("with_")
        if with_ is None:
            return compile_()
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
        aliases = [column.name.lower() for column in cte.args["alias"].columns]
        if recursive and isinstance(cte.this, exp.Union) and _reads(cte.this.expression, name):
            return self._recursive(cte, name, text, aliases, outer)
        body = self.compile(cte.this, outer)
        self._ctes[-1][name] = Compiled(text, _renamed(body.outputs, aliases, cte))
        return f"{text} AS ({body.sql})"

    def _recursive(self, cte: exp.CTE, name: str, text: str, aliases: Sequence[str], outer: Scope | None) -> str:
        union = cte.this
        base = self.compile(union.this, outer)
        self._ctes[-1][name] = Compiled(text, _renamed(base.outputs, aliases, cte))
        step = self.compile(union.expression, outer)
        types = [output.type for output in base.outputs]
        word = "UNION" if union.args.get("distinct") else "UNION ALL"
        columns = ", ".join(f"c{place}" for place in range(len(types)))
        return f"{text}({columns}) AS ({_as_types(base, types)} {word} {_as_types(step, types)})"

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
        if not _has_ending(node):
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
        _name_no_windows(node)
        from_, columns = self._from(node, outer)
        scope = Scope(columns, outer)
        expressions = Expressions(scope, self, self._names)
        where = f" WHERE {expressions.boolean(node.args['where'].this).sql}" if node.args.get("where") else ""
        items = self._items(node, expressions)
        group = self._group(node, expressions, items)
        having = f" HAVING {expressions.boolean(node.args['having'].this).sql}" if node.args.get("having") else ""
        outputs = tuple(Output(name, value.type, f"c{place}") for place, (name, value) in enumerate(items))
        shown = ", ".join(f"{_shown(value)} AS c{place}" for place, (_, value) in enumerate(items))
        distinct = "DISTINCT " if node.args.get("distinct") else ""
        texts = {value.sql: place for place, (_, value) in enumerate(items)}
        ties = self._ties(node, scope, outputs, texts, distinct=bool(distinct))
        ending = self._ending(node, scope, outputs, texts, distinct=bool(distinct))
        return Compiled(f"SELECT {distinct}{shown}{from_}{where}{group}{having}{ties}{ending}", outputs)

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
            return _fields(expressions.compile(item.this), item)
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
        return _fields(value, item)

    def _group(self, node: exp.Select, expressions: Expressions, items: Sequence[tuple[str | None, Typed]]) -> str:
        group = node.args.get("group")
        if group is None:
            return ""

        sets = [each for name in ("grouping_sets", "cube", "rollup") for each in group.args.get(name) or ()]
        if group.args.get("all") is False and (sets or any(isinstance(each, GROUPINGS) for each in group.expressions)):
            raise refuse(NotSupported, "GROUP BY DISTINCT of grouping sets is not supported", node)
        for argument, value in group.args.items():
            if value and argument not in ("expressions", "grouping_sets", "rollup", "cube", "all"):
                raise refuse(NotSupported, f"GROUP BY {argument.upper()} is not supported", node)
        parts = [self._grouped(each, expressions, items) for each in [*group.expressions, *sets]]
        return f" GROUP BY {', '.join(parts)}"

    def _grouped(self, node: exp.Expr, expressions: Expressions, items: Sequence[tuple[str | None, Typed]]) -> str:
        def several() -> str:
            return ", ".join(self._grouped(part, expressions, items) for part in node.expressions)

        if isinstance(node, exp.Tuple):
            return f"({several()})"
        if isinstance(node, exp.GroupingSets):
            return f"GROUPING SETS ({several()})"
        if isinstance(node, exp.Rollup | exp.Cube):
            return f"{node.key.upper()} ({several()})"
        if isinstance(node, exp.Paren):
            return self._grouped(node.this, expressions, items)
        if isinstance(node, exp.Literal) and not node.is_string:
            place = int(node.name)
            if not 1 <= place <= len(items):
                raise refuse(InvalidSql, f"GROUP BY position {place} is not in select list", node)
            return items[place - 1][1].sql
        return expressions.compile(node).sql

    def _ties(
        self, node: exp.Select, scope: Scope, outputs: Sequence[Output], texts: dict[str, int], *, distinct: bool
    ) -> str:
        """Rows that are equal in the order to the last one of FETCH FIRST … WITH TIES have its rank."""
        limit = node.args.get("limit")
        if not _has_ties(limit):
            return ""
        order = node.args.get("order")
        if order is None:
            raise refuse(InvalidSql, "FETCH FIRST WITH TIES clause requires ORDER BY", node)
        if distinct or node.args.get("offset"):
            raise refuse(NotSupported, "WITH TIES together with DISTINCT or OFFSET is not supported", node)
        by_place = {place: text for text, place in texts.items()}
        terms = []
        for each in order.expressions:
            text, direction = self._order_text(each.this, scope, outputs, texts), _direction(each)
            place = next((place for place in by_place if text == _of_output(place, outputs)), None)
            if place is not None:
                text = comparable(Typed(by_place[place], outputs[place].type))
            terms.append(f"{text} {direction}")
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
            terms = [self._order_term(each, scope, outputs, texts, distinct=distinct) for each in order.expressions]
            parts.append(f" ORDER BY {', '.join(terms)}")
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
            raise refuse(InvalidSql, "For SELECT DISTINCT, ORDER BY expressions must appear in select list", node)
        return f"{text} {_direction(node)}"

    def _order_text(self, node: exp.Expr, scope: Scope, outputs: Sequence[Output], texts: dict[str, int]) -> str:
        if isinstance(node, exp.Literal) and not node.is_string:
            place = int(node.name)
            if not 1 <= place <= len(outputs):
                raise refuse(InvalidSql, f"ORDER BY position {place} is not in select list", node)
            return _of_output(place - 1, outputs)
        if isinstance(node, exp.Column) and not node.table:
            named = [place for place, output in enumerate(outputs) if output.name == node.name.lower()]
            different = {next((text for text, at in texts.items() if at == place), str(place)) for place in named}
            if len(named) > 1 and len(different) > 1:
                raise refuse(InvalidSql, f"Column '{node.name}' is ambiguous", node)
            if named:
                return _of_output(named[0], outputs)
        # Within an expression too, a name means an output before it means a column.
        by_place = {place: text for text, place in texts.items()}
        meant = {
            (each.name, by_place.get(place, each.sql)): each.type for place, each in enumerate(outputs) if each.name
        }
        shown = [Column(name, None, Typed(text, type_)) for (name, text), type_ in meant.items()]
        inner = Scope(shown, scope)
        value = Expressions(inner, self, self._names).compile(node)
        if value.sql in texts:
            return _of_output(texts[value.sql], outputs)
        return comparable(value)

    # FROM

    def _from(self, node: exp.Select, outer: Scope | None) -> tuple[str, list[Column]]:
        from_ = node.args.get("from_")
        if from_ is None:
            return "", []
        relation = self._item(from_.this, outer, ())
        text, columns = relation.sql, list(relation.columns)
        for join in [*(node.args.get("joins") or ()), *(node.args.get("laterals") or ())]:
            text, columns = self._join(text, columns, join, outer)
        return f" FROM {text}", columns

    def _item(self, node: exp.Expr, outer: Scope | None, before: Sequence[Column]) -> Relation:
        if isinstance(node, exp.Table):
            found = self._table(node, outer)
        elif isinstance(node, exp.Subquery) and not _is_join(node.this):
            body = (
                self.compile(node, Scope(before, outer) if before else outer)
                if _has_ending(node)
                else self.compile(node.this, outer)
            )
            found = self._named(body, node.args.get("alias"), node)
        elif isinstance(node, exp.Subquery):
            found = self._joined(node, outer, before)
        elif isinstance(node, exp.Values):
            found = self._values(node, outer)
        elif isinstance(node, exp.Unnest):
            found = self._unnest(node, Scope(before, outer))
        elif isinstance(node, exp.Lateral):
            found = self._lateral(node, outer, before)
        else:
            raise refuse(NotSupported, f"{node.key.upper()} cannot be read from", node)
        nested = node.args.get("joins") or ()
        if nested:
            text, columns = found.sql, list(found.columns)
            for join in nested:
                text, columns = self._join(text, columns, join, outer)
            return Relation(f"({text})", tuple(columns))
        return found

    def _lateral(self, node: exp.Lateral, outer: Scope | None, before: Sequence[Column]) -> Relation:
        named = self._named(self.compile(node.this, Scope(before, outer)), node.args.get("alias"), node)
        return replace(named, sql=f"LATERAL {named.sql}")

    def _joined(self, node: exp.Subquery, outer: Scope | None, before: Sequence[Column]) -> Relation:
        """Read a join in parentheses, whose columns keep their names unless there is an alias behind it."""
        found = self._item(node.this, outer, before)
        alias = node.args.get("alias")
        return found if alias is None else self._named(_all_of(found), alias, node)

    def _join(self, text: str, columns: list[Column], join: exp.Expr, outer: Scope | None) -> tuple[str, list[Column]]:
        if isinstance(join, exp.Lateral):
            right = self._item(join, outer, columns)
            return f"{text} CROSS JOIN {right.sql}", [*columns, *right.columns]
        right = self._item(join.this, outer, columns)
        side, kind, method = (str(join.args.get(name) or "").upper() for name in ("side", "kind", "method"))
        together = [*columns, *right.columns]
        if join.args.get("using") or method == "NATURAL":
            return self._using(text, columns, right, join, side or "INNER")
        on = join.args.get("on")
        if on is None:
            return f"{text} CROSS JOIN {right.sql}", together
        if kind not in ("", "INNER", "OUTER"):
            raise refuse(NotSupported, f"{kind} JOIN is not supported", join)
        if side in ("RIGHT", "FULL") and isinstance(join.this, exp.Lateral):
            # Trino joins each row of the left side to what it gives, so that an empty side gives nothing.
            raise refuse(NotSupported, f"{side} JOIN LATERAL is not supported", join)
        condition = Expressions(Scope(together, outer), self, self._names).boolean(on)
        return f"{text} {side or 'INNER'} JOIN {right.sql} ON {condition.sql}", together

    def _using(
        self, text: str, columns: list[Column], right: Relation, join: exp.Expr, side: str
    ) -> tuple[str, list[Column]]:
        given = join.args.get("using")
        if given is None:
            raise refuse(NotSupported, "Natural join not supported", join)
        names = [each.name.lower() for each in given]
        conditions, merged = [], []
        for name in names:
            ours, theirs = (_only(some, name, join) for some in (columns, right.columns))
            test = comparison("=", ours.value, theirs.value)
            type_ = common_type(ours.value.type, theirs.value.type)
            if test is None or type_ is None:
                raise refuse(TypeMismatch, f"Column '{name}' has types that cannot be compared", join)
            conditions.append(test.sql)
            a, b = coerced(ours.value, type_).sql, coerced(theirs.value, type_).sql
            value = {"INNER": a, "LEFT": a, "RIGHT": b}.get(side, f"coalesce({a}, {b})")
            merged.append(Column(name, None, Typed(value, type_)))
        # The merged columns are those of no relation: `t.k` cannot be named any more.
        rest = [column for column in (*columns, *right.columns) if column.name not in names]
        return f"{text} {side} JOIN {right.sql} ON {' AND '.join(conditions)}", [*merged, *rest]

    def _table(self, node: exp.Table, outer: Scope | None) -> Relation:
        name = node.name.lower()
        alias = node.args.get("alias")
        source = self._find_source(node)
        if source is None and not node.db:
            for ctes in reversed(self._ctes):
                if name in ctes:
                    cte = ctes[name]
                    body = Compiled(cte.sql, cte.outputs)
                    return self._named(body, alias or exp.TableAlias(this=exp.to_identifier(name)), node, bare=True)
        if source is None:
            raise refuse(InvalidSql, f"Table '{name}' does not exist", node)
        own = source.name
        aliases = [each.name.lower() for each in alias.columns] if alias is not None else []
        shown = node.alias_or_name.lower()
        database = node.db.lower() if node.db and not node.alias else None
        columns = [
            Column(
                aliases[place] if place < len(aliases) else column,
                shown,
                Typed(f"{own}.{quoted(column)}", type_),
                database=database,
            )
            for place, (column, type_) in enumerate(source.columns)
        ]
        columns += [
            Column(column, shown, Typed(f"{own}.{quoted(column)}", type_), hidden=True)
            for column, type_ in source.hidden
        ]
        return Relation(f"{own}{_sample(node)}", tuple(columns))

    def _named(self, body: Compiled, alias: exp.TableAlias | None, node: exp.Expr, *, bare: bool = False) -> Relation:
        own = self._names.new("r")
        name = alias.name.lower() if alias is not None and alias.this is not None else None
        aliases = [each.name.lower() for each in alias.columns] if alias is not None else []
        outputs = _renamed(body.outputs, aliases, node)
        columns = tuple(
            Column(output.name, name, Typed(f"{own}.c{place}", output.type)) for place, output in enumerate(outputs)
        )
        text = body.sql if bare else f"({body.sql})"
        return Relation(f"{text} AS {own}{_sample(node)}", columns)

    def _values(self, node: exp.Values, outer: Scope | None) -> Relation:
        expressions = Expressions(Scope((), outer), self, self._names)
        rows = [_of_row(row, expressions) for row in node.expressions]
        if len({len(row) for row in rows}) > 1:
            raise refuse(TypeMismatch, "Values rows have mismatched sizes", node)
        columns = [expressions.unified(column, node) for column in zip(*rows, strict=True)]
        texts = ", ".join(f"({', '.join(values[place].sql for values, _ in columns)})" for place in range(len(rows)))
        own = self._names.new("v")
        names = ", ".join(f"c{place}" for place in range(len(columns)))
        shown = ", ".join(f"CAST(c{place} AS {form(type_)}) AS c{place}" for place, (_, type_) in enumerate(columns))
        outputs = tuple(Output(None, type_, f"c{place}") for place, (_, type_) in enumerate(columns))
        alias = node.args.get("alias")
        if alias is not None and alias.name == "_values":
            alias = None
        return self._named(Compiled(f"SELECT {shown} FROM (VALUES {texts}) AS {own}({names})", outputs), alias, node)

    def _unnest(self, node: exp.Unnest, scope: Scope) -> Relation:
        expressions = Expressions(scope, self, self._names)
        inner: list[str] = []
        outer: list[str] = []
        types: list[DataType] = []
        names: dict[int, str | None] = {}
        lengths: list[str] = []
        for each in node.expressions:
            value = expressions.compile(each)
            place = f"u{len(inner)}"
            if value.type.name == MAP:
                inner += [
                    f"unnest(map_keys({value.sql})) AS {place}",
                    f"unnest(map_values({value.sql})) AS u{len(inner) + 1}",
                ]
                outer += [place, f"u{len(inner) - 1}"]
                types += [value.type.key, value.type.value]
                lengths.append(f"cardinality({value.sql})")
                continue
            if value.type.name != ARRAY:
                raise refuse(TypeMismatch, f"Cannot unnest type: {value.type.athena}", each)
            inner.append(f"unnest({value.sql}) AS {place}")
            lengths.append(f"len({value.sql})")
            element = value.type.element
            if element.name == ROW:
                outer += [f"({place}).{quoted(name)}" for name in row_names(element)]
                names |= dict(enumerate(element.field_names, len(types)))
                types += [field.type for field in element.fields]
            else:
                outer.append(place)
                types.append(element)
        if node.args.get("offset"):
            longest = (
                lengths[0]
                if len(lengths) == 1
                else f"greatest({', '.join(f'coalesce({each}, 0)' for each in lengths)})"
            )
            inner.append(f"unnest(range(1, coalesce({longest}, 0) + 1)) AS o_")
            outer.append("o_")
            types.append(BIGINT)
        shown = ", ".join(f"{text} AS c{place}" for place, text in enumerate(outer))
        body = f"SELECT {shown} FROM (SELECT {', '.join(inner)})"
        alias = node.args.get("alias")
        outputs = tuple(Output(names.get(place), type_, f"c{place}") for place, type_ in enumerate(types))
        if alias is not None and isinstance(node.args.get("offset"), exp.Identifier):
            alias = exp.TableAlias(this=alias.this, columns=[*alias.columns, node.args["offset"]])
        relation = self._named(Compiled(body, outputs), alias, node)
        return replace(relation, sql=f"LATERAL {relation.sql}")

    # Queries within expressions

    def scalar(self, expressions: Expressions, node: exp.Subquery) -> Typed:
        body = self.compile(node, expressions.scope)
        if len(body.outputs) > 1:
            row = expressions.row([Typed(f"c{place}", output.type) for place, output in enumerate(body.outputs)])
            type_ = row_of((output.name, output.type) for output in body.outputs)
            return Typed(f"(SELECT {cast_text(row, type_)} FROM ({body.sql}))", type_)
        return Typed(f"({body.sql})", body.outputs[0].type)

    def exists(self, expressions: Expressions, node: exp.Exists) -> Typed:
        return Typed(f"EXISTS ({self.compile(node.this, expressions.scope).sql})", BOOLEAN)

    def in_query(self, expressions: Expressions, node: exp.In) -> Typed:
        value = expressions.compile(node.this)
        return self._tested(value, node.args["query"], expressions, node, "IN", "=")

    def quantified(self, expressions: Expressions, node: exp.Binary, operator: str) -> Typed:
        word = "ANY" if isinstance(node.expression, exp.Any) else "ALL"
        value = expressions.compile(node.this)
        return self._tested(value, node.expression.this, expressions, node, f"{operator} {word}", operator)

    def _tested(
        self,
        value: Typed,
        query: exp.Expr,
        expressions: Expressions,
        node: exp.Expr,
        word: str,
        operator: str,
    ) -> Typed:
        body = self.compile(query, expressions.scope)
        if len(body.outputs) != 1:
            raise refuse(TypeMismatch, "Multiple columns returned by subquery are not yet supported", node)
        type_ = common_type(value.type, body.outputs[0].type)
        if type_ is None:
            raise refuse(
                TypeMismatch,
                f"value and result of subquery must be of the same type: {value.type.athena} vs {body.outputs[0].type.athena}",
                node,
            )
        inner = Typed("c0", body.outputs[0].type)
        column = comparable(coerced(inner, type_))
        text = body.sql if column == "c0" else f"SELECT {column} AS c0 FROM ({body.sql})"
        return Typed(f"({comparable(coerced(value, type_))} {word} ({text}))", BOOLEAN)

    # Aggregates and windows

    def aggregate(self, expressions: Expressions, node: exp.Expr) -> Typed:
        return AggregateCall(expressions).compile(node)


class AggregateCall:
    """A call with what stands around it: DISTINCT, ORDER BY, FILTER, WITHIN GROUP, IGNORE NULLS, OVER."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions

    def compile(self, node: exp.Expr) -> Typed:
        modifiers = {"d": "", "o": "", "f": "", "i": ""}
        over: exp.Window | None = None
        rest = node
        while not isinstance(rest, exp.Anonymous):
            if isinstance(rest, exp.Window):
                over = rest
            elif isinstance(rest, exp.Filter):
                modifiers["f"] = f" FILTER (WHERE {self._expressions.boolean(rest.expression.this).sql})"
            elif isinstance(rest, exp.IgnoreNulls):
                modifiers["i"] = " IGNORE NULLS"
            elif isinstance(rest, exp.WithinGroup):
                modifiers["o"] = self._order(rest.expression)
            elif not isinstance(rest, exp.RespectNulls):
                raise refuse(NotSupported, f"{rest.key.upper()} is not supported here", rest)
            rest = rest.this
        arguments = self._arguments(rest, modifiers)
        modifiers["f"] += self._over(over) if over is not None else ""
        name = rest.name.lower()
        if name == "count" and len(arguments) == 1 and isinstance(arguments[0], exp.Star):
            arguments = []
        if over is None and not modifiers["d"] and not any(each.aggregate for each in FUNCTIONS.get(name, ())):
            raise refuse(InvalidSql, f"Window function {name} requires an OVER clause", node)
        with self._expressions.queries.computing(narrow=True):
            # Whatever fails here fails before an aggregate has given a row, so that a query can begin anew, exactly.
            return self._expressions.function(name, arguments, node, **modifiers)

    def _arguments(self, call: exp.Expr, modifiers: dict[str, str]) -> list[exp.Expr]:
        """Take DISTINCT and ORDER BY off the arguments, where the parser has wrapped them around the last one."""
        arguments = list(call.expressions)
        if arguments and isinstance(arguments[-1], exp.Order):
            order = arguments.pop()
            modifiers["o"] = self._order(order)
            arguments.append(order.this)
        if arguments and isinstance(arguments[-1], exp.Distinct):
            modifiers["d"] = "DISTINCT "
            arguments += arguments.pop().expressions
        return arguments

    def _order(self, order: exp.Order) -> str:
        return f" ORDER BY {', '.join(self._term(each) for each in order.expressions)}"

    def _term(self, node: exp.Ordered) -> str:
        value = self._expressions.compile(node.this)
        return f"{comparable(value)} {_direction(node)}"

    def _over(self, window: exp.Window) -> str:
        parts = []
        if window.args.get("partition_by"):
            texts = (comparable(self._expressions.compile(each)) for each in window.args["partition_by"])
            parts.append(f"PARTITION BY {', '.join(texts)}")
        if window.args.get("order"):
            parts.append(self._order(window.args["order"]).strip())
        if window.args.get("spec"):
            parts.append(self._frame(window.args["spec"]))
        return f" OVER ({' '.join(parts)})"

    def _frame(self, spec: exp.WindowSpec) -> str:
        kind = str(spec.args.get("kind") or "RANGE").upper()
        start = self._bound(spec.args.get("start"), spec.args.get("start_side"), "PRECEDING")
        end = (
            self._bound(spec.args["end"], spec.args.get("end_side"), "FOLLOWING")
            if spec.args.get("end")
            else "CURRENT ROW"
        )
        return f"{kind} BETWEEN {start} AND {end}"

    def _bound(self, value: Any, side: str | None, default: str) -> str:
        if value is None or value == "CURRENT ROW":
            return "CURRENT ROW"
        if value == "UNBOUNDED":
            return f"UNBOUNDED {side or default}"
        distance = self._expressions.compile(value)
        if isinstance(distance.literal, int | Decimal) and distance.literal > MOST_ROWS:
            return f"UNBOUNDED {side or default}"
        step = STEPS.get(distance.type, "{}").format(distance.sql)
        return f"{step} {side or default}"


def _name_no_windows(select: exp.Select) -> None:
    """Put what WINDOW says in the places of its names, those of this query and not of ones within it."""
    definitions: dict[str, exp.Expr] = {}
    for definition in select.args.get("windows") or ():
        _fill_window(definition, definitions)
        definitions[definition.this.name.lower()] = definition
    for name in ("expressions", "order"):
        value = select.args.get(name)
        for top in value if isinstance(value, list) else [value] if value is not None else []:
            for each in top.walk(prune=lambda node: isinstance(node, exp.Query)):
                if isinstance(each, exp.Window):
                    _fill_window(each, definitions)


def _fill_window(window: exp.Expr, definitions: dict[str, exp.Expr]) -> None:
    alias = window.args.get("alias")
    if alias is None:
        return
    definition = definitions.get(alias.name.lower())
    if definition is None:
        raise refuse(InvalidSql, f"Cannot resolve WINDOW name {alias.name}", window)
    if window.args.get("partition_by"):
        raise refuse(InvalidSql, "WINDOW specification with reference cannot specify PARTITION BY", window)
    if window.args.get("order") and definition.args.get("order"):
        raise refuse(InvalidSql, "Cannot specify ORDER BY if the referenced WINDOW has it", window)
    for name in ("partition_by", "order", "spec"):
        given = definition.args.get(name)
        if given and not window.args.get(name):
            window.set(name, [each.copy() for each in given] if isinstance(given, list) else given.copy())
    window.set("alias", None)


def _all_columns(item: exp.Star, scope: Scope) -> list[tuple[str | None, Typed]]:
    if item.args.get("except_") or item.args.get("replace") or item.args.get("rename"):
        raise refuse(NotSupported, "a star takes nothing more", item)
    if not scope.columns:
        raise refuse(ColumnNotFound, "SELECT * not allowed in queries without FROM clause", item)
    return [(column.name, column.value) for column in visible(scope.columns)]


def _of_row(row: exp.Expr, expressions: Expressions) -> list[Typed]:
    """Return the values of a row of VALUES; a single one that is a row itself stands for its fields."""
    given = row.expressions if isinstance(row, exp.Tuple) else [row]
    if len(given) == 1 and isinstance(given[0], exp.Anonymous) and given[0].name.lower() == "row":
        given = given[0].expressions
        return [expressions.compile(each) for each in given]
    values = [expressions.compile(each) for each in given]
    if len(values) == 1 and values[0].type.name == ROW:
        return [value for _, value in _fields(values[0], row)]
    return values


def _is_join(node: exp.Expr) -> bool:
    return isinstance(node, exp.Table | exp.Join) or (isinstance(node, exp.Subquery) and bool(node.args.get("joins")))


def _has_ties(limit: Any) -> bool:
    options = limit.args.get("limit_options") if isinstance(limit, exp.Fetch) else None
    return options is not None and bool(options.args.get("with_ties"))


def _direction(node: exp.Ordered) -> str:
    return f"{'DESC' if node.args.get('desc') else 'ASC'} NULLS {'FIRST' if node.args.get('nulls_first') else 'LAST'}"


def _has_ending(node: exp.Expr) -> bool:
    return any(node.args.get(name) for name in ("order", "limit", "offset", "with_"))


def _reads(node: exp.Expr, name: str) -> bool:
    return any(table.name.lower() == name and not table.db for table in node.find_all(exp.Table))


def _renamed(outputs: Sequence[Output], aliases: Sequence[str], node: exp.Expr) -> tuple[Output, ...]:
    if aliases and len(aliases) != len(outputs):
        raise refuse(
            InvalidSql, f"Column alias list has {len(aliases)} entries but relation has {len(outputs)} columns", node
        )
    if not aliases:
        return tuple(outputs)
    return tuple(replace(output, name=alias) for output, alias in zip(outputs, aliases, strict=True))


def _as_types(compiled: Compiled, types: Sequence[DataType]) -> str:
    if [output.type for output in compiled.outputs] == list(types) and UNKNOWN not in types:
        return f"SELECT * FROM ({compiled.sql})"
    shown = (
        f"{coerced(Typed(f'c{place}', output.type), type_).sql} AS c{place}"
        for place, (output, type_) in enumerate(zip(compiled.outputs, types, strict=True))
    )
    return f"SELECT {', '.join(shown)} FROM ({compiled.sql})"


def _all_of(relation: Relation) -> Compiled:
    shown = ", ".join(f"{column.value.sql} AS c{place}" for place, column in enumerate(relation.columns))
    outputs = tuple(
        Output(column.name, column.value.type, f"c{place}") for place, column in enumerate(relation.columns)
    )
    return Compiled(f"SELECT {shown} FROM {relation.sql}", outputs)


def _shown(value: Typed) -> str:
    return "CAST(NULL AS INTEGER)" if value.type == UNKNOWN and value.sql == "NULL" else value.sql


def _own_name(node: exp.Expr) -> str | None:
    node = node.unnest()
    if isinstance(node, exp.Column):
        return node.name.lower()
    return node.expression.name.lower() if isinstance(node, exp.Dot) else None


def _fields(value: Typed, node: exp.Expr) -> list[tuple[str | None, Typed]]:
    if value.type.name != ROW:
        raise refuse(TypeMismatch, "a star stands behind a row", node)
    return [
        (field.name, Typed(f"({value.sql}).{quoted(own)}", field.type))
        for own, field in zip(row_names(value.type), value.type.fields, strict=True)
    ]


def _of_output(place: int, outputs: Sequence[Output]) -> str:
    value = Typed(f"c{place}", outputs[place].type)
    key = comparable(value)
    return str(place + 1) if key == value.sql else key


def _only(columns: Sequence[Column], name: str, node: exp.Expr) -> Column:
    found = [column for column in columns if column.name == name and not (column.hidden and column.relation)]
    if len(found) != 1:
        text = f"Column '{name}' is ambiguous" if found else f"Column '{name}' is missing from one side of the join"
        raise refuse(InvalidSql, text, node)
    return found[0]


def _count(node: exp.Expr) -> str:
    if not isinstance(node, exp.Literal) or node.is_string or not node.name.isdigit():
        raise refuse(NotSupported, "LIMIT and OFFSET take a number", node)
    return node.name


def _sample(node: exp.Expr) -> str:
    sample = node.args.get("sample")
    if sample is None:
        return ""
    method = str(sample.args.get("method") or "BERNOULLI").upper()
    percent = sample.args.get("percent") or sample.args.get("size")
    return f" TABLESAMPLE {method}({percent.name}%)"
