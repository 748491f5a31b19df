"""Paths of SQL/JSON: `lax $.a[*] ? (@.b > 1)` (trino.io/docs/422/functions/json.html#json-path-language).

Items are None, booleans, int (bigint), float (double), Decimal, texts, lists and dictionaries. A path becomes a function from a
`Context` to the items that it finds; what goes wrong on the way is a PathError, which in a predicate is an unknown truth.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|\"(?P<text>(?:[^\"]|\"\")*)\""
    r"|(?P<variable>\$\w+)|(?P<word>[^\W\d]\w*)|(?P<sign>==|<>|!=|<=|>=|&&|\|\||\.\.|[$@.,*+\-/%()\[\]?!<>])|(?P<bad>\S))"
)
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


class PathSyntaxError(ValueError):
    pass


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


def parse_path(text: str) -> Path:
    return _Parser(text).whole()


def is_number(item: object) -> bool:
    return isinstance(item, NUMBERS) and not isinstance(item, bool)


class _Parser:
    """Reads by descent; a method for each rule of the grammar."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [(found.lastgroup or "", found[found.lastgroup or 0]) for found in TOKEN.finditer(text)]
        self._place = 0
        self.lax = True

    def whole(self) -> Path:
        kind, mode = self._take()
        if kind != "word" or mode.lower() not in ("lax", "strict"):
            raise PathSyntaxError(f"a path begins with lax or strict: {self._text!r}")
        self.lax = mode.lower() == "lax"
        found = self._sum()
        if self._place < len(self._tokens):
            raise self._unexpected()
        return found

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        place = self._place + ahead
        return self._tokens[place] if place < len(self._tokens) else ("end", "")

    def _take(self) -> tuple[str, str]:
        found = self._peek()
        self._place += 1
        return found

    def _sign(self, *signs: str) -> str | None:
        kind, text = self._peek()
        if kind == "sign" and text in signs:
            self._place += 1
            return text
        return None

    def _word(self, word: str) -> bool:
        kind, text = self._peek()
        found = kind == "word" and text.lower() == word
        self._place += found
        return found

    def _expect(self, sign: str) -> None:
        if self._sign(sign) is None:
            raise self._unexpected()

    def _unexpected(self) -> PathSyntaxError:
        return PathSyntaxError(f"unexpected {self._peek()[1] or 'end'!r} in path {self._text!r}")

    # Arithmetic

    def _sum(self) -> Path:
        left = self._product()
        while sign := self._sign("+", "-"):
            left = self._binary(sign, left, self._product())
        return left

    def _product(self) -> Path:
        left = self._signed()
        while sign := self._sign("*", "/", "%"):
            left = self._binary(sign, left, self._signed())
        return left

    def _signed(self) -> Path:
        sign = self._sign("+", "-")
        if sign is None:
            return self._accessors(self._primary())
        inner = self._signed()
        return lambda context: [_signed(sign, item) for item in self._unwrapped(inner(context))]

    def _binary(self, sign: str, left: Path, right: Path) -> Path:
        def evaluate(context: Context) -> list[Any]:
            operands = [self._unwrapped(side(context)) for side in (left, right)]
            if any(len(items) != 1 or not is_number(items[0]) for items in operands):
                raise PathError(f"{sign} takes one number on each side")
            return [_arithmetic(sign, operands[0][0], operands[1][0])]

        return evaluate

    def _unwrapped(self, items: list[Any]) -> list[Any]:
        if not self.lax or not any(type(item) is list for item in items):
            return items
        return [each for item in items for each in (item if isinstance(item, list) else [item])]

    # What a path begins with

    def _primary(self) -> Path:
        kind, text = self._take()
        if kind == "number":
            return _constant(_number(text))
        if kind == "text":
            return _constant(text.replace('""', '"'))
        if kind == "variable":
            return _variable(text[1:])
        if kind == "word":
            return self._word_primary(text.lower())
        if (kind, text) == ("sign", "$"):
            return lambda context: [context.root]
        if (kind, text) == ("sign", "@"):
            return lambda context: [context.current]
        if (kind, text) == ("sign", "("):
            inner = self._sum()
            self._expect(")")
            return inner
        self._place -= 1
        raise self._unexpected()

    def _word_primary(self, word: str) -> Path:
        literals = {"true": True, "false": False, "null": None}
        if word in literals:
            return _constant(literals[word])
        if word == "last":
            return _last
        self._place -= 1
        raise self._unexpected()

    # What follows

    def _accessors(self, path: Path) -> Path:
        while sign := self._sign(".", "..", "[", "?"):
            path = {".": self._member, "..": self._descendant, "[": self._subscript, "?": self._filter}[sign](path)
        return path

    def _member(self, path: Path) -> Path:
        if self._sign("*"):
            return lambda context: [each for item in self._objects(path(context)) for each in item.values()]
        kind, name = self._take()
        if kind not in ("word", "text"):
            self._place -= 1
            raise self._unexpected()
        if kind == "word" and self._sign("("):
            self._expect(")")
            return self._method(name.lower(), path)
        key = name.replace('""', '"')

        def evaluate(context: Context) -> list[Any]:
            objects = self._objects(path(context))
            if not self.lax and any(key not in item for item in objects):
                raise PathError(f"missing member {key!r} in JSON object")
            return [item[key] for item in objects if key in item]

        return evaluate

    def _objects(self, items: list[Any]) -> list[dict[str, Any]]:
        items = self._unwrapped(items)
        objects = [item for item in items if isinstance(item, dict)]
        if not self.lax and len(objects) < len(items):
            raise PathError("invalid item type: an object is expected")
        return objects

    def _descendant(self, path: Path) -> Path:
        _, name = self._take()
        key = name.replace('""', '"')
        return lambda context: [
            each[key] for item in path(context) for each in _descendants(item) if isinstance(each, dict) and key in each
        ]

    def _subscript(self, path: Path) -> Path:
        if self._sign("*"):
            self._expect("]")
            return lambda context: [each for item in path(context) for each in self._as_array(item)]
        ranges = [self._range()]
        while self._sign(","):
            ranges.append(self._range())
        self._expect("]")

        def evaluate(context: Context) -> list[Any]:
            found: list[Any] = []
            for item in path(context):
                array = self._as_array(item)
                inner = Context(context.root, context.variables, context.current, len(array) - 1)
                for first, end in ranges:
                    found.extend(self._elements(array, _index(first(inner)), _index(end(inner))))
            return found

        return evaluate

    def _range(self) -> tuple[Path, Path]:
        first = self._sum()
        return first, (self._sum() if self._word("to") else first)

    def _as_array(self, item: Any) -> list[Any]:
        if isinstance(item, list):
            return item
        if not self.lax:
            raise PathError("invalid item type: an array is expected")
        return [item]

    def _elements(self, array: list[Any], first: int, end: int) -> list[Any]:
        if not self.lax and not 0 <= first <= end < len(array):
            raise PathError(
                f"structural error: invalid array subscript: [{first}, {end}] for array of size {len(array)}"
            )
        return array[max(first, 0) : max(end + 1, 0)]

    def _filter(self, path: Path) -> Path:
        self._expect("(")
        predicate = self._or()
        self._expect(")")
        return lambda context: [item for item in self._unwrapped(path(context)) if predicate(context.at(item)) is True]

    # Methods

    def _method(self, name: str, path: Path) -> Path:
        if name == "type":
            return lambda context: [_type(item) for item in path(context)]
        if name == "size":
            return lambda context: [len(self._as_array(item)) for item in path(context)]
        if name == "keyvalue":
            return lambda context: [
                {"name": key, "value": value, "id": place}
                for place, item in enumerate(self._objects(path(context)))
                for key, value in item.items()
            ]
        method = METHODS.get(name)
        if method is None:
            raise PathSyntaxError(f"method {name}() is not supported in path {self._text!r}")
        return lambda context: [method(item) for item in self._unwrapped(path(context))]

    # Predicates

    def _or(self) -> Predicate:
        parts = [self._and()]
        while self._sign("||"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else lambda context: _any(part(context) for part in parts)

    def _and(self) -> Predicate:
        parts = [self._truth()]
        while self._sign("&&"):
            parts.append(self._truth())
        return parts[0] if len(parts) == 1 else lambda context: _not(_any(_not(part(context)) for part in parts))

    def _truth(self) -> Predicate:
        if self._sign("!"):
            negated = self._truth()
            return lambda context: _not(negated(context))
        if self._peek() == ("word", "exists") and self._peek(1) == ("sign", "("):
            self._place += 2
            path = self._sum()
            self._expect(")")
            return _known(lambda context: bool(path(context)))
        return self._parenthesized() or self._comparison()

    def _parenthesized(self) -> Predicate | None:
        """A parenthesis holds a predicate, or is where a comparison begins: then None, and nothing has been read."""
        place = self._place
        if not self._sign("("):
            return None
        try:
            inner = self._or()
            self._expect(")")
        except PathSyntaxError:
            self._place = place
            return None
        if self._word("is"):
            if not self._word("unknown"):
                raise self._unexpected()
            return lambda context: inner(context) is None
        return inner

    def _comparison(self) -> Predicate:
        left = self._sum()
        if self._word("starts"):
            if not self._word("with"):
                raise self._unexpected()
            return self._existential(left, self._sum(), _starts_with)
        sign = self._sign(*COMPARISONS)
        if sign is None:
            raise self._unexpected()
        return self._existential(left, self._sum(), lambda a, b: _compare(sign, a, b))

    def _existential(self, left: Path, right: Path, test: Callable[[Any, Any], bool | None]) -> Predicate:
        """It holds if it does for any pair; in strict mode it is unknown if it is for any."""

        def evaluate(context: Context) -> bool | None:
            ours, theirs = self._unwrapped(left(context)), self._unwrapped(right(context))
            if len(ours) == len(theirs) == 1:
                return test(ours[0], theirs[0])
            truths = [test(a, b) for a in ours for b in theirs]
            if None in truths and not (self.lax and True in truths[: truths.index(None)]):
                return None
            return True in truths

        return _known(evaluate)


def _constant(item: Any) -> Path:
    return lambda context: [item]


def _variable(name: str) -> Path:
    def evaluate(context: Context) -> list[Any]:
        return list(context.variables[name])

    evaluate.__name__ = f"${name}"
    return evaluate


def path_variables(text: str) -> set[str]:
    """Return the names of the variables that a path reads."""
    return {found["variable"][1:] for found in TOKEN.finditer(text) if found["variable"]}


def _last(context: Context) -> list[Any]:
    if context.last is None:
        raise PathError("accessing the last array index with no enclosing array")
    return [context.last]


def _number(text: str) -> Any:
    if "e" in text.lower():
        return float(text)
    return Decimal(text) if "." in text else int(text)


def _index(items: list[Any]) -> int:
    if len(items) != 1 or not is_number(items[0]):
        raise PathError("array subscript must be one number")
    return int(items[0])


def _signed(sign: str, item: Any) -> Any:
    if not is_number(item):
        raise PathError("a sign stands before numbers")
    return _in_range(-item) if sign == "-" else item


def _in_range(value: Any) -> Any:
    if isinstance(value, int) and value not in BIGINT:
        raise PathError(f"bigint overflow: {value}")
    return value


def _arithmetic(sign: str, left: Any, right: Any) -> Any:
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


def _descendants(item: Any) -> Iterator[Any]:
    yield item
    children = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    for child in children:
        yield from _descendants(child)


def _type(item: Any) -> str:
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
    raise PathError(f"invalid item type: a number is expected, not {_type(item)}")


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


def _not(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _any(truths: Iterator[bool | None]) -> bool | None:
    unknown = False
    for truth in truths:
        if truth:
            return True
        unknown |= truth is None
    return None if unknown else False


def _known(predicate: Predicate) -> Predicate:
    """What fails to be found out is unknown."""

    def evaluate(context: Context) -> bool | None:
        try:
            return predicate(context)
        except PathError:
            return None

    return evaluate


def _compare(sign: str, left: Any, right: Any) -> bool | None:
    if isinstance(left, list | dict) or isinstance(right, list | dict):
        return None
    if left is None or right is None:
        equal = left is right
        return {"==": equal, "<=": equal, ">=": equal, "<>": not equal, "!=": not equal}.get(sign, False)
    return COMPARISONS[sign](left, right) if _type(left) == _type(right) else None


def _starts_with(left: Any, right: Any) -> bool | None:
    return left.startswith(right) if isinstance(left, str) and isinstance(right, str) else None
