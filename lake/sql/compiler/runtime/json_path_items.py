"""What the paths of SQL/JSON do with items; a path is a function from a `Context` to the items that it finds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

BIGINT = range(-(2**63), 2**63)
NUMBERS = (int, float, Decimal)
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    ">": lambda a, b: bool(a > b),
    "<=": lambda a, b: bool(a <= b),
    ">=": lambda a, b: bool(a >= b),
}


class PathError(ValueError):
    """What a document does to a path: a key that is missing in strict mode, numbers that overflow, …"""


@dataclass(slots=True)
class Context:
    """`variables` hold sequences of items; `current` is @, `last` the last index of the array that is subscripted."""

    root: Any
    variables: Mapping[str, Sequence[Any]]
    current: Any = None
    last: int | None = None

    def at(self, item: Any) -> Context:
        return Context(self.root, self.variables, item, self.last)


Path = Callable[[Context], list[Any]]
Predicate = Callable[[Context], bool | None]


def is_number(item: object) -> bool:
    return isinstance(item, NUMBERS) and not isinstance(item, bool)


def constant(item: Any) -> Path:
    return lambda context: [item]


def variable(name: str) -> Path:
    def evaluate(context: Context) -> list[Any]:
        return list(context.variables[name])

    evaluate.__name__ = f"${name}"
    return evaluate


def last_index(context: Context) -> list[Any]:
    if context.last is None:
        raise PathError("accessing the last array index with no enclosing array")
    return [context.last]


def index_of(items: list[Any]) -> int:
    if len(items) != 1 or not is_number(items[0]):
        raise PathError("array subscript must be one number")
    return int(items[0])


def signed(sign: str, item: Any) -> Any:
    if not is_number(item):
        raise PathError("a sign stands before numbers")
    return _in_range(-item) if sign == "-" else item


def _in_range(value: Any) -> Any:
    if isinstance(value, int) and value not in BIGINT:
        raise PathError(f"bigint overflow: {value}")
    return value


def arithmetic(sign: str, left: Any, right: Any) -> Any:
    if isinstance(left, float) or isinstance(right, float):
        return _of_floats(sign, float(left), float(right))
    if sign in "/%" and right == 0:
        raise PathError("Division by zero")
    if sign in "+-*":
        return _in_range(left + right if sign == "+" else left - right if sign == "-" else left * right)
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        return _in_range(quotient if sign == "/" else left - right * quotient)
    left, right = Decimal(left), Decimal(right)
    if sign == "%":
        return left % right
    scale = min(left.as_tuple().exponent, right.as_tuple().exponent, 0)
    return (left / right).quantize(Decimal(1).scaleb(scale), ROUND_HALF_UP)


def _of_floats(sign: str, left: float, right: float) -> float:
    if sign in "/%" and right == 0:
        return math.nan if sign == "%" or left == 0 or math.isnan(left) else math.copysign(math.inf, left)
    return {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
        "%": lambda: math.fmod(left, right),
    }[sign]()


def descendants(item: Any) -> Iterator[Any]:
    yield item
    children = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    for child in children:
        yield from descendants(child)


def type_of(item: Any) -> str:
    if item is None:
        return "null"
    names = {bool: "boolean", str: "string", list: "array", dict: "object"}
    return names.get(type(item), "number")


def _double(item: Any) -> float:
    try:
        return float(item) if is_number(item) or isinstance(item, str) else _refuse(item)
    except ValueError as error:
        raise PathError(f"{item!r} is no number") from error


def _refuse(item: Any) -> float:
    raise PathError(f"invalid item type: a number is expected, not {type_of(item)}")


def _of_number(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda item: function(item) if is_number(item) else _refuse(item)


METHODS: dict[str, Callable[[Any], Any]] = {
    "double": _double,
    "abs": _of_number(lambda item: _in_range(abs(item))),
    "ceiling": _of_number(
        lambda item: float(math.ceil(item)) if isinstance(item, float) else type(item)(math.ceil(item))
    ),
    "floor": _of_number(
        lambda item: float(math.floor(item)) if isinstance(item, float) else type(item)(math.floor(item))
    ),
}


def negated(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def any_of(truths: Iterator[bool | None]) -> bool | None:
    unknown = False
    for truth in truths:
        if truth:
            return True
        unknown |= truth is None
    return None if unknown else False


def known(predicate: Predicate) -> Predicate:
    """What fails to be found out is unknown."""

    def evaluate(context: Context) -> bool | None:
        try:
            return predicate(context)
        except PathError:
            return None

    return evaluate


def compared(sign: str, left: Any, right: Any) -> bool | None:
    if isinstance(left, list | dict) or isinstance(right, list | dict):
        return None
    if left is None or right is None:
        equal = left is right
        return {"==": equal, "<=": equal, ">=": equal, "<>": not equal, "!=": not equal}.get(sign, False)
    return COMPARISONS[sign](left, right) if type_of(left) == type_of(right) else None


def starts_with(left: Any, right: Any) -> bool | None:
    return left.startswith(right) if isinstance(left, str) and isinstance(right, str) else None
