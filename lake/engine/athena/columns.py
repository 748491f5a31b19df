"""The columns of a result: what Athena says of them, their types in the lake's terms and in Arrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from lake.engine.athena import values
from lake.engine.athena.nested import is_readable, nested_reader
from lake.types import DataType, to_arrow
from lake.types.datatype import UNBOUNDED_LENGTH
from lake.types.names import ATHENA_ALIASES
from lake.types.zoned import ZonedTimestamps

MICROSECOND_DIGITS = 6
NESTED = frozenset({"array", "map", "row"})
TEXT = DataType("varchar")
READ_BY_ARROW = frozenset(
    {"boolean", "tinyint", "smallint", "integer", "bigint", "real", "double", "decimal", "date", "timestamp", "time"}
)
"""Types whose texts Arrow's CSV reader takes as they are."""


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """`read_as` is what Arrow's CSV reader makes of the texts; `convert` makes `arrow` of that.

    `careful` makes it of the texts, slower, where the CSV reader does not take one. `told` is false where the type is
    known less well than Athena knows it, so that the texts are given as they are.
    """

    name: str
    type: DataType
    arrow: pa.DataType
    read_as: pa.DataType
    convert: Callable[[pa.Array], pa.Array] | None = None
    careful: Callable[[pa.Array], pa.Array] | None = None
    told: bool = True


def result_columns(
    infos: Sequence[dict[str, Any]], known: Sequence[DataType] | None, *, intervals: bool = True
) -> list[ResultColumn]:
    """Return the columns of a result by its ColumnInfo; `known` are their types where the statement told them.

    Without `intervals` those stay as they are written, for a file that has no such type.
    """
    if known is None or len(known) != len(infos):
        known = [None] * len(infos)  # type: ignore[list-item]
    columns = [_column(str(info["Name"]), _type(info, own)) for info, own in zip(infos, known, strict=True)]
    if intervals:
        return columns
    return [_as_text(column) if column.type.name in values.INTERVALS else column for column in columns]


def _as_text(column: ResultColumn) -> ResultColumn:
    return ResultColumn(column.name, TEXT, pa.string(), pa.string())


def schema_of(columns: Sequence[ResultColumn]) -> pa.Schema:
    return pa.schema([pa.field(column.name, column.arrow) for column in columns])


def _type(info: dict[str, Any], known: DataType | None) -> DataType:
    """Prefer the known type, which knows elements and digits, where Athena's agrees with it."""
    name = str(info["Type"]).lower()
    name = ATHENA_ALIASES.get(name, name)
    precision, scale = int(info.get("Precision") or 0), int(info.get("Scale") or 0)
    if name == "decimal":
        return DataType(name, (precision, scale))
    if known is not None and known.name == name:
        return known
    if name in ("varchar", "char"):
        return DataType(name, (precision,) if 0 < precision < UNBOUNDED_LENGTH else ())
    if name.startswith(("timestamp", "time")):
        return DataType(name, (precision,))
    return DataType(name)


def _column(name: str, type_: DataType) -> ResultColumn:
    base = type_.name
    if base in NESTED:
        return _nested(name, type_)
    if base == "unknown":
        return ResultColumn(name, type_, pa.int32(), pa.int32())
    if base == "varbinary":
        return ResultColumn(name, type_, pa.binary(), pa.string(), values.binary)
    if base in values.INTERVALS:
        return ResultColumn(name, type_, pa.month_day_nano_interval(), pa.string(), values.INTERVALS[base])
    precise = base.startswith("time") and type_.parameters[0] > MICROSECOND_DIGITS
    if base == "timestamp with time zone" and not precise:
        return ResultColumn(name, type_, ZonedTimestamps(), pa.string(), values.zoned)
    if base not in READ_BY_ARROW or precise:
        return ResultColumn(name, type_, pa.string(), pa.string())
    arrow = arrow_of(type_)
    return ResultColumn(name, type_, arrow, arrow, careful=values.careful(arrow))


def arrow_of(type_: DataType) -> pa.DataType:
    """Return Arrow's type for one that its CSV reader takes: moments have microseconds, as everywhere in the lake."""
    if type_.name == "timestamp":
        return pa.timestamp("us")
    if type_.name == "time":
        return pa.time64("us")
    return to_arrow(type_)


def _nested(name: str, type_: DataType) -> ResultColumn:
    """Read nested values where their text can be read in one way only, which it cannot where texts are within."""
    if not type_.fields or not is_readable(type_):
        return ResultColumn(name, TEXT, pa.string(), pa.string(), told=False)
    read = nested_reader(type_)
    return ResultColumn(name, type_, read.arrow, pa.string(), read.convert)
