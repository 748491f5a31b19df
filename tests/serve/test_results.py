"""What comes back: texts and types of values, pages, and the objects beside them."""

import csv
import io

import pytest

from tests.serve.conftest import OUTPUT, ROWS, texts
from tests.serve.test_life import refused

# SQL, its type as the API names it, precision, scale, text
VALUES = [
    ("true", "boolean", 0, 0, "true"),
    ("TINYINT '1'", "tinyint", 3, 0, "1"),
    ("SMALLINT '-2'", "smallint", 5, 0, "-2"),
    ("3", "integer", 10, 0, "3"),
    ("BIGINT '4'", "bigint", 19, 0, "4"),
    ("REAL '1e20'", "float", 17, 0, "1.0E20"),
    ("1.5e0", "double", 17, 0, "1.5"),
    ("1e-7", "double", 17, 0, "1.0E-7"),
    ("nan()", "double", 17, 0, "NaN"),
    ("-infinity()", "double", 17, 0, "-Infinity"),
    ("'text'", "varchar", 4, 0, "text"),
    ("CAST('text' AS varchar)", "varchar", 2147483647, 0, "text"),
    ("CAST('a' AS char(3))", "char", 3, 0, "a  "),
    ("DECIMAL '-12.50'", "decimal", 4, 2, "-12.50"),
    ("TIMESTAMP '2017-01-01 00:00:00.000'", "timestamp", 3, 0, "2017-01-01 00:00:00.000"),
    ("TIMESTAMP '2017-01-01 00:00:00'", "timestamp", 3, 0, "2017-01-01 00:00:00"),
    ("TIMESTAMP '2017-01-01 00:00:00.120000'", "timestamp", 3, 0, "2017-01-01 00:00:00.120000"),
    ("TIMESTAMP '2017-01-01 00:00:00.000 UTC'", "timestamp with time zone", 3, 0, "2017-01-01 00:00:00.000 UTC"),
    ("TIME '01:02:03.000'", "time", 3, 0, "01:02:03.000"),
    ("TIME '01:02:03.004 +01:00'", "time with time zone", 3, 0, "01:02:03.004+01:00"),
    ("DATE '2017-01-02'", "date", 0, 0, "2017-01-02"),
    ("X'313233'", "varbinary", 1073741824, 0, "31 32 33"),
    ("ARRAY[1, NULL, 2]", "array", 0, 0, "[1, null, 2]"),
    ("MAP(ARRAY[3, 1], ARRAY['x', 'y'])", "map", 0, 0, "{1=y, 3=x}"),
    ("CAST(ROW(1, 'x') AS row(a int, b varchar))", "row", 0, 0, "{a=1, b=x}"),
    ("ROW(1, 'x')", "row", 0, 0, "{1, x}"),
    ("ARRAY[ROW(1, 'x'), NULL]", "array", 0, 0, "[{1, x}, null]"),
    ("MAP(ARRAY[1], ARRAY[ROW(1, ROW(2, 3))])", "map", 0, 0, "{1={1, {2, 3}}}"),
    ("JSON '{\"a\": [1, null]}'", "json", 0, 0, '{"a":[1,null]}'),
    ("INTERVAL '2' DAY", "interval day to second", 0, 0, "2 00:00:00.000"),
    ("INTERVAL '3' MONTH", "interval year to month", 0, 0, "0-3"),
    ("INTERVAL '0' MONTH", "interval year to month", 0, 0, "0-0"),
    ("UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59'", "uuid", 0, 0, "12151fd2-7586-11e9-8f9e-2a86e4085a59"),
    ("IPADDRESS '10.0.0.1'", "ipaddress", 0, 0, "10.0.0.1"),
    ("'a \"quote\", and\na line'", "varchar", 21, 0, 'a "quote", and\na line'),
    ("'grüße 🦆'", "varchar", 7, 0, "grüße 🦆"),
    ("''", "varchar", 0, 0, ""),
]


@pytest.fixture(scope="module")
def every_type(served):
    """The values, each twice: itself, and NULL of its type."""
    columns = ", ".join(f"{sql} AS v{place}" for place, (sql, *_) in enumerate(VALUES))
    nulls = ", ".join(f"IF(false, v{place})" for place in range(len(VALUES)))
    sql = f"WITH v AS (SELECT {columns}) SELECT * FROM v UNION ALL SELECT {nulls} FROM v"
    execution = served.run(sql)
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
    return execution


