"""What each statement says, where an error stands, and that nothing a person types ends in a traceback."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.errors import InvalidSql, MalformedQuery, NotSupported
from lake.sql.ddl.parse import MAX_SQL_BYTES, parse_statement
from lake.sql.ddl.split import StatementKind, classify, is_show_create, split_statements
from lake.sql.ddl.statements import (
    AddPartitions,
    ChangeColumns,
    ColumnDefinition,
    Constant,
    CreateDatabase,
    CreateView,
    Describe,
    DropDatabase,
    DropPartitions,
    DropTable,
    DropView,
    NewPartition,
    RenamePartition,
    RepairTable,
    SetLocation,
    SetProperties,
    ShowColumns,
    ShowCreate,
    ShowDatabases,
    ShowPartitions,
    ShowProperties,
    ShowTables,
    Statement,
    TableRef,
)
from lake.types import parse_type

T = TableRef("t")
DT = (("dt", Constant("2026-01-01", "string")),)

STATEMENTS: list[tuple[str, Statement]] = [
    ("CREATE DATABASE web", CreateDatabase("web")),
    ("create schema if not exists `Web` ;", CreateDatabase("web", if_not_exists=True)),
    (
        "CREATE DATABASE w COMMENT 'c' LOCATION 's3://b/' WITH DBPROPERTIES ('a'='1', \"b\"='2')",
        CreateDatabase("w", comment="c", location="s3://b/", properties={"a": "1", "b": "2"}),
    ),
    ("DROP DATABASE IF EXISTS w CASCADE", DropDatabase("w", if_exists=True, cascade=True)),
    ("DROP SCHEMA w RESTRICT", DropDatabase("w")),
    ("DROP TABLE IF EXISTS awsdatacatalog.Db.T", DropTable(TableRef("t", "db"), if_exists=True)),
    ("DROP TABLE `db.t`", DropTable(TableRef("t", "db"))),
    (
        "ALTER TABLE t ADD IF NOT EXISTS PARTITION (dt='2026-01-01') LOCATION 's3://b/x/' PARTITION (dt='2026-01-01')",
        AddPartitions(T, (NewPartition(DT, "s3://b/x/"), NewPartition(DT)), if_not_exists=True),
    ),
    (
        "ALTER TABLE t ADD PARTITION (y = -2026, d = DATE '2026-01-01', b = true, n = NULL)",
        AddPartitions(
            T,
            (
                NewPartition(
                    (
                        ("y", Constant("-2026", "number")),
                        ("d", Constant("2026-01-01", "date")),
                        ("b", Constant("true", "boolean")),
                        ("n", Constant("", "null")),
                    )
                ),
            ),
        ),
    ),
    (
        "ALTER TABLE t DROP IF EXISTS PARTITION (dt='2026-01-01'), PARTITION (dt='2026-01-01')",
        DropPartitions(T, (DT, DT), if_exists=True),
    ),
    (
        "ALTER TABLE t PARTITION (dt='2026-01-01') RENAME TO PARTITION (dt='2026-01-01')",
        RenamePartition(T, DT, DT),
    ),
    (
        "ALTER TABLE t ADD COLUMNS (a int COMMENT 'x', `b` string)",
        ChangeColumns(T, (ColumnDefinition("a", parse_type("int"), "x"), ColumnDefinition("b", parse_type("string")))),
    ),
    (
        "ALTER TABLE t PARTITION (dt='2026-01-01') REPLACE COLUMNS (a int)",
        ChangeColumns(T, (ColumnDefinition("a", parse_type("int")),), replace=True, partition=DT),
    ),
    ("ALTER TABLE t SET LOCATION 's3://b/'", SetLocation(T, "s3://b/")),
    ("ALTER TABLE t PARTITION (dt=\"2026-01-01\") SET LOCATION 's3://b/'", SetLocation(T, "s3://b/", DT)),
    ("ALTER TABLE t SET TBLPROPERTIES ('a'='1')", SetProperties(T, {"a": "1"})),
    ("MSCK REPAIR TABLE t", RepairTable(T)),
    ("SHOW DATABASES", ShowDatabases()),
    ("SHOW SCHEMAS LIKE 'w*'", ShowDatabases("w*")),
    ("SHOW TABLES", ShowTables()),
    ("SHOW TABLES IN db '*x|y'", ShowTables("db", "*x|y")),
    ("SHOW TABLES FROM db LIKE 'x'", ShowTables("db", "x")),
    ("SHOW VIEWS IN db LIKE 'x'", ShowTables("db", "x", views_only=True)),
    ("SHOW PARTITIONS db.t", ShowPartitions(TableRef("t", "db"))),
    ("SHOW COLUMNS IN t", ShowColumns(T)),
    ("SHOW COLUMNS FROM t IN db", ShowColumns(TableRef("t", "db"))),
    ("SHOW TBLPROPERTIES t", ShowProperties(T)),
    ("SHOW TBLPROPERTIES t ('k')", ShowProperties(T, "k")),
    ("SHOW CREATE TABLE t", ShowCreate(T)),
    ('SHOW CREATE VIEW "t"', ShowCreate(T, view=True)),
    ("DESCRIBE t", Describe(T)),
    ("DESC EXTENDED `db`.`t`", Describe(TableRef("t", "db"), detailed=True)),
    ("DESCRIBE FORMATTED t PARTITION (dt='2026-01-01') a.b.'$elem$'", Describe(T, True, DT, ("a", "b", "$elem$"))),
    ("DESCRIBE formatted", Describe(TableRef("formatted"))),
    ("CREATE VIEW t AS SELECT ';' AS a;", CreateView(T, "SELECT ';' AS a")),
    (
        "CREATE OR REPLACE VIEW \"db\".\"t\" COMMENT 'it''s' AS -- why\nSELECT '\\' FROM \"x\"",
        CreateView(TableRef("t", "db"), "SELECT '\\' FROM \"x\"", or_replace=True, comment="it's"),
    ),
    ("DROP VIEW IF EXISTS t", DropView(T, if_exists=True)),
]


@pytest.mark.parametrize(("sql", "statement"), STATEMENTS, ids=[sql[:60] for sql, _ in STATEMENTS])
def test_each_statement_is_read(sql: str, statement: Statement) -> None:
    assert parse_statement(sql) == statement
    assert parse_statement(f"-- a comment; and 'more\n/* ; */ {sql}") == statement
    assert classify(f"/* x */ {sql}") is StatementKind.DDL


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("CREATE EXTERNAL TABLE t (a int,)", "line 1:32: mismatched input ')'. Expecting: a column"),
        (
            "CREATE EXTERNAL TABLE t (\n  a int b string)",
            "line 2:9: mismatched input 'b'. Expecting: ',', 'COMMENT', ')'",
        ),
        ("CREATE EXTERNAL TABLE t (a array<itn>)", "line 1:34: mismatched input 'itn'. Expecting: a type"),
        ("CREATE EXTERNAL TABLE t (a struct<x int", "line 1:40: mismatched input '<EOF>'. Expecting: '>'"),
        ("CREATE EXTERNAL TABLE t (a json)", "line 1:28: mismatched input 'json'. Expecting: a type that Hive has"),
        ("CREATE EXTERNAL TABLE t (date date)", "line 1:26: mismatched input 'date'. Expecting: a column"),
        ("CREATE EXTERNAL TABLE t (a int) FORMAT x", "line 1:33: mismatched input 'FORMAT'. Expecting: 'COMMENT'"),
        ("CREATE EXTERNAL TABLE t (a int) LOCATION 'a' LOCATION 'b'", "line 1:46: mismatched input 'LOCATION'"),
        (
            "CREATE EXTERNAL TABLE t (a int) ROW FORMAT x",
            "line 1:44: mismatched input 'x'. Expecting: 'DELIMITED', 'SERDE'",
        ),
        (
            "CREATE EXTERNAL TABLE t (a int) TBLPROPERTIES ('a' 'b')",
            "line 1:52: mismatched input ''b''. Expecting: '='",
        ),
        ('CREATE EXTERNAL TABLE "t" (a int)', "line 1:23: mismatched input '\"t\"'. Expecting: a table"),
        ("CREATE", "line 1:7: mismatched input '<EOF>'. Expecting: 'DATABASE'"),
        ("CREATE EXTERNAL TABLE t (a int) CLUSTERED BY (a) INTO 0 BUCKETS", "line 1:55: mismatched input '0'"),
        ("CREATE EXTERNAL TABLE t (a int) CLUSTERED BY (a) INTO 99999999999999999999 BUCKETS", "a number from 1 to"),
        ("CREATE VIEW v AS", "line 1:17: mismatched input '<EOF>'. Expecting: a query"),
        ("DROP TABLE a b", "line 1:14: mismatched input 'b'. Expecting: <EOF>"),
        ("DROP TABLE other.db.t", "Expecting: a table of awsdatacatalog"),
        ("ALTER TABLE t ADD PARTITION (dt)", "line 1:32: mismatched input ')'. Expecting: '='"),
        ("ALTER TABLE t ADD PARTITION (dt < 'x')", "line 1:33: mismatched input '<'. Expecting: '='"),
        ("ALTER TABLE t ADD PARTITION (dt='a', dt='b')", "each partition key once"),
        ("ALTER TABLE t ADD PARTITION (dt='a'),", "line 1:38: mismatched input '<EOF>'. Expecting: 'PARTITION'"),
        ("SHOW FUNCTIONS", "line 1:6: mismatched input 'FUNCTIONS'. Expecting: 'DATABASES'"),
        ("SHOW COLUMNS t", "line 1:14: mismatched input 't'. Expecting: 'IN', 'FROM'"),
        ("DROP TABLE 'a", "line 1:12: the string that starts here has no end"),
        ("DROP TABLE `a", "line 1:12: the name that starts here has no end"),
        ("DROP TABLE a\n /* x", "line 2:2: the comment that starts here has no end"),
        ("SELEC 1", "line 1:1: mismatched input 'SELEC'. Expecting: 'SELECT', 'WITH', 'VALUES', 'SHOW', "),
        ("", "line 1:1: mismatched input '<EOF>'"),
        ("DROP TABLE a; DROP TABLE b", "line 1:15: mismatched input 'DROP'. Expecting: <EOF>"),
    ],
)
def test_an_error_names_its_place(sql: str, says: str) -> None:
    with pytest.raises(MalformedQuery) as caught:
        parse_statement(sql)
    assert says in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.line is not None


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("CREATE TABLE t WITH (format = 'PARQUET') AS SELECT 1 a", "CREATE TABLE AS SELECT"),
        ('CREATE TABLE IF NOT EXISTS "db"."t" AS SELECT 1 a', "CREATE TABLE AS SELECT"),
        ("INSERT INTO t VALUES (1)", "INSERT"),
        ("UNLOAD (SELECT 1) TO 's3://b/' WITH (format='PARQUET')", "UNLOAD"),
        ("MERGE INTO t USING s ON 1=1", "MERGE"),
        ("VACUUM t", "VACUUM"),
        ("OPTIMIZE t REWRITE DATA USING BIN_PACK", "OPTIMIZE"),
        ("PREPARE p FROM SELECT 1", "PREPARE"),
        ("EXECUTE p", "EXECUTE"),
        ("DEALLOCATE PREPARE p", "DEALLOCATE"),
        ("EXPLAIN SELECT 1", "EXPLAIN"),
        ("UPDATE t SET a = 1", "UPDATE"),
        ("DELETE FROM t", "DELETE"),
        ("ALTER TABLE t CHANGE a b int", "CHANGE"),
        ("ALTER TABLE t RENAME TO u", "RENAME"),
        ("ALTER TABLE t DROP COLUMN a", "DROP COLUMN"),
        ("ALTER DATABASE d SET DBPROPERTIES ('a'='b')", "ALTER DATABASE"),
        ("CREATE EXTERNAL TABLE t (a uniontype<int,string>)", "uniontype"),
    ],
)
def test_what_is_not_done_yet_is_refused_by_name(sql: str, says: str) -> None:
    with pytest.raises(NotSupported, match=says):
        parse_statement(sql)


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT 1", StatementKind.QUERY),
        ("-- c\nWITH a AS (SELECT 1) SELECT * FROM a", StatementKind.QUERY),
        ("(SELECT 1) UNION SELECT 2", StatementKind.QUERY),
        ("VALUES 1", StatementKind.QUERY),
        ("TABLE t", StatementKind.QUERY),
        ("INSERT INTO t SELECT 1", StatementKind.INSERT),
        ("CREATE TABLE t AS SELECT 1 a", StatementKind.UNSUPPORTED),
        ("CREATE TABLE t (a int)", StatementKind.DDL),
        ("VACUUM t", StatementKind.UNSUPPORTED),
        ("", StatementKind.UNSUPPORTED),
        ("'x'", StatementKind.UNSUPPORTED),
    ],
)
def test_statements_are_told_apart_by_their_first_words(sql: str, kind: StatementKind) -> None:
    assert classify(sql) is kind


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("", []),
        (" ;; -- nothing\n;", []),
        ("SELECT 1", ["SELECT 1"]),
        ("SELECT ';'; SELECT \";\" ; -- ;\n/* ; */ SELECT 3", ["SELECT ';'", 'SELECT ";"', "-- ;\n/* ; */ SELECT 3"]),
        # Trino has no escapes in strings, Hive has.
        ("SELECT '\\'; SELECT 2", ["SELECT '\\'", "SELECT 2"]),
        ("DROP TABLE t; SHOW TABLES '\\';'; SELECT 1", ["DROP TABLE t", "SHOW TABLES '\\';'", "SELECT 1"]),
        ("CREATE VIEW v AS SELECT '\\'; SELECT 2", ["CREATE VIEW v AS SELECT '\\'", "SELECT 2"]),
        ("CREATE TABLE a.t AS SELECT '\\'; SELECT 2", ["CREATE TABLE a.t AS SELECT '\\'", "SELECT 2"]),
        ("SELECT 'it''s;'; SELECT 2", ["SELECT 'it''s;'", "SELECT 2"]),
    ],
)
def test_statements_end_where_a_semicolon_stands_alone(text: str, statements: list[str]) -> None:
    assert split_statements(text) == statements


def test_a_string_without_end_is_no_statement() -> None:
    with pytest.raises(MalformedQuery, match=r"line 2:8: the string that starts here has no end"):
        split_statements("SELECT 1;\nSELECT 'x; SELECT 2")


def error_of(sql: str) -> str:
    """Return the message of the error, or nothing."""
    try:
        parse_statement(sql)
    except InvalidSql as error:
        return error.message
    return ""


words = st.sampled_from(
    "CREATE EXTERNAL TABLE VIEW DROP ALTER SHOW DESCRIBE MSCK REPAIR ( ) , ; . = < > 'a' \"b\" `c` t int array<int> "
    "PARTITION PARTITIONED BY COLUMNS ADD SET LOCATION ROW FORMAT AS SELECT -- /* */ ' ` 1 -2 \\ \n é \0".split(" ")
)


@given(st.lists(words, max_size=20).map(" ".join))
def test_any_words_give_a_statement_or_one_clear_error(sql: str) -> None:
    message = error_of(sql)
    assert "\n" not in message
    assert len(message) < 1000


@given(st.text(max_size=60))
def test_any_text_is_split_or_refused_with_one_clear_error(text: str) -> None:
    try:
        pieces = split_statements(text)
    except MalformedQuery:
        return
    assert all(split_statements(piece) == [piece] for piece in pieces)


def test_cut_and_twisted_statements_never_end_in_a_traceback() -> None:
    source = random.Random(7)
    for path in sorted((Path(__file__).parent / "tables").glob("*.sql")):
        sql = split_statements(path.read_text())[0]
        for _ in range(60):
            cut = source.randrange(len(sql))
            length = source.randrange(1, 8)
            for twisted in (
                sql[:cut],
                sql[:cut] + sql[cut + length :],
                sql[:cut] + source.choice("(')<>`\"\\;") + sql[cut:],
            ):
                assert "\n" not in error_of(twisted)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE EXTERNAL TABLE t (a " + "array<" * 20_000 + "int" + ">" * 20_000 + ")",
        "CREATE EXTERNAL TABLE t (a " + "struct<a:" * 10_000,
        "DROP TABLE " + "(" * 100_000,
        "DROP TABLE '" + "x" * 200_000,
        "CREATE EXTERNAL TABLE t (a int COMMENT '" + "\\" * 199_999,
        "/*" * 100_000,
    ],
    ids=["arrays", "structs", "brackets", "string", "escapes", "comments"],
)
def test_large_and_deep_statements_are_one_clear_error_at_once(sql: str) -> None:
    started = time.perf_counter()
    with pytest.raises(MalformedQuery) as caught:
        parse_statement(sql)
    assert len(caught.value.message) < 500
    assert time.perf_counter() - started < 1


def test_a_statement_over_athenas_limit_is_refused() -> None:
    with pytest.raises(MalformedQuery, match="262,144 bytes"):
        parse_statement("DROP TABLE t -- " + "x" * 1_000_000)
    assert parse_statement("DROP TABLE t -- " + "x" * (MAX_SQL_BYTES - 100)) == DropTable(T)


def test_ordinary_statements_parse_within_a_millisecond() -> None:
    sqls = [split_statements(path.read_text())[0] for path in (Path(__file__).parent / "tables").glob("*.sql")]

    def seconds() -> float:
        started = time.perf_counter()
        for sql in sqls:
            parse_statement(sql)
        return (time.perf_counter() - started) / len(sqls)

    assert min(seconds() for _ in range(20)) < 0.001


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("-- x\n Show  CREATE table t", True),
        ("SHOW CREATE VIEW v", True),
        ("SHOW TABLES", False),
        ("'SHOW CREATE'", False),
    ],
)
def test_show_create_is_told_by_its_first_words(sql: str, wanted: bool) -> None:
    assert is_show_create(sql) is wanted


@pytest.mark.parametrize(
    ("sql", "hint"),
    [
        ("\n selec 1", "did you mean SELECT?"),
        ("crate TABLE t (a int)", "did you mean CREATE?"),
        ("zzz", None),
        ("", None),
    ],
)
def test_a_first_word_that_is_misspelt_is_guessed(sql: str, hint: str | None) -> None:
    with pytest.raises(MalformedQuery) as caught:
        parse_statement(sql)
    assert caught.value.hint == hint


def test_strings_that_touch_are_one() -> None:
    statement = parse_statement(
        "ALTER TABLE t SET TBLPROPERTIES ('format'='yyyy''T''HH', 'quoted'=\"yyyy'T'HH\", 'both'='a'\"b\\t\")"
    )
    assert isinstance(statement, SetProperties)
    assert statement.properties == {"format": "yyyyTHH", "quoted": "yyyy'T'HH", "both": "ab\t"}
