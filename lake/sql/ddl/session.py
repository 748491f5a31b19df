"""What a statement runs against: given by the caller, so that nothing here knows a backend."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from lake.interfaces import Catalog
from lake.model import Table, TableName
from lake.sql.ddl.plan_table import ResolveLocation
from lake.sql.ddl.statements import TableRef
from lake.sql.ddl.views import DescribeQuery

Repair = Callable[[Table], Iterable[tuple[str, ...]]]
"""Registers the partitions that storage has and the catalog has not; returns the values of those it added."""


@dataclass(frozen=True)
class DdlSession:
    """`database` is what names without one mean.

    `transaction` makes what is changed within it one change, where the catalog can do that.
    """

    catalog: Catalog
    database: str
    resolve_location: ResolveLocation
    describe_query: DescribeQuery
    repair: Repair
    transaction: Callable[[], AbstractContextManager[object]] = nullcontext

    def name_of(self, table: TableRef) -> TableName:
        return TableName(table.database or self.database, table.name)

    def get_table(self, table: TableRef) -> Table:
        """Raise DatabaseNotFound or TableNotFound."""
        return self.catalog.get_table(self.name_of(table))
