"""How values of a partition key compare: as its type does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from lake.errors import UsageError
from lake.model import Column, KeyBounds
from lake.partitions.layouts import dates
from lake.partitions.layouts.keys import INTEGER, INTEGER_BITS, is_null


@dataclass(frozen=True)
class Order:
    """`read` gives what texts of the key's type compare by, and raises ValueError for others. `plain` writes a value as
    partitions have it, where such texts compare as the values do; None where they do not.
    """

    key: Column
    read: Callable[[str], Any]
    plain: Callable[[str], str] | None

    def wanted(self, text: str) -> Any:
        """Read a value that a condition names; raise UsageError for one that is none of the key's type."""
        try:
            return self.read(text)
        except ValueError:
            message = f"{text!r} is no {self.key.type}, as {self.key.name} is"
            raise UsageError(message, hint="texts stand in '…', dates as '2026-01-31'") from None

    def compare(self, found: str, wanted: Any) -> int | None:
        """Return a negative number, 0 or a positive one; None where a partition's value is NULL, or none of the type."""
        if is_null(found):
            return None
        try:
            left = self.read(found)
        except ValueError:
            return None
        return int(left > wanted) - int(left < wanted)

    def bounds(self, symbol: str, wanted: str) -> tuple[KeyBounds, ...]:
        """Say what a comparison means for a catalog, which compares texts."""
        if self.plain is None:
            return ()
        text = self.plain(wanted)
        if symbol == "=":
            return (KeyBounds(self.key.name, values=frozenset([text])),)
        if symbol in (">", ">="):
            return (KeyBounds(self.key.name, low=text),)
        return (KeyBounds(self.key.name, high=text),) if symbol in ("<", "<=") else ()

    def together(self, bounds: Sequence[KeyBounds]) -> tuple[KeyBounds, ...]:
        """Make one of the bounds of several values."""
        values = frozenset(value for bound in bounds for value in bound.values or ())
        return (KeyBounds(self.key.name, values=values),) if values else ()


def order_of(key: Column) -> Order:
    kind = key.type.strip().lower().partition("(")[0]
    if kind in INTEGER_BITS:
        return Order(key, _integer, None)
    if kind == "date":
        return Order(key, _instant, lambda text: text[: len("yyyy-MM-dd")])
    return Order(key, _READERS[kind], None) if kind in _READERS else Order(key, str, str)


def _integer(text: str) -> int:
    if INTEGER.fullmatch(text) is None:
        raise ValueError(text)
    return int(text)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _instant(text: str) -> tuple[str, str]:
    """Read a date or a timestamp as texts that compare as instants do: to the second, and the fraction."""
    instant = dates.read_instant(text)
    if instant is None:
        raise ValueError(text)
    moment, fraction = instant
    return dates.iso_text(moment, time=True), fraction


_READERS: Mapping[str, Callable[[str], Any]] = {
    "decimal": _decimal,
    **dict.fromkeys(("float", "real", "double"), float),
    "boolean": _boolean,
    "timestamp": _instant,
}
"""Of types whose texts do not compare as their values do."""
