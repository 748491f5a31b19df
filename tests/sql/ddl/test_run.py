"""Statements run against a real catalog in a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lake.catalog.sqlite import SqliteCatalog
from lake.errors import (
    AlreadyExists,
    CatalogChanged,
    ColumnNotFound,
    DatabaseNotFound,
    InvalidSql,
    LakeError,
    LocationForbidden,
    PartitionNotFound,
    QueryFailed,
    TableNotFound,
    TypeMismatch,
)
from lake.model import Database, Table, TableName
from lake.sql.ddl.result import StatementResult, pad_row

Run = Callable[[str], StatementResult]
Rows = Callable[[str], list[tuple[str | None, ...]]]

EVENTS = """
CREATE EXTERNAL TABLE events (id string COMMENT 'who', s struct<a:int,b:array<string>>)
COMMENT 'what happened' PARTITIONED BY (dt string, hour int COMMENT 'UTC')
STORED AS PARQUET LOCATION 's3://lake/events' TBLPROPERTIES ('a'='1')
"""
NAME = TableName("web", "events")


@pytest.fixture
def events(run: Run) -> None:
    run(EVENTS)


def partitions(catalog: SqliteCatalog) -> dict[tuple[str, ...], str]:
    return {found.values: found.location for found in catalog.list_partitions(catalog.get_table(NAME))}


@pytest.mark.parametrize(
    ("sql", "kind", "substatement"),
    [
        ("CREATE DATABASE x", "DDL", "CREATE_DATABASE"),
        ("DROP DATABASE IF EXISTS x", "DDL", "DROP_DATABASE"),
        ("CREATE EXTERNAL TABLE y (a int) LOCATION 's3://lake/y/'", "DDL", "CREATE_TABLE"),
        ("DROP TABLE events", "DDL", "DROP_TABLE"),
        ("ALTER TABLE events ADD COLUMNS (b int)", "DDL", "ALTER_TABLE_ADD_COLUMNS"),
        ("ALTER TABLE events ADD PARTITION (dt='a', hour=1)", "DDL", "ALTER_TABLE_ADD_PARTITION"),
        ("CREATE VIEW v AS SELECT 1", "DDL", "CREATE_VIEW"),
        ("DROP VIEW IF EXISTS v", "DDL", "DROP_VIEW"),
        ("MSCK REPAIR TABLE events", "DDL", "MSCK_REPAIR"),
        ("SHOW TABLES", "UTILITY", "SHOW_TABLES"),
        ("SHOW SCHEMAS", "UTILITY", "SHOW_DATABASES"),
        ("SHOW TBLPROPERTIES events", "UTILITY", "SHOW_TABLE_PROPERTIES"),
        ("DESCRIBE events", "UTILITY", "DESCRIBE_TABLE"),
    ],
)
@pytest.mark.usefixtures("events")
def test_results_say_what_kind_of_statement_ran(run: Run, sql: str, kind: str, substatement: str) -> None:
    result = run(sql)
    assert (result.statement_type, result.substatement) == (kind, substatement)
    if kind == "DDL":
        assert (result.columns, list(result.rows)) == ((), [])


def test_a_database_keeps_what_was_said_of_it(run: Run, catalog: SqliteCatalog) -> None:
    run("CREATE DATABASE Shop COMMENT 'sales' LOCATION 's3://lake/shop' WITH DBPROPERTIES ('owner'='me')")
    database = next(found for found in catalog.list_databases() if found.name == "shop")
    assert (database.description, database.location) == ("sales", "s3://lake/shop/")
    assert database.parameters == {"owner": "me"}


def test_if_exists_and_if_not_exists_make_repetition_harmless(run: Run) -> None:
    for _ in range(2):
        run("CREATE DATABASE IF NOT EXISTS web")
        run(EVENTS.replace("TABLE", "TABLE IF NOT EXISTS", 1))
        run("ALTER TABLE events ADD IF NOT EXISTS PARTITION (dt='a', hour=1)")
    for _ in range(2):
        run("ALTER TABLE events DROP IF EXISTS PARTITION (dt='a', hour=1)")
    for _ in range(2):
        run("DROP TABLE IF EXISTS events")
        run("DROP VIEW IF EXISTS v")
        run("DROP DATABASE IF EXISTS web CASCADE")
    run("DROP TABLE IF EXISTS web.events")


@pytest.mark.parametrize(
    ("sql", "error", "says"),
    [
        ("CREATE DATABASE web", AlreadyExists, "'web'"),
        ("DROP DATABASE nowhere", DatabaseNotFound, "'nowhere'"),
        ("DROP DATABASE web", QueryFailed, "'web' holds 1 table"),
        (EVENTS, AlreadyExists, "'web.events'"),
        ("CREATE EXTERNAL TABLE nowhere.t (a int) LOCATION 's3://lake/t/'", DatabaseNotFound, "'nowhere'"),
        ("DROP TABLE t", TableNotFound, "'web.t'"),
        ("DROP VIEW events", InvalidSql, "is a table"),
        ("SHOW CREATE VIEW events", InvalidSql, "is a table"),
        ("SHOW TABLES IN nowhere", DatabaseNotFound, "'nowhere'"),
        ("SHOW PARTITIONS t", TableNotFound, "'web.t'"),
        ("DESCRIBE t", TableNotFound, "'web.t'"),
        ("DESCRIBE events x", ColumnNotFound, "'x'"),
        ("DESCRIBE events PARTITION (dt='a', hour=1)", PartitionNotFound, "dt=a/hour=1"),
        ("DESCRIBE events s.c", ColumnNotFound, "'c'"),
        ("CREATE OR REPLACE VIEW events AS SELECT 1", AlreadyExists, "is a table"),
        ("ALTER TABLE events ADD PARTITION (dt='a')", InvalidSql, "'hour' of 'web.events' has no value"),
        ("ALTER TABLE events ADD PARTITION (dt='a', hour=1, x=2)", InvalidSql, "'x' is no partition key"),
        ("ALTER TABLE events ADD PARTITION (dt='a', hour='x')", TypeMismatch, "'hour' .* int: 'x' is no integer"),
        ("ALTER TABLE events ADD PARTITION (dt='a', hour=3000000000)", TypeMismatch, "out of the range of int"),
        ("ALTER TABLE events ADD PARTITION (dt='', hour=1)", InvalidSql, "'dt' .* empty"),
        ("ALTER TABLE events ADD PARTITION (dt='a', hour=1) LOCATION '/etc'", LocationForbidden, "/etc"),
        ("ALTER TABLE events DROP PARTITION (dt='a', hour=1)", PartitionNotFound, "dt=a/hour=1"),
        ("ALTER TABLE events DROP PARTITION (dt='a')", PartitionNotFound, "dt=a"),
        ("ALTER TABLE events PARTITION (dt='a', hour=1) SET LOCATION 's3://lake/x/'", PartitionNotFound, "dt=a/hour=1"),
        ("ALTER TABLE events PARTITION (dt='a') SET LOCATION 's3://lake/x/'", InvalidSql, "'hour'"),
        ("ALTER TABLE events ADD COLUMNS (id int)", InvalidSql, "'id' is there 2 times"),
        ("ALTER TABLE events REPLACE COLUMNS (hour int)", InvalidSql, "'hour'"),
        ("ALTER TABLE events SET LOCATION '../x'", LocationForbidden, r"\.\./x"),
    ],
)
@pytest.mark.usefixtures("events")
def test_a_statement_that_cannot_run_is_one_line_and_changes_nothing(
    run: Run, catalog: SqliteCatalog, sql: str, error: type[LakeError], says: str
) -> None:
    before = catalog.get_table(NAME)
    with pytest.raises(error, match=says) as caught:
        run(sql)
    assert "\n" not in caught.value.message
    assert catalog.get_table(NAME) == before
    assert partitions(catalog) == {}


@pytest.mark.usefixtures("events")
def test_a_database_with_tables_goes_with_cascade_only(run: Run, catalog: SqliteCatalog) -> None:
    with pytest.raises(QueryFailed):
        run("DROP DATABASE web RESTRICT")
    run("DROP DATABASE web CASCADE")
    assert list(catalog.list_databases()) == []


@pytest.mark.usefixtures("events")
def test_partitions_are_added_where_hive_puts_them_or_where_it_is_said(run: Run, catalog: SqliteCatalog) -> None:
    run(
        "ALTER TABLE events ADD PARTITION (hour=7, dt='2026-01-01') PARTITION (dt='a/b', hour='07')"
        " PARTITION (dt='c', hour=null) LOCATION 's3://lake/else where'"
    )
    assert partitions(catalog) == {
        ("2026-01-01", "7"): "s3://lake/events/dt=2026-01-01/hour=7/",
        ("a/b", "07"): "s3://lake/events/dt=a%2Fb/hour=07/",
        ("c", "__HIVE_DEFAULT_PARTITION__"): "s3://lake/else where/",
    }


@pytest.mark.usefixtures("events")
def test_partitions_are_added_all_or_none_where_one_exists(run: Run, rows: Rows) -> None:
    run("ALTER TABLE events ADD PARTITION (dt='a', hour=1)")
    with pytest.raises(AlreadyExists, match=r"partition dt=a/hour=1 of 'web.events' already exists"):
        run("ALTER TABLE events ADD PARTITION (dt='a', hour=0) PARTITION (dt='a', hour=1) PARTITION (dt='a', hour=2)")
    assert rows("SHOW PARTITIONS events") == [("dt=a/hour=1",)]
    run("ALTER TABLE events ADD IF NOT EXISTS PARTITION (dt='a', hour=1) PARTITION (dt='a', hour=3)")
    assert rows("SHOW PARTITIONS events") == [("dt=a/hour=1",), ("dt=a/hour=3",)]


@pytest.mark.usefixtures("events")
def test_partitions_are_dropped_by_all_keys_or_by_some(run: Run, rows: Rows) -> None:
    for dt, hour in [("a", "1"), ("a", "02"), ("b", "1"), ("c", "1"), ("c/d", "1")]:
        run(f"ALTER TABLE events ADD PARTITION (dt='{dt}', hour='{hour}')")
    run("ALTER TABLE events DROP PARTITION (dt='a', hour=2), PARTITION (dt='b')")
    assert rows("SHOW PARTITIONS events") == [("dt=a/hour=1",), ("dt=c/hour=1",), ("dt=c%2Fd/hour=1",)]
    run("ALTER TABLE events DROP PARTITION (hour=1)")
    assert rows("SHOW PARTITIONS events") == []


@pytest.mark.usefixtures("events")
def test_a_partition_is_renamed_in_place(run: Run, catalog: SqliteCatalog) -> None:
    run("ALTER TABLE events ADD PARTITION (dt='a', hour=1) PARTITION (dt='b', hour=1)")
    run("ALTER TABLE events PARTITION (dt='a', hour=1) RENAME TO PARTITION (dt='z', hour=1)")
    assert partitions(catalog) == {
        ("b", "1"): "s3://lake/events/dt=b/hour=1/",
        ("z", "1"): "s3://lake/events/dt=a/hour=1/",
    }
    with pytest.raises(AlreadyExists):
        run("ALTER TABLE events PARTITION (dt='z', hour=1) RENAME TO PARTITION (dt='b', hour=1)")
    assert len(partitions(catalog)) == 2


@pytest.mark.usefixtures("events")
def test_a_partition_has_a_location_and_columns_of_its_own(run: Run, catalog: SqliteCatalog) -> None:
    run("ALTER TABLE events ADD PARTITION (dt='a', hour=1)")
    run("ALTER TABLE events PARTITION (dt='a', hour=01) SET LOCATION 's3://lake/moved'")
    run("ALTER TABLE events PARTITION (dt='a', hour=1) ADD COLUMNS (extra int)")
    run("ALTER TABLE events ADD COLUMNS (later string COMMENT 'since')")
    table = catalog.get_table(NAME)
    (partition,) = catalog.list_partitions(table)
    assert partition.location == "s3://lake/moved/"
    assert [column.name for column in partition.descriptor.columns] == ["id", "s", "extra"]
    assert [column.name for column in table.columns] == ["id", "s", "later"]


@pytest.mark.usefixtures("events")
def test_a_table_is_altered(run: Run, catalog: SqliteCatalog) -> None:
    run("ALTER TABLE events REPLACE COLUMNS (id bigint)")
    run("ALTER TABLE events SET LOCATION 's3://lake/elsewhere'")
    run("ALTER TABLE events SET TBLPROPERTIES ('a'='2', 'comment'='new')")
    table = catalog.get_table(NAME)
    assert [(column.name, column.type) for column in table.columns] == [("id", "bigint")]
    assert table.location == "s3://lake/elsewhere/"
    assert table.parameters == {"EXTERNAL": "TRUE", "a": "2", "comment": "new"}


def test_databases_and_tables_are_listed_by_pattern(run: Run, rows: Rows, catalog: SqliteCatalog) -> None:
    for name in ("shop", "shop_old"):
        catalog.create_database(Database(name))
    for name in ("b_orders", "a_orders", "clicks"):
        run(f"CREATE EXTERNAL TABLE web.{name} (a int) LOCATION 's3://lake/t/'")
    run("CREATE VIEW v_orders AS SELECT 1")
    assert rows("SHOW DATABASES") == [("shop",), ("shop_old",), ("web",)]
    assert rows("SHOW DATABASES LIKE 'SHOP.*'") == [("shop",), ("shop_old",)]
    assert rows("SHOW TABLES") == [(n,) for n in ("a_orders", "b_orders", "clicks", "v_orders")]
    assert rows("SHOW TABLES IN web '*orders*'") == [("a_orders",), ("b_orders",), ("v_orders",)]
    assert rows("SHOW TABLES 'a*|clicks'") == [("a_orders",), ("clicks",)]
    assert rows("SHOW TABLES '[a-z]*'") == []
    assert rows("SHOW VIEWS IN web LIKE 'v*'") == [("v_orders",)]
    assert rows("SHOW TABLES IN shop") == []


@pytest.mark.usefixtures("events")
def test_columns_and_properties_are_shown(run: Run, rows: Rows) -> None:
    assert run("SHOW COLUMNS IN events").columns == (("field", "string"),)
    assert rows("SHOW COLUMNS FROM events IN web") == [("id",), ("s",), ("dt",), ("hour",)]
    assert run("SHOW TBLPROPERTIES events").columns == (("prpt_name", "string"), ("prpt_value", "string"))
    assert rows("SHOW TBLPROPERTIES events") == [("EXTERNAL", "TRUE"), ("a", "1"), ("comment", "what happened")]
    assert rows("SHOW TBLPROPERTIES events ('a')") == [("a", "1")]
    assert rows("SHOW TBLPROPERTIES events ('zz')") == [("Table web.events does not have property: zz", None)]


@pytest.mark.usefixtures("events")
def test_a_table_is_described_as_hive_describes_it(run: Run, rows: Rows) -> None:
    assert run("DESCRIBE events").columns == (("col_name", "string"), ("data_type", "string"), ("comment", "string"))
    assert rows("DESCRIBE events") == [
        ("id", "string", "who"),
        ("s", "struct<a:int,b:array<string>>", None),
        ("dt", "string", None),
        ("hour", "int", "UTC"),
        ("", None, None),
        ("# Partition Information", None, None),
        ("# col_name", "data_type", "comment"),
        ("", None, None),
        ("dt", "string", None),
        ("hour", "int", "UTC"),
    ]
    assert pad_row(("id", "string", None)) == "id                  \tstring              \t                    "
    assert rows("DESCRIBE events id") == [("id", "string", "who")]
    assert rows("DESCRIBE events s.b") == [("b", "array<string>", "from deserializer")]
    assert rows("DESCRIBE events s.b.'$elem$'") == [("$elem$", "string", "from deserializer")]
    detailed = rows("DESCRIBE FORMATTED events")
    assert ("Location:", "s3://lake/events/", None) in detailed
    assert ("", "serialization.format", "1") in detailed


@pytest.mark.usefixtures("events")
def test_a_partition_is_described_by_its_own_columns(run: Run, rows: Rows) -> None:
    run("ALTER TABLE events ADD PARTITION (dt='a', hour=1)")
    run("ALTER TABLE events PARTITION (dt='a', hour=1) REPLACE COLUMNS (old int)")
    assert rows("DESCRIBE events PARTITION (dt='a', hour=1)")[0] == ("old", "int", None)
    assert rows("DESCRIBE events")[0] == ("id", "string", "who")


@pytest.mark.usefixtures("events")
def test_show_create_table_makes_the_same_table(run: Run, rows: Rows, catalog: SqliteCatalog) -> None:
    before = catalog.get_table(NAME)
    text = "\n".join(str(row[0]) for row in rows("SHOW CREATE TABLE events"))
    run("DROP TABLE events")
    run(text)
    after = catalog.get_table(NAME)
    assert (after.descriptor, after.partition_keys, after.location) == (
        before.descriptor,
        before.partition_keys,
        before.location,
    )
    assert after.parameters == before.parameters


@pytest.mark.usefixtures("events")
def test_msck_says_what_it_added(run: Run, rows: Rows, found: list[tuple[str, ...]]) -> None:
    found += [("2026-01-01", "07"), ("a:b", "8")]
    assert rows("MSCK REPAIR TABLE events") == [
        ("Partitions not in metastore:\tevents:dt=2026-01-01/hour=07\tevents:dt=a%3Ab/hour=8",),
        ("Repair: Added partition to metastore events:dt=2026-01-01/hour=07",),
        ("Repair: Added partition to metastore events:dt=a%3Ab/hour=8",),
    ]
    assert rows("SHOW PARTITIONS events") == [("dt=2026-01-01/hour=07",), ("dt=a%3Ab/hour=8",)]


def test_statements_about_partitions_want_a_partitioned_table(run: Run) -> None:
    run("CREATE EXTERNAL TABLE flat (a int) LOCATION 's3://lake/flat/'")
    for sql in ("SHOW PARTITIONS flat", "MSCK REPAIR TABLE flat", "ALTER TABLE flat ADD PARTITION (dt='a')"):
        with pytest.raises(InvalidSql, match=r"not (a )?partitioned"):
            run(sql)


def test_the_tables_of_a_client_are_set_up(run: Run, rows: Rows) -> None:
    """The statements by which PyAthena's tests begin."""
    run("DROP DATABASE IF EXISTS pyathena_test CASCADE")
    run("CREATE DATABASE IF NOT EXISTS pyathena_test")
    delimited = r"ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' LINES TERMINATED BY '\n' STORED AS TEXTFILE"
    for number in range(16):
        table = f"pyathena_test.t{number}"
        stored = delimited if number % 2 else "STORED AS PARQUET"
        run(f"DROP TABLE IF EXISTS {table}")
        run(
            f"CREATE EXTERNAL TABLE IF NOT EXISTS {table} (number_of_rows INT COMMENT 'some comment', a ARRAY<int>,"
            f" m MAP<int,int>, s STRUCT<a: int, b: int>, d DECIMAL(10,1), b BINARY) COMMENT 'table comment'"
            f" PARTITIONED BY (p INT) {stored} LOCATION 's3://lake/t{number}/'"
        )
    run("CREATE OR REPLACE VIEW pyathena_test.v AS SELECT 1 AS n")
    run("CREATE OR REPLACE VIEW pyathena_test.v AS SELECT 2 AS n")
    assert len(rows("SHOW TABLES IN pyathena_test")) == 17


