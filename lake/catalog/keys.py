"""Partition values: what may be one, and as one text that sorts as they do, with the ranges of it that a predicate leaves.

Values are joined by U+0001, and U+0000 to U+0002 inside a value are written as U+0002 and a character from `@` on. The
separator is below everything that a value can hold, so encoded texts sort exactly as tuples of values do, code point by
code point, in Python as in SQLite (UTF-8 keeps that order).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lake.model import ALREADY_EXISTS, NOT_FOUND, Column, KeyBounds, Refusal

SEPARATOR = "\x01"
ESCAPE = "\x02"
# Follows every key that begins with the text before it: the least text above SEPARATOR that a value cannot continue with.
AFTER = "\x02"
# SQLite sorts every blob after every text.
END = b""
MAX_RANGES = 1000

INVALID = "InvalidInputException"

_ESCAPES = {code: ESCAPE + chr(0x40 + code) for code in range(3)}


def encode(values: Sequence[str]) -> str:
    key = SEPARATOR.join(values)
    if key.count(SEPARATOR) == len(values) - 1 and ESCAPE not in key and "\x00" not in key:
        return key
    return SEPARATOR.join([value.translate(_ESCAPES) for value in values])


def decode(key: str) -> tuple[str, ...]:
    values = key.split(SEPARATOR)
    if ESCAPE in key:
        for code, escaped in _ESCAPES.items():
            values = [value.replace(escaped, chr(code)) for value in values]
    return tuple(values)


def is_storable(text: str) -> bool:
    """Say whether the text has a UTF-8 form, without which no partition can have it."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def values_fault(values: tuple[str, ...], keys: Sequence[Column]) -> str | None:
    if not keys:
        return "the table has no partition keys"
    if len(values) != len(keys):
        return f"{len(values)} values were given for {len(keys)} partition keys"
    if not all(map(is_storable, values)):
        return "a value holds characters that UTF-8 cannot express"
    return None


def not_found(values: tuple[str, ...]) -> Refusal:
    return Refusal(values, NOT_FOUND, "the partition is not registered")


def already_there(values: tuple[str, ...]) -> Refusal:
    return Refusal(values, ALREADY_EXISTS, "the partition is registered already")


@dataclass(frozen=True, slots=True)
class KeyRange:
    """Keys from `low` up to, without, `high`."""

    low: str
    high: str | bytes


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Disjoint ranges in rising order, and the bounds that they do not express, by the position of their key."""

    ranges: tuple[KeyRange, ...]
    rest: tuple[tuple[int, KeyBounds], ...]

    def admits(self, values: tuple[str, ...]) -> bool:
        return all(_admits(bounds, values[index]) for index, bounds in self.rest)


def narrow(keys: Sequence[str], where: Iterable[KeyBounds]) -> Narrowing:
    """Turn bounds on leading keys into ranges; whatever they include is in a range and admitted."""
    bounds_of = merged(where)
    prefixes = [""]
    expressed = 0
    ranges: list[KeyRange] | None = None
    for key in keys:
        bounds = bounds_of.get(key.lower())
        if bounds is None:
            break
        if bounds.values is not None and len(prefixes) * len(bounds.values) <= MAX_RANGES:
            values = [encode((value,)) + SEPARATOR for value in sorted(bounds.values)]
            prefixes = [prefix + value for prefix in prefixes for value in values]
            expressed += 1
            continue
        ranges = [_between(prefix, _span(bounds)) for prefix in prefixes]
        expressed += bounds.values is None
        break
    if ranges is None:
        ranges = [_below(prefix) for prefix in prefixes]
    rest = [(index, bounds_of[key.lower()]) for index, key in enumerate(keys) if key.lower() in bounds_of]
    return Narrowing(tuple(ranges), tuple(item for item in rest if item[0] >= expressed))


def merged(where: Iterable[KeyBounds]) -> dict[str, KeyBounds]:
    """One statement a key, all of those about it together."""
    merged: dict[str, KeyBounds] = {}
    for bounds in where:
        key = bounds.key.lower()
        known = merged.get(key, KeyBounds(key))
        low = max((text for text in (known.low, bounds.low) if text is not None and is_storable(text)), default=None)
        high = min((text for text in (known.high, bounds.high) if text is not None and is_storable(text)), default=None)
        sets = [values for values in (known.values, bounds.values) if values is not None]
        span = KeyBounds(key, None, low, high)
        if sets:
            values = frozenset.intersection(*sets)
            merged[key] = KeyBounds(key, frozenset(v for v in values if is_storable(v) and _admits(span, v)), low, high)
        else:
            merged[key] = span
    return merged


def _admits(bounds: KeyBounds, value: str) -> bool:
    if bounds.values is not None:
        return value in bounds.values
    return (bounds.low is None or value >= bounds.low) and (bounds.high is None or value <= bounds.high)


def _span(bounds: KeyBounds) -> KeyBounds:
    if bounds.values:
        return KeyBounds(bounds.key, None, min(bounds.values), max(bounds.values))
    return bounds


def _between(prefix: str, bounds: KeyBounds) -> KeyRange:
    low = prefix + encode((bounds.low or "",))
    high = prefix + encode((bounds.high,)) + AFTER if bounds.high is not None else _below(prefix).high
    return KeyRange(low, high)


def _below(prefix: str) -> KeyRange:
    """Every key that begins with whole values; `prefix` is empty or ends with a separator."""
    if not prefix:
        return KeyRange("", END)
    return KeyRange(prefix[:-1], prefix[:-1] + AFTER)
