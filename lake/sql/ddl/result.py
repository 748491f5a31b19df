"""What a statement gives back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Row = tuple[str | None, ...]

HIVE_FIELD_WIDTH = 20


@dataclass(frozen=True)
class StatementResult:
    """`rows` may be read once; those of SHOW PARTITIONS come as they are read. `columns` are (name, Athena's type).

    `statement_type` is DDL or UTILITY, `substatement` is as in the API (`CREATE_TABLE`).
    """

    statement_type: str
    substatement: str
    columns: tuple[tuple[str, str], ...] = ()
    rows: Iterable[Row] = ()


def pad_row(row: Row) -> str:
    """Write a row as Athena's text results of Hive's statements do: fields padded, between tabs."""
    return "\t".join((field or "").ljust(HIVE_FIELD_WIDTH) for field in row)
