"""Which of Trino's types stand for which (trino.io/docs/422/language/types.html; io.trino.type.TypeCoercion)."""

from __future__ import annotations

from collections.abc import Iterable

from lake.types import DataType
from lake.types.datatype import ARRAY, DECIMAL_DIGITS, MAP, ROW, array_of, map_of, row_of

UNKNOWN = DataType("unknown")
BOOLEAN = DataType("boolean")
INTEGER = DataType("integer")
BIGINT = DataType("bigint")
DOUBLE = DataType("double")
REAL = DataType("real")
VARCHAR = DataType("varchar")
VARBINARY = DataType("varbinary")
DATE = DataType("date")
JSON = DataType("json")
DAYS, MONTHS = DataType("interval day to second"), DataType("interval year to month")
ZONED, OFFSET_TIME = "timestamp with time zone", "time with time zone"

INTEGERS = ("tinyint", "smallint", "integer", "bigint")
DIGITS = {"tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19}
NUMBERS = (*INTEGERS, "decimal", "real", "double")
LONGEST_CHAR = 65_536


def as_decimal(type_: DataType) -> DataType:
    """Return the decimal that holds every value of an integer type."""
    return type_ if type_.name == "decimal" else DataType("decimal", (DIGITS[type_.name], 0))


def common_type(left: DataType, right: DataType) -> DataType | None:
    """Return the least type that values of both can be taken for, or None."""
    if left == right or right == UNKNOWN:
        return left
    if left == UNKNOWN:
        return right
    if left.name == right.name:
        return _common_of_one_name(left, right)
    return _wider(left, right) or _wider(right, left)


def common_of(types: Iterable[DataType]) -> DataType | None:
    found: DataType | None = UNKNOWN
    for type_ in types:
        found = None if found is None else common_type(found, type_)
    return found


def can_coerce(given: DataType, wanted: DataType) -> bool:
    """Say whether a value may be given where `wanted` is asked for, without a cast."""
    return common_type(given, wanted) == wanted


def _common_of_one_name(left: DataType, right: DataType) -> DataType | None:
    name = left.name
    if name == "decimal":
        scale = max(left.parameters[1], right.parameters[1])
        whole = max(left.parameters[0] - left.parameters[1], right.parameters[0] - right.parameters[1])
        return DataType(name, (min(DECIMAL_DIGITS, whole + scale), scale))
    if name == "varchar":
        return DataType(
            name, (max(left.parameters[0], right.parameters[0]),) if left.parameters and right.parameters else ()
        )
    if name in (ARRAY, MAP, ROW):
        return _common_nested(left, right)
    if not left.parameters:
        return None
    return DataType(name, (max(left.parameters[0], right.parameters[0]),))


def _common_nested(left: DataType, right: DataType) -> DataType | None:
    if len(left.fields) != len(right.fields):
        return None
    types = [common_type(ours.type, theirs.type) for ours, theirs in zip(left.fields, right.fields, strict=True)]
    found = [type_ for type_ in types if type_ is not None]
    if len(found) < len(types):
        return None
    if left.name == ARRAY:
        return array_of(found[0])
    if left.name == MAP:
        return map_of(*found)
    names = [
        ours.name if ours.name == theirs.name else None for ours, theirs in zip(left.fields, right.fields, strict=True)
    ]
    return row_of(zip(names, found, strict=True))


def _wider(left: DataType, right: DataType) -> DataType | None:
    """Return what both become if `left` can be taken for a type of the right one's name."""
    if left.name in INTEGERS:
        if right.name in INTEGERS:
            return right if INTEGERS.index(right.name) > INTEGERS.index(left.name) else None
        if right.name == "decimal":
            return _common_of_one_name(as_decimal(left), right)
        return right if right.name in ("real", "double") else None
    if left.name == "decimal":
        return right if right.name in ("real", "double") else None
    if left.name == "real":
        return right if right.name == "double" else None
    if left.name == "varchar" and right.name == "char":
        length = min(LONGEST_CHAR, left.parameters[0]) if left.parameters else LONGEST_CHAR
        return DataType("char", (max(length, right.parameters[0]),))
    if left.name == "date":
        return right if right.name in ("timestamp", "timestamp with time zone") else None
    if (left.name, right.name) in (("timestamp", "timestamp with time zone"), ("time", "time with time zone")):
        return DataType(right.name, (max(left.parameters[0], right.parameters[0]),))
    return None
