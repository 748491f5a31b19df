"""Which columns a name may mean at a place of a query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lake.sql.compiler.typed import Typed
from lake.types import DataType


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be named: by `name`, which may be None, and by the name of its relation."""

    name: str | None
    relation: str | None
    value: Typed
    hidden: bool = False
    database: str | None = None


@dataclass
class Scope:
    """`outer` is the scope of the query around; `variables` are those of lambdas, the innermost last.

    `grouped` are the texts that a query groups by, None where it has no groups.
    """

    columns: Sequence[Column] = ()
    outer: Scope | None = None
    variables: dict[str, Typed] = field(default_factory=dict)
    grouped: frozenset[str] | None = None

    @cached_property
    def _by_name(self) -> dict[str | None, list[Column]]:
        found: dict[str | None, list[Column]] = {}
        for column in self.columns:
            found.setdefault(column.name, []).append(column)
        return found

    def find(self, name: str, relation: str | None = None, database: str | None = None) -> list[Column]:
        """Return the columns that a name means in the nearest scope that has any."""
        named = self._by_name.get(name, ())
        found = [column for column in named if _is_meant(column, relation, database)]
        if found or self.outer is None:
            return found
        return self.outer.find(name, relation, database)

    def variable(self, name: str) -> Typed | None:
        if name in self.variables:
            return self.variables[name]
        return None if self.outer is None else self.outer.variable(name)

    def of_relation(self, relation: str) -> list[Column]:
        found = [column for column in self.columns if column.relation == relation and not column.hidden]
        return found or (self.outer.of_relation(relation) if self.outer is not None else [])


def _is_meant(column: Column, relation: str | None, database: str | None) -> bool:
    return (relation is None or column.relation == relation) and (database is None or column.database == database)


@dataclass
class Names:
    """Gives names that occur once in a statement."""

    count: int = 0

    def new(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"


@dataclass(frozen=True, slots=True)
class Output:
    """A column of a query's result: its name, None where it has none, its type, and how the text names it."""

    name: str | None
    type: DataType
    sql: str


def visible(columns: Sequence[Column]) -> Iterator[Column]:
    return (column for column in columns if not column.hidden)
