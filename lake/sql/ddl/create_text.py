"""SHOW CREATE: statements that make an equal table or view again, laid out as Athena does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lake.model import Column, SerDe, Table, TableName
from lake.sql.ddl import serdes
from lake.sql.ddl.views import View

DELIMITERS = (
    (serdes.FIELD_DELIMITER, "FIELDS TERMINATED BY"),
    (serdes.ESCAPE_DELIMITER, "ESCAPED BY"),
    (serdes.COLLECTION_DELIMITER, "COLLECTION ITEMS TERMINATED BY"),
    (serdes.MAP_KEY_DELIMITER, "MAP KEYS TERMINATED BY"),
    (serdes.LINE_DELIMITER, "LINES TERMINATED BY"),
    (serdes.NULL_FORMAT, "NULL DEFINED AS"),
)
_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b"}


def create_table_text(table: Table) -> str:
    """Write a table as CREATE EXTERNAL TABLE."""
    descriptor = table.descriptor
    lines = [f"CREATE EXTERNAL TABLE {_name(table.database)}.{_name(table.name)}({_columns(table.columns)})"]
    comment = table.parameters.get("comment", table.description)
    if comment is not None:
        lines.append(f"COMMENT {quote(comment)}")
    if table.partition_keys:
        lines.append(f"PARTITIONED BY ({_columns(table.partition_keys)})")
    if descriptor.bucket_columns:
        names = ", ".join(_name(name) for name in descriptor.bucket_columns)
        lines += [f"CLUSTERED BY ({names})", f"INTO {descriptor.number_of_buckets} BUCKETS"]
    lines += _row_format(descriptor.serde)
    if descriptor.input_format is not None:
        lines += [
            "STORED AS INPUTFORMAT",
            f"  {quote(descriptor.input_format)}",
            "OUTPUTFORMAT",
            f"  {quote(descriptor.output_format or '')}",
        ]
    if table.location is not None:
        lines += ["LOCATION", f"  {quote(table.location)}"]
    shown = {key: value for key, value in table.parameters.items() if key not in ("EXTERNAL", "comment")}
    if shown:
        lines.append(f"TBLPROPERTIES ({_properties(shown)})")
    return "\n".join(lines)


def create_view_text(name: TableName, view: View) -> str:
    return f"CREATE VIEW {name} AS\n{view.sql}"


def quote(text: str) -> str:
    """Write a string of Hive's; control characters as `\\u0001`."""
    return "'" + "".join(_ESCAPES.get(char) or (char if char >= " " else f"\\u{ord(char):04x}") for char in text) + "'"


def _name(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _columns(columns: Iterable[Column]) -> str:
    return ",".join(
        f"\n  {_name(column.name)} {column.type}"
        + (f" COMMENT {quote(column.comment)}" if column.comment is not None else "")
        for column in columns
    )


def _row_format(serde: SerDe) -> list[str]:
    parameters = dict(serde.parameters)
    delimiters = {key for key, _ in DELIMITERS}
    serialization = parameters.get(serdes.SERIALIZATION_FORMAT)
    plain = serialization == parameters.get(serdes.FIELD_DELIMITER, serdes.DEFAULT_SERIALIZATION)
    if (
        serde.library in (None, serdes.LAZY_SIMPLE)
        and plain
        and parameters.keys() <= delimiters | {serdes.SERIALIZATION_FORMAT}
    ):
        said = [f"  {words} {quote(parameters[key])}" for key, words in DELIMITERS if key in parameters]
        return ["ROW FORMAT DELIMITED", *said] if said else []
    lines = ["ROW FORMAT SERDE", f"  {quote(serde.library or serdes.LAZY_SIMPLE)}"]
    if serialization == serdes.DEFAULT_SERIALIZATION:
        del parameters[serdes.SERIALIZATION_FORMAT]
    if parameters:
        lines.append(f"WITH SERDEPROPERTIES ({_properties(parameters)})")
    return lines


def _properties(properties: Mapping[str, str]) -> str:
    return ",".join(f"\n  {quote(key)}={quote(value)}" for key, value in sorted(properties.items()))
