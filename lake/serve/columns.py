"""ColumnInfo: how the API describes the columns of a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lake.types import DataType
from lake.types.datatype import UNBOUNDED_LENGTH

BYTES_OF_BINARY = 1_073_741_824
PRECISIONS = {
    "tinyint": 3,
    "smallint": 5,
    "integer": 10,
    "bigint": 19,
    "real": 17,
    "double": 17,
    "timestamp": 3,
    "timestamp with time zone": 3,
    "time": 3,
    "time with time zone": 3,
    "varbinary": BYTES_OF_BINARY,
}
TEXTS = frozenset({"varchar", "char"})
VIEW_COLUMNS = frozenset({"views", "create view", "column", "type"})
"""Columns of statements about views, which Trino answers and not Hive."""


@dataclass(frozen=True, slots=True)
class ResultColumn:
    name: str
    type: str
    precision: int = 0
    scale: int = 0

    @property
    def is_text(self) -> bool:
        return self.type in TEXTS

    def info(self) -> dict[str, Any]:
        return {
            "CatalogName": "hive",
            "SchemaName": "",
            "TableName": "",
            "Name": self.name,
            "Label": self.name,
            "Type": self.type,
            "Precision": self.precision,
            "Scale": self.scale,
            "Nullable": "UNKNOWN",
            "CaseSensitive": self.is_text,
        }


def query_columns(names: Sequence[str], types: Sequence[DataType]) -> tuple[ResultColumn, ...]:
    return tuple(query_column(name, type_) for name, type_ in zip(names, types, strict=True))


def query_column(name: str, type_: DataType) -> ResultColumn:
    shown = "float" if type_.name == "real" else type_.name
    if type_.name == "decimal":
        return ResultColumn(name, shown, *type_.parameters)
    if type_.name in TEXTS:
        length = type_.parameters[0] if type_.parameters else UNBOUNDED_LENGTH
        return ResultColumn(name, shown, length)
    return ResultColumn(name, shown, PRECISIONS.get(type_.name, 0))


def statement_columns(names: Sequence[str]) -> tuple[ResultColumn, ...]:
    """Describe the columns of SHOW and DESCRIBE."""
    return tuple(_statement_column(name) for name in names)


def _statement_column(name: str) -> ResultColumn:
    return ResultColumn(name, "varchar", UNBOUNDED_LENGTH) if name in VIEW_COLUMNS else ResultColumn(name, "string")


def column_infos(columns: Sequence[ResultColumn]) -> Mapping[str, Any]:
    return {"ColumnInfo": [column.info() for column in columns]}