def test_values_of_every_type_have_athenas_texts_and_descriptions(served, every_type):
    results = served.client.get_query_results(QueryExecutionId=every_type["QueryExecutionId"])
    header, *rows = texts(results)
    assert header == [f"v{place}" for place in range(len(VALUES))]
    by_null = sorted(rows, key=lambda row: row[0] is None)
    assert by_null == [[text for *_, text in VALUES], [None] * len(VALUES)]
    for place, (column, value) in enumerate(zip(columns_of(results), VALUES, strict=True)):
        _, kind, precision, scale, _ = value
        assert column == {
            "CatalogName": "hive",
            "SchemaName": "",
            "TableName": "",
            "Name": f"v{place}",
            "Label": f"v{place}",
            "Type": kind,
            "Precision": precision,
            "Scale": scale,
            "Nullable": "UNKNOWN",
            "CaseSensitive": kind in ("varchar", "char"),
        }


def test_the_csv_object_holds_the_same_texts(served, every_type):
    written = served.object(every_type["ResultConfiguration"]["OutputLocation"]).decode()
    header, *lines = split_csv(written)
    assert header == [f'"v{place}"' for place in range(len(VALUES))]
    quoted = ['"' + text.replace('"', '""') + '"' for *_, text in VALUES]
    assert sorted(lines, reverse=True) == sorted([quoted, [""] * len(VALUES)], reverse=True)


def test_the_metadata_object_describes_the_columns(served, every_type):
    written = served.object(every_type["ResultConfiguration"]["OutputLocation"] + ".metadata")
    fields = decode(written)
    assert fields[0] == (1, every_type["QueryExecutionId"].encode())
    columns = [dict(decode(content)) for number, content in fields if number == 4]
    named = [(column[4].decode(), column[6].decode(), column[9]) for column in columns]
    assert named == [(f"v{place}", kind, 3) for place, (_, kind, *_) in enumerate(VALUES)]
    by_type = {column[6].decode(): column for column in columns}
    assert (by_type["decimal"][7], by_type["decimal"][8]) == (4, 2)
    assert 7 not in by_type["boolean"]
    assert (7 in by_type["date"], by_type["date"][8]) == (False, 0)
    assert (by_type["varchar"][10], by_type["integer"][10]) == (1, 0)


def test_columns_without_a_name_get_one_and_names_may_repeat(served):
    assert texts(served.results("SELECT 1, 2 AS x, 3 AS x")) == [["_col0", "x", "x"], ["1", "2", "3"]]


def test_a_query_without_rows_gives_its_header_alone(served):
    execution = served.run("SELECT n, name FROM web.many WHERE n < 0")
    results = served.client.get_query_results(QueryExecutionId=execution["QueryExecutionId"])
    assert texts(results) == [["n", "name"]]
    assert results["UpdateCount"] == 0
    assert served.object(execution["ResultConfiguration"]["OutputLocation"]) == b'"n","name"\n'


def test_a_long_result_comes_by_pages_whose_first_has_the_header(served):
    execution = served.run("SELECT n, name FROM web.many ORDER BY n")
    name = execution["QueryExecutionId"]
    pages = list(served.client.get_paginator("get_query_results").paginate(QueryExecutionId=name))
    assert [len(page["ResultSet"]["Rows"]) for page in pages] == [1000] * 5 + [1]
    rows = [row for page in pages for row in texts(page)]
    assert rows == [["n", "name"], *([str(n), f"name {n}"] for n in range(ROWS))]
    assert all(len(columns_of(page)) == 2 for page in pages)
    written = served.object(execution["ResultConfiguration"]["OutputLocation"]).decode()
    assert list(csv.reader(io.StringIO(written))) == rows


def test_a_page_may_be_of_any_size_and_its_token_belongs_to_its_query(served):
    name = served.run("SELECT n FROM web.many ORDER BY n")["QueryExecutionId"]
    first = served.client.get_query_results(QueryExecutionId=name, MaxResults=1)
    assert texts(first) == [["n"]]
    second = served.client.get_query_results(QueryExecutionId=name, MaxResults=2, NextToken=first["NextToken"])
    assert texts(second) == [["0"], ["1"]]
    other = served.run("SELECT 1")["QueryExecutionId"]
    for token in (first["NextToken"], "nonsense"):
        error = refused(served.client.get_query_results, QueryExecutionId=other, NextToken=token)
        assert error[:2] == ("InvalidRequestException", "INVALID_INPUT")


