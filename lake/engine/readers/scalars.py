"""Text as a value that is not nested; text that is no such value is NULL, as in Hive."""

from __future__ import annotations

from lake.engine.readers.literals import text
from lake.types import DataType
from lake.types.datatype import INTEGERS

WHOLE_OR_FRACTION = text(r"[+-]?(?:\d+(?:\.\d*)?|\.\d*)")


def scalar_value(raw: str, type_: DataType) -> str:
    """Return the expression that reads `raw`, a text, as `type_`: whole numbers lose a fraction, a date is yyyy-M-d."""
    if type_.name == "varchar":
        return raw if not type_.parameters else f"{raw}[:{type_.parameters[0]}]"
    if type_.name == "varbinary":
        return f"from_base64({raw})"
    if type_.name == "date":
        return f"CAST(try_strptime({raw}, '%Y-%m-%d') AS DATE)"
    plain = f"TRY_CAST({raw} AS {type_.duckdb})"
    if type_.name not in INTEGERS:
        return plain
    # DuckDB would round 1.5, and take 1e3, 0x1F and 1_000. Text as it is printed, nearly all of it, costs no pattern.
    whole = rf"TRY_CAST(regexp_replace({raw}, '^([+-]?)(\d*).*$', '\10\2') AS {type_.duckdb})"
    return (
        f"CASE WHEN CAST({plain} AS VARCHAR) = {raw} THEN {plain} "
        f"WHEN regexp_full_match({raw}, {WHOLE_OR_FRACTION}) THEN {whole} END"
    )
