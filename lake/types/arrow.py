"""Types to and from Arrow. pyarrow is imported when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lake.errors import NotSupported
from lake.types.datatype import ARRAY, DECIMAL_DIGITS, MAP, ROW, DataType, array_of, map_of, row_of

if TYPE_CHECKING:
    import pyarrow as pa

# pyarrow's factory functions. What Arrow has no type of its own for travels as text.
FACTORIES = {
    "boolean": "bool_",
    "tinyint": "int8",
    "smallint": "int16",
    "integer": "int32",
    "bigint": "int64",
    "real": "float32",
    "double": "float64",
    "varchar": "string",
    "char": "string",
    "json": "string",
    "uuid": "string",
    "ipaddress": "string",
    "geometry": "string",
    "varbinary": "binary",
    "hyperloglog": "binary",
    "p4hyperloglog": "binary",
    "tdigest": "binary",
    "date": "date32",
    "unknown": "null",
    # DuckDB gives both kinds so.
    "interval day to second": "month_day_nano_interval",
    "interval year to month": "month_day_nano_interval",
}

UNIT_DIGITS = {"s": 0, "ms": 3, "us": 6, "ns": 9}

# By the text of the Arrow type: wider where Athena has no unsigned or half type.
NAMES = {
    "null": "unknown",
    "bool": "boolean",
    "int8": "tinyint",
    "int16": "smallint",
    "int32": "integer",
    "int64": "bigint",
    "uint8": "smallint",
    "uint16": "integer",
    "uint32": "bigint",
    "halffloat": "real",
    "float": "real",
    "double": "double",
    "string": "varchar",
    "large_string": "varchar",
    "string_view": "varchar",
    "binary": "varbinary",
    "large_binary": "varbinary",
    "binary_view": "varbinary",
    "date32[day]": "date",
    "date64[ms]": "date",
    "month_day_nano_interval": "interval day to second",
}
EXTENSIONS = {"arrow.json": "json", "arrow.uuid": "uuid"}


def to_arrow(data_type: DataType) -> pa.DataType:
    """Return the Arrow type that holds every value. char, json, uuid and ipaddress become strings."""
    import pyarrow as pa

    name = data_type.name
    if name == ARRAY:
        return pa.list_(to_arrow(data_type.element))
    if name == MAP:
        # Arrow's keys are never null, so a map that has none has keys of text.
        key = pa.string() if data_type.key.name == "unknown" else to_arrow(data_type.key)
        return pa.map_(key, to_arrow(data_type.value))
    if name == ROW:
        types = [to_arrow(field.type) for field in data_type.fields]
        return pa.struct(list(zip(data_type.field_names, types, strict=True)))
    if name == "decimal":
        return pa.decimal128(*data_type.parameters)
    base, _, zone = name.partition(" ")
    if base in ("time", "timestamp"):
        unit = next((unit for unit, digits in UNIT_DIGITS.items() if data_type.parameters[0] <= digits), None)
        if unit is not None and base == "timestamp":
            return pa.timestamp(unit, tz="UTC" if zone else None)
        if unit is not None and not zone:
            return pa.time32(unit) if unit in ("s", "ms") else pa.time64(unit)
    factory = FACTORIES.get(name)
    if factory is None:
        raise NotSupported(f"type {data_type.athena} has no equal in Arrow")
    return getattr(pa, factory)()


def from_arrow(arrow_type: pa.DataType) -> DataType:
    """Return Athena's type that holds every value; raise NotSupported where there is none. Names become lower case."""
    import pyarrow as pa

    name = NAMES.get(str(arrow_type))
    if name is not None:
        return DataType(name)
    if isinstance(arrow_type, pa.BaseExtensionType):
        name = EXTENSIONS.get(arrow_type.extension_name)
        return DataType(name) if name else from_arrow(arrow_type.storage_type)
    kinds = pa.types
    if kinds.is_dictionary(arrow_type) or kinds.is_run_end_encoded(arrow_type):
        return from_arrow(arrow_type.value_type)
    if kinds.is_map(arrow_type):
        return map_of(from_arrow(arrow_type.key_type), from_arrow(arrow_type.item_type))
    if kinds.is_struct(arrow_type):
        return row_of((field.name, from_arrow(field.type)) for field in arrow_type)
    if kinds.is_nested(arrow_type) and hasattr(arrow_type, "value_type"):
        return array_of(from_arrow(arrow_type.value_type))
    return _scalar_from_arrow(arrow_type)


def _scalar_from_arrow(arrow_type: pa.DataType) -> DataType:
    import pyarrow as pa

    kinds = pa.types
    if kinds.is_uint64(arrow_type):
        return DataType("decimal", (20, 0))
    if kinds.is_decimal(arrow_type) and arrow_type.precision <= DECIMAL_DIGITS and arrow_type.scale >= 0:
        # Arrow allows more digits behind the point than there are.
        precision = max(arrow_type.precision, arrow_type.scale)
        if precision <= DECIMAL_DIGITS:
            return DataType("decimal", (precision, arrow_type.scale))
    if kinds.is_timestamp(arrow_type):
        name = "timestamp with time zone" if arrow_type.tz else "timestamp"
        return DataType(name, (UNIT_DIGITS[arrow_type.unit],))
    if kinds.is_time(arrow_type):
        return DataType("time", (UNIT_DIGITS[arrow_type.unit],))
    if kinds.is_duration(arrow_type):
        return DataType("interval day to second")
    if kinds.is_fixed_size_binary(arrow_type):
        return DataType("varbinary")
    raise NotSupported(f"Arrow's type {arrow_type} has no equal in Athena")
