"""Casts from JSON, which a body in Python reads by the static type; and numbers as JSON, whose text is Java's."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from lake.sql.compiler.forms import form, row_names
from lake.sql.compiler.python_forms import call_text
from lake.sql.compiler.runtime.json_values import from_json, lists_from_json
from lake.sql.compiler.typed import Typed
from lake.types import DataType
from lake.types.datatype import ARRAY, MAP, ROW, Field

KEYS = frozenset({"boolean", "tinyint", "smallint", "integer", "bigint", "real", "double", "decimal", "varchar"})
PLAIN_DIGITS = 6
FLOATS = frozenset({"real", "double"})


def can_cast_from_json(wanted: DataType) -> bool:
    if wanted.name == MAP:
        return wanted.key.name in KEYS and can_cast_from_json(wanted.value)
    if wanted.name in (ARRAY, ROW):
        return all(can_cast_from_json(field.type) for field in wanted.fields)
    return wanted.name == "json" or wanted.name in KEYS


def from_json_text(sql: str, wanted: DataType) -> str:
    """Return the text of a cast; numbers that may be NaN come as text, which DuckDB casts."""
    body = lists_from_json(wanted) if wanted.name == MAP else from_json(wanted)
    body.__name__ = f"from_json_{hashlib.sha256(wanted.athena.encode()).hexdigest()[:8]}"
    wire = carried(wanted)
    if wanted.name == MAP:
        lists = f"STRUCT(k {form(wire.key)}[], v {form(wire.value)}[])"
        call = f"trino_map_of({call_text(body, [sql], ('VARCHAR',), lists)})"
    else:
        call = call_text(body, [sql], ("VARCHAR",), form(wire))
    return call if form(wire) == form(wanted) else f"CAST({call} AS {form(wanted)})"


def number_json_text(sql: str, given: DataType) -> str:
    if given.name in FLOATS:
        return f"trino_json_number({sql})"
    plain = f"trino_decimal_text(CAST({sql} AS VARCHAR))"
    if given.parameters[1] <= PLAIN_DIGITS:
        return plain
    # BigDecimal writes what is less with an exponent.
    return f"CASE WHEN abs({sql}) >= 0.000001 THEN {plain} ELSE {call_text(str, [sql], (form(given),), 'VARCHAR')} END"


def json_key_text(key: Typed) -> str:
    """Return the text of a map's key, which stands in quotes in JSON."""
    if key.type.name in FLOATS:
        return f"trim({number_json_text(key.sql, key.type)}, '\"')"
    if key.type.name == "decimal":
        return f"trino_decimal_text(CAST({key.sql} AS VARCHAR))"
    return f"CAST({key.sql} AS VARCHAR)"


def carried(type_: DataType) -> DataType:
    """Return the type that a body gives for another: texts for numbers that may be NaN."""
    if type_.name in FLOATS:
        return DataType("varchar")
    if type_.name == ROW:
        names = row_names(type_)
        fields = (Field(name, carried(field.type)) for name, field in zip(names, type_.fields, strict=True))
        return replace(type_, fields=tuple(fields))
    return replace(type_, fields=tuple(Field(field.name, carried(field.type)) for field in type_.fields))
