"""The `.metadata` object beside a result: a message in Protocol Buffers' encoding, which Athena's JDBC driver reads.

Its fields are known by observation: 1 the query's id, 3 the update count, 4 a column (repeated), in which 1 to 6 are
catalog, schema, table, name, label and type, 7 precision, 8 scale, 9 nullable (3: unknown), 10 case sensitive.
"""

from __future__ import annotations

from collections.abc import Sequence

from lake.serve.columns import ResultColumn

VARINT, BYTES = 0, 2
NULLABLE_UNKNOWN = 3
WITHOUT_DIGITS = frozenset(
    {"boolean", "interval day to second", "interval year to month", "array", "map", "row", "json", "string", "uuid"}
    | {"ipaddress"}
)


def metadata_bytes(query_id: str, columns: Sequence[ResultColumn], *, update_count: int | None) -> bytes:
    count = b"" if update_count is None else _number(3, update_count)
    return _text(1, query_id) + count + b"".join(_bytes(4, _column(column)) for column in columns)


def _column(column: ResultColumn) -> bytes:
    info = column.info()
    texts = [info[key] for key in ("CatalogName", "SchemaName", "TableName", "Name", "Label", "Type")]
    message = b"".join(_text(field, text) for field, text in enumerate(texts, start=1))
    if column.type not in WITHOUT_DIGITS:
        if column.type != "date":
            message += _number(7, column.precision)
        message += _number(8, column.scale)
    return message + _number(9, NULLABLE_UNKNOWN) + _number(10, int(column.is_text))


def _text(field: int, text: str) -> bytes:
    return _bytes(field, text.encode())


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | BYTES) + _varint(len(content)) + content


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | VARINT) + _varint(value)


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