def test_more_than_a_thousand_rows_a_page_are_refused_after_the_id_was_looked_for(served):
    name = served.run("SELECT 1")["QueryExecutionId"]
    error = refused(served.client.get_query_results, QueryExecutionId=name, MaxResults=1001)
    assert error[1:] == ("INVALID_INPUT", "MaxResults is more than maximum allowed length 1000")
    error = refused(served.client.get_query_results, QueryExecutionId="absent", MaxResults=1001)
    assert error[1] == "QUERY_EXECUTION_NOT_FOUND"


@pytest.mark.parametrize(
    ("sql", "substatement", "columns", "lines"),
    [
        ("SHOW DATABASES", "SHOW_DATABASES", ["database_name"], ["default", "web"]),
        ("SHOW SCHEMAS LIKE 'w*'", "SHOW_DATABASES", ["database_name"], ["web"]),
        ("SHOW TABLES IN web", "SHOW_TABLES", ["tab_name"], ["days", "many", "short"]),
        ("SHOW VIEWS IN web", "SHOW_VIEWS", ["views"], ["short"]),
        ("SHOW PARTITIONS web.days", "SHOW_PARTITIONS", ["partition"], ["day=2026-01-01", "day=2026-01-02"]),
        ("SHOW COLUMNS IN web.many", "SHOW_COLUMNS", ["field"], ["n".ljust(20), "name".ljust(20)]),
        ("DESCRIBE web.short", "DESC_VIEW", ["column", "type"], ["n\tbigint"]),
    ],
)
def test_show_gives_a_text_a_row_without_a_header(served, sql, substatement, columns, lines):
    execution = served.run(sql)
    assert (execution["StatementType"], execution["SubstatementType"]) == ("UTILITY", substatement)
    results = served.client.get_query_results(QueryExecutionId=execution["QueryExecutionId"])
    assert texts(results) == [[line] for line in lines]
    assert results["UpdateCount"] == 0
    told = columns_of(results)
    assert [column["Name"] for column in told] == columns
    kind = "varchar" if substatement in ("SHOW_VIEWS", "DESC_VIEW") else "string"
    assert {column["Type"] for column in told} == {kind}
    location = execution["ResultConfiguration"]["OutputLocation"]
    assert location == f"{OUTPUT}/{execution['QueryExecutionId']}.txt"
    assert served.object(location).decode() == "\n".join(lines)


def test_describe_pads_its_fields(served):
    lines = [row[0] for row in texts(served.results("DESCRIBE web.days"))]
    assert lines[0] == "hits".ljust(20) + "\t" + "bigint".ljust(20) + "\t" + " " * 20
    assert any(line.startswith("# Partition Information") for line in lines)


def test_statements_about_tables_leave_an_empty_text(served):
    for sql, substatement in [
        ("CREATE DATABASE IF NOT EXISTS shop", "CREATE_DATABASE"),
        ("CREATE EXTERNAL TABLE shop.t (a int) LOCATION 's3://lake/shop/t/'", "CREATE_TABLE"),
        ("CREATE OR REPLACE VIEW shop.v AS SELECT a FROM shop.t", "CREATE_VIEW"),
        ("DROP VIEW shop.v", "DROP_VIEW"),
        ("DROP TABLE shop.t", "DROP_TABLE"),
        ("/* all */ DROP DATABASE shop", "DROP_DATABASE"),
    ]:
        execution = served.run(sql)
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        assert (execution["StatementType"], execution["SubstatementType"]) == ("DDL", substatement)
        results = served.client.get_query_results(QueryExecutionId=execution["QueryExecutionId"])
        assert results["ResultSet"] == {"Rows": [], "ResultSetMetadata": {"ColumnInfo": []}}
        assert "UpdateCount" not in results
        location = execution["ResultConfiguration"]["OutputLocation"]
        assert served.object(location) == b""
        with pytest.raises(FileNotFoundError):
            served.object(f"{location}.metadata")


def columns_of(results):
    return results["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]


def split_csv(text):
    """Cut at commas and line breaks outside quotes, and leave the quotes where they are."""
    rows, field, inside = [[]], "", False
    for character in text:
        inside ^= character == '"'
        if character in ",\n" and not inside:
            rows[-1].append(field)
            field = ""
            if character == "\n":
                rows.append([])
        else:
            field += character
    assert rows.pop() == []
    return rows


def decode(message):
    """Read a Protocol Buffers message of numbers and byte strings."""
    fields, place = [], 0

    def varint():
        nonlocal place
        value, shift = 0, 0
        while True:
            byte = message[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while place < len(message):
        key = varint()
        value = varint()
        if key & 7 == 2:
            value, place = message[place : place + value], place + value
        fields.append((key >> 3, value))
    return fields
