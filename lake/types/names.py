"""The names of types in other spellings, by Trino's."""

from __future__ import annotations

from lake.types.datatype import ROW

ATHENA_ALIASES = {
    "int": "integer",
    "float": "real",
    "string": "varchar",
    "binary": "varbinary",
    "numeric": "decimal",
    "dec": "decimal",
    "struct": ROW,
    "void": "unknown",
    "double precision": "double",
    "char varying": "varchar",
    "character varying": "varchar",
    "timestamp with local time zone": "timestamp with time zone",
    "timestamp without time zone": "timestamp",
    "time without time zone": "time",
}

# DuckDB's names by Athena's nearest type that holds every value.
DUCKDB_ALIASES = {
    "float": "real",
    "blob": "varbinary",
    "text": "varchar",
    "bit": "varchar",
    "enum": "varchar",
    "struct": ROW,
    "null": "unknown",
    "utinyint": "smallint",
    "usmallint": "integer",
    "uinteger": "bigint",
    "ubigint": "decimal(20,0)",
    "hugeint": "decimal(38,0)",
    "uhugeint": "decimal(38,0)",
    "interval": "interval day to second",
    "time_ns": "time(9)",
    "timetz": "time with time zone",
    "timestamp_s": "timestamp(0)",
    "timestamp_ms": "timestamp(3)",
    "timestamp_ns": "timestamp(9)",
    "timestamptz": "timestamp with time zone",
}

# Types whose name is several words, by the first one.
WORDS_AFTER = {
    "double": (("precision",),),
    "char": (("varying",),),
    "character": (("varying",),),
    "interval": (("day", "to", "second"), ("year", "to", "month")),
    "time": (("with", "time", "zone"), ("without", "time", "zone")),
    "timestamp": (("with", "time", "zone"), ("without", "time", "zone"), ("with", "local", "time", "zone")),
}
