"""A plan as the one DuckDB statement that answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from lake.engine.files import Files
from lake.engine.scan import HIDDEN_COLUMNS, Wanted, scan_text
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
    wanted = _wanted(plan.tree)
    texts = [_source(scan, files, wanted) for scan in plan.scans]
    originals = [reference.node for reference in plan.references]
    root = exp.Subquery(this=plan.tree)
    places = {id(node): number for number, node in enumerate(originals)}
    copy = _copied_with(root, places, texts, [scan.alias for scan in plan.scans])
    if wanted.hidden:
        _leave_out_of_stars(copy, wanted.hidden)
    return Statement(to_duckdb(copy.this), any(scan.table is HISTORY_TABLE for scan in plan.scans))


def _source(scan: Scan, files: Files, wanted: Wanted) -> str:
    if scan.table is HISTORY_TABLE:
        return f"(SELECT * FROM {HISTORY_NAME})"
    return scan_text(scan, files, wanted)


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


def _wanted(tree: exp.Query) -> Wanted:
    """Say which names a query mentions at all; a star, a natural join, an alias that lists columns mention all."""
    names = frozenset(identifier.name.lower() for identifier in tree.find_all(exp.Identifier))
    stars = any(not isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star))
    natural = any(join.method for join in tree.find_all(exp.Join))
    listed = any(table.alias_column_names for table in tree.find_all(exp.Table))
    hidden = tuple(name for name in HIDDEN_COLUMNS if name in names)
    return Wanted(None if stars or natural or listed else names, hidden)


def _leave_out_of_stars(tree: exp.Expr, hidden: Sequence[str]) -> None:
    for select in tree.find_all(exp.Select):
        for star in select.expressions:
            if isinstance(star, exp.Star):
                star.set("except_", [exp.to_identifier(name, quoted=True) for name in hidden])
