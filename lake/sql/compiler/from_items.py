"""FROM: tables, queries in parentheses, VALUES, UNNEST, LATERAL, and how they are joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from lake.errors import ColumnNotFound, InvalidSql, MalformedQuery, NotSupported, TypeMismatch
from lake.sql.compiler.atoms import fields_of
from lake.sql.compiler.casts import coerced
from lake.sql.compiler.coercion import BIGINT, common_type
from lake.sql.compiler.expressions import Expressions, check_arguments, refuse
from lake.sql.compiler.forms import form, row_names
from lake.sql.compiler.operators import comparison
from lake.sql.compiler.ordering import has_ending
from lake.sql.compiler.relation import Compiled, FindSource, Relation, all_of, renamed
from lake.sql.compiler.scope import Column, Names, Output, Scope
from lake.sql.compiler.typed import Typed
from lake.types import DataType
from lake.types.datatype import ARRAY, MAP, ROW, quoted

if TYPE_CHECKING:
    from lake.sql.compiler.queries import Queries


class FromItems:
    def __init__(self, queries: Queries, find_source: FindSource, names: Names) -> None:
        self._queries = queries
        self._find_source = find_source
        self._names = names

    def read(self, node: exp.Select, outer: Scope | None) -> tuple[str, list[Column]]:
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
            found = self.table(node, outer)
        elif isinstance(node, exp.Subquery) and not _is_join(node.this):
            body = (
                self._queries.compile(node, Scope(before, outer) if before else outer)
                if has_ending(node)
                else self._queries.compile(node.this, outer)
            )
            found = self._named(body, node.args.get("alias"), node)
        elif isinstance(node, exp.Subquery):
            found = self._joined(node, outer, before)
        elif isinstance(node, exp.Values):
            found = self.values(node, outer)
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
        named = self._named(self._queries.compile(node.this, Scope(before, outer)), node.args.get("alias"), node)
        return replace(named, sql=f"LATERAL {named.sql}")

    def _joined(self, node: exp.Subquery, outer: Scope | None, before: Sequence[Column]) -> Relation:
        """Read a join in parentheses, whose columns keep their names unless there is an alias behind it."""
        found = self._item(node.this, outer, before)
        alias = node.args.get("alias")
        return found if alias is None else self._named(all_of(found), alias, node)

    def _join(self, text: str, columns: list[Column], join: exp.Expr, outer: Scope | None) -> tuple[str, list[Column]]:
        if isinstance(join, exp.Lateral):
            right = self._item(join, outer, columns)
            return f"{text} CROSS JOIN {right.sql}", [*columns, *right.columns]
        check_arguments(join, ("this", "side", "kind", "method", "on", "using"))
        right = self._item(join.this, outer, columns)
        side, kind, method = (str(join.args.get(name) or "").upper() for name in ("side", "kind", "method"))
        together = [*columns, *right.columns]
        if isinstance(join.this, exp.Unnest) and not _is_unconditional(join):
            message = f"{side or 'INNER'} JOIN involving UNNEST is only supported with condition ON TRUE"
            raise refuse(NotSupported, message, join)
        if join.args.get("using") or method == "NATURAL":
            return self._using(text, columns, right, join, side or "INNER")
        on = join.args.get("on")
        if method:
            raise refuse(NotSupported, f"{method} JOIN is not supported", join)
        if on is None and (side or kind == "INNER"):
            raise refuse(MalformedQuery, f"{side or kind} JOIN wants ON or USING", join)
        if on is None:
            return f"{text} CROSS JOIN {right.sql}", together
        if kind not in ("", "INNER", "OUTER"):
            raise refuse(NotSupported, f"{kind} JOIN is not supported", join)
        if side in ("RIGHT", "FULL") and isinstance(join.this, exp.Lateral):
            # Trino joins each row of the left side to what it gives, so that an empty side gives nothing.
            raise refuse(NotSupported, f"{side} JOIN LATERAL is not supported", join)
        condition = self._expressions(Scope(together, outer)).boolean(on)
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

    def table(self, node: exp.Table, outer: Scope | None) -> Relation:
        name = node.name.lower()
        alias = node.args.get("alias")
        source = self._find_source(node)
        if source is None and not node.db:
            cte = self._queries.cte(name)
            if cte is not None:
                return self._named(cte, alias or exp.TableAlias(this=exp.to_identifier(name)), node, bare=True)
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
        return Relation(f"{source.mark} AS {own}{_sample(node)}", tuple(columns))

    def _named(self, body: Compiled, alias: exp.TableAlias | None, node: exp.Expr, *, bare: bool = False) -> Relation:
        own = self._names.new("r")
        name = alias.name.lower() if alias is not None and alias.this is not None else None
        aliases = [each.name.lower() for each in alias.columns] if alias is not None else []
        outputs = renamed(body.outputs, aliases, node)
        columns = tuple(
            Column(output.name, name, Typed(f"{own}.c{place}", output.type)) for place, output in enumerate(outputs)
        )
        text = body.sql if bare else f"({body.sql})"
        return Relation(f"{text} AS {own}{_sample(node)}", columns)

    def values(self, node: exp.Values, outer: Scope | None) -> Relation:
        expressions = self._expressions(Scope((), outer))
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
        expressions = self._expressions(scope)
        inner: list[str] = []
        outer: list[str] = []
        types: list[DataType] = []
        names: dict[int, str | None] = {}
        lengths: list[str] = []
        values = [expressions.compile(each) for each in node.expressions]
        whole = _keeps_rows_whole(node, [value.type for value in values])
        for each, value in zip(node.expressions, values, strict=True):
            place = f"u{len(inner)}"
            if value.type.name == MAP:
                inner += [
                    f"unnest(map_keys({value.sql})) AS {place}",
                    f"unnest(map_values({value.sql})) AS u{len(inner) + 1}",
                ]
                outer += [place, f"u{len(inner) - 1}"]
                types += [value.type.key, value.type.value]
                lengths.append(f"CAST(cardinality({value.sql}) AS BIGINT)")
                continue
            if value.type.name != ARRAY:
                raise refuse(TypeMismatch, f"Cannot unnest type: {value.type.athena}", each)
            inner.append(f"unnest({value.sql}) AS {place}")
            lengths.append(f"len({value.sql})")
            element = value.type.element
            if element.name == ROW and not whole:
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

    def _expressions(self, scope: Scope) -> Expressions:
        return Expressions(scope, self._queries, self._names)


def _of_row(row: exp.Expr, expressions: Expressions) -> list[Typed]:
    """Return the values of a row of VALUES; a single one that is a row itself stands for its fields."""
    given = row.expressions if isinstance(row, exp.Tuple) else [row]
    if len(given) == 1 and isinstance(given[0], exp.Anonymous) and given[0].name.lower() == "row":
        given = given[0].expressions
        return [expressions.compile(each) for each in given]
    values = [expressions.compile(each) for each in given]
    if len(values) == 1 and values[0].type.name == ROW:
        return [value for _, value in fields_of(values[0], row)]
    return values


def _is_join(node: exp.Expr) -> bool:
    return isinstance(node, exp.Table | exp.Join) or (isinstance(node, exp.Subquery) and bool(node.args.get("joins")))


def _only(columns: Sequence[Column], name: str, node: exp.Expr) -> Column:
    found = [column for column in columns if column.name == name and not (column.hidden and column.relation)]
    if len(found) != 1:
        if found:
            raise refuse(InvalidSql, f"Column '{name}' is ambiguous", node, "AMBIGUOUS_NAME")
        raise refuse(ColumnNotFound, f"Column '{name}' is missing from one side of the join", node)
    return found[0]


SAMPLING = ("BERNOULLI", "SYSTEM")


def _sample(node: exp.Expr) -> str:
    sample = node.args.get("sample")
    if sample is None:
        return ""
    check_arguments(sample, ("method", "percent"))
    method, percent = sample.args["method"].name.upper(), sample.args.get("percent")
    if method not in SAMPLING or not isinstance(percent, exp.Literal) or percent.is_string:
        raise refuse(NotSupported, "TABLESAMPLE takes BERNOULLI or SYSTEM and a number", node)
    if not 0 <= Decimal(percent.name) <= 100:
        raise refuse(InvalidSql, "Sample percentage must be between 0 and 100", node, "NUMERIC_VALUE_OUT_OF_RANGE")
    return f" TABLESAMPLE {method}({Decimal(percent.name):f}%)"


def _is_unconditional(join: exp.Expr) -> bool:
    on = join.args.get("on")
    return not join.args.get("using") and (on is None or (isinstance(on, exp.Boolean) and bool(on.this)))


def _keeps_rows_whole(node: exp.Unnest, types: Sequence[DataType]) -> bool:
    """Say whether the alias has one name for each array. Athena then gives a row whole, where Trino wants a name a field.

    docs.aws.amazon.com/athena/latest/ug/waf-logs.html asks `UNNEST(httprequest.headers) AS t(header)`.
    """
    alias = node.args.get("alias")
    ordinality = node.args.get("offset")
    named = len(alias.columns) if alias is not None else 0
    named += isinstance(ordinality, exp.Identifier)
    maps = sum(type_.name == MAP for type_ in types)
    fields = sum(len(type_.element.fields) - 1 for type_ in types if type_.name == ARRAY and type_.element.name == ROW)
    at_least = len(types) + maps + bool(ordinality)
    return named == at_least and (fields > 0 or _asks_for_fields(node))


def _asks_for_fields(node: exp.Unnest) -> bool:
    """Say whether the query names a field of what the alias names, as in `t(label)` and `label.name`."""
    alias, query = node.args.get("alias"), node.find_ancestor(exp.Select)
    if alias is None or query is None:
        return False
    names = {column.name.lower() for column in alias.columns} - {alias.name.lower()}
    return any(column.parts[0].name.lower() in names for column in query.find_all(exp.Column) if column.table)
