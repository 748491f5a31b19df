"""The types of Athena, nested ones included: one parser for Hive's and Trino's spelling, and the way to Arrow and DuckDB."""

from lake.types.arrow import from_arrow, to_arrow
from lake.types.datatype import DataType, Field, array_of, map_of, row_of
from lake.types.parse import TypeSyntaxError, from_duckdb, parse_type, parse_type_at

__all__ = [
    "DataType",
    "Field",
    "TypeSyntaxError",
    "array_of",
    "from_arrow",
    "from_duckdb",
    "map_of",
    "parse_type",
    "parse_type_at",
    "row_of",
    "to_arrow",
]
