"""SHOW and DESCRIBE: what the catalog knows, as rows. Values are clean; `pad_row` writes them as Athena's text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import singledispatch

from lake.errors import InvalidSql, NotSupported
from lake.model import Table
from lake.partitions.layouts.layout import partition_text
from lake.sql.ddl import statements
from lake.sql.ddl.create_text import create_table_text, create_view_text
from lake.sql.ddl.describe import describe_column, describe_table
from lake.sql.ddl.partition_spec import matching_partitions, partition_not_found
from lake.sql.ddl.result import Row, StatementResult
from lake.sql.ddl.session import DdlSession
from lake.sql.ddl.views import decode_view


def show(statement: statements.Statement, session: DdlSession) -> StatementResult:
    """Read the catalog for a statement that changes nothing. Raises NotFound for what it names."""
    return _show(statement, session)


@singledispatch
def _show(statement: statements.Statement, session: DdlSession) -> StatementResult:
    raise NotSupported(f"{type(statement).__name__} cannot be run")


@_show.register
def _(statement: statements.ShowDatabases, session: DdlSession) -> StatementResult:
    names = [database.name for database in session.catalog.list_databases()]
    return _one_column("SHOW_DATABASES", "database_name", matching(names, statement.pattern))


@_show.register
def _(statement: statements.ShowTables, session: DdlSession) -> StatementResult:
    tables = session.catalog.list_tables(statement.database or session.database)
    if statement.views_only:
        names = [table.name for table in tables if table.is_view]
        return _one_column("SHOW_VIEWS", "views", matching(names, statement.pattern), "varchar")
    return _one_column("SHOW_TABLES", "tab_name", matching([table.name for table in tables], statement.pattern))


@_show.register
def _(statement: statements.ShowPartitions, session: DdlSession) -> StatementResult:
    table = session.get_table(statement.table)
    if not table.partition_keys:
        raise InvalidSql(f"{str(table.full_name)!r} is not a partitioned table")
    keys = [key.name for key in table.partition_keys]
    partitions = session.catalog.list_partitions(table, columns=False)
    return _one_column("SHOW_PARTITIONS", "partition", (partition_text(keys, found.values) for found in partitions))


@_show.register
def _(statement: statements.ShowColumns, session: DdlSession) -> StatementResult:
    table = session.get_table(statement.table)
    if table.is_view:
        return _view_columns("SHOW_COLUMNS", table)
    return _one_column("SHOW_COLUMNS", "field", [column.name for column in table.all_columns])


@_show.register
def _(statement: statements.ShowProperties, session: DdlSession) -> StatementResult:
    table = session.get_table(statement.table)
    columns = (("prpt_name", "string"), ("prpt_value", "string"))
    rows: list[Row] = sorted(table.parameters.items())
    if statement.key is not None:
        rows = [row for row in rows if row[0] == statement.key]
        if not rows:
            rows = [(f"Table {table.full_name} does not have property: {statement.key}", None)]
    return StatementResult("UTILITY", "SHOW_TABLE_PROPERTIES", columns, rows)


@_show.register
def _(statement: statements.ShowCreate, session: DdlSession) -> StatementResult:
    table = session.get_table(statement.table)
    if statement.view != table.is_view:
        is_a, not_a = ("view", "table") if table.is_view else ("table", "view")
        raise InvalidSql(
            f"{str(table.full_name)!r} is a {is_a} and no {not_a}",
            hint=f"SHOW CREATE {is_a.upper()} {table.full_name} shows it",
        )
    if table.is_view:
        text = create_view_text(table.full_name, decode_view(table))
        return _one_column("SHOW_CREATE_VIEW", "create view", text.split("\n"), "varchar")
    return _one_column("SHOW_CREATE_TABLE", "createtab_stmt", create_table_text(table).split("\n"))


@_show.register
def _(statement: statements.Describe, session: DdlSession) -> StatementResult:
    table = session.get_table(statement.table)
    if table.is_view:
        return _view_columns("DESC_VIEW", table)
    descriptor = table.descriptor
    if statement.partition is not None:
        found = next(matching_partitions(session.catalog, table, statement.partition), None)
        if found is None:
            raise partition_not_found(table, statement.partition)
        descriptor = found.descriptor
    if statement.column:
        rows: list[Row] = [describe_column(table, descriptor, statement.column)]
    else:
        rows = list(describe_table(table, descriptor, detailed=statement.detailed))
    columns = (("col_name", "string"), ("data_type", "string"), ("comment", "string"))
    return StatementResult("UTILITY", "DESCRIBE_TABLE", columns, rows)


def matching(names: Iterable[str], pattern: str | None) -> list[str]:
    """Keep the names that fit a pattern of Hive's: `*` (or `.*`) is any text, `|` a choice; case does not matter."""
    if pattern is None:
        return list(names)
    choices = (
        ".*".join(re.escape(part) for part in choice.replace(".*", "*").split("*")) for choice in pattern.split("|")
    )
    wanted = re.compile("|".join(f"(?:{choice})" for choice in choices), re.IGNORECASE)
    return [name for name in names if wanted.fullmatch(name)]


def _one_column(substatement: str, name: str, values: Iterable[str], type_: str = "string") -> StatementResult:
    return StatementResult("UTILITY", substatement, ((name, type_),), ((value,) for value in values))


def _view_columns(substatement: str, table: Table) -> StatementResult:
    columns = (("column", "varchar"), ("type", "varchar"))
    return StatementResult("UTILITY", substatement, columns, decode_view(table).columns)
