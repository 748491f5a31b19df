"""Conditions on partition keys (`dt >= '2026-01-01' AND hour IN (7, 8)`), compared as the keys' types compare."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from lake.errors import UsageError
from lake.model import NULL_PARTITION, KeyBounds, Table
from lake.partitions.layouts.keys import is_null
from lake.partitions.layouts.layout import Values
from lake.partitions.order import Order, order_of

_TOKEN = re.compile(
    r"\s*(?:'((?:[^']|'')*)'|\"((?:[^\"]|\"\")*)\"|(<=|>=|<>|!=|=|<|>|\(|\)|,)|([^\s'\"<>=!(),]+))", re.DOTALL
)
_PLAIN = re.compile(r"\s*([^\s=<>!()'\"]+)\s*=\s*([^'\"<>=()]*)", re.DOTALL)
_COMPARISONS: Mapping[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}
HINT = "write KEY = 'value', also with <>, <, <=, >, >=, IN (…), BETWEEN … AND …, LIKE, IS NULL, AND, OR, NOT"

Predicate = Callable[[Values], "bool | None"]
"""NULL makes a comparison neither true nor false."""


class Condition:
    """One condition: `admits` decides, `bounds` narrow what a catalog is asked for."""

    def __init__(self, verdict: Predicate, bounds: tuple[KeyBounds, ...] = ()) -> None:
        self.verdict = verdict
        self.bounds = bounds

    def admits(self, values: Values) -> bool:
        return self.verdict(values) is True


def condition_of(table: Table, texts: Iterable[str]) -> Condition:
    """Read conditions that must all hold; raise UsageError, naming what is wrong. `KEY=VALUE` may go without quotes."""
    return _all([_plain(table, text) or _Parser(table, text).parse() for text in texts])


def equal_to(table: Table, wanted: Mapping[str, str]) -> Condition:
    """Return the condition that keys have these values; NULL is ''."""
    return _all([_equality(table, _index(table, name), value) for name, value in wanted.items()])


def _plain(table: Table, text: str) -> Condition | None:
    match = _PLAIN.fullmatch(text)
    if match is None or re.search(r"\s(?:and|or)\s", match[2], re.IGNORECASE):
        return None
    if not match[2].strip():
        raise UsageError(f"condition {text!r} gives no value", hint=f"write {match[1]} IS NULL where NULL is meant")
    return _equality(table, _index(table, match[1]), match[2].strip())


def _equality(table: Table, index: int, value: str) -> Condition:
    if is_null(value):
        bounds = (KeyBounds(table.partition_keys[index].name, values=frozenset([NULL_PARTITION])),)
        return Condition(lambda values: is_null(values[index]), bounds)
    return _compared(order_of(table.partition_keys[index]), index, "=", value)


def _compared(order: Order, index: int, symbol: str, wanted: str) -> Condition:
    """Compare a key to a value; raise UsageError for one that is none of the key's type."""
    reads = _COMPARISONS[symbol]
    right = order.wanted(wanted)

    def verdict(values: Values) -> bool | None:
        found = order.compare(values[index], right)
        return None if found is None else reads(found)

    return Condition(verdict, order.bounds(symbol, wanted))


def _index(table: Table, name: str) -> int:
    names = [column.name for column in table.partition_keys]
    if name.lower() not in names:
        raise UsageError(
            f"{name!r} is no partition key of {str(table.full_name)!r}",
            hint=f"its keys are {', '.join(names)}" if names else "it is not partitioned",
        )
    return names.index(name.lower())


