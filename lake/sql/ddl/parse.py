"""A statement's text to what it says. Raises MalformedQuery with line and column, NotSupported by name."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import NoReturn

from lake.errors import MalformedQuery, NotSupported
from lake.sql.ddl.cursor import Cursor
from lake.sql.ddl.parse_alter import parse_alter
from lake.sql.ddl.parse_create import parse_create_database, parse_create_table
from lake.sql.ddl.parse_parts import parse_partition, parse_pattern
from lake.sql.ddl.split import is_ctas, language_of
from lake.sql.ddl.statements import (
    CreateView,
    Describe,
    DropDatabase,
    DropTable,
    DropView,
    RepairTable,
    ShowColumns,
    ShowCreate,
    ShowDatabases,
    ShowPartitions,
    ShowProperties,
    ShowTables,
    Statement,
    TableRef,
)
from lake.sql.ddl.tokens import Kind, line_and_column
from lake.sql.limits import MAX_SQL_BYTES

# What Athena knows by its first words and is not done here yet.
NOT_YET = frozenset(
    "insert unload merge vacuum optimize prepare execute deallocate explain update delete analyze refresh".split()
)

QUERY_STARTS = ("select", "with", "values")


def parse_statement(sql: str) -> Statement:
    """Read one statement of the kind `classify` calls ddl; a `;` may end it."""
    if len(sql.encode()) > MAX_SQL_BYTES:
        raise MalformedQuery(f"the statement is longer than {MAX_SQL_BYTES:,} bytes, Athena's limit")
    if is_ctas(sql):
        raise NotSupported("CREATE TABLE AS SELECT is not supported yet")
    cursor = Cursor(sql, language_of(sql))
    for word in NOT_YET:
        if cursor.at(word):
            raise NotSupported(f"{word.upper()} is not supported yet")
    if not cursor.at(*PARSERS):
        _fail_at_first_word(cursor)
    return PARSERS[cursor.advance().text.lower()](cursor)


def _fail_at_first_word(cursor: Cursor) -> NoReturn:
    words = [*QUERY_STARTS, *PARSERS]
    close = get_close_matches(cursor.current.text.lower(), words, n=1)
    try:
        cursor.fail(*(f"'{word.upper()}'" for word in words))
    except MalformedQuery as error:
        error.hint = f"did you mean {close[0].upper()}?" if close else None
        raise


def _create(cursor: Cursor) -> Statement:
    if cursor.at("database", "schema"):
        return parse_create_database(cursor)
    if cursor.at("external", "table"):
        return parse_create_table(cursor)
    if not cursor.at("or", "view"):
        cursor.fail("'DATABASE'", "'SCHEMA'", "'EXTERNAL'", "'TABLE'", "'OR'", "'VIEW'")
    return _create_view(cursor)


def _create_view(cursor: Cursor) -> Statement:
    or_replace = cursor.accept("or", "replace")
    cursor.expect("view")
    view = cursor.table()
    if cursor.at_symbol("("):
        raise NotSupported("a view's columns are named in its query, not before it")
    comment = cursor.string() if cursor.accept("comment") else None
    cursor.expect("as")
    line, column = line_and_column(cursor.sql, cursor.current.start)
    query = cursor.rest()
    if not query:
        cursor.fail("a query")
    return CreateView(view, query, or_replace, comment, line, column)


def _drop(cursor: Cursor) -> Statement:
    what = cursor.expect_one_of("database", "schema", "table", "view")
    if_exists = cursor.accept("if", "exists")
    if what in ("database", "schema"):
        name = cursor.name("a database")
        cascade = cursor.accept("cascade")
        if not cascade:
            cursor.accept("restrict")
        cursor.expect_end("CASCADE", "RESTRICT")
        return DropDatabase(name, if_exists, cascade)
    table = cursor.table()
    if what == "table":
        cursor.accept("purge")
    cursor.expect_end()
    return DropView(table, if_exists) if what == "view" else DropTable(table, if_exists)


def _show(cursor: Cursor) -> Statement:
    what = cursor.expect_one_of(
        "databases", "schemas", "tables", "views", "partitions", "columns", "tblproperties", "create"
    )
    if what in ("databases", "schemas"):
        statement: Statement = ShowDatabases(parse_pattern(cursor))
    elif what in ("tables", "views"):
        database = cursor.name("a database") if cursor.accept("in") or cursor.accept("from") else None
        statement = ShowTables(database, parse_pattern(cursor), views_only=what == "views")
    elif what == "partitions":
        statement = ShowPartitions(cursor.table())
    elif what == "columns":
        statement = _show_columns(cursor)
    elif what == "create":
        what = cursor.expect_one_of("table", "view")
        statement = ShowCreate(cursor.table(), view=what == "view")
    else:
        statement = _show_properties(cursor)
    cursor.expect_end()
    return statement


def _show_columns(cursor: Cursor) -> Statement:
    cursor.expect_one_of("in", "from")
    table = cursor.table()
    if table.database is None and cursor.at("in", "from"):
        cursor.advance()
        table = TableRef(table.name, cursor.name("a database"))
    return ShowColumns(table)


def _show_properties(cursor: Cursor) -> Statement:
    table = cursor.table()
    key = None
    if cursor.accept_symbol("("):
        key = cursor.string()
        cursor.expect_symbol(")")
    return ShowProperties(table, key)


def _describe(cursor: Cursor) -> Statement:
    # A table may be called extended or formatted, then nothing follows that names another.
    detailed = cursor.at("extended", "formatted") and cursor.name_follows()
    if detailed:
        cursor.advance()
    table = cursor.table()
    partition = parse_partition(cursor) if cursor.at("partition") else None
    column: list[str] = []
    if cursor.at_name():
        column.append(cursor.name("a column"))
        while cursor.accept_symbol("."):
            column.append(cursor.string() if cursor.current.kind is Kind.STRING else cursor.name("a field"))
    cursor.expect_end()
    return Describe(table, detailed, partition, tuple(column))


def _msck(cursor: Cursor) -> Statement:
    cursor.expect("repair", "table")
    table = cursor.table()
    cursor.expect_end()
    return RepairTable(table)


PARSERS: dict[str, Callable[[Cursor], Statement]] = {
    "show": _show,
    "describe": _describe,
    "desc": _describe,
    "create": _create,
    "alter": parse_alter,
    "drop": _drop,
    "msck": _msck,
}
