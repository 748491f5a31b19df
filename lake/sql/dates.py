"""`current_date`, `now()` and their like, fixed to one instant a query, as Trino fixes them."""

from __future__ import annotations

from datetime import datetime

from sqlglot import exp

from lake.sql.parameters import literal


def fix_now(tree: exp.Query, now: datetime) -> None:
    """Replace the functions that read the clock by literals for `now`, an aware instant, in UTC."""
    instant = now.replace(microsecond=now.microsecond // 1000 * 1000)
    naive = instant.replace(tzinfo=None)
    values = {
        exp.CurrentTimestamp: instant,
        exp.CurrentDate: naive.date(),
        exp.CurrentTime: naive.time(),
        exp.Localtimestamp: naive,
        exp.Localtime: naive.time(),
    }
    for node in list(tree.find_all(*values)):
        node.replace(literal(values[type(node)]))
