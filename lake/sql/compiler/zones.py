"""Names of zones in the text of a query."""

from __future__ import annotations

from lake.sql.compiler.python_forms import call_text
from lake.sql.compiler.runtime.times import offset_zone_name, supported_zone_name, zone_name


def zone_text(sql: str) -> str:
    """Return the text of the name under which a zone is kept; it raises for one that is not known."""
    return call_text(zone_name, [sql], ("VARCHAR",), "VARCHAR")


def supported_zone_text(sql: str) -> str:
    return call_text(supported_zone_name, [sql], ("VARCHAR",), "VARCHAR")


def offset_zone_text(minutes: str) -> str:
    return call_text(offset_zone_name, [minutes], ("BIGINT",), "VARCHAR")
