"""Which predicates of a query decide on the partitions of a table before any file is listed.

A predicate counts when it is one of the AND-ed conditions that every row of the table must pass, for what it says of
the table's partition keys alone. Conditions travel into derived tables, views and CTEs where that changes no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlglot import exp

from lake.sql.columns import (
    Columns,
    Source,
    definition,
    is_recursive,
    merged_names,
    sources_of,
    unambiguous,
)
from lake.sql.compiler.nodes import calls_aggregate, conjuncts, is_aggregate_call
from lake.sql.tables import TableReference, find_cte

UNFIT = (exp.Query, exp.Window, exp.Lambda)
"""What gives another answer elsewhere, or has names of its own."""

NONDETERMINISTIC_NAMES = frozenset({"random", "rand", "uuid", "shuffle"})


@dataclass(frozen=True, slots=True)
class KeyPredicate:
    """A condition on partition keys of one table, its columns unqualified and quoted.

    `must_reject_null` is set where the table stands on the optional side of an outer join: there a condition that
    an absent row passes says nothing about which rows may be left out.
    """

    condition: exp.Expr
    must_reject_null: bool = False


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
        self._columns = Columns(references)
        self._cte_uses = _count_cte_uses(tree)
        self.found: dict[int, list[KeyPredicate]] = {}

    def run(self) -> None:
        for select in self._tree.find_all(exp.Select):
            sources = sources_of(select)
            for source in sources:
                for condition, optional in _conditions_for(select, source):
                    self._give(source, condition, optional, sources)

    def _give(self, source: Source, condition: exp.Expr, optional: bool, sources: list[Source]) -> None:
        """Push what a condition says of `source` alone into it."""

        def own(part: exp.Expr) -> exp.Expr | None:
            return part if _deterministic(part) and self._reads_only(part, source, sources) else None

        said = _weaker(condition, own)
        said = said and self._behind_alias(source.node, said)
        if said is not None:
            self._push(source.node, said, optional)

    def _behind_alias(self, node: exp.Expr, condition: exp.Expr) -> exp.Expr | None:
        """Return `condition` by the names that columns have before an alias gives them others."""
        renamed = self._columns.new_names(node)
        if not renamed:
            return condition
        names = self._columns.before_alias(node)
        if names is None or len(names) != len(renamed):
            return None
        return _substitute(condition, _by_position(renamed, names))

    def _push(self, node: exp.Expr, condition: exp.Expr, optional: bool) -> None:
        number = self._index.get(id(node))
        if number is not None:
            keys = {column.name for column in self._references[number].table.partition_keys}
            said = _weaker(condition, lambda part: part if _names(part) <= keys else None)
            if said is not None:
                self.found.setdefault(number, []).append(KeyPredicate(_unqualified(said), optional))
        elif not optional and self._is_read_once(node):
            body = definition(node)
            if body is not None:
                self._push_into(body, condition)

    def _is_read_once(self, node: exp.Expr) -> bool:
        cte = find_cte(node) if isinstance(node, exp.Table) else None
        return cte is None or self._cte_uses[id(cte)] == 1

    def _push_into(self, body: exp.Expr, condition: exp.Expr) -> None:
        if body.args.get("limit") or body.args.get("offset"):
            return
        if isinstance(body, exp.Subquery):
            self._push_into(body.this, condition)
        elif isinstance(body, exp.SetOperation):
            self._push_into_set(body, condition)
        elif isinstance(body, exp.Select):
            self._push_into_select(body, condition)

    def _push_into_set(self, body: exp.SetOperation, condition: exp.Expr) -> None:
        names = self._columns.of_query(body)
        for branch in (body.left, body.right):
            own = self._columns.of_query(branch)
            if names is None or own is None or len(own) != len(names):
                return
            translated = _weaker(condition, partial(_substitute, outputs=_by_position(names, own)))
            if translated is not None:
                self._push_into(branch, translated)

    def _push_into_select(self, body: exp.Select, condition: exp.Expr) -> None:
        sources = sources_of(body)
        outputs = unambiguous(self._columns.outputs(body) or ())

        def inner(part: exp.Expr) -> exp.Expr | None:
            found = _substitute(part, outputs)
            return found if found is not None and self._survives(body, found, sources) else None

        said = _weaker(condition, inner)
        if said is not None:
            for source in sources:
                self._give(source, said, source.optional, sources)

    def _reads_only(self, condition: exp.Expr, source: Source, sources: list[Source]) -> bool:
        """Say whether `condition` reads columns of `source` and of nothing else."""
        columns = list(condition.find_all(exp.Column))
        for column in columns:
            qualifier = column.table.lower()
            if column.args.get("db") or (qualifier and qualifier != source.alias):
                return False
            names = self._columns.of_source(source.node)
            if not qualifier and len(sources) > 1 and column.name.lower() not in (names or ()):
                return False
        return bool(columns)

    def _survives(self, body: exp.Select, condition: exp.Expr, sources: list[Source]) -> bool:
        """Say whether leaving rows out before grouping and windows leaves the answers about the other rows alone."""
        whole = [window.args.get("partition_by") or [] for window in body.find_all(exp.Window)]
        group = body.args.get("group")
        if group is not None:
            if any(group.args.get(kind) for kind in ("cube", "rollup", "grouping_sets")):
                return False
            whole.append([_by_number(each, body) for each in group.expressions])
        elif any(calls_aggregate(projection) for projection in body.expressions):
            return False
        read = {self._columns.qualified(column, sources) for column in condition.find_all(exp.Column)}
        return all(
            read <= {self._columns.qualified(each, sources) for each in columns if isinstance(each, exp.Column)}
            for columns in whole
        )


def _count_cte_uses(tree: exp.Expr) -> dict[int, int]:
    uses: dict[int, int] = {}
    for table in tree.find_all(exp.Table):
        cte = find_cte(table)
        if cte is not None:
            uses[id(cte)] = uses.get(id(cte), 0) + (2 if is_recursive(cte) else 1)
    return uses


def _conditions_for(select: exp.Select, source: Source) -> Iterator[tuple[exp.Expr, bool]]:
    """Yield the conditions that a row of `source` must pass, and whether an absent row may pass them too."""
    where = select.args.get("where")
    joins = select.args.get("joins") or ()
    ambiguous = merged_names(select) if any(join.side for join in joins) else frozenset()
    if where is not None:
        for condition in conjuncts(where.this):
            if not any(not c.table and c.name.lower() in ambiguous for c in condition.find_all(exp.Column)):
                yield condition, source.optional
    for join in joins:
        on = join.args.get("on")
        if on is None:
            continue
        side, nested = join.side.upper(), bool(join.this.args.get("joins"))
        is_joined = join.this is source.node
        if (not side and join.kind.upper() in ("", "INNER")) or (side == "RIGHT" and not nested and not is_joined):
            yield from ((condition, source.optional) for condition in conjuncts(on))
        elif side == "LEFT" and is_joined:
            yield from ((condition, nested) for condition in conjuncts(on))


def _weaker(condition: exp.Expr, part: Callable[[exp.Expr], exp.Expr | None]) -> exp.Expr | None:
    """Return a condition that is true wherever `condition` is, made of what `part` gives for its parts; None for none.

    Where `part` gives nothing, AND goes without it and OR says nothing at all.
    """
    node = condition.unnest()
    if not isinstance(node, exp.And | exp.Or):
        return part(node)
    found = [_weaker(each, part) for each in node.flatten()]
    known = [each.copy() for each in found if each is not None]
    if not known or (isinstance(node, exp.Or) and len(known) < len(found)):
        return None
    return exp.and_(*known, copy=False) if isinstance(node, exp.And) else exp.or_(*known, copy=False)


def _deterministic(condition: exp.Expr) -> bool:
    return not any(
        isinstance(node, UNFIT) or is_aggregate_call(node) or _name(node) in NONDETERMINISTIC_NAMES
        for node in condition.walk()
    )


def _name(node: exp.Expr) -> str:
    return str(node.name).lower() if isinstance(node, exp.Anonymous) else ""


def _names(condition: exp.Expr) -> set[str]:
    return {column.name.lower() for column in condition.find_all(exp.Column)}


def _by_number(expression: exp.Expr, body: exp.Select) -> exp.Expr:
    """Return what `1` in GROUP BY means, and anything else as it is."""
    if not expression.is_int or any(projection.is_star for projection in body.expressions):
        return expression
    place = int(expression.name) - 1
    return body.expressions[place].unalias() if 0 <= place < len(body.expressions) else expression


def _by_position(names: Sequence[str], behind: Sequence[str]) -> Mapping[str, exp.Column]:
    columns = (exp.column(exp.to_identifier(name, quoted=True)) for name in behind)
    return unambiguous(zip(names, columns, strict=True))


def _unqualified(condition: exp.Expr) -> exp.Expr:
    names = _names(condition)
    bare = _substitute(condition, _by_position(list(names), list(names)))
    assert bare is not None
    return bare


def _substitute(condition: exp.Expr, outputs: Mapping[str, exp.Column]) -> exp.Expr | None:
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
