"""Conditions on partition keys (`dt >= '2026-01-01' AND hour IN (7, 8)`), compared as the keys' types compare."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from lake.errors import UsageError
from lake.model import NULL_PARTITION, KeyBounds, Table
from lake.partitions.layouts.keys import INTEGER_BITS, Key, TextKey, is_null, key_of
from lake.partitions.layouts.layout import Values, table_parameters

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

    def __init__(self, predicate: Predicate, bounds: tuple[KeyBounds, ...] = ()) -> None:
        self._predicate = predicate
        self.bounds = bounds

    def admits(self, values: Values) -> bool:
        return self._predicate(values) is True


def condition_of(table: Table, texts: Iterable[str]) -> Condition:
    """Read conditions that must all hold; raise UsageError, naming what is wrong. `KEY=VALUE` may go without quotes."""
    parts = [_plain(table, text) or _Parser(table, text).parse() for text in texts]
    bounds = tuple(bound for part in parts for bound in part.bounds)
    return Condition(lambda values: all(part.admits(values) for part in parts), bounds)


def equal_to(table: Table, wanted: Mapping[str, str]) -> Condition:
    """Return the condition that keys have these values; NULL is ''."""
    parts = [_equality(table, _index(table, name), value) for name, value in wanted.items()]
    bounds = tuple(bound for part in parts for bound in part.bounds)
    return Condition(lambda values: all(part.admits(values) for part in parts), bounds)


def _plain(table: Table, text: str) -> Condition | None:
    match = _PLAIN.fullmatch(text)
    if match is None or re.search(r"\s(?:and|or)\s", match[2], re.IGNORECASE):
        return None
    return _equality(table, _index(table, match[1]), match[2].strip())


def _equality(table: Table, index: int, value: str) -> Condition:
    column = table.partition_keys[index]
    key = key_of(column, table_parameters(table))
    text = NULL_PARTITION if is_null(value) else value
    wanted = text if text == NULL_PARTITION else key.identity(text)
    bounds = (KeyBounds(column.name, values=frozenset([text])),) if isinstance(key, TextKey) else ()

    def admits(values: Values) -> bool:
        found = values[index]
        return (NULL_PARTITION if is_null(found) else key.identity(found)) == wanted

    return Condition(admits, bounds)


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
        predicate = self._either()
        if self._at < len(self._tokens):
            raise self._wrong()
        return Condition(predicate)

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

    def _either(self) -> Predicate:
        parts = [self._both()]
        while self._take("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else lambda values: _any(part(values) for part in parts)

    def _both(self) -> Predicate:
        parts = [self._negated()]
        while self._take("AND"):
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else lambda values: _not(_any(_not(part(values)) for part in parts))

    def _negated(self) -> Predicate:
        if self._take("NOT"):
            inner = self._negated()
            return lambda values: _not(inner(values))
        if self._take("("):
            inner = self._either()
            self._need(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Predicate:
        index = self._key()
        negated = self._take("NOT")
        found = self._compared(index, negated=negated)
        return (lambda values: _not(found(values))) if negated else found

    def _compared(self, index: int, *, negated: bool) -> Predicate:
        order = _order(self._table, index)
        if self._take("IN"):
            self._need("(")
            wanted = [self._value()]
            while self._take(","):
                wanted.append(self._value())
            self._need(")")
            return lambda values: _any(_is(order(values[index], each), "=") for each in wanted)
        if self._take("BETWEEN"):
            low = self._value()
            self._need("AND")
            high = self._value()
            return lambda values: _not(
                _any((_is(order(values[index], low), "<"), _is(order(values[index], high), ">")))
            )
        if self._take("LIKE"):
            pattern = _like(self._value())
            return lambda values: None if is_null(values[index]) else pattern.fullmatch(values[index]) is not None
        if not negated and self._take("IS"):
            is_not = self._take("NOT")
            self._need("NULL")
            return lambda values: is_null(values[index]) != is_not
        symbol = next((each for each in _COMPARISONS if not negated and self._take(each)), None)
        if symbol is None:
            raise self._wrong()
        wanted_value = self._value()
        return lambda values: _is(order(values[index], wanted_value), symbol)

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


def _order(table: Table, index: int) -> Callable[[str, str], int | None]:
    """Return a comparison of a partition's text with a wanted one; None is NULL."""
    column = table.partition_keys[index]
    key: Key = key_of(column, table_parameters(table))
    numeric = column.type.strip().lower() in INTEGER_BITS

    def compare(found: str, wanted: str) -> int | None:
        if is_null(found):
            return None
        left, right = key.identity(found), key.identity(wanted)
        if numeric:
            try:
                number, other = int(left), int(right)
            except ValueError:
                return None
            return (number > other) - (number < other)
        return (left > right) - (left < right)

    return compare


def _is(order: int | None, symbol: str) -> bool | None:
    return None if order is None else _COMPARISONS[symbol](order)


def _any(found: Iterable[bool | None]) -> bool | None:
    verdicts: Sequence[bool | None] = list(found)
    return True if True in verdicts else None if None in verdicts else False


def _not(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict


def _like(pattern: str) -> re.Pattern[str]:
    return re.compile("".join({"%": ".*", "_": "."}.get(each, re.escape(each)) for each in pattern), re.DOTALL)
