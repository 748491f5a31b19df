"""Which table every name of a query means: CTEs first, then the catalog; views are put in as subqueries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from lake.errors import DatabaseNotFound, InvalidSql, NotSupported, TableNotFound
from lake.model import Table, TableName
from lake.sql.parse import parse_query, position
from lake.sql.survey import Survey, survey

CATALOG_NAME = "awsdatacatalog"
MAX_VIEW_DEPTH = 32

GetTable = Callable[[TableName], Table]
ViewText = Callable[[Table], tuple[str, str]]
"""Returns a view's SQL and the database that its unqualified names mean."""


@dataclass(frozen=True, slots=True)
class TableReference:
    """One place in a query that reads a table: the node, its alias there, and what the catalog says."""

    node: exp.Table
    table: Table

    @property
    def alias(self) -> str:
        return self.node.alias_or_name.lower()


def resolve_tables(
    found: Survey,
    *,
    database: str,
    get_table: GetTable,
    view_text: ViewText,
) -> list[TableReference]:
    """Resolve every table of a tree, replacing views in place, whose nodes are added to `found`.

    A name that is neither CTE nor table raises.
    """
    databases: dict[str, set[str]] = defaultdict(set)
    for node in found.tables:
        databases[node.name.lower()].add(node.db.lower() or database)
    references = list(_resolve(found, database, get_table, view_text, ()))
    for column in found.columns:
        # `web.clicks.id` is column id of web.clicks, which is a subquery by its bare name where it is a view.
        if column.db and databases.get(column.table.lower()) == {column.db.lower()}:
            column.set("db", None)
            column.set("catalog", None)
    return references


def is_cte(node: exp.Table) -> bool:
    return find_cte(node) is not None


def find_cte(node: exp.Table) -> exp.CTE | None:
    """Return the CTE that an unqualified name means at its place, or None."""
    if node.args.get("db") or not isinstance(node.this, exp.Identifier):
        return None
    name = node.name.lower()
    child: exp.Expr = node
    ancestor = node.parent
    while ancestor is not None:
        with_ = ancestor.args.get("with_")
        if with_ is not None and child is not with_:
            for cte in reversed(with_.expressions):
                if cte.alias.lower() == name:
                    return cte  # type: ignore[no-any-return]
        if isinstance(ancestor, exp.With):
            found = _earlier_cte(ancestor, child, name)
            if found is not None:
                return found
        child, ancestor = ancestor, ancestor.parent
    return None


def _earlier_cte(with_: exp.With, inside: exp.Expr, name: str) -> exp.CTE | None:
    index = next(number for number, cte in enumerate(with_.expressions) if cte is inside)
    visible = with_.expressions[: index + 1] if with_.args.get("recursive") else with_.expressions[:index]
    return next((cte for cte in reversed(visible) if cte.alias.lower() == name), None)


def _resolve(
    found: Survey, database: str, get_table: GetTable, view_text: ViewText, inside: tuple[TableName, ...]
) -> Iterator[TableReference]:
    for node in found.tables:
        if is_cte(node):
            continue
        name = _table_name(node, database)
        table = _look_up(node, name, get_table)
        if not table.is_view:
            yield TableReference(node, table)
            continue
        if name in inside or len(inside) >= MAX_VIEW_DEPTH:
            raise InvalidSql(
                f"view {name} reads itself" if name in inside else f"views nest deeper than {MAX_VIEW_DEPTH}"
            )
        sql, view_database = view_text(table)
        body = exp.Subquery(this=parse_query(sql), alias=_alias(node), sample=node.args.get("sample"))
        body.set("joins", node.args.get("joins"))
        inner = survey(body)
        yield from _resolve(inner, view_database, get_table, view_text, (*inside, name))
        found.add(inner)
        node.replace(body)


def _alias(node: exp.Table) -> exp.TableAlias:
    alias = node.args.get("alias")
    return alias.copy() if alias is not None else exp.TableAlias(this=exp.to_identifier(node.name, quoted=True))


def _table_name(node: exp.Table, database: str) -> TableName:
    line, column = position(node)
    if not isinstance(node.this, exp.Identifier):
        raise NotSupported("a table function cannot be read from", line=line, column=column)
    for argument in ("version", "when", "pivots", "hints", "system_time", "only", "partition", "ordinality"):
        if node.args.get(argument):
            raise NotSupported(f"{argument} on table {node.name!r} is not supported", line=line, column=column)
    catalog = node.catalog.lower()
    if catalog and catalog != CATALOG_NAME:
        raise NotSupported(f"catalog {node.catalog!r} is not known; it is {CATALOG_NAME}", line=line, column=column)
    return TableName(node.db or database, node.name)


def _look_up(node: exp.Table, name: TableName, get_table: GetTable) -> Table:
    try:
        return get_table(name)
    except (TableNotFound, DatabaseNotFound) as error:
        line, column = position(node)
        place = f"line {line}:{column}: " if line is not None else ""
        error.args = (place + error.message,)
        error.message = place + error.message
        raise
