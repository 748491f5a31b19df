"""The types that a function takes and gives, as text with variables: `map(K,V), function(K,V,boolean) -> map(K,V)`.

Capital letters stand for any type, small ones in parentheses for any number: `decimal(p,s)`, `varchar(n)`, `timestamp(p)`.
A number of the result that no parameter names is worked out by the function's rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from lake.sql.compiler.coercion import DIGITS, INTEGERS, UNKNOWN, can_coerce, common_type
from lake.types import DataType, parse_type
from lake.types.datatype import ARRAY, MAP, QDIGEST, ROW, Field

TOKEN = re.compile(r"\s*([A-Za-z_][A-Za-z_0-9]*|\d+|[(),])")
FUNCTION = "function"
ANY = "any"
"""Of a type of its own at each place."""
NUMBERED = frozenset(
    {"decimal", "varchar", "char", "timestamp", "timestamp with time zone", "time", "time with time zone"}
)
EXACT, COERCED = 0, 1


@dataclass(frozen=True, slots=True)
class Pattern:
    """`name` is a type's name, FUNCTION, or a variable, which is a single capital; `numbers` are numbers or names of them."""

    name: str
    parts: tuple[Pattern, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def is_variable(self) -> bool:
        return len(self.name) == 1 and self.name.isupper()


@dataclass
class Bindings:
    types: dict[str, DataType] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


@cache
def parse_pattern(text: str) -> Pattern:
    return _Reader(text).whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = TOKEN.findall(text)
        self._place = 0

    def whole(self) -> Pattern:
        found = self._pattern()
        assert self._place == len(self._tokens), self._tokens
        return found

    def _peek(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _take(self) -> str:
        self._place += 1
        return str(self._tokens[self._place - 1])

    def _pattern(self) -> Pattern:
        name = self._take()
        if name == "interval":
            return Pattern(f"{name} {self._take()} {self._take()} {self._take()}")
        parts: list[Pattern] = []
        numbers: list[str] = []
        if self._peek() == "(":
            self._take()
            while True:
                if name in NUMBERED:
                    numbers.append(self._take())
                else:
                    parts.append(self._pattern())
                if self._take() == ")":
                    break
        if name in ("timestamp", "time") and self._peek() == "with":
            self._place += 3
            name += " with time zone"
        return Pattern(name, tuple(parts), tuple(numbers))


def match(pattern: Pattern, given: DataType, bindings: Bindings) -> int | None:
    """Bind the variables of a pattern; return what it costs to take `given` for it, or None if it cannot be."""
    if pattern.is_variable:
        return _match_variable(pattern.name, given, bindings)
    if pattern.name == ANY:
        return EXACT
    if given == UNKNOWN:
        return COERCED
    if pattern.name in (ARRAY, MAP, ROW, QDIGEST):
        if given.name != pattern.name:
            return None
        if not pattern.parts:
            return EXACT
        costs = [match(part, each.type, bindings) for part, each in zip(pattern.parts, given.fields, strict=True)]
        return None if None in costs else sum(cost for cost in costs if cost is not None)
    if pattern.name == given.name:
        return _match_numbers(pattern, given, bindings)
    return _match_coerced(pattern, given, bindings)


def _match_variable(name: str, given: DataType, bindings: Bindings) -> int | None:
    bound = bindings.types.get(name)
    if bound is None:
        bindings.types[name] = given
        return EXACT
    common = common_type(bound, given)
    if common is None:
        return None
    bindings.types[name] = common
    return EXACT if common == bound == given else COERCED


def _match_numbers(pattern: Pattern, given: DataType, bindings: Bindings) -> int | None:
    if not pattern.numbers:
        return EXACT
    # An unbounded varchar has no number.
    for name, number in zip(pattern.numbers, given.parameters, strict=False):
        if name.isdigit():
            if int(name) != number:
                return COERCED if can_coerce(given, DataType(given.name, tuple(map(int, pattern.numbers)))) else None
        else:
            bindings.numbers[name] = max(number, bindings.numbers.get(name, number))
    return EXACT


def _match_coerced(pattern: Pattern, given: DataType, bindings: Bindings) -> int | None:
    if pattern.name == "decimal" and given.name in DIGITS:
        for name, number in zip(pattern.numbers, (DIGITS[given.name], 0), strict=False):
            bindings.numbers[name] = number
        return 2 * COERCED
    if pattern.name in INTEGERS and given.name in INTEGERS:
        distance = INTEGERS.index(pattern.name) - INTEGERS.index(given.name)
        return distance * COERCED if distance > 0 else None
    numbers = tuple(int(number) if number.isdigit() else 3 for number in pattern.numbers)
    if given.name == "date" and pattern.name.startswith("timestamp") and pattern.numbers:
        bindings.numbers.setdefault(pattern.numbers[0], 3)
    elif pattern.numbers and given.parameters:
        bindings.numbers.setdefault(pattern.numbers[0], given.parameters[0])
        numbers = given.parameters[:1]
    if pattern.name == FUNCTION:
        return None
    wanted = DataType(pattern.name, numbers)
    common = common_type(given, wanted)
    return None if common is None or common.name != pattern.name else _distance(given, pattern.name)


def _distance(given: DataType, name: str) -> int:
    """Of several types that a number may be taken for, Trino takes the nearest: decimal, real, double."""
    order = [*INTEGERS, "decimal", "real", "double"]
    if given.name in order and name in order:
        return (order.index(name) - order.index(given.name) + 1) * COERCED
    return 3 * COERCED


def resolve(pattern: Pattern, bindings: Bindings) -> DataType:
    """Return the type that a pattern stands for; a variable without a type is of unknown type."""
    if pattern.is_variable:
        return bindings.types.get(pattern.name, UNKNOWN)
    if pattern.name == ANY:
        return UNKNOWN
    if pattern.parts:
        return DataType(pattern.name, (), tuple(Field(None, resolve(part, bindings)) for part in pattern.parts))
    if pattern.numbers:
        numbers = [int(name) if name.isdigit() else bindings.numbers.get(name) for name in pattern.numbers]
        known = tuple(number for number in numbers if number is not None)
        if len(known) < len(numbers):
            return DataType(pattern.name) if pattern.name == "varchar" else parse_type(pattern.name, trino=True)
        return DataType(pattern.name, known)
    if pattern.name in NUMBERED and pattern.name != "varchar":
        return parse_type(pattern.name, trino=True)
    return DataType(pattern.name)


def split_arguments(text: str) -> tuple[Sequence[Pattern], bool]:
    """Read the parameters of a function; the last one may be repeated: `varchar, varchar…`."""
    depth, start, parts = 0, 0, []
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    parts.append(text[start:])
    variadic = text.rstrip().endswith("…")
    return [parse_pattern(part.rstrip("… ").strip()) for part in parts if part.strip()], variadic