OVERTAKEN = [
    ("replace_table", "ALTER TABLE events ADD COLUMNS ({} int)"),
    ("replace_partition", "ALTER TABLE events PARTITION (dt='a', hour=1) ADD COLUMNS ({} int)"),
]


@pytest.mark.parametrize(("method", "sql"), OVERTAKEN)
@pytest.mark.usefixtures("events")
def test_a_change_that_was_overtaken_is_made_to_what_is_there_by_then(
    run: Run, catalog: SqliteCatalog, monkeypatch: pytest.MonkeyPatch, method: str, sql: str
) -> None:
    run("ALTER TABLE events ADD PARTITION (dt='a', hour=1)")
    change = getattr(catalog, method)

    def overtaken(*args: object, **options: object) -> object:
        monkeypatch.setattr(catalog, method, change)
        run(sql.format("theirs"))
        return change(*args, **options)

    monkeypatch.setattr(catalog, method, overtaken)
    run(sql.format("ours"))
    table = catalog.get_table(NAME)
    (partition,) = catalog.list_partitions(table)
    columns = table.columns if method == "replace_table" else partition.descriptor.columns
    assert [column.name for column in columns] == ["id", "s", "theirs", "ours"]


@pytest.mark.usefixtures("events")
def test_a_change_that_is_always_overtaken_gives_up(
    run: Run, catalog: SqliteCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = catalog.replace_table

    def overtaken(table: Table, *, expected: Table) -> None:
        change(replace(expected, owner=f"{expected.owner}x"))
        change(table, expected=expected)

    monkeypatch.setattr(catalog, "replace_table", overtaken)
    with pytest.raises(CatalogChanged, match="events' was changed meanwhile"):
        run("ALTER TABLE events ADD COLUMNS (n int)")
