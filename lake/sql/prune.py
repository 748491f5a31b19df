"""Which predicates of a query decide on the partitions of a table before any file is listed.

A predicate counts when it is one of the AND-ed conditions that every row of the table must pass, and reads nothing
but the table's partition keys. Conditions travel into derived tables, views and CTEs where that changes no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from lake.sql.tables import TableReference, find_cte

NONDETERMINISTIC = (exp.Rand, exp.Uuid, exp.Query, exp.AggFunc, exp.Window, exp.Placeholder, exp.Parameter)
NONDETERMINISTIC_NAMES = frozenset({"random", "rand", "uuid", "shuffle"})


@dataclass(frozen=True, slots=True)
class KeyPredicate:
    """A condition on partition keys of one table, its columns unqualified and quoted.

    `must_reject_null` is set where the table stands on the optional side of an outer join: there a condition that
    an absent row passes says nothing about which rows may be left out.
    """

    condition: exp.Expr
    must_reject_null: bool = False


@dataclass(slots=True)
class _Source:
    """One item of FROM: its alias, the node, and whether an outer join may put NULLs in its place."""

    alias: str
    node: exp.Expr
    optional: bool = False
    conditions: list[exp.Expr] = field(default_factory=list)


def key_predicates(tree: exp.Query, references: Sequence[TableReference]) -> dict[int, list[KeyPredicate]]:
    """Return, by the position of a reference, the predicates on its partition keys."""
    finder = _Finder(tree, references)
    finder.run()
    return finder.found


class _Finder:
    def __init__(self, tree: exp.Query, references: Sequence[TableReference]) -> None:
        self._tree = tree
        self._index = {id(reference.node): number for number, reference in enumerate(references)}
        self._references = references
        self._cte_uses = _count_cte_uses(tree)
        self.found: dict[int, list[KeyPredicate]] = {}

    def run(self) -> None:
        for select in self._tree.find_all(exp.Select):
            sources = _sources(select)
            for source in sources:
                for condition, optional in _conditions_for(select, source):
                    self._give(source, condition, optional, sources)

    def _give(self, source: _Source, condition: exp.Expr, optional: bool, sources: list[_Source]) -> None:
        if _deterministic(condition) and self._reads_only(condition, source, sources):
            self._push(source.node, condition, optional)

    def _push(self, node: exp.Expr, condition: exp.Expr, optional: bool) -> None:
        number = self._index.get(id(node))
        if number is not None:
            keys = {column.name for column in self._references[number].table.partition_keys}
            if all(column.name.lower() in keys for column in condition.find_all(exp.Column)):
                self.found.setdefault(number, []).append(KeyPredicate(_unqualified(condition), optional))
        elif not optional:
            body = self._body(node)
            if body is not None:
                self._push_into(body, condition)

    def _body(self, node: exp.Expr) -> exp.Query | None:
        """Return the query behind a derived table, or behind a CTE that is read once."""
        if isinstance(node, exp.Subquery):
            body = node.this
        elif isinstance(node, exp.Table) and (cte := find_cte(node)) is not None:
            body = cte.this if self._cte_uses.get(id(cte)) == 1 else None
            node = cte
        else:
            return None
        alias = node.args.get("alias")
        renamed = alias is not None and alias.args.get("columns")
        return body if isinstance(body, exp.Query) and not renamed else None

    def _push_into(self, body: exp.Query, condition: exp.Expr) -> None:
        if isinstance(body, exp.Subquery):
            self._push_into(body.this, condition)
        elif body.args.get("limit") or body.args.get("offset") or body.args.get("fetch"):
            return
        elif isinstance(body, exp.SetOperation):
            self._push_into_set(body, condition)
        elif isinstance(body, exp.Select):
            self._push_into_select(body, condition)

    def _push_into_set(self, body: exp.SetOperation, condition: exp.Expr) -> None:
        names = [name.lower() for name in body.left.named_selects] if isinstance(body.left, exp.Query) else []
        if "*" in names or body.args.get("by_name"):
            return
        for branch in (body.left, body.right):
            own = [name.lower() for name in branch.named_selects]
            if len(own) != len(names) or "*" in own:
                continue
            renamed = {name: exp.column(own[place]) for place, name in enumerate(names)}
            translated = _substitute(condition, renamed)
            if translated is not None:
                self._push_into(branch, translated)

    def _push_into_select(self, body: exp.Select, condition: exp.Expr) -> None:
        sources = _sources(body)
        outputs = _bare_outputs(body, sources)
        inner = _substitute(condition, outputs)
        if inner is None or not all(_survives(body, column) for column in inner.find_all(exp.Column)):
            return
        for source in sources:
            self._give(source, inner, source.optional, sources)

    def _reads_only(self, condition: exp.Expr, source: _Source, sources: list[_Source]) -> bool:
        """Say whether `condition` reads columns of `source` and of nothing else."""
        columns = list(condition.find_all(exp.Column))
        for column in columns:
            qualifier = column.table.lower()
            if column.args.get("db") or (qualifier and qualifier != source.alias):
                return False
            if not qualifier and len(sources) > 1 and not self._owns(source, column.name.lower()):
                return False
        return bool(columns)

    def _owns(self, source: _Source, name: str) -> bool:
        number = self._index.get(id(source.node))
        if number is not None:
            return any(column.name == name for column in self._references[number].table.all_columns)
        body = self._body(source.node)
        return body is not None and name in {select.lower() for select in body.named_selects}


def _count_cte_uses(tree: exp.Expr) -> dict[int, int]:
    uses: dict[int, int] = {}
    for table in tree.find_all(exp.Table):
        cte = find_cte(table)
        if cte is not None:
            recursive = isinstance(cte.parent, exp.With) and cte.parent.args.get("recursive")
            uses[id(cte)] = uses.get(id(cte), 0) + (2 if recursive else 1)
    return uses


def _sources(select: exp.Select) -> list[_Source]:
    start = select.args.get("from_")
    if start is None:
        return []
    sources = [_Source(start.this.alias_or_name.lower(), start.this)]
    sources += [
        _Source(nested.this.alias_or_name.lower(), nested.this, optional=True)
        for nested in start.this.args.get("joins") or ()
    ]
    for join in select.args.get("joins") or ():
        side = join.side.upper()
        if side in ("RIGHT", "FULL"):
            for source in sources:
                source.optional = True
        sources.append(_Source(join.this.alias_or_name.lower(), join.this, side in ("LEFT", "FULL")))
    return sources


def _conditions_for(select: exp.Select, source: _Source) -> Iterator[tuple[exp.Expr, bool]]:
    """Yield the conditions that a row of `source` must pass, and whether an absent row may pass them too."""
    where = select.args.get("where")
    joins = select.args.get("joins") or ()
    merged = {identifier.name.lower() for join in joins for identifier in join.args.get("using") or ()}
    ambiguous = merged if any(join.side for join in joins) else set()
    if where is not None:
        for condition in _conjuncts(where.this):
            if not any(not c.table and c.name.lower() in ambiguous for c in condition.find_all(exp.Column)):
                yield condition, source.optional
    for join in joins:
        on = join.args.get("on")
        if on is None:
            continue
        if not join.side and join.kind.upper() in ("", "INNER"):
            yield from ((condition, source.optional) for condition in _conjuncts(on))
        elif join.side.upper() == "LEFT" and join.this is source.node:
            yield from ((condition, False) for condition in _conjuncts(on))


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    stack = [condition]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.And):
            stack += [node.right, node.left]
        elif isinstance(node, exp.Paren):
            stack.append(node.this)
        else:
            yield node


def _deterministic(condition: exp.Expr) -> bool:
    return not any(
        isinstance(node, NONDETERMINISTIC)
        or (isinstance(node, exp.Anonymous) and node.name.lower() in NONDETERMINISTIC_NAMES)
        for node in condition.walk()
    )


def _unqualified(condition: exp.Expr) -> exp.Expr:
    copy = condition.copy()
    for column in list(copy.find_all(exp.Column)):
        bare = exp.column(exp.to_identifier(column.name.lower(), quoted=True))
        if column is copy:
            return bare
        column.replace(bare)
    return copy


def _substitute(condition: exp.Expr, outputs: dict[str, exp.Column]) -> exp.Expr | None:
    """Return `condition` over the columns behind `outputs`, or None where one of its names is not among them."""
    copy = condition.copy()
    for column in list(copy.find_all(exp.Column)):
        inner = outputs.get(column.name.lower())
        if inner is None:
            return None
        if column is copy:
            return inner.copy()
        column.replace(inner.copy())
    return copy


def _bare_outputs(body: exp.Select, sources: list[_Source]) -> dict[str, exp.Column]:
    """Return, by output name, the columns that a SELECT passes on as they are."""
    outputs: dict[str, exp.Column] = {}
    for projection in body.expressions:
        inner = projection.this if isinstance(projection, exp.Alias) else projection
        if isinstance(inner, exp.Column) and not isinstance(inner.this, exp.Star):
            outputs[projection.alias_or_name.lower()] = inner
    if len(sources) == 1 and any(projection.is_star for projection in body.expressions):
        return _PassThrough(outputs)
    return outputs


class _PassThrough(dict[str, exp.Column]):
    """`SELECT *` over one source: every name that nothing else claims is the source's own."""

    def get(self, name: str, default: exp.Column | None = None) -> exp.Column | None:  # type: ignore[override]
        return super().get(name) or exp.column(exp.to_identifier(name, quoted=True))


def _survives(body: exp.Select, column: exp.Column) -> bool:
    """Say whether leaving rows out by `column` before grouping and windows leaves the other rows' answers alone."""
    group = body.args.get("group")
    aggregated = group is not None or any(projection.find(exp.AggFunc) is not None for projection in body.expressions)
    if aggregated and (group is None or not _names(column, group.expressions) or group.args.get("grouping_sets")):
        return False
    if group is not None and (group.args.get("cube") or group.args.get("rollup")):
        return False
    return all(_names(column, window.args.get("partition_by") or ()) for window in body.find_all(exp.Window))


def _names(column: exp.Column, expressions: Iterable[exp.Expr]) -> bool:
    return any(isinstance(other, exp.Column) and other.name.lower() == column.name.lower() for other in expressions)