class _Parser:
    def __init__(self, table: Table, text: str) -> None:
        self._table = table
        self._text = text
        self._tokens = self._cut(text)
        self._at = 0

    def parse(self) -> Condition:
        condition = self._either()
        if self._at < len(self._tokens):
            raise self._wrong()
        return condition

    def _cut(self, text: str) -> list[tuple[str, str]]:
        tokens, end = [], 0
        text = text.rstrip()
        while end < len(text):
            match = _TOKEN.match(text, end)
            if match is None:
                raise UsageError(f"condition {text!r} cannot be read at {text[end:]!r}", hint=HINT)
            quoted, named, symbol, word = match.groups()
            if quoted is not None:
                tokens.append(("value", quoted.replace("''", "'")))
            elif named is not None:
                tokens.append(("name", named.replace('""', '"')))
            else:
                tokens.append(("symbol", symbol) if symbol else ("word", word))
            end = match.end()
        return tokens

    def _wrong(self) -> UsageError:
        rest = self._tokens[self._at][1] if self._at < len(self._tokens) else "its end"
        return UsageError(f"condition {self._text!r} cannot be read at {rest!r}", hint=HINT)

    def _take(self, *words: str) -> bool:
        if self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind in ("word", "symbol") and text.upper() in words:
                self._at += 1
                return True
        return False

    def _need(self, word: str) -> None:
        if not self._take(word):
            raise self._wrong()

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._take("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else _any(parts)

    def _both(self) -> Condition:
        parts = [self._negated()]
        while self._take("AND"):
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else _all(parts)

    def _negated(self) -> Condition:
        if self._take("NOT"):
            return _not(self._negated())
        if self._take("("):
            inner = self._either()
            self._need(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        index = self._key()
        negated = self._take("NOT")
        found = self._of_key(index, negated=negated)
        return _not(found) if negated else found

    def _of_key(self, index: int, *, negated: bool) -> Condition:
        order = order_of(self._table.partition_keys[index])
        if self._take("IN"):
            return self._listed(order, index)
        if self._take("BETWEEN"):
            low = _compared(order, index, ">=", self._value())
            self._need("AND")
            return _all([low, _compared(order, index, "<=", self._value())])
        if self._take("LIKE"):
            pattern = _like(self._value())
            return Condition(
                lambda values: None if is_null(values[index]) else pattern.fullmatch(values[index]) is not None
            )
        if not negated and self._take("IS"):
            is_not = self._take("NOT")
            self._need("NULL")
            return Condition(lambda values: is_null(values[index]) != is_not)
        symbol = next((each for each in _COMPARISONS if not negated and self._take(each)), None)
        if symbol is None:
            raise self._wrong()
        return _compared(order, index, symbol, self._value())

    def _listed(self, order: Order, index: int) -> Condition:
        self._need("(")
        parts = [_compared(order, index, "=", self._value())]
        while self._take(","):
            parts.append(_compared(order, index, "=", self._value()))
        self._need(")")
        bounds = tuple(bound for part in parts for bound in part.bounds)
        return Condition(_any(parts).verdict, order.together(bounds))

    def _key(self) -> int:
        if self._at >= len(self._tokens) or self._tokens[self._at][0] not in ("word", "name"):
            raise self._wrong()
        self._at += 1
        return _index(self._table, self._tokens[self._at - 1][1])

    def _value(self) -> str:
        if self._at + 1 < len(self._tokens) and self._tokens[self._at + 1][0] == "value":
            self._take("DATE", "TIMESTAMP")
        if self._at >= len(self._tokens) or self._tokens[self._at][0] not in ("word", "value"):
            raise self._wrong()
        self._at += 1
        return self._tokens[self._at - 1][1]


def _all(parts: Sequence[Condition]) -> Condition:
    def verdict(values: Values) -> bool | None:
        found = [part.verdict(values) for part in parts]
        return False if False in found else None if None in found else True

    return Condition(verdict, tuple(bound for part in parts for bound in part.bounds))


def _any(parts: Sequence[Condition]) -> Condition:
    def verdict(values: Values) -> bool | None:
        found = [part.verdict(values) for part in parts]
        return True if True in found else None if None in found else False

    return Condition(verdict)


def _not(part: Condition) -> Condition:
    def verdict(values: Values) -> bool | None:
        found = part.verdict(values)
        return None if found is None else not found

    return Condition(verdict)


def _like(pattern: str) -> re.Pattern[str]:
    return re.compile("".join({"%": ".*", "_": "."}.get(each, re.escape(each)) for each in pattern), re.DOTALL)
