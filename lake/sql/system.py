"""Tables that the lake itself fills: information_schema, `"t$partitions"` and history.queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lake.errors import TableNotFound
from lake.history import HISTORY_TABLE, History
from lake.interfaces import Catalog
from lake.model import NULL_PARTITION, Column, StorageDescriptor, Table, TableName
from lake.sql.ddl.views import CATALOG_NAME, decode_view
from lake.types import parse_type

if TYPE_CHECKING:
    import pyarrow as pa

INFORMATION_SCHEMA = "information_schema"
PARTITIONS = "$partitions"

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class SystemTable:
    """`rows` gives what is in it when a query runs; its columns are by name, and texts are cast to the columns' types."""

    table: Table
    rows: Callable[[], pa.Table]


class SystemTables:
    def __init__(self, catalog: Catalog, history: History) -> None:
        self._catalog = catalog
        self._history = history

    def find(self, name: TableName) -> SystemTable | None:
        """Return the table of that name, None where the catalog is to be asked."""
        if name == HISTORY_TABLE.full_name:
            return SystemTable(HISTORY_TABLE, self._history.arrow)
        if name.database == INFORMATION_SCHEMA:
            return self._information(name)
        return self._partitions(name) if name.name.endswith(PARTITIONS) else None

    def _information(self, name: TableName) -> SystemTable:
        if name.name not in COLUMNS:
            raise TableNotFound(str(name))
        table = _table(name, [Column(column, type_) for column, type_ in COLUMNS[name.name].items()])
        return SystemTable(table, lambda: _arrow(table, list(ROWS[name.name](self._catalog))))

    def _partitions(self, name: TableName) -> SystemTable:
        """docs.aws.amazon.com/athena/latest/ug/show-partitions.html"""
        listed = self._catalog.get_table(TableName(name.database, name.name.removesuffix(PARTITIONS)))
        if not listed.partition_keys:
            raise TableNotFound(str(name), hint=f"{listed.full_name} has no partitions")
        return SystemTable(_table(name, listed.partition_keys), partial(self._partition_rows, listed))

    def _partition_rows(self, listed: Table) -> pa.Table:
        texts = _table(listed.full_name, [Column(key.name, "string") for key in listed.partition_keys])
        values = (partition.values for partition in self._catalog.list_partitions(listed, columns=False))
        return _arrow(texts, [tuple(None if each == NULL_PARTITION else each for each in row) for row in values])


def _schemata(catalog: Catalog) -> Iterator[Row]:
    for database in catalog.list_databases():
        yield CATALOG_NAME, database.name


def _tables(catalog: Catalog) -> Iterator[Row]:
    for table in _all_tables(catalog):
        yield CATALOG_NAME, table.database, table.name, "VIEW" if table.is_view else "BASE TABLE"


def _views(catalog: Catalog) -> Iterator[Row]:
    for table in _all_tables(catalog):
        if table.is_view:
            yield CATALOG_NAME, table.database, table.name, decode_view(table).sql


def _columns(catalog: Catalog) -> Iterator[Row]:
    for table in _all_tables(catalog):
        for place, column in enumerate(table.all_columns, start=1):
            info = "partition key" if column in table.partition_keys else None
            type_ = parse_type(column.type, trino=table.is_view).athena
            named = CATALOG_NAME, table.database, table.name, column.name, place
            yield *named, None, "YES", type_, column.comment, info


def _all_tables(catalog: Catalog) -> Iterator[Table]:
    for database in catalog.list_databases():
        yield from catalog.list_tables(database.name)


TABLE_COLUMNS = {"table_catalog": "string", "table_schema": "string", "table_name": "string"}
COLUMNS = {
    "schemata": {"catalog_name": "string", "schema_name": "string"},
    "tables": TABLE_COLUMNS | {"table_type": "string"},
    "views": TABLE_COLUMNS | {"view_definition": "string"},
    "columns": TABLE_COLUMNS
    | {
        "column_name": "string",
        "ordinal_position": "bigint",
        "column_default": "string",
        "is_nullable": "string",
        "data_type": "string",
        "comment": "string",
        "extra_info": "string",
    },
}
"""docs.aws.amazon.com/athena/latest/ug/querying-glue-catalog.html"""

ROWS: dict[str, Callable[[Catalog], Iterator[Row]]] = {
    "schemata": _schemata,
    "tables": _tables,
    "views": _views,
    "columns": _columns,
}


def _table(name: TableName, columns: Sequence[Column]) -> Table:
    return Table(name.database, name.name, descriptor=StorageDescriptor(columns=tuple(columns)))


def _arrow(table: Table, rows: Sequence[Row]) -> pa.Table:
    import pyarrow as pa

    from lake.columns import to_array
    from lake.types import to_arrow

    columns = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    arrays = [
        to_array(values, to_arrow(parse_type(column.type)))
        for values, column in zip(columns, table.columns, strict=True)
    ]
    return pa.table(arrays, names=[column.name for column in table.columns])
