"""How DuckDB reads the files of a table in each format: one function a SerDe, each giving the text of a FROM item.

The columns of such an item are `c0`, `c1`, … in the table's order, typed, so that no name of a user's meets a name of
DuckDB's; `file_index` is the place of the row's file in the list.
"""

from __future__ import annotations

from collections.abc import Callable

from lake.engine.readers.delimited import opencsv_text, simple_text
from lake.engine.readers.json import json_text
from lake.engine.readers.orc import LIBRARY as ORC
from lake.engine.readers.orc import orc_text
from lake.engine.readers.parquet import parquet_text
from lake.engine.readers.regex import regex_text
from lake.engine.readers.source import Source
from lake.errors import NotSupported
from lake.model import StorageDescriptor

Reader = Callable[[Source], str]

READERS: dict[str, Reader] = {
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe": parquet_text,
    ORC: orc_text,
    "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe": simple_text,
    "org.apache.hadoop.hive.serde2.OpenCSVSerde": opencsv_text,
    "org.openx.data.jsonserde.JsonSerDe": json_text,
    "org.apache.hive.hcatalog.data.JsonSerDe": json_text,
    "org.apache.hadoop.hive.serde2.JsonSerDe": json_text,
    "com.amazon.emr.hive.serde.CloudTrailSerde": json_text,
    "org.apache.hadoop.hive.serde2.RegexSerDe": regex_text,
    "org.apache.hadoop.hive.contrib.serde2.RegexSerDe": regex_text,
}


def reader_for(descriptor: StorageDescriptor, table: str) -> Reader:
    library = descriptor.serde.library or ""
    reader = READERS.get(library)
    if reader is None:
        raise NotSupported(
            f"table {table!r} is stored by {library or 'no SerDe'}, which a directory lake does not read",
            hint="Parquet, ORC, delimited text, CSV, JSON and regular expressions are read",
        )
    return reader


def is_text(descriptor: StorageDescriptor) -> bool:
    return READERS.get(descriptor.serde.library or "") not in (parquet_text, orc_text)
