"""Which projected partitions a query reads: its predicates narrow each key before any folder is listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlglot import exp

from lake.interfaces import Storage
from lake.model import Column, Partition, Table
from lake.partitions.projection.domains import Projected, chosen_values
from lake.partitions.projection.partitions import projection_of
from lake.sql.compiler.parser import TypedLiteral
from lake.sql.prune import KeyPredicate

Choose = Callable[[Table, Sequence[tuple[str, ...]], Sequence[KeyPredicate]], Iterable[int]]
"""Given a table, values of its partition keys and predicates, return the places that pass."""


def projected_partitions(
    table: Table, predicates: Sequence[KeyPredicate], storage: Storage, choose: Choose, now: datetime
) -> tuple[Partition, ...]:
    """Raise UsageError where an injected key is not named by the query, ConfigError for a wrong declaration."""
    projection = projection_of(table)
    certain = [each for each in predicates if not each.must_reject_null]
    candidates: dict[str, list[Projected]] = {}
    for key in table.partition_keys:
        equal = equal_values(key, [each.condition for each in certain])
        values = chosen_values(key.name, projection.domains[key.name], equal, now)
        own = [each for each in predicates if _keys(each.condition) == {key.name}]
        if own and values:
            alone = replace(table, partition_keys=(key,))
            values = [values[place] for place in choose(alone, [(each.value,) for each in values], own)]
        candidates[key.name] = values
    found = tuple(projection.partitions(storage, candidates))
    rest = [each for each in predicates if len(_keys(each.condition)) > 1]
    if not rest or not found:
        return found
    return tuple(found[place] for place in choose(table, [each.values for each in found], rest))


def equal_values(key: Column, conditions: Iterable[exp.Expr]) -> frozenset[str] | None:
    """Return the constants that conditions, all of them, leave for a key; None where they name none."""
    found: frozenset[str] | None = None
    for condition in conditions:
        named = _named(key, condition)
        if named is not None:
            found = named if found is None else found & named
    return found


def _named(key: Column, condition: exp.Expr) -> frozenset[str] | None:
    node = condition.unnest()
    match node:
        case exp.And():
            return equal_values(key, node.flatten())
        case exp.Or():
            branches = [_named(key, each) for each in node.flatten()]
            return frozenset().union(*filter(None, branches)) if None not in branches else None
        case exp.EQ():
            for column, constant in ((node.this, node.expression), (node.expression, node.this)):
                if _is(key, column):
                    text = _constant(key, constant)
                    return None if text is None else frozenset({text})
        case exp.In() if _is(key, node.this) and node.expressions:
            texts = [_constant(key, each) for each in node.expressions]
            return None if None in texts else frozenset(text for text in texts if text is not None)
    return None


def _is(key: Column, node: exp.Expr) -> bool:
    return isinstance(node.unnest(), exp.Column) and node.unnest().name.lower() == key.name


def _constant(key: Column, node: exp.Expr) -> str | None:
    """Return the text of a constant of the key's own type; None for all else."""
    node, kind = node.unnest(), key.type.strip().lower()
    if isinstance(node, exp.Literal):
        is_text = kind.partition("(")[0] in ("string", "varchar")
        return node.name if node.is_string == is_text and (is_text or node.is_int) else None
    if kind == "date" and isinstance(node, TypedLiteral | exp.Cast) and node.args["to"].this == exp.DType.DATE:
        written = node.this.name if isinstance(node.this, exp.Literal) else node.this
        return written if isinstance(written, str) else None
    return None


def _keys(condition: exp.Expr) -> set[str]:
    return {column.name.lower() for column in condition.find_all(exp.Column)}
