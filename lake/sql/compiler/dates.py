"""Dates that are written out."""

from __future__ import annotations

import datetime as dt
import re

ISO = re.compile(r"\d{4}-\d\d-\d\d")


def iso_date(written: object) -> str | None:
    """Return DuckDB's text of a date that is written as ISO 8601 does; None for what only a cast can judge."""
    if not isinstance(written, str) or not ISO.fullmatch(written):
        return None
    try:
        dt.date.fromisoformat(written)
    except ValueError:
        return None
    return f"DATE '{written}'"
