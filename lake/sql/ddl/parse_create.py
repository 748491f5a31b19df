"""CREATE DATABASE and CREATE TABLE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lake.sql.ddl.cursor import Cursor
from lake.sql.ddl.parse_parts import parse_columns, parse_names, parse_properties
from lake.sql.ddl.statements import CreateDatabase, CreateTable, Delimited, Statement, StoredAs, TableRef


def parse_create_database(cursor: Cursor) -> Statement:
    cursor.advance()
    if_not_exists = cursor.accept("if", "not", "exists")
    name = cursor.name("a database")
    comment = cursor.string() if cursor.accept("comment") else None
    location = cursor.string() if cursor.accept("location") else None
    properties = parse_properties(cursor) if cursor.accept("with", "dbproperties") else {}
    cursor.expect_end("COMMENT", "LOCATION", "WITH")
    return CreateDatabase(name, if_not_exists, comment, location, properties)


@dataclass
class _Draft:
    """The statement so far, and which clauses were seen: each may stand once, in any order, as Hive's users write."""

    statement: CreateTable
    seen: set[str] = field(default_factory=set)


def parse_create_table(cursor: Cursor) -> Statement:
    external = cursor.accept("external")
    cursor.expect("table")
    if_not_exists = cursor.accept("if", "not", "exists")
    draft = _Draft(CreateTable(_table(cursor), external, if_not_exists))
    if cursor.at_symbol("("):
        draft.statement = replace(draft.statement, columns=parse_columns(cursor))
    while cursor.at(*CLAUSES):
        word = cursor.current.text.lower()
        if word in draft.seen and word not in ("row", "with"):
            cursor.fail(f"{word.upper()} once")
        draft.seen.add(word)
        draft.statement = CLAUSES[word](cursor, draft.statement)
    cursor.expect_end(*(word.upper() for word in CLAUSES if word not in draft.seen))
    return draft.statement


def _table(cursor: Cursor) -> TableRef:
    table = cursor.table()
    if cursor.at("like"):
        cursor.fail("'('", "a clause (CREATE TABLE LIKE is not in Athena)")
    return table


def _comment(cursor: Cursor, statement: CreateTable) -> CreateTable:
    cursor.advance()
    return replace(statement, comment=cursor.string())


def _partitioned(cursor: Cursor, statement: CreateTable) -> CreateTable:
    cursor.expect("partitioned", "by")
    return replace(statement, partition_keys=parse_columns(cursor))


def _clustered(cursor: Cursor, statement: CreateTable) -> CreateTable:
    cursor.expect("clustered", "by")
    columns = parse_names(cursor)
    cursor.expect("into")
    buckets = cursor.count()
    cursor.expect("buckets")
    return replace(statement, bucket_columns=columns, buckets=buckets)


def _row_format(cursor: Cursor, statement: CreateTable) -> CreateTable:
    if statement.serde is not None or statement.delimited is not None:
        cursor.fail("ROW FORMAT once")
    cursor.expect("row", "format")
    if cursor.expect_one_of("delimited", "serde") == "delimited":
        return replace(statement, delimited=_delimited(cursor))
    return replace(statement, serde=cursor.string())


def _with_serde_properties(cursor: Cursor, statement: CreateTable) -> CreateTable:
    cursor.expect("with", "serdeproperties")
    return replace(statement, serde_properties={**statement.serde_properties, **parse_properties(cursor)})


def _stored(cursor: Cursor, statement: CreateTable) -> CreateTable:
    cursor.expect("stored", "as")
    if cursor.accept("inputformat"):
        input_format = cursor.string()
        cursor.expect("outputformat")
        stored_as = StoredAs(input_format=input_format, output_format=cursor.string())
    else:
        stored_as = StoredAs(format=cursor.name("a file format"))
    return replace(statement, stored_as=stored_as)


def _location(cursor: Cursor, statement: CreateTable) -> CreateTable:
    cursor.advance()
    return replace(statement, location=cursor.string())


def _properties(cursor: Cursor, statement: CreateTable) -> CreateTable:
    cursor.advance()
    return replace(statement, properties=parse_properties(cursor))


def _delimited(cursor: Cursor) -> Delimited:
    delimited = Delimited()
    while cursor.at("fields", "escaped", "collection", "map", "lines", "null"):
        word = cursor.current.text.lower()
        if word == "fields":
            cursor.expect("fields", "terminated", "by")
            delimited = replace(delimited, fields=cursor.string())
        elif word == "escaped":
            cursor.expect("escaped", "by")
            delimited = replace(delimited, escaped=cursor.string())
        elif word == "collection":
            cursor.expect("collection", "items", "terminated", "by")
            delimited = replace(delimited, collection_items=cursor.string())
        elif word == "map":
            cursor.expect("map", "keys", "terminated", "by")
            delimited = replace(delimited, map_keys=cursor.string())
        elif word == "lines":
            cursor.expect("lines", "terminated", "by")
            delimited = replace(delimited, lines=cursor.string())
        else:
            cursor.expect("null", "defined", "as")
            delimited = replace(delimited, null=cursor.string())
    return delimited


CLAUSES: dict[str, Callable[[Cursor, CreateTable], CreateTable]] = {
    "comment": _comment,
    "partitioned": _partitioned,
    "clustered": _clustered,
    "row": _row_format,
    "with": _with_serde_properties,
    "stored": _stored,
    "location": _location,
    "tblproperties": _properties,
}
