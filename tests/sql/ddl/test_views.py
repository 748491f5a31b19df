"""Views are kept as Athena keeps them in Glue."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.catalog.sqlite import SqliteCatalog
from lake.errors import CatalogFailed, InvalidSql, NotSupported
from lake.model import Table, TableName, TableType
from lake.sql.ddl.result import StatementResult
from lake.sql.ddl.run import run_ddl
from lake.sql.ddl.session import DdlSession
from lake.sql.ddl.tokens import line_and_column
from lake.sql.ddl.views import View, decode_view, encode_view, view_table

Run = Callable[[str], StatementResult]
SQL = 'SELECT count(*) AS n, \'\\\' AS "at"\nFROM "clicks" -- ü'


@given(st.builds(View, st.text(), st.text(min_size=1), st.lists(st.tuples(st.text(), st.text())).map(tuple)))
def test_a_view_comes_back_from_its_text(view: View) -> None:
    assert decode_view(Table("web", "v", view_original_text=encode_view(view))) == view


def test_a_view_lies_in_the_catalog_as_athena_puts_it(run: Run, catalog: SqliteCatalog) -> None:
    run(f"CREATE VIEW Recent AS {SQL};")
    table = catalog.get_table(TableName("web", "recent"))
    assert (table.table_type, table.location, table.partition_keys) == (TableType.VIEW, None, ())
    assert table.parameters == {"presto_view": "true", "comment": "Presto View"}
    assert table.view_expanded_text == "/* Presto View */"
    text = table.view_original_text or ""
    assert json.loads(base64.b64decode(text.removeprefix("/* Presto View: ").removesuffix(" */"))) == {
        "originalSql": SQL,
        "catalog": "awsdatacatalog",
        "schema": "web",
        "columns": [
            {"name": "n", "type": "bigint"},
            {"name": "at", "type": "timestamp(3) with time zone"},
            {"name": "tags", "type": "array(varchar)"},
        ],
    }
    assert [(column.name, column.type) for column in table.columns] == [
        ("n", "bigint"),
        ("at", "timestamp(3) with time zone"),
        ("tags", "array<string>"),
    ]


def test_a_view_is_shown_described_replaced_and_dropped(run: Run, catalog: SqliteCatalog) -> None:
    run("CREATE VIEW v AS SELECT 1")
    run(f"CREATE OR REPLACE VIEW v AS {SQL}")
    shown = run("SHOW CREATE VIEW v")
    assert shown.columns == (("create view", "varchar"),)
    assert "\n".join(str(row[0]) for row in shown.rows) == f"CREATE VIEW web.v AS\n{SQL}"
    described = run("DESCRIBE v")
    assert (described.substatement, described.columns) == ("DESC_VIEW", (("column", "varchar"), ("type", "varchar")))
    assert next(iter(described.rows)) == ("n", "bigint")
    assert list(run("SHOW COLUMNS IN v").rows)[2] == ("tags", "array(varchar)")
    for sql in ("DROP TABLE v", "ALTER TABLE v SET LOCATION 's3://lake/v/'", "SHOW CREATE TABLE v"):
        with pytest.raises(InvalidSql, match="is a view"):
            run(sql)
    run("DROP VIEW v")
    assert list(catalog.list_tables("web")) == []


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ((("_col0", "bigint"),), "Column name not specified at position 1"),
        ((("a", "bigint"), ("a", "bigint")), "Column name 'a' specified more than once"),
        ((("a", "unknown"),), "Column type is unknown at position 1"),
    ],
)
def test_columns_that_athena_refuses_are_refused(columns: tuple[tuple[str, str], ...], says: str) -> None:
    with pytest.raises(InvalidSql, match=says):
        view_table(TableName("web", "v"), View("SELECT 1", "web", columns))


def test_views_of_others_and_damaged_ones_are_told_apart() -> None:
    view = view_table(TableName("web", "v"), View("SELECT 1 AS a", "web", (("a", "integer"),)))
    with pytest.raises(NotSupported, match="no Athena view"):
        decode_view(replace(view, view_original_text="select 1"))
    for damaged in (
        "/* Presto View: %%% */",
        "/* Presto View: AAAA */",
        "/* Presto View: W10= */",
        "/* Presto View: e30=",
    ):
        with pytest.raises(CatalogFailed, match="damaged"):
            decode_view(replace(view, view_original_text=damaged))


def test_an_error_in_a_views_query_names_its_place_in_the_statement(session: DdlSession) -> None:
    def refuse(sql: str, database: str) -> NoReturn:
        line, column = line_and_column(sql, sql.index("nowhere"))
        raise InvalidSql(f"no {database}.nowhere", line=line, column=column)

    with pytest.raises(InvalidSql, match=r"line 3:6: no web\.nowhere"):
        run_ddl("CREATE VIEW v AS\n  SELECT 1\nFROM nowhere", replace(session, describe_query=refuse))
