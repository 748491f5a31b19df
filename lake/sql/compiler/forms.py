"""How values of Trino's types lie in DuckDB. The static type alone decides.

varchar(n), char(n), json    VARCHAR; char without the blanks at its end, JSON as canonical text
timestamp(p)                 TIMESTAMP, up to microseconds
timestamp(p) with time zone  STRUCT(t TIMESTAMPTZ, z VARCHAR): the instant and the name of its zone
time(p) with time zone       STRUCT(t TIME, o INTEGER): the local time and the minutes that it is ahead of UTC
ipaddress                    BLOB of 16 bytes
geometry, sphericalgeography BLOB of WKB, shells counterclockwise; bingtile: BIGINT of x, y and zoom
hyperloglog, tdigest, …      BLOB, as runtime/sketches.py and digests.py write it; color: INTEGER, -1 - n for the terminal's n
interval day to second       BIGINT of milliseconds; interval year to month: BIGINT of months
row(…)                       STRUCT whose fields have the row's names, made different where they are not
"""

from __future__ import annotations

from lake.errors import NotSupported
from lake.types import DataType
from lake.types.datatype import ARRAY, MAP, QDIGEST, ROW, quoted

PLAIN = {
    "boolean": "BOOLEAN",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "real": "FLOAT",
    "double": "DOUBLE",
    "varchar": "VARCHAR",
    "char": "VARCHAR",
    "varbinary": "BLOB",
    "date": "DATE",
    "json": "VARCHAR",
    "uuid": "UUID",
    "ipaddress": "BLOB",
    "geometry": "BLOB",
    "sphericalgeography": "BLOB",
    "bingtile": "BIGINT",
    "hyperloglog": "BLOB",
    "p4hyperloglog": "BLOB",
    "tdigest": "BLOB",
    "setdigest": "BLOB",
    "color": "INTEGER",
    "unknown": '"NULL"',
    "interval day to second": "BIGINT",
    "interval year to month": "BIGINT",
    "timestamp with time zone": "STRUCT(t TIMESTAMPTZ, z VARCHAR)",
    "time with time zone": "STRUCT(t TIME, o INTEGER)",
}
PRECISE = {
    "timestamp": "STRUCT(t TIMESTAMP, p INTEGER)",
    "time": "STRUCT(t TIME, p INTEGER)",
    "timestamp with time zone": "STRUCT(t TIMESTAMPTZ, z VARCHAR, p INTEGER)",
    "time with time zone": "STRUCT(t TIME, o INTEGER, p INTEGER)",
}
"""With more digits than microseconds have: p are the picoseconds within one."""
MICROSECONDS = 6


def is_precise(type_: DataType) -> bool:
    return type_.name in PRECISE and type_.parameters[0] > MICROSECONDS


def form(type_: DataType) -> str:
    """Return DuckDB's text of the form; raise NotSupported where there is none."""
    if type_.name == ARRAY:
        return f"{form(type_.element)}[]"
    if type_.name == MAP:
        return f"MAP({form(type_.key)}, {form(type_.value)})"
    if type_.name == ROW:
        pairs = zip(row_names(type_), type_.fields, strict=True)
        return f"STRUCT({', '.join(f'{quoted(name)} {form(field.type)}' for name, field in pairs)})"
    if type_.name == "decimal":
        precision, scale = type_.parameters
        return f"DECIMAL({precision},{scale})"
    if type_.name == QDIGEST:
        return "BLOB"
    if is_precise(type_):
        return PRECISE[type_.name]
    if type_.name in ("timestamp", "time"):
        return type_.name.upper()
    if type_.name not in PLAIN:
        raise NotSupported(f"type {type_.athena} is not supported on a directory")
    return PLAIN[type_.name]


def row_names(row: DataType) -> list[str]:
    """Return a name for each field of a row; DuckDB takes no two that are equal without case."""
    names: list[str] = []
    for place, name in enumerate(row.field_names):
        names.append(name if name and name not in names else f"field{place}_")
    return names
