"""Parts that several statements share: columns, properties, partitions, patterns."""

from __future__ import annotations

from lake.errors import NotSupported
from lake.sql.ddl.cursor import Cursor
from lake.sql.ddl.statements import ColumnDefinition, Constant, PartitionSpec
from lake.sql.ddl.tokens import Kind


def parse_columns(cursor: Cursor) -> tuple[ColumnDefinition, ...]:
    """Read `(name type [COMMENT 'text'], …)`."""
    cursor.expect_symbol("(")
    columns = [_column(cursor)]
    while cursor.accept_symbol(","):
        columns.append(_column(cursor))
    if not cursor.accept_symbol(")"):
        cursor.fail("','", "'COMMENT'", "')'")
    return tuple(columns)


def _column(cursor: Cursor) -> ColumnDefinition:
    name = cursor.name("a column")
    start = cursor.current.start
    data_type = cursor.type()
    try:
        _ = data_type.hive
    except NotSupported as error:
        cursor.fail_at(start, cursor.sql[start : cursor.current.start], f"a type that Hive has ({error.message})")
    comment = cursor.string() if cursor.accept("comment") else None
    return ColumnDefinition(name, data_type, comment)


def parse_names(cursor: Cursor) -> tuple[str, ...]:
    cursor.expect_symbol("(")
    names = [cursor.name("a column")]
    while cursor.accept_symbol(","):
        names.append(cursor.name("a column"))
    cursor.expect_symbol(")")
    return tuple(names)


def parse_properties(cursor: Cursor) -> dict[str, str]:
    """Read `('key'='value', …)`; of a key that is there twice the last counts."""
    cursor.expect_symbol("(")
    properties: dict[str, str] = {}
    while True:
        key = cursor.string()
        cursor.expect_symbol("=")
        properties[key] = cursor.string()
        if not cursor.accept_symbol(","):
            break
    if not cursor.accept_symbol(")"):
        cursor.fail("','", "')'")
    return properties


def parse_partition(cursor: Cursor) -> PartitionSpec:
    """Read `PARTITION (key = constant, …)`."""
    cursor.expect("partition")
    cursor.expect_symbol("(")
    values: list[tuple[str, Constant]] = []
    while True:
        key = cursor.name("a partition key")
        if key in dict(values):
            cursor.fail_at(cursor.current.start, key, "each partition key once")
        cursor.expect_symbol("=")
        values.append((key, _constant(cursor)))
        if not cursor.accept_symbol(","):
            break
    if not cursor.accept_symbol(")"):
        cursor.fail("','", "')'")
    return tuple(values)


def _constant(cursor: Cursor) -> Constant:
    if cursor.at("date", "timestamp"):
        kind = cursor.advance().text.lower()
        return Constant(cursor.string(), kind)
    if cursor.at("true", "false"):
        return Constant(cursor.advance().text.lower(), "boolean")
    if cursor.at("null"):
        cursor.advance()
        return Constant("", "null")
    if cursor.current.kind is Kind.STRING:
        return Constant(cursor.string(), "string")
    sign = "-" if cursor.accept_symbol("-") else ""
    if cursor.current.kind is not Kind.NUMBER:
        cursor.fail("a constant")
    return Constant(sign + cursor.advance().text, "number")


def parse_pattern(cursor: Cursor) -> str | None:
    """Read `'pattern'` or `LIKE 'pattern'`, or nothing."""
    if cursor.accept("like") or cursor.current.kind is Kind.STRING:
        return cursor.string()
    return None
