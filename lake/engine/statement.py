"""A plan as the one DuckDB statement that answers it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from lake.engine.files import Files
from lake.engine.scan import HIDDEN_COLUMNS, scan_text
from lake.history import HISTORY_TABLE
from lake.sql.plan import QueryPlan, Scan
from lake.sql.translate import ScanText, to_duckdb

HISTORY_NAME = "history_queries"


@dataclass(frozen=True, slots=True)
class Statement:
    text: str
    reads_history: bool
    history_name: str = HISTORY_NAME


def build_statement(plan: QueryPlan, files: Files) -> Statement:
    """Put the scans in the places of the table names and write the whole as DuckDB's text. The plan stays as it is."""
    hidden = [name for name in HIDDEN_COLUMNS if _mentions(plan.tree, name)]
    texts = [_source(scan, files, hidden) for scan in plan.scans]
    originals = [reference.node for reference in plan.references]
    root = exp.Subquery(this=plan.tree)
    places = {id(node): number for number, node in enumerate(originals)}
    copy = _copied_with(root, places, texts, [scan.alias for scan in plan.scans])
    if hidden:
        _leave_out_of_stars(copy, hidden)
    return Statement(to_duckdb(copy.this), any(scan.table is HISTORY_TABLE for scan in plan.scans))


def _source(scan: Scan, files: Files, hidden: list[str]) -> str:
    if scan.table is HISTORY_TABLE:
        return f"(SELECT * FROM {HISTORY_NAME})"
    return scan_text(scan, files, hidden=hidden)


def _copied_with(root: exp.Expr, places: dict[int, int], texts: list[str], aliases: list[str]) -> exp.Expr:
    """Copy the tree with ScanText nodes for the numbered ones."""
    for node in root.find_all(exp.Table):
        if id(node) in places:
            node.meta["scan"] = places[id(node)]
    copy = root.copy()
    for node in list(copy.find_all(exp.Table)):
        number = node.meta.get("scan")
        if number is None:
            continue
        alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(aliases[number], quoted=True))
        scan = exp.Subquery(this=ScanText(this=texts[number][1:-1]), alias=alias, sample=node.args.get("sample"))
        scan.set("joins", node.args.get("joins"))
        node.replace(scan)
    return copy


def _mentions(tree: exp.Query, name: str) -> bool:
    return any(column.name.lower() == name for column in tree.find_all(exp.Column))


def _leave_out_of_stars(tree: exp.Expr, hidden: list[str]) -> None:
    for select in tree.find_all(exp.Select):
        for star in select.expressions:
            if isinstance(star, exp.Star):
                star.set("except_", [exp.to_identifier(name, quoted=True) for name in hidden])
