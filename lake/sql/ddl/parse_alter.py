"""ALTER TABLE."""

from __future__ import annotations

from lake.errors import NotSupported
from lake.sql.ddl.cursor import Cursor
from lake.sql.ddl.parse_parts import parse_columns, parse_partition, parse_properties
from lake.sql.ddl.statements import (
    AddPartitions,
    ChangeColumns,
    DropPartitions,
    NewPartition,
    PartitionSpec,
    RenamePartition,
    SetLocation,
    SetProperties,
    Statement,
    TableRef,
)


def parse_alter(cursor: Cursor) -> Statement:
    if cursor.at("database", "schema"):
        raise NotSupported("ALTER DATABASE is not supported yet")
    cursor.expect("table")
    table = cursor.table()
    if cursor.at("change", "rename"):
        raise NotSupported(f"ALTER TABLE {cursor.current.text.upper()} is not supported")
    partition = parse_partition(cursor) if cursor.at("partition") else None
    if partition is not None and cursor.accept("rename", "to"):
        statement: Statement = RenamePartition(table, partition, parse_partition(cursor))
        cursor.expect_end()
        return statement
    word = cursor.expect_one_of("add", "drop", "replace", "set", *(("rename",) if partition else ()))
    if word == "set":
        statement = _set(cursor, table, partition)
    elif word == "replace":
        statement = _columns(cursor, table, partition, replace=True)
    elif word == "add":
        statement = _add(cursor, table, partition)
    else:
        statement = _drop(cursor, table)
    cursor.expect_end()
    return statement


def _add(cursor: Cursor, table: TableRef, partition: PartitionSpec | None) -> Statement:
    if cursor.at("columns", "column"):
        return _columns(cursor, table, partition)
    if_not_exists = cursor.accept("if", "not", "exists")
    if not cursor.at("partition"):
        cursor.fail("'COLUMNS'", "'IF'", "'PARTITION'")
    partitions = []
    while cursor.at("partition"):
        spec = parse_partition(cursor)
        location = cursor.string() if cursor.accept("location") else None
        partitions.append(NewPartition(spec, location))
        if cursor.accept_symbol(",") and not cursor.at("partition"):
            cursor.fail("'PARTITION'")
    return AddPartitions(table, tuple(partitions), if_not_exists)


def _drop(cursor: Cursor, table: TableRef) -> Statement:
    if cursor.at("column", "columns"):
        raise NotSupported("ALTER TABLE DROP COLUMN is not supported")
    if_exists = cursor.accept("if", "exists")
    specs = [parse_partition(cursor)]
    while cursor.accept_symbol(","):
        specs.append(parse_partition(cursor))
    return DropPartitions(table, tuple(specs), if_exists)


def _columns(cursor: Cursor, table: TableRef, partition: PartitionSpec | None, *, replace: bool = False) -> Statement:
    cursor.expect_one_of("columns", *(() if replace else ("column",)))
    return ChangeColumns(table, parse_columns(cursor), replace, partition)


def _set(cursor: Cursor, table: TableRef, partition: PartitionSpec | None) -> Statement:
    word = cursor.expect_one_of("location", *(() if partition else ("tblproperties",)))
    if word == "location":
        return SetLocation(table, cursor.string(), partition)
    return SetProperties(table, parse_properties(cursor))
