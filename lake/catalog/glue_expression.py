"""Bounds on partition keys in the language of GetPartitions' `Expression`, as far as it can be trusted with them.

What is left out is filtered afterwards, so the rule is: an expression may select too much and never too little. Glue parses
it with JSqlParser, which has reserved words; and since neither Glue's documentation nor its clients agree on how a quote or
a backslash within a literal is written, no value with one is written at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lake.catalog.keys import merged
from lake.model import NULL_PARTITION, Column, KeyBounds

# docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html
MAX_LENGTH = 2048

MAX_EXPRESSIONS = 10
"""A list of values that is too long for one expression is cut into as many; beyond, its least and greatest must do."""

EVERYTHING = ""

# Words of JSqlParser's grammar that it does not take for a column's name.
RESERVED = frozenset(
    """
    all and any as asc begin between by case create cross current delete desc distinct do drop else end escape except exists
    fetch for from full group having if in index inner insert intersect interval into is join key left like limit minus
    natural not null offset on only open or order outer pivot primary procedure public replace right select set some
    start table then top truncate union unique update using values view when where with xml
    """.split()
)
PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")

# Whatever compares texts, by bytes, UTF-16 units or code points, agrees on where these lie among all others.
ORDERED_TEXT = re.compile(r"[ !-&(-\[\]-~]+")
INTEGER = re.compile(r"-?[0-9]{1,18}")

Literal = Callable[[str], str | None]


def expressions(keys: Sequence[Column], where: Iterable[KeyBounds]) -> tuple[str, ...]:
    """Return expressions that select different partitions, and together all that the bounds include.

    (EVERYTHING,) where none can be written; () where the bounds include nothing.
    """
    bounds_of = merged(where)
    bounds = [(key, bounds_of[key.name]) for key in keys if key.name in bounds_of]
    if any(found.values is not None and not found.values for _, found in bounds):
        return ()
    terms = [term for term in (_term(key, found) for key, found in bounds) if term is not None]
    while True:
        written = _written(terms)
        if written is not None:
            return written
        terms = _shortened(terms)


@dataclass(frozen=True, slots=True)
class _Term:
    """What is said of one key: that it has one of `values`, written as literals, or what `span` says."""

    name: str
    values: tuple[str, ...] = ()
    span: str | None = None

    def text(self, values: Sequence[str]) -> str:
        if not values:
            assert self.span is not None
            return self.span
        return f"{self.name} = {values[0]}" if len(values) == 1 else f"{self.name} IN ({', '.join(values)})"

    @property
    def length(self) -> int:
        return len(self.text(self.values))


def _term(key: Column, bounds: KeyBounds) -> _Term | None:
    literal = _literal_of(key)
    if literal is None or key.name in RESERVED or not PLAIN_NAME.fullmatch(key.name):
        return None
    if bounds.values is None:
        span = _span(key, bounds.low, bounds.high)
        return None if span is None else _Term(key.name, span=span)
    span = _span(key, min(bounds.values), max(bounds.values))
    literals = [literal(value) for value in sorted(bounds.values)]
    written = tuple(dict.fromkeys(text for text in literals if text is not None))
    if None in literals:
        return None if span is None else _Term(key.name, span=span)
    return _Term(key.name, written, span)


def _span(key: Column, low: str | None, high: str | None) -> str | None:
    """Write bounds that compare as text, for a key that Glue compares as text too."""
    if not _is_text(key):
        return None
    parts = [f"{key.name} >= '{low}'"] if low and ORDERED_TEXT.fullmatch(low) else []
    if high and ORDERED_TEXT.fullmatch(high):
        parts.append(f"{key.name} <= '{high}'")
    return " AND ".join(parts) or None


def _literal_of(key: Column) -> Literal | None:
    type_ = key.type.lower()
    if _is_text(key):
        return _text_literal
    if type_ in ("tinyint", "smallint", "int", "integer", "bigint"):
        return _integer_literal
    return _date_literal if type_ == "date" else None


def _is_text(key: Column) -> bool:
    return key.type.lower().partition("(")[0] in ("string", "varchar")


def _text_literal(value: str) -> str | None:
    return f"'{value}'" if value.isprintable() and value and "'" not in value and "\\" not in value else None


def _integer_literal(value: str) -> str | None:
    return str(int(value)) if INTEGER.fullmatch(value) else None


def _date_literal(value: str) -> str | None:
    # Unquoted dates are refused: github.com/ExpediaGroup/waggle-dance/pull/363
    try:
        return f"'{value}'" if value != NULL_PARTITION and date.fromisoformat(value).isoformat() == value else None
    except ValueError:
        return None


def _written(terms: Sequence[_Term]) -> tuple[str, ...] | None:
    """Join the terms, the longest list of values cut into several expressions; None where that makes too many."""
    whole = " AND ".join(term.text(term.values) for term in terms)
    if len(whole) <= MAX_LENGTH:
        return (whole or EVERYTHING,)
    longest = max(terms, key=lambda term: term.length)
    rest = [term.text(term.values) for term in terms if term is not longest]
    fixed = len(" AND ".join([*rest, longest.text(("", ""))]))
    chunks = _chunks(longest.values, MAX_LENGTH - fixed)
    if chunks is None or len(chunks) > MAX_EXPRESSIONS:
        return None
    return tuple(" AND ".join([*rest, longest.text(chunk)]) for chunk in chunks)


def _chunks(values: Sequence[str], room: int) -> list[tuple[str, ...]] | None:
    chunks: list[list[str]] = []
    left = -1
    for value in values:
        needed = len(value) + 2
        if needed > room:
            return None
        if needed > left:
            chunks.append([])
            left = room
        chunks[-1].append(value)
        left -= needed
    return [tuple(chunk) for chunk in chunks] or None


def _shortened(terms: Sequence[_Term]) -> list[_Term]:
    """Say less of the key that takes the most room: the span of its values, and then nothing."""
    longest = max(terms, key=lambda term: term.length)
    rest = [term for term in terms if term is not longest]
    if longest.values and longest.span is not None:
        return [*rest, _Term(longest.name, span=longest.span)]
    return rest
