"""Which columns each part of a query gives, as far as that is known before it runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from lake.sql.tables import TableReference, find_cte

Output = tuple[str, exp.Column | None]
"""The name of a column that a query gives and, where it is passed on as it is, the column behind it."""


@dataclass(slots=True)
class Source:
    """One item of FROM: its alias, the node, and whether an outer join may put NULLs in its place."""

    alias: str
    node: exp.Expr
    optional: bool = False


def sources_of(select: exp.Select) -> list[Source]:
    start = select.args.get("from_")
    if start is None:
        return []
    sources = _with_nested(start.this)
    for join in select.args.get("joins") or ():
        side = join.side.upper()
        if side in ("RIGHT", "FULL"):
            for source in sources:
                source.optional = True
        joined = _with_nested(join.this)
        if side in ("LEFT", "FULL"):
            for source in joined:
                source.optional = True
        sources += joined
    return sources


def _with_nested(node: exp.Expr) -> list[Source]:
    """Return an item of FROM and what is joined to it before it is joined itself: `a JOIN b LEFT JOIN c ON … ON …`."""
    nested = [join.this for join in node.args.get("joins") or ()]
    return [Source(each.alias_or_name.lower(), each, optional=bool(nested)) for each in (node, *nested)]


def merged_names(select: exp.Select) -> frozenset[str]:
    """Return the names that USING makes one column of two."""
    joins = select.args.get("joins") or ()
    return frozenset(name.name.lower() for join in joins for name in join.args.get("using") or ())


def _merges_below_star(select: exp.Select) -> bool:
    return bool(merged_names(select)) and any(isinstance(item, exp.Star) for item in select.expressions)


def definition(node: exp.Expr) -> exp.Query | None:
    """Return the query behind a derived table or the name of a CTE that does not read itself."""
    body: exp.Expr | None = None
    if isinstance(node, exp.Subquery):
        body = node.this
    elif isinstance(node, exp.Table) and (cte := find_cte(node)) is not None and not is_recursive(cte):
        body = cte.this
    return body if isinstance(body, exp.Query) else None


def is_recursive(cte: exp.CTE) -> bool:
    return isinstance(cte.parent, exp.With) and bool(cte.parent.args.get("recursive"))


def unambiguous(outputs: Iterable[Output]) -> dict[str, exp.Column]:
    """Return the columns behind the names that occur once."""
    listed = list(outputs)
    uses = Counter(name for name, _ in listed)
    return {name: column for name, column in listed if column is not None and uses[name] == 1}


class Columns:
    """Answers for one tree, whose tables `references` are. None means that it is not known."""

    def __init__(self, references: Sequence[TableReference]) -> None:
        self._tables = {
            id(reference.node): [column.name for column in reference.table.all_columns] for reference in references
        }
        self._known: dict[int, list[Output] | None] = {}

    def of_source(self, node: exp.Expr) -> list[str] | None:
        """Return the names that the columns of a FROM item have where it stands."""
        return self.new_names(node) or self.before_alias(node)

    def new_names(self, node: exp.Expr) -> list[str]:
        """Return the names that an alias gives to the columns of a FROM item, itself or at the CTE that it names."""
        cte = find_cte(node) if isinstance(node, exp.Table) and id(node) not in self._tables else None
        for named in (node, cte):
            alias = named.args.get("alias") if named is not None else None
            if isinstance(alias, exp.TableAlias) and alias.columns:
                return [column.name.lower() for column in alias.columns]
        return []

    def before_alias(self, node: exp.Expr) -> list[str] | None:
        """Return the names that the columns of a FROM item have before its alias gives others."""
        if id(node) in self._tables:
            return self._tables[id(node)]
        body = definition(node)
        return self.of_query(body) if body is not None else None

    def of_query(self, query: exp.Expr) -> list[str] | None:
        """Return the names in order, which the engine alone knows where a star covers columns that USING merges."""
        while isinstance(query, exp.Subquery | exp.SetOperation):
            if query.args.get("by_name"):
                return None
            query = query.this
        if not isinstance(query, exp.Select) or _merges_below_star(query):
            return None
        outputs = self.outputs(query)
        return None if outputs is None else [name for name, _ in outputs]

    def outputs(self, select: exp.Select) -> list[Output] | None:
        if id(select) not in self._known:
            self._known[id(select)] = self._outputs(select)
        return self._known[id(select)]

    def qualified(self, column: exp.Column, sources: Sequence[Source]) -> tuple[str, str]:
        """Return a column's source by alias, and its name; no alias where several sources or none have it."""
        name = column.name.lower()
        if column.table:
            return column.table.lower(), name
        owners = [source for source in sources if name in (self.of_source(source.node) or ())]
        return owners[0].alias if len(owners) == 1 else "", name

    def _outputs(self, select: exp.Select) -> list[Output] | None:
        outputs: list[Output] = []
        for projection in select.expressions:
            if projection.is_star:
                star = self._star(projection, select)
                if star is None:
                    return None
                outputs += star
            else:
                inner = projection.this if isinstance(projection, exp.Alias) else projection
                outputs.append((projection.alias_or_name.lower(), inner if isinstance(inner, exp.Column) else None))
        return outputs

    def _star(self, star: exp.Expr, select: exp.Select) -> list[Output] | None:
        alias = star.table.lower() if isinstance(star, exp.Column) else None
        sources = [source for source in sources_of(select) if alias in (None, source.alias)]
        merged = merged_names(select) if alias is None else frozenset()
        outputs: list[Output] = [(name, _column(name)) for name in merged]
        for source in sources:
            names = self.of_source(source.node)
            if names is None:
                return None
            outputs += [(name, _column(name, source.alias)) for name in names if name not in merged]
        return outputs


def _column(name: str, table: str | None = None) -> exp.Column:
    quoted_table = exp.to_identifier(table, quoted=True) if table else None
    return exp.column(exp.to_identifier(name, quoted=True), table=quoted_table)
