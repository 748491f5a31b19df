"""Values in DuckDB's forms (`lake.sql.compiler.forms`) as they leave the engine: for readers in Arrow, for Parquet files."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from lake.sql.compile import CompiledQuery
from lake.sql.compiler.casts import cast_text
from lake.sql.compiler.coercion import DAYS, JSON, MONTHS, OFFSET_TIME, VARCHAR, ZONED
from lake.sql.compiler.forms import form, is_precise, row_names
from lake.sql.compiler.operators import DAY_MS
from lake.sql.compiler.python_forms import call_text
from lake.sql.compiler.runtime.bing_tiles import tile_text
from lake.sql.compiler.runtime.colors import color_text
from lake.sql.compiler.runtime.geo import geometry_text
from lake.sql.compiler.typed import Typed
from lake.types import DataType
from lake.types.datatype import ARRAY, MAP, ROW, quoted
from lake.types.zoned import ZonedTimestamps

TEXTS_OF_NUMBERS: dict[str, Callable[[int], str]] = {"bingtile": tile_text, "color": color_text}
GEOMETRIES = frozenset({"geometry", "sphericalgeography"})
SHOWN_AS_TEXT = GEOMETRIES | {"char", "ipaddress", OFFSET_TIME, ZONED, *TEXTS_OF_NUMBERS}


def shown(sql: str, type_: DataType) -> str:
    """Return the text of a column of a result. A timestamp with time zone stays a struct, for `arrow_caster`."""
    return _cast(sql, type_) if _is_zoned(type_) else _shown(sql, type_)


def exported(sql: str, type_: DataType) -> str:
    """Return the text of a column of a Parquet file, which has instants without zones and no intervals."""
    if _is_zoned(type_):
        return f"({sql}).t"
    return _text(sql, type_) if type_ in (DAYS, MONTHS) else _shown(sql, type_)


def arrow_caster(
    schema: pa.Schema, compiled: CompiledQuery
) -> tuple[pa.Schema, Callable[[pa.RecordBatch], pa.RecordBatch]]:
    """Return the schema to show, its columns named, and the function that brings a batch to it."""
    zoned = {place for place, type_ in enumerate(compiled.types) if _is_zoned(type_)}
    fields = [
        pa.field(name, ZonedTimestamps() if place in zoned else field.type)
        for place, (name, field) in enumerate(zip(compiled.names, schema, strict=True))
    ]
    wanted = pa.schema(fields)

    def cast(batch: pa.RecordBatch) -> pa.RecordBatch:
        columns = [
            pa.ExtensionArray.from_storage(ZonedTimestamps(), column) if place in zoned else column
            for place, column in enumerate(batch.columns)
        ]
        return pa.RecordBatch.from_arrays(columns, schema=wanted)

    return wanted, cast


def _is_zoned(type_: DataType) -> bool:
    """With more digits than microseconds have, it is shown as text."""
    return type_.name == ZONED and not is_precise(type_)


def _shown(sql: str, type_: DataType) -> str:
    if not _differs(type_):
        return _cast(sql, type_)
    if type_ == DAYS:
        # Arrow's interval counts nanoseconds in 64 bits: days are counted apart.
        return f"(to_days(CAST({sql} // {DAY_MS} AS INTEGER)) + to_milliseconds({sql} % {DAY_MS}))"
    if type_ == MONTHS:
        return f"to_months(CAST({sql} AS INTEGER))"
    if type_ == JSON:
        return f"CAST({sql} AS JSON)"
    if type_.name in GEOMETRIES:
        return call_text(geometry_text, [sql], ("BLOB",), "VARCHAR")
    if type_.name in TEXTS_OF_NUMBERS:
        return call_text(TEXTS_OF_NUMBERS[type_.name], [sql], (form(type_),), "VARCHAR")
    if type_.name == "char":
        return f"rpad({sql}, {type_.parameters[0]}, ' ')"
    if type_.name == ARRAY:
        return f"list_transform({sql}, lambda e: {_shown('e', type_.element)})"
    if type_.name == MAP:
        key, value = _shown("e.key", type_.key), _shown("e.value", type_.value)
        pairs = f"list_transform(map_entries({sql}), lambda e: {{'key': {key}, 'value': {value}}})"
        return f"CASE WHEN {sql} IS NOT NULL THEN map_from_entries({pairs}) END"
    if type_.name == ROW:
        return _row(sql, type_)
    return _text(sql, type_)


def _row(sql: str, type_: DataType) -> str:
    own = zip(type_.field_names, row_names(type_), type_.fields, strict=True)
    fields = ", ".join(
        f"{quoted(name)} := {_shown(f'({sql}).{quoted(inner)}', field.type)}" for name, inner, field in own
    )
    return f"CASE WHEN {sql} IS NOT NULL THEN struct_pack({fields}) END"


def _differs(type_: DataType) -> bool:
    """Say whether a type, or one within it, is shown otherwise than it lies."""
    if type_ in (DAYS, MONTHS, JSON) or type_.name in SHOWN_AS_TEXT or is_precise(type_):
        return True
    unnamed = type_.name == ROW and list(type_.field_names) != row_names(type_)
    return unnamed or any(_differs(field.type) for field in type_.fields)


def _cast(sql: str, type_: DataType) -> str:
    return sql if type_.name == "unknown" else f"CAST({sql} AS {form(type_)})"


def _text(sql: str, type_: DataType) -> str:
    return cast_text(Typed(sql, type_), VARCHAR)
