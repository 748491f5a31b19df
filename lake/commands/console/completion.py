"""What the shell completes: tables, databases and named queries, from the catalog alone, quickly and without a word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from lake.commands.console.param_type import ParamType
from lake.errors import LakeError

if TYPE_CHECKING:
    from lake.interfaces import Catalog

MOST = 1_000


class DatabaseName(ParamType):
    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            with _catalog(ctx) as (catalog, _):
                names = [database.name for database in catalog.list_databases()]
        except (LakeError, OSError):
            return []
        return _matching(names, incomplete)


class TableNameType(ParamType):
    """A table as `table` or `database.table`."""

    name = "table"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            return _matching(_table_names(ctx), incomplete)
        except (LakeError, OSError):
            return []


class SqlText(ParamType):
    """SQL, of which `@name` is completed."""

    name = "sql"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return QueryName().shell_complete(ctx, param, incomplete) if incomplete.startswith("@") else []


class QueryName(ParamType):
    """The name of a query, with or without its @."""

    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from lake.commands.console.options import Settings
        from lake.commands.console.session import named_queries

        at = "@" if incomplete.startswith("@") else ""
        try:
            queries = list(named_queries(ctx.ensure_object(Settings)).list_queries())
        except (LakeError, OSError):
            return []
        found = [query for query in queries if query.name.startswith(incomplete.removeprefix("@"))]
        return [CompletionItem(at + query.name, help=query.title) for query in found]


@contextmanager
def _catalog(ctx: click.Context) -> Iterator[tuple[Catalog, str]]:
    """Open the catalog of the lake that the line means so far, with the database of its bare names."""
    from lake.commands.console.options import Settings
    from lake.commands.console.session import choose
    from lake.opening import open_choice

    with open_choice(choose(ctx.ensure_object(Settings))) as lake:
        yield lake.catalog, lake.database


def _table_names(ctx: click.Context) -> list[str]:
    names = []
    with _catalog(ctx) as (catalog, default_database):
        for database in catalog.list_databases():
            for table in catalog.list_tables(database.name):
                names.append(str(table.full_name))
                if database.name == default_database:
                    names.append(table.name)
    return names


def _matching(names: list[str], incomplete: str) -> list[CompletionItem]:
    found = sorted(name for name in names if name.startswith(incomplete.lower()))
    return [CompletionItem(name) for name in found[:MOST]]
