"""What queries read and give: tables of the catalog, FROM items, results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from lake.errors import InvalidSql
from lake.sql.compiler.expressions import refuse
from lake.sql.compiler.scope import Column, Output
from lake.types import DataType


@dataclass(frozen=True, slots=True)
class Source:
    """A table: the name of the relation that stands for this one place of it in the text, and its columns."""

    name: str
    columns: tuple[tuple[str, DataType], ...]
    hidden: tuple[tuple[str, DataType], ...] = ()

    @property
    def mark(self) -> str:
        """What stands in the text where the table is read; nothing else in it holds a NUL."""
        return f"\0{self.name}\0"


@dataclass(frozen=True, slots=True)
class Compiled:
    """The text of a query, whose columns are c0, c1, …, and what they are."""

    sql: str
    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A FROM item: its text, and its columns as they can be named."""

    sql: str
    columns: tuple[Column, ...]


FindSource = Callable[[exp.Table], Source | None]
"""Gives the table of the catalog that a name means at its place; None where it is a query's of WITH."""


def renamed(outputs: Sequence[Output], aliases: Sequence[str], node: exp.Expr) -> tuple[Output, ...]:
    if aliases and len(aliases) != len(outputs):
        raise refuse(
            InvalidSql,
            f"Column alias list has {len(aliases)} entries but relation has {len(outputs)} columns",
            node,
            "MISMATCHED_COLUMN_ALIASES",
        )
    if not aliases:
        return tuple(outputs)
    return tuple(replace(output, name=alias) for output, alias in zip(outputs, aliases, strict=True))


def all_of(relation: Relation) -> Compiled:
    shown = ", ".join(f"{column.value.sql} AS c{place}" for place, column in enumerate(relation.columns))
    outputs = tuple(
        Output(column.name, column.value.type, f"c{place}") for place, column in enumerate(relation.columns)
    )
    return Compiled(f"SELECT {shown} FROM {relation.sql}", outputs)
