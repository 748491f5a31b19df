"""How a view lies in the catalog: as Athena keeps it in Glue, Presto's way."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lake.errors import CatalogFailed, InvalidSql, NotSupported
from lake.model import Column, SerDe, StorageDescriptor, Table, TableName, TableType
from lake.types import parse_type

CATALOG_NAME = "awsdatacatalog"
PREFIX, SUFFIX = "/* Presto View: ", " */"
EXPANDED = "/* Presto View */"

DescribeQuery = Callable[[str, str], list[Column]]
"""A query and its database to the columns it gives; types in Hive's or Trino's text. Raises InvalidSql."""


@dataclass(frozen=True, slots=True)
class View:
    """`database` is what unqualified names in `sql` mean; types of `columns` are in Trino's text."""

    sql: str
    database: str
    columns: tuple[tuple[str, str], ...] = ()


def view_table(name: TableName, view: View, *, comment: str | None = None) -> Table:
    """Return the table that holds a view; raise InvalidSql when a column has no name or one that is there twice."""
    _check_columns(name, view.columns)
    parameters = {"presto_view": "true", "comment": comment or "Presto View"}
    return Table(
        database=name.database,
        name=name.name,
        descriptor=StorageDescriptor(
            columns=tuple(Column(column, _catalog_type(type_)) for column, type_ in view.columns), serde=SerDe()
        ),
        table_type=TableType.VIEW,
        parameters=parameters,
        view_original_text=encode_view(view),
        view_expanded_text=EXPANDED,
    )


def encode_view(view: View) -> str:
    content = {
        "originalSql": view.sql,
        "catalog": CATALOG_NAME,
        "schema": view.database,
        "columns": [{"name": name, "type": type_} for name, type_ in view.columns],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return PREFIX + base64.b64encode(text.encode()).decode() + SUFFIX


def decode_view(table: Table) -> View:
    """Read what `encode_view` or Athena wrote; raise NotSupported for a view of Hive's own, CatalogFailed for a damaged one."""
    text = (table.view_original_text or "").strip()
    if not text.startswith(PREFIX):
        raise NotSupported(f"view {str(table.full_name)!r} is no Athena view")
    try:
        encoded = text.removeprefix(PREFIX).removesuffix("*/").strip()
        content = json.loads(base64.b64decode(encoded, validate=True))
        return View(
            str(content["originalSql"]),
            str(content.get("schema") or table.database),
            tuple((str(column["name"]), str(column["type"])) for column in content.get("columns", ())),
        )
    except (binascii.Error, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CatalogFailed(f"view {str(table.full_name)!r} cannot be read: its text is damaged") from error


def view_columns(columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
    """Write a query's columns as a view keeps them."""
    return tuple((column.name, parse_type(column.type, trino=True).athena) for column in columns)


def _catalog_type(type_: str) -> str:
    try:
        return parse_type(type_, trino=True).hive
    except NotSupported:
        # Nothing in Hive is its equal; the name says more than a wrong type would.
        return type_


def _check_columns(name: TableName, columns: Sequence[tuple[str, str]]) -> None:
    seen = set()
    for position, (column, type_) in enumerate(columns, start=1):
        if not column or column.startswith("_col"):
            raise InvalidSql(f"view {str(name)!r}: Column name not specified at position {position}")
        if column in seen:
            raise InvalidSql(f"view {str(name)!r}: Column name {column!r} specified more than once")
        if type_ == "unknown":
            raise InvalidSql(f"view {str(name)!r}: Column type is unknown at position {position}")
        seen.add(column)
