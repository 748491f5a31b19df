"""Paths of SQL/JSON: `lax $.a[*] ? (@.b > 1)` (trino.io/docs/422/functions/json.html#json-path-language).

Items are None, booleans, int (bigint), float (double), Decimal, texts, lists and dictionaries. A path becomes a function from a
`Context` to the items that it finds; what goes wrong on the way is a PathError, which in a predicate is an unknown truth.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lake.sql.compiler.runtime.json_path_items import (
    COMPARISONS,
    METHODS,
    Context,
    Path,
    PathError,
    Predicate,
    any_of,
    arithmetic,
    compared,
    constant,
    descendants,
    index_of,
    is_number,
    known,
    last_index,
    negated,
    signed,
    starts_with,
    type_of,
    variable,
)

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|\"(?P<text>(?:[^\"]|\"\")*)\""
    r"|(?P<variable>\$\w+)|(?P<word>[^\W\d]\w*)|(?P<sign>==|<>|!=|<=|>=|&&|\|\||\.\.|[$@.,*+\-/%()\[\]?!<>])|(?P<bad>\S))"
)


class PathSyntaxError(ValueError):
    pass


def parse_path(text: str) -> Path:
    return _Parser(text).whole()


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
        return lambda context: [signed(sign, item) for item in self._unwrapped(inner(context))]

    def _binary(self, sign: str, left: Path, right: Path) -> Path:
        def evaluate(context: Context) -> list[Any]:
            operands = [self._unwrapped(side(context)) for side in (left, right)]
            if any(len(items) != 1 or not is_number(items[0]) for items in operands):
                raise PathError(f"{sign} takes one number on each side")
            return [arithmetic(sign, operands[0][0], operands[1][0])]

        return evaluate

    def _unwrapped(self, items: list[Any]) -> list[Any]:
        if not self.lax or not any(type(item) is list for item in items):
            return items
        return [each for item in items for each in (item if isinstance(item, list) else [item])]

    # What a path begins with

    def _primary(self) -> Path:
        kind, text = self._take()
        if kind == "number":
            return constant(_number(text))
        if kind == "text":
            return constant(text.replace('""', '"'))
        if kind == "variable":
            return variable(text[1:])
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
            return constant(literals[word])
        if word == "last":
            return last_index
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
            each[key] for item in path(context) for each in descendants(item) if isinstance(each, dict) and key in each
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
                    found.extend(self._elements(array, index_of(first(inner)), index_of(end(inner))))
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
            return lambda context: [type_of(item) for item in path(context)]
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
        return parts[0] if len(parts) == 1 else lambda context: any_of(part(context) for part in parts)

    def _and(self) -> Predicate:
        parts = [self._truth()]
        while self._sign("&&"):
            parts.append(self._truth())
        return (
            parts[0] if len(parts) == 1 else lambda context: negated(any_of(negated(part(context)) for part in parts))
        )

    def _truth(self) -> Predicate:
        if self._sign("!"):
            inner = self._truth()
            return lambda context: negated(inner(context))
        if self._peek() == ("word", "exists") and self._peek(1) == ("sign", "("):
            self._place += 2
            path = self._sum()
            self._expect(")")
            return known(lambda context: bool(path(context)))
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
            return self._existential(left, self._sum(), starts_with)
        sign = self._sign(*COMPARISONS)
        if sign is None:
            raise self._unexpected()
        return self._existential(left, self._sum(), lambda a, b: compared(sign, a, b))

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

        return known(evaluate)


def path_variables(text: str) -> set[str]:
    """Return the names of the variables that a path reads."""
    return {found["variable"][1:] for found in TOKEN.finditer(text) if found["variable"]}


def _number(text: str) -> Any:
    if "e" in text.lower():
        return float(text)
    return Decimal(text) if "." in text else int(text)
