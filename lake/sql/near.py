"""What a misspelt name may have meant, by what the catalog has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import chain, islice

from lake.errors import ColumnNotFound, DatabaseNotFound, LakeError, TableNotFound
from lake.interfaces import Catalog
from lake.model import Table, TableName

MOST_NAMES = 5_000
"""Looked through for one that is near."""

QUOTED = re.compile(r"['\"]([^'\"]+)['\"]")
"""A name in a message."""


class NearNames:
    """Asks the catalog once something was not found; what the catalog refuses is no answer."""

    def __init__(self, catalog: Callable[[], Catalog | None]) -> None:
        self._find_catalog = catalog

    @property
    def _catalog(self) -> Catalog | None:
        return self._find_catalog()

    def hint_at(self, error: LakeError, sql: str, database: str) -> None:
        """Put into the hint of what a query fails with which name may have been meant; leave the hint where there is none."""
        near: str | None = None
        match error:
            case TableNotFound():
                near = self.table(TableName(*error.table.split(".", 1)))
            case DatabaseNotFound():
                near = self.database(error.database)
            case ColumnNotFound() if quoted := QUOTED.search(error.message):
                name = quoted[1].rpartition(".")[2].lower()
                near = self.column(name, sql, database)
                near = None if near == name else near
        if near is not None:
            error.hint = did_you_mean(near)

    def has_table(self, name: TableName) -> bool:
        catalog = self._catalog
        try:
            return catalog is not None and catalog.get_table(name) is not None
        except LakeError:
            return False

    def database(self, name: str) -> str | None:
        catalog = self._catalog
        return None if catalog is None else _nearest(name, lambda: (each.name for each in catalog.list_databases()))

    def table(self, name: TableName) -> str | None:
        catalog = self._catalog
        if catalog is None:
            return None
        near = _nearest(name.name, lambda: (each.name for each in catalog.list_tables(name.database)))
        return f"{name.database}.{near}" if near else None

    def column(self, name: str, sql: str, database: str) -> str | None:
        """Look among the columns of the tables that a query names."""
        tables = self._tables(sql, database)
        return _nearest(name, lambda: (column.name for table in tables for column in table.all_columns))

    def _tables(self, sql: str, database: str) -> Iterable[Table]:
        from sqlglot import exp

        from lake.sql.parse import parse_query
        from lake.sql.survey import survey

        catalog = self._catalog
        if catalog is None:
            return []
        try:
            found = survey(exp.Subquery(this=parse_query(sql))).tables
        except LakeError:
            return []
        names = {TableName(node.db or database, node.name) for node in found if node.name}
        return chain.from_iterable(_table(catalog, name) for name in sorted(names))


def did_you_mean(name: str) -> str:
    return f"did you mean {name}?"


def _table(catalog: Catalog, name: TableName) -> list[Table]:
    try:
        return [catalog.get_table(name)]
    except LakeError:
        return []


def _nearest(name: str, names: Callable[[], Iterable[str]]) -> str | None:
    from difflib import get_close_matches

    try:
        close = get_close_matches(name.lower(), islice(names(), MOST_NAMES), n=1)
    except LakeError:
        return None
    return close[0] if close else None
