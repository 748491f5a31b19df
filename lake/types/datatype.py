"""What a type is, and how Hive, Trino and DuckDB write it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lake.errors import NotSupported

ARRAY, MAP, ROW = "array", "map", "row"
QDIGEST = "qdigest"
"""A summary of values of a type, which is its only field."""
INTEGERS = frozenset({"tinyint", "smallint", "integer", "bigint"})
TIME_TYPES = frozenset({"time", "time with time zone", "timestamp", "timestamp with time zone"})
PLAIN_TYPES = frozenset(
    {
        "boolean",
        "tinyint",
        "smallint",
        "integer",
        "bigint",
        "real",
        "double",
        "varbinary",
        "date",
        "json",
        "uuid",
        "ipaddress",
        "geometry",
        "sphericalgeography",
        "bingtile",
        "hyperloglog",
        "p4hyperloglog",
        "tdigest",
        "setdigest",
        "color",
        "kdbtree",
        "unknown",
        "interval day to second",
        "interval year to month",
    }
)

SHOWN_NAMES = {
    "geometry": "Geometry",
    "sphericalgeography": "SphericalGeography",
    "bingtile": "BingTile",
    "kdbtree": "KdbTree",
    "hyperloglog": "HyperLogLog",
    "p4hyperloglog": "P4HyperLogLog",
    "setdigest": "SetDigest",
}
"""How Trino writes the names that it does not write small."""

DECIMAL_DIGITS = 38
TIME_DIGITS = 12
UNBOUNDED_LENGTH = 2147483647

HIVE_NAMES = {
    name: name for name in ("boolean", "tinyint", "smallint", "bigint", "double", "decimal", "char", "date")
} | {"integer": "int", "real": "float", "varbinary": "binary"}

DUCKDB_NAMES = {name: name.upper() for name in HIVE_NAMES} | {
    "real": "FLOAT",
    "varchar": "VARCHAR",
    "char": "VARCHAR",
    "varbinary": "BLOB",
    "time": "TIME",
    "time with time zone": "TIME WITH TIME ZONE",
    "timestamp with time zone": "TIMESTAMP WITH TIME ZONE",
    "interval day to second": "INTERVAL",
    "interval year to month": "INTERVAL",
    "json": "JSON",
    "uuid": "UUID",
    "ipaddress": "VARCHAR",
    "geometry": "VARCHAR",
    "unknown": '"NULL"',
}

_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")
# What crawlers write into Hive's struct text without quotes.
_HIVE_NAME = re.compile(r"(?!.*--)[\w$@.#%+-]+\Z")


@dataclass(frozen=True, slots=True)
class Field:
    """A part of a nested type; `name` is lower case, and None in an array, a map or an unnamed field of a row."""

    name: str | None
    type: DataType

    def __post_init__(self) -> None:
        if self.name is not None:
            object.__setattr__(self, "name", self.name.lower())


@dataclass(frozen=True, slots=True)
class DataType:
    """A type by Trino's name, its precision always in `parameters`: `timestamp` is ("timestamp", (3,)).

    Hive's `string` and Trino's unbounded `varchar` are ("varchar", ()). `fields` are one of an array, key and value
    of a map, all of a row.
    """

    name: str
    parameters: tuple[int, ...] = ()
    fields: tuple[Field, ...] = ()

    def __str__(self) -> str:
        return self.athena

    @property
    def is_nested(self) -> bool:
        return self.name in (ARRAY, MAP, ROW)

    @property
    def element(self) -> DataType:
        """The type of an array's elements."""
        return self.fields[0].type

    @property
    def key(self) -> DataType:
        """The type of a map's keys."""
        return self.fields[0].type

    @property
    def value(self) -> DataType:
        """The type of a map's values."""
        return self.fields[1].type

    @property
    def athena(self) -> str:
        """Trino's text, as `typeof` gives it: `row(a integer)`, `timestamp(3) with time zone`."""
        if self.fields:
            return f"{self.name}({', '.join(_trino_field(field) for field in self.fields)})"
        if self.name in TIME_TYPES:
            base, _, zone = self.name.partition(" ")
            return f"{base}({self.parameters[0]}){' ' + zone if zone else ''}"
        return SHOWN_NAMES.get(self.name, self.name) + _arguments(self.parameters)

    @property
    def hive(self) -> str:
        """Hive's text, as Glue keeps it; raise NotSupported for what Hive lacks.

        Hive has one `timestamp`, so its precision is not in the text.
        """
        if self.name == ARRAY:
            return f"array<{self.element.hive}>"
        if self.name == MAP:
            return f"map<{self.key.hive},{self.value.hive}>"
        if self.name == ROW:
            return f"struct<{','.join(_hive_field(field) for field in self.fields)}>"
        if self.name == "varchar":
            return f"varchar({self.parameters[0]})" if self.parameters else "string"
        if self.name == "timestamp":
            return "timestamp"
        name = HIVE_NAMES.get(self.name)
        if name is None:
            raise NotSupported(f"type {self.athena} has no equal in Hive, so no table can hold it")
        return name + _arguments(self.parameters)

    @property
    def duckdb(self) -> str:
        """DuckDB's text; raise NotSupported where it has no form. Unnamed fields of a row become field0, field1, …"""
        if self.name == ARRAY:
            return f"{self.element.duckdb}[]"
        if self.name == MAP:
            return f"MAP({self.key.duckdb}, {self.value.duckdb})"
        if self.name == ROW:
            types = (field.type.duckdb for field in self.fields)
            pairs = zip(self.field_names, types, strict=True)
            return f"STRUCT({', '.join(f'{quoted(name)} {type_}' for name, type_ in pairs)})"
        if self.name == "decimal":
            return f"DECIMAL{_arguments(self.parameters)}"
        if self.name == "timestamp" and self.parameters[0] <= 9:
            return "TIMESTAMP" if self.parameters[0] <= 6 else "TIMESTAMP_NS"
        name = DUCKDB_NAMES.get(self.name)
        if name is None:
            raise NotSupported(f"type {self.athena} is not supported on a directory")
        return name

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of a row's fields; field0, field1, … by position for those without."""
        return tuple(
            f"field{position}" if field.name is None else field.name for position, field in enumerate(self.fields)
        )


def array_of(element: DataType) -> DataType:
    return DataType(ARRAY, (), (Field(None, element),))


def map_of(key: DataType, value: DataType) -> DataType:
    return DataType(MAP, (), (Field(None, key), Field(None, value)))


def row_of(fields: Iterable[tuple[str | None, DataType]]) -> DataType:
    return DataType(ROW, (), tuple(Field(name, type_) for name, type_ in fields))


def quoted(name: str) -> str:
    """Write a name as Trino and DuckDB quote it."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _arguments(parameters: tuple[int, ...]) -> str:
    return f"({','.join(map(str, parameters))})" if parameters else ""


def _trino_field(field: Field) -> str:
    if field.name is None:
        return field.type.athena
    name = field.name if _PLAIN_NAME.match(field.name) else quoted(field.name)
    return f"{name} {field.type.athena}"


def _hive_field(field: Field) -> str:
    if field.name is None:
        raise NotSupported("a row without field names has no equal in Hive: give each field a name")
    name = field.name if _HIVE_NAME.match(field.name) else "`" + field.name.replace("`", "``") + "`"
    return f"{name}:{field.type.hive}"
