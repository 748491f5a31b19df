"""WINDOW: what its names stand for."""

from __future__ import annotations

from sqlglot import exp

from lake.errors import InvalidSql
from lake.sql.compiler.expressions import refuse


def name_no_windows(select: exp.Select) -> None:
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
