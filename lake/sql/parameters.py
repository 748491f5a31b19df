"""Values bound to `:name` and `?` as typed literal nodes of the tree, never as text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlglot import exp

from lake.errors import ParameterError
from lake.sql.compiler.parser import typed_literal
from lake.values import Bigint

Values = Mapping[str, Any] | Sequence[Any]

MAX_INTEGER = 2**31
MAX_BIGINT = 2**63


def bind(placeholders: Iterable[exp.Expr], values: Values | None) -> None:
    """Put its value in the place of each `:name` and `?` of a tree.

    Names match exactly. Raises ParameterError for a value that is missing, left over or of a type without a literal.
    """
    given = GivenValues(values)
    for node in placeholders:
        value, subject = given.take(str(node.args["this"]))
        _replace(node, value, subject)
    given.refuse_left_over()


class GivenValues:
    """The values of one query, taken by name, or by number in the order of its text."""

    def __init__(self, values: Values | None) -> None:
        self._named, self._listed = _by_kind(values)
        self._used: set[str] = set()

    def take(self, name: str) -> tuple[Any, str]:
        """Return a value and what to call it in messages; digits are the number of a `?`, from 1."""
        self._used.add(name)
        if name.isdigit():
            if int(name) > len(self._listed):
                raise ParameterError(f"no value for ? number {name}")
            return self._listed[int(name) - 1], f"? number {name}"
        if name not in self._named:
            raise ParameterError(f"no value for parameter :{name}", hint=f"pass -p {name}=…")
        return self._named[name], f":{name}"

    def refuse_left_over(self) -> None:
        if names := set(self._named) - self._used:
            listed = ", ".join(f":{name}" for name in sorted(names))
            raise ParameterError(f"the query has no parameter {listed}")
        if positions := len(self._listed) - sum(name.isdigit() for name in self._used):
            raise ParameterError(f"{positions} more values than ? in the query")


def literals(value: Any, subject: str) -> list[exp.Expr] | None:
    """Return a literal for each item of a list, None where the value is no list."""
    if getattr(value, "ndim", 0) > 0:
        value = value.tolist()
    if not isinstance(value, list | tuple | set | frozenset):
        return None
    return [literal(item, subject) for item in value]


def not_in_list(subject: str) -> ParameterError:
    return ParameterError(f"{subject} is a list, which only IN takes", hint=f"write IN ({subject})")


def literal(value: Any, subject: str = "the value") -> exp.Expr:
    """Return the literal node for a str, int, float, Decimal, bool, date, time, datetime, bytes, UUID or None."""
    value = _plain(value)
    match value:
        case None:
            return exp.null()
        case bool():
            return exp.Boolean(this=value)
        case int():
            return _integer(value)
        case float():
            return typed_literal("double", _double_text(value))
        case Decimal():
            return _decimal(value, subject)
        case str():
            return _string(value, subject)
        case bytes() | bytearray() | memoryview():
            return exp.HexString(this=bytes(value).hex())
        case datetime():
            # pandas' NaT is a datetime that differs from itself.
            return _timestamp(value) if value == value else exp.null()
        case date():
            return typed_literal("date", value.isoformat())
        case time() if value.tzinfo is None:
            return typed_literal("time", value.isoformat())
        case UUID():
            return typed_literal("uuid", str(value))
    zoned = " with a zone" if isinstance(value, time) else ""
    raise ParameterError(f"{subject} is a {type(value).__name__}{zoned}, which has no SQL literal")


def _by_kind(values: Values | None) -> tuple[Mapping[str, Any], Sequence[Any]]:
    if values is None:
        return {}, ()
    if isinstance(values, Mapping):
        return values, ()
    if isinstance(values, str | bytes):
        raise ParameterError("parameters are a mapping of names or a list, not text")
    return {}, values


def _replace(node: exp.Expr, value: Any, subject: str) -> None:
    items = literals(value, subject)
    if items is None:
        node.replace(literal(value, subject))
        return
    while isinstance(node.parent, exp.Paren):
        node = node.parent
    inside = node.parent
    if not isinstance(inside, exp.In) or node is inside.this:
        raise not_in_list(subject)
    items += [other for other in inside.expressions if other is not node]
    inside.set("field", None)
    inside.set("expressions", items)
    if not items:
        inside.replace(exp.false())


def _plain(value: Any) -> Any:
    """Return Python's value of a NumPy scalar; whole nanoseconds, which Python's datetime lacks, are cut to micro."""
    if not hasattr(value, "dtype") or not hasattr(value, "item"):
        return value
    return (value.astype("datetime64[us]") if value.dtype.kind == "M" else value).item()


def _string(value: str, subject: str) -> exp.Expr:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ParameterError(f"{subject} is no UTF-8 text") from None
    return exp.Literal.string(value)


def _integer(value: int) -> exp.Expr:
    if not -MAX_BIGINT <= value < MAX_BIGINT:
        return typed_literal("decimal", str(value))
    if isinstance(value, Bigint) or not -MAX_INTEGER <= value < MAX_INTEGER:
        return typed_literal("bigint", str(value))
    number = exp.Literal.number(str(abs(value)))
    return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number


def _double_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value)


def _decimal(value: Decimal, subject: str) -> exp.Expr:
    if not value.is_finite():
        raise ParameterError(f"{subject} is {value}, which is no DECIMAL")
    digits = len(f"{abs(value):f}".replace(".", "").lstrip("0"))
    if digits > 38:
        raise ParameterError(f"{subject} has {digits} digits; DECIMAL holds 38")
    return typed_literal("decimal", f"{value:f}")


def _timestamp(value: datetime) -> exp.Expr:
    zone = "" if value.tzinfo is None else " UTC"
    local = value if value.tzinfo is None else value.astimezone(UTC)
    return typed_literal("timestamp", local.replace(tzinfo=None).isoformat(" ") + zone)
