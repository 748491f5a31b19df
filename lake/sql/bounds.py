"""What predicates say of partition keys in a form that a catalog can look up: values and ranges, as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

from lake.model import NULL_PARTITION, KeyBounds, Table
from lake.sql.prune import KeyPredicate

TEXT_ORDERED_TYPES = frozenset({"string", "varchar"})
"""Key types whose order is that of their text. Dates and numbers may be written in more than one way."""

MIRRORED: dict[type[exp.Expr], type[exp.Expr]] = {exp.LT: exp.GT, exp.LTE: exp.GTE, exp.GT: exp.LT, exp.GTE: exp.LTE}


def key_bounds(table: Table, predicates: Iterable[KeyPredicate]) -> tuple[KeyBounds, ...]:
    """Return bounds that every partition passing all predicates keeps; other partitions may keep them too."""
    found = (_bounds(table, predicate.condition) for predicate in predicates if not predicate.must_reject_null)
    return tuple(bounds for bounds, _ in filter(None, found))


def exact_bounds(table: Table, predicates: Sequence[KeyPredicate]) -> bool:
    """Say whether `key_bounds` are all that the predicates say, so that `matches` decides."""
    found = [_bounds(table, predicate.condition) for predicate in predicates]
    return all(one is not None and one[1] for one in found) and not any(one.must_reject_null for one in predicates)


def matches(table: Table, values: Sequence[str], bounds: Iterable[KeyBounds]) -> bool:
    """Say whether a partition's values keep all bounds; NULL keeps none."""
    by_key = dict(zip((key.name for key in table.partition_keys), values, strict=True))
    return all(_keeps(by_key[bound.key], bound) for bound in bounds)


def _keeps(value: str, bound: KeyBounds) -> bool:
    if value == NULL_PARTITION:
        return False
    if bound.values is not None and value not in bound.values:
        return False
    return (bound.low is None or value >= bound.low) and (bound.high is None or value <= bound.high)


def _bounds(table: Table, condition: exp.Expr) -> tuple[KeyBounds, bool] | None:
    """Return the bounds of one condition and whether they say all of it."""
    match condition:
        case exp.EQ() | exp.LT() | exp.LTE() | exp.GT() | exp.GTE():
            return _comparison(table, condition)
        case exp.In() if not condition.args.get("query") and not condition.args.get("unnest"):
            key, texts = _key(table, condition.this), [_text(item) for item in condition.expressions]
            if key and texts and None not in texts:
                return KeyBounds(key, frozenset(text for text in texts if text is not None)), True
        case exp.Between() if not condition.args.get("symmetric"):
            key = _key(table, condition.this)
            low, high = _text(condition.args["low"]), _text(condition.args["high"])
            if key and low is not None and high is not None:
                return KeyBounds(key, low=low, high=high), True
    return None


def _comparison(table: Table, condition: exp.Expr) -> tuple[KeyBounds, bool] | None:
    left, right = condition.this, condition.expression
    key, text = _key(table, left), _text(right)
    operator: type[exp.Expr] = type(condition)
    if key is None:
        key, text = _key(table, right), _text(left)
        operator = MIRRORED.get(operator, operator)
    if key is None or text is None:
        return None
    if operator is exp.EQ:
        return KeyBounds(key, frozenset({text})), True
    exact = operator in (exp.LTE, exp.GTE)
    if operator in (exp.LT, exp.LTE):
        return KeyBounds(key, high=text), exact
    return KeyBounds(key, low=text), exact


def _key(table: Table, node: exp.Expr) -> str | None:
    if not isinstance(node, exp.Column):
        return None
    name = node.name.lower()
    known = {key.name for key in table.partition_keys if key.type.lower().partition("(")[0] in TEXT_ORDERED_TYPES}
    return name if name in known else None


def _text(node: exp.Expr) -> str | None:
    return node.this if isinstance(node, exp.Literal) and node.is_string else None
