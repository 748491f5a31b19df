"""Data catalogs: the operations that tell of databases and tables, Glue's as the API shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lake.errors import CatalogFailed, ConnectionFailed, NotFound
from lake.interfaces import Catalog
from lake.model import Column, Database, Table, TableName
from lake.serve.paging import page_of
from lake.serve.refusals import Refused, invalid

CATALOG = "AwsDataCatalog"
MOST_LISTED = 50

Answer = dict[str, Any]


class Catalogs:
    """One catalog, the lake's own. Safe to share between threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    @property
    def operations(self) -> Mapping[str, Callable[[Answer], Answer]]:
        return {
            "GetDataCatalog": self.get_data_catalog,
            "ListDataCatalogs": self.list_data_catalogs,
            "GetDatabase": self.get_database,
            "ListDatabases": self.list_databases,
            "GetTableMetadata": self.get_table_metadata,
            "ListTableMetadata": self.list_table_metadata,
        }

    def get_data_catalog(self, params: Answer) -> Answer:
        _check_catalog(params["Name"])
        return {"DataCatalog": {"Name": CATALOG, "Type": "GLUE", "Status": "CREATE_COMPLETE", "Parameters": {}}}

    def list_data_catalogs(self, params: Answer) -> Answer:
        return {"DataCatalogsSummary": [{"CatalogName": CATALOG, "Type": "GLUE", "Status": "CREATE_COMPLETE"}]}

    def get_database(self, params: Answer) -> Answer:
        _check_catalog(params["CatalogName"])
        wanted = params["DatabaseName"].lower()
        with _told():
            for database in self._catalog.list_databases():
                if database.name == wanted:
                    return {"Database": _database(database)}
        raise _entity_not_found(f"Database {wanted} not found.")

    def list_databases(self, params: Answer) -> Answer:
        _check_catalog(params["CatalogName"])
        with _told():
            databases = list(self._catalog.list_databases())
        listed, more = page_of(databases, params, most=MOST_LISTED)
        return {"DatabaseList": [_database(database) for database in listed], **more}

    def get_table_metadata(self, params: Answer) -> Answer:
        _check_catalog(params["CatalogName"])
        with _told():
            table = self._catalog.get_table(TableName(params["DatabaseName"], params["TableName"]))
        return {"TableMetadata": _table(table)}

    def list_table_metadata(self, params: Answer) -> Answer:
        _check_catalog(params["CatalogName"])
        name, wanted = params["DatabaseName"].lower(), _pattern(params.get("Expression"))
        with _told():
            tables = [table for table in self._catalog.list_tables(name) if wanted.search(table.name)]
        listed, more = page_of(tables, params, most=MOST_LISTED, subject=name)
        return {"TableMetadataList": [_table(table) for table in listed], **more}


def _check_catalog(name: str) -> None:
    if name.lower() != CATALOG.lower():
        raise invalid(f"DataCatalog {name} was not found")


def _pattern(expression: str | None) -> re.Pattern[str]:
    try:
        return re.compile(expression or "", re.IGNORECASE)
    except re.error as error:
        raise invalid(f"Expression is no regular expression: {error}") from error


@contextmanager
def _told() -> Iterator[None]:
    """Tell what the catalog raises in the service's words."""
    try:
        yield
    except NotFound as error:
        raise _entity_not_found(error.message) from error
    except (CatalogFailed, ConnectionFailed) as error:
        raise Refused("MetadataException", error.message) from error


def _entity_not_found(message: str) -> Refused:
    said = f"EntityNotFoundException: {message} (Service: AmazonDataCatalog; Status Code: 400; Error Code: "
    return Refused("MetadataException", f"{said}EntityNotFoundException; Request ID: none; Proxy: null)")


def _database(database: Database) -> Answer:
    described: Answer = {"Name": database.name, "Parameters": dict(database.parameters)}
    if database.description:
        described["Description"] = database.description
    return described


def _table(table: Table) -> Answer:
    described: Answer = {
        "Name": table.name,
        "TableType": table.table_type,
        "Columns": [_column(column) for column in table.columns],
        "PartitionKeys": [_column(column) for column in table.partition_keys],
        "Parameters": _parameters(table),
    }
    if table.created_at is not None:
        described["CreateTime"] = table.created_at
    return described


def _column(column: Column) -> Answer:
    described = {"Name": column.name, "Type": column.type}
    return described if column.comment is None else {**described, "Comment": column.comment}


def _parameters(table: Table) -> dict[str, str]:
    """Put where and how a table's data lie among its parameters."""
    descriptor = table.descriptor
    own = {
        "inputformat": descriptor.input_format,
        "outputformat": descriptor.output_format,
        "serde.serialization.lib": descriptor.serde.library,
        "location": table.location,
    }
    serde = {f"serde.param.{name}": value for name, value in descriptor.serde.parameters.items()}
    return {**table.parameters, **serde, **{name: value for name, value in own.items() if value is not None}}
