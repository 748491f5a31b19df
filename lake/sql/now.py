"""`current_date`, `now()` and their like, fixed to one instant a query, as Trino fixes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from sqlglot import exp

from lake.sql.compiler.parser import typed_literal

DIGITS = 3
"""Of a second, unless the query says how many."""

Text = Callable[[datetime, int], str]

LITERALS: dict[str, tuple[str, Text]] = {
    "current_timestamp": ("timestamp", lambda now, digits: f"{now.date()} {_clock(now, digits)} UTC"),
    "localtimestamp": ("timestamp", lambda now, digits: f"{now.date()} {_clock(now, digits)}"),
    "current_time": ("time", lambda now, digits: f"{_clock(now, digits)}+00:00"),
    "localtime": ("time", lambda now, digits: f"{_clock(now, digits)}"),
    "current_date": ("date", lambda now, digits: str(now.date())),
}
NODES: dict[type[exp.Expr], str] = {
    exp.CurrentTimestamp: "current_timestamp",
    exp.CurrentDate: "current_date",
    exp.CurrentTime: "current_time",
    exp.Localtimestamp: "localtimestamp",
    exp.Localtime: "localtime",
}


def fix_now(clocks: Iterable[exp.Expr], now: datetime) -> bool:
    """Replace those nodes that read the clock by literals for `now`, an aware instant, in UTC; say whether there are any."""
    instant = now.astimezone(UTC)
    fixed = False
    for node in clocks:
        name = _meant(node)
        digits = _digits(node)
        if name is not None and digits is not None:
            kind, text = LITERALS[name]
            node.replace(typed_literal(kind, text(instant, digits)))
            fixed = True
    return fixed


def _meant(node: exp.Expr) -> str | None:
    if not isinstance(node, exp.Anonymous):
        return NODES[type(node)]
    name = node.name.lower()
    if name == "now":
        return None if node.expressions else "current_timestamp"
    return name if name in LITERALS else None


def _digits(node: exp.Expr) -> int | None:
    """Return how many digits of a second are asked for; None for what is no number of them, which is left to be refused."""
    given = node.expressions if isinstance(node, exp.Anonymous) else []
    if not given:
        return DIGITS
    return int(given[0].name) if len(given) == 1 and given[0].is_int else None


def _clock(now: datetime, digits: int) -> str:
    fraction = f"{now.microsecond:06d}000000"[:digits]
    return f"{now:%H:%M:%S}" + (f".{fraction}" if digits else "")
