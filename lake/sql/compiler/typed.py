"""What a compiled expression is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lake.types import DataType

COLUMN = re.compile(r'\w+\.(?:"(?:[^"]|"")*"|\w+)')


@dataclass(frozen=True, slots=True)
class Typed:
    """DuckDB's text of an expression and its type in Trino. `literal` is the value of one that is written out.

    `narrow` says that it lies in 64 bits, as a decimal of 18 digits, though its type has more.
    """

    sql: str
    type: DataType
    literal: object = None
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Lambda:
    """`parameters` are names in DuckDB's text; `body` is what is made of them."""

    parameters: tuple[str, ...]
    body: Typed

    @property
    def sql(self) -> str:
        return f"(lambda {', '.join(self.parameters)}: {self.body.sql})"


def is_column(sql: str) -> bool:
    """Say whether a text names a column and nothing more, so that it costs nothing to name it again."""
    return COLUMN.fullmatch(sql) is not None
