"""CREATE EXTERNAL TABLE in the catalog's terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from lake.errors import InvalidSql, NotSupported
from lake.model import Column, SerDe, StorageDescriptor, Table, TableName
from lake.sql.ddl import serdes
from lake.sql.ddl.serdes import FileFormat
from lake.sql.ddl.statements import ColumnDefinition, CreateTable, Delimited, StoredAs

ResolveLocation = Callable[[str], str]
"""The LOCATION of a statement to a URL inside the lake; raises LocationForbidden."""


def plan_table(statement: CreateTable, name: TableName, resolve_location: ResolveLocation) -> Table:
    """Return the table that the statement describes; raise InvalidSql for what Athena would not take."""
    properties = {key: value for key, value in statement.properties.items() if key.upper() != "EXTERNAL"}
    _check_kind(statement)
    columns = as_columns(statement.columns)
    keys = as_columns(statement.partition_keys)
    if not columns:
        raise InvalidSql(f"table {str(name)!r} has no columns")
    check_names(name, columns, keys)
    known = {column.name for column in columns}
    for bucket_column in statement.bucket_columns:
        if bucket_column not in known:
            raise InvalidSql(f"CLUSTERED BY names {bucket_column!r}, which is no column of {str(name)!r}")
    if statement.location is None:
        raise InvalidSql(f"table {str(name)!r} has no LOCATION", hint="an external table says where its data lie")
    if statement.comment is not None:
        properties["comment"] = statement.comment
    return Table(
        database=name.database,
        name=name.name,
        descriptor=_descriptor(statement, columns),
        location=folder_url(resolve_location(statement.location)),
        partition_keys=keys,
        parameters={"EXTERNAL": "TRUE", **properties},
    )


def _check_kind(statement: CreateTable) -> None:
    table_type = next((value for key, value in statement.properties.items() if key.lower() == "table_type"), "")
    if table_type.upper() == "ICEBERG":
        raise NotSupported("CREATE TABLE with table_type ICEBERG is not supported yet")
    if not statement.external:
        raise NotSupported(
            "CREATE TABLE needs EXTERNAL unless table_type is ICEBERG", hint="write CREATE EXTERNAL TABLE"
        )


def as_columns(definitions: Iterable[ColumnDefinition]) -> tuple[Column, ...]:
    return tuple(Column(column.name, column.type.hive, column.comment) for column in definitions)


def check_names(name: TableName, columns: Iterable[Column], keys: Iterable[Column]) -> None:
    """Raise InvalidSql when a name is there twice."""
    key_names = [key.name for key in keys]
    column_names = [column.name for column in columns]
    for column, count in Counter(column_names).items():
        if count > 1:
            raise InvalidSql(f"column name {column!r} is there {count} times in {str(name)!r}")
    for key, count in Counter(key_names).items():
        if count > 1 or key in column_names:
            where = "a column too" if key in column_names else f"there {count} times"
            raise InvalidSql(f"partition key {key!r} of {str(name)!r} is {where}")


def _descriptor(statement: CreateTable, columns: tuple[Column, ...]) -> StorageDescriptor:
    file_format = _file_format(statement.stored_as)
    library = file_format.serde
    if statement.serde is not None:
        known = serdes.SERDES.get(statement.serde.lower())
        if known is None:
            raise NotSupported(
                f"SerDe {statement.serde!r} is not known",
                hint="docs.aws.amazon.com/athena/latest/ug/supported-serdes.html lists what Athena takes",
            )
        library = known
    parameters = _delimiters(statement.delimited) | dict(statement.serde_properties)
    parameters.setdefault(serdes.SERIALIZATION_FORMAT, serdes.DEFAULT_SERIALIZATION)
    return StorageDescriptor(
        columns=columns,
        input_format=file_format.input_format,
        output_format=file_format.output_format,
        serde=SerDe(library, parameters),
        number_of_buckets=-1 if statement.buckets is None else statement.buckets,
        bucket_columns=statement.bucket_columns,
    )


def _file_format(stored_as: StoredAs | None) -> FileFormat:
    if stored_as is None:
        return serdes.TEXT
    if stored_as.format is None:
        return FileFormat(stored_as.input_format or "", stored_as.output_format or "", serdes.LAZY_SIMPLE)
    file_format = serdes.FORMATS.get(stored_as.format)
    if file_format is None:
        names = ", ".join(sorted(serdes.FORMATS)).upper()
        raise NotSupported(f"STORED AS {stored_as.format.upper()} is not known; Athena takes {names}")
    return file_format


def _delimiters(delimited: Delimited | None) -> dict[str, str]:
    """As Hive writes them: the field's is also the serialization format."""
    if delimited is None:
        return {}
    said = {
        serdes.FIELD_DELIMITER: delimited.fields,
        serdes.SERIALIZATION_FORMAT: delimited.fields,
        serdes.ESCAPE_DELIMITER: delimited.escaped,
        serdes.COLLECTION_DELIMITER: delimited.collection_items,
        serdes.MAP_KEY_DELIMITER: delimited.map_keys,
        serdes.LINE_DELIMITER: delimited.lines,
        serdes.NULL_FORMAT: delimited.null,
    }
    return {key: value for key, value in said.items() if value is not None}


def folder_url(url: str) -> str:
    return url if url.endswith("/") else url + "/"
