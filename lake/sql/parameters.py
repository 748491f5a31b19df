"""Values bound to `:name` and `?` as typed literal nodes of the tree, never as text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlglot import exp

from lake.errors import ParameterError

Values = Mapping[str, Any] | Sequence[Any]

MAX_INTEGER = 2**31
MAX_BIGINT = 2**63


def bind(tree: exp.Query, values: Values | None) -> exp.Query:
    """Return `tree` with every placeholder replaced by its value.

    Names match exactly. Raises ParameterError for a value that is missing, left over or of a type without a literal.
    """
    named, listed = _by_kind(values)
    used: set[str] = set()
    position = 0
    for node in list(tree.find_all(exp.Placeholder, exp.Parameter)):
        name = str(node.args.get("this") or "")
        if name and not name.isdigit():
            if name not in named:
                raise ParameterError(f"no value for parameter :{name}", hint=f"pass -p {name}=…")
            used.add(name)
            _replace(node, named[name], f":{name}")
        else:
            if position >= len(listed):
                raise ParameterError(f"no value for ? number {position + 1}")
            _replace(node, listed[position], f"? number {position + 1}")
            position += 1
    _refuse_left_over(set(named) - used, len(listed) - position)
    return tree


def literal(value: Any, subject: str = "the value") -> exp.Expr:
    """Return the literal node for a str, int, float, Decimal, bool, date, time, datetime, bytes, UUID or None."""
    value = value.item() if hasattr(value, "item") and hasattr(value, "dtype") else value
    match value:
        case None:
            return exp.null()
        case bool():
            return exp.Boolean(this=value)
        case int():
            return _integer(value)
        case float():
            return exp.cast(exp.Literal.string(_double_text(value)), "double")
        case Decimal():
            return _decimal(value, subject)
        case str():
            return exp.Literal.string(value)
        case bytes() | bytearray() | memoryview():
            return exp.HexString(this=bytes(value).hex())
        case datetime():
            return _timestamp(value)
        case date():
            return exp.cast(exp.Literal.string(value.isoformat()), "date")
        case time():
            return exp.cast(exp.Literal.string(value.isoformat()), "time")
        case UUID():
            return exp.cast(exp.Literal.string(str(value)), "uuid")
    raise ParameterError(f"{subject} is a {type(value).__name__}, which has no SQL literal")


def _by_kind(values: Values | None) -> tuple[Mapping[str, Any], Sequence[Any]]:
    if values is None:
        return {}, ()
    if isinstance(values, Mapping):
        return values, ()
    if isinstance(values, str | bytes):
        raise ParameterError("parameters are a mapping of names or a list, not text")
    return {}, values


def _replace(node: exp.Expr, value: Any, subject: str) -> None:
    if not isinstance(value, list | tuple | set | frozenset):
        node.replace(literal(value, subject))
        return
    items = [literal(item, subject) for item in value]
    inside = node.parent
    while isinstance(inside, exp.Paren | exp.Tuple):
        inside = inside.parent
    if not isinstance(inside, exp.In) or node is inside.this:
        raise ParameterError(f"{subject} is a list, which only IN takes", hint=f"write IN ({subject})")
    if not items:
        inside.replace(exp.false())
        return
    others = [other for other in inside.expressions if other is not node]
    inside.set("field", None)
    inside.set("expressions", [*others, *items])


def _integer(value: int) -> exp.Expr:
    if not -MAX_BIGINT <= value < MAX_BIGINT:
        return exp.cast(exp.Literal.string(str(value)), f"decimal({min(len(str(abs(value))), 38)}, 0)")
    if not -MAX_INTEGER <= value < MAX_INTEGER:
        return exp.cast(exp.Literal.string(str(value)), "bigint")
    number = exp.Literal.number(str(abs(value)))
    return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number


def _double_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value)


def _decimal(value: Decimal, subject: str) -> exp.Expr:
    sign_digits_exponent = value.as_tuple()
    exponent = sign_digits_exponent.exponent
    if not isinstance(exponent, int):
        raise ParameterError(f"{subject} is {value}, which is no DECIMAL")
    scale = max(0, -exponent)
    precision = max(len(sign_digits_exponent.digits) + max(0, exponent), scale, 1)
    if precision > 38:
        raise ParameterError(f"{subject} has {precision} digits; DECIMAL holds 38")
    return exp.cast(exp.Literal.string(f"{value:f}"), f"decimal({precision}, {scale})")


def _timestamp(value: datetime) -> exp.Expr:
    text = value.replace(tzinfo=None).isoformat(" ")
    if value.tzinfo is None:
        return exp.cast(exp.Literal.string(text), "timestamp")
    text = value.astimezone(UTC).replace(tzinfo=None).isoformat(" ") + "+00"
    return exp.cast(exp.Literal.string(text), "timestamptz")


def _refuse_left_over(names: set[str], positions: int) -> None:
    if names:
        listed = ", ".join(f":{name}" for name in sorted(names))
        raise ParameterError(f"the query has no parameter {listed}")
    if positions:
        raise ParameterError(f"{positions} more values than ? in the query")
