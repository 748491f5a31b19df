"""CREATE EXTERNAL TABLE as people write it, and what SHOW CREATE TABLE says of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.errors import InvalidSql, LocationForbidden, NotSupported
from lake.model import Column, SerDe, StorageDescriptor, Table, TableName
from lake.sql.ddl import serdes
from lake.sql.ddl.create_text import create_table_text
from lake.sql.ddl.parse import parse_statement
from lake.sql.ddl.plan_table import plan_table
from lake.sql.ddl.session import DdlSession
from lake.sql.ddl.split import split_statements
from lake.sql.ddl.statements import CreateTable

TABLES = sorted((Path(__file__).parent / "tables").glob("*.sql"))
WEB = "LOCATION 's3://lake/t/'"


def table_of(sql: str) -> Table:
    statement = parse_statement(sql)
    assert isinstance(statement, CreateTable)
    return plan_table(statement, TableName(statement.table.database or "web", statement.table.name), str)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_shows_as_expected_and_its_text_makes_the_same_table(path: Path) -> None:
    as_typed, as_shown = split_statements(path.read_text())
    table = table_of(as_typed)
    assert create_table_text(table) == as_shown
    assert table_of(as_shown) == table


texts = st.text(st.characters(codec="utf-8"), max_size=12)
names = st.text(st.characters(codec="utf-8", exclude_characters="."), min_size=1, max_size=8).map(
    # Lower case has to be final for a name to come back: 'İ'.lower() is not.
    str.lower
)
types = st.sampled_from(
    ["int", "string", "varchar(5)", "decimal(10,2)", "array<struct<a:int,`b c`:map<string,float>>>", "timestamp"]
)
columns = st.builds(Column, names.filter(lambda name: name == name.lower()), types, st.none() | texts)
properties = st.dictionaries(texts, texts, max_size=3)
delimiters = st.dictionaries(
    st.sampled_from(
        [serdes.FIELD_DELIMITER, serdes.ESCAPE_DELIMITER, serdes.COLLECTION_DELIMITER, serdes.LINE_DELIMITER]
    ),
    texts,
    max_size=3,
)
serializations = st.sampled_from(["1", ",", ""]).map(lambda text: {serdes.SERIALIZATION_FORMAT: text})
serde_parameters = st.builds(
    lambda *parts: {**parts[0], **parts[1], **parts[2]}, properties, delimiters, serializations
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    found = draw(st.lists(columns, min_size=1, max_size=5, unique_by=lambda column: column.name))
    keys = draw(st.integers(0, len(found) - 1))
    parameters = draw(properties)
    parameters = {key: text for key, text in parameters.items() if key.upper() != "EXTERNAL" and key != "table_type"}
    library = draw(st.sampled_from([serdes.LAZY_SIMPLE, serdes.OPEN_CSV, serdes.PARQUET, serdes.REGEX]))
    data_columns = tuple(found[keys:])
    bucketed = draw(st.booleans())
    return Table(
        database=draw(names),
        name=draw(names),
        descriptor=StorageDescriptor(
            columns=data_columns,
            input_format=draw(texts),
            output_format=draw(texts),
            serde=SerDe(library, draw(serde_parameters)),
            number_of_buckets=4 if bucketed else -1,
            bucket_columns=(data_columns[0].name,) if bucketed else (),
        ),
        location=f"s3://lake/{draw(texts)}/",
        partition_keys=tuple(found[:keys]),
        parameters={"EXTERNAL": "TRUE", **parameters},
    )


@given(tables())
def test_any_table_comes_back_from_its_text(table: Table) -> None:
    assert table_of(create_table_text(table)) == table


@pytest.mark.parametrize(
    ("stored_as", "serde"),
    [
        ("PARQUET", serdes.PARQUET),
        ("orc", serdes.ORC),
        ("AVRO", serdes.AVRO),
        ("TEXTFILE", serdes.LAZY_SIMPLE),
        ("JSONFILE", serdes.HIVE_JSON),
        ("SEQUENCEFILE", serdes.LAZY_SIMPLE),
        ("RCFILE", serdes.COLUMNAR),
        ("ION", serdes.ION),
    ],
)
def test_a_format_brings_its_serde(stored_as: str, serde: str) -> None:
    table = table_of(f"CREATE EXTERNAL TABLE t (a int) STORED AS {stored_as} {WEB}")
    assert table.descriptor.serde.library == serde
    assert table.descriptor.serde.parameters == {"serialization.format": "1"}
    assert table.parameters == {"EXTERNAL": "TRUE"}


def test_delimiters_are_kept_as_hive_keeps_them() -> None:
    table = table_of(
        "CREATE EXTERNAL TABLE t (a int) ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' COLLECTION ITEMS TERMINATED BY"
        f" ',' MAP KEYS TERMINATED BY ':' NULL DEFINED AS '' {WEB}"
    )
    assert table.descriptor.serde.parameters == {
        "field.delim": "|",
        "serialization.format": "|",
        "colelction.delim": ",",
        "mapkey.delim": ":",
        "serialization.null.format": "",
    }


@pytest.mark.parametrize("library", sorted(serdes.SERDES.values()))
def test_every_serde_of_athena_is_known_whatever_its_case(library: str) -> None:
    table = table_of(f"CREATE EXTERNAL TABLE t (a int) ROW FORMAT SERDE '{library.upper()}' {WEB}")
    assert table.descriptor.serde.library == library


@pytest.mark.parametrize(
    ("sql", "error", "says"),
    [
        (f"CREATE TABLE t (a int) {WEB}", NotSupported, "needs EXTERNAL"),
        (f"CREATE TABLE t (a int) {WEB} TBLPROPERTIES ('table_type'='iceberg')", NotSupported, "ICEBERG"),
        ("CREATE EXTERNAL TABLE t (a int)", InvalidSql, "no LOCATION"),
        (f"CREATE EXTERNAL TABLE t {WEB}", InvalidSql, "no columns"),
        (f"CREATE EXTERNAL TABLE t (a int, A string) {WEB}", InvalidSql, "'a' is there 2 times"),
        (f"CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (a int) {WEB}", InvalidSql, "key 'a' .* a column too"),
        (f"CREATE EXTERNAL TABLE t (a int) CLUSTERED BY (b) INTO 2 BUCKETS {WEB}", InvalidSql, "'b'"),
        (f"CREATE EXTERNAL TABLE t (a int) ROW FORMAT SERDE 'x.Y' {WEB}", NotSupported, "SerDe 'x.Y'"),
        (f"CREATE EXTERNAL TABLE t (a int) STORED AS csv {WEB}", NotSupported, "STORED AS CSV"),
    ],
)
def test_what_athena_would_not_take_is_refused_by_name(sql: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        table_of(sql)


def test_a_location_outside_the_lake_is_refused(run: Callable[[str], object], session: DdlSession) -> None:
    with pytest.raises(LocationForbidden):
        run("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://other/t/'")
    assert list(session.catalog.list_tables("web")) == []


def test_a_glue_description_is_shown_as_comment() -> None:
    table = replace(table_of(f"CREATE EXTERNAL TABLE t (a int) {WEB}"), description="from elsewhere")
    assert "COMMENT 'from elsewhere'" in create_table_text(table)
