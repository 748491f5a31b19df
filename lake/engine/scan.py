"""A planned scan as the text of a DuckDB FROM item: the files of its partitions, partition keys, hidden columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from lake.engine.files import Files
from lake.engine.readers import reader_for
from lake.engine.readers.literals import text, texts
from lake.engine.readers.source import Source
from lake.model import NULL_PARTITION, Partition, StoredObject, Table
from lake.sql.plan import Scan
from lake.types import DataType, parse_type
from lake.types.datatype import quoted

HIDDEN_COLUMNS = ("$path", "$file_size", "$file_modified_time")
"""docs.aws.amazon.com/athena/latest/ug/querying-hidden-columns.html"""

SKIP_LINES = "skip.header.line.count"


def scan_text(scan: Scan, files: Files, *, hidden: Iterable[str] = ()) -> str:
    """Return `(SELECT … FROM …)` with the columns of the table, then its partition keys, then the hidden ones asked for."""
    branches = [_branch(scan.table, list(pairs), files, hidden=tuple(hidden)) for pairs in _by_reader(scan)]
    return "(" + " UNION ALL ".join(branches or [_no_rows(scan.table, hidden)]) + ")"


def column_types(table: Table) -> list[tuple[str, DataType]]:
    return [(column.name, parse_type(column.type)) for column in table.columns]


def _by_reader(scan: Scan) -> Iterator[Iterator[tuple[Partition, StoredObject]]]:
    """Yield the files in groups that one reader takes: those whose SerDe and parameters are equal."""
    pairs = [(partition, file) for partition, files in zip(scan.partitions, scan.files, strict=True) for file in files]

    def shape(pair: tuple[Partition, StoredObject]) -> str:
        serde = pair[0].descriptor.serde
        return f"{serde.library} {sorted(serde.parameters.items())}"

    if len({id(partition.descriptor) for partition, _ in pairs}) > 1:
        pairs.sort(key=shape)
        for _, group in groupby(pairs, key=shape):
            yield group
    elif pairs:
        yield iter(pairs)


def _branch(table: Table, pairs: list[tuple[Partition, StoredObject]], files: Files, *, hidden: tuple[str, ...]) -> str:
    descriptor = pairs[0][0].descriptor
    columns = column_types(table)
    skip = int(table.parameters.get(SKIP_LINES) or descriptor.serde.parameters.get(SKIP_LINES) or 0)
    reader = reader_for(descriptor, str(table.full_name))
    source = reader(
        Source(
            columns,
            [files.path(file, descriptor) for _, file in pairs],
            descriptor,
            skip,
            lambda place: files.parquet_columns(pairs[place][1]),
        )
    )
    outputs = [f"c{place} AS {quoted(name)}" for place, (name, _) in enumerate(columns)]
    outputs += [
        f"{_by_file([partition.values[place] for partition, _ in pairs], parse_type(key.type))} AS {quoted(key.name)}"
        for place, key in enumerate(table.partition_keys)
    ]
    outputs += [f"{_hidden(name, [file for _, file in pairs])} AS {quoted(name)}" for name in hidden]
    return f"SELECT {', '.join(outputs)} FROM {source} AS s"


def _by_file(values: list[str], type_: DataType) -> str:
    """Return the value that each row has by the file it lies in; one value for all is a constant."""
    if len(set(values)) == 1:
        return _key_value(values[0], type_)
    if type_.name == "varchar":
        listed = "[" + ", ".join("NULL" if value == NULL_PARTITION else text(value) for value in values) + "]"
    else:
        listed = "[" + ", ".join(_key_value(value, type_) for value in values) + "]"
    return f"({listed})[s.file_index::BIGINT + 1]"


def _key_value(value: str, type_: DataType) -> str:
    return f"CAST({'NULL' if value == NULL_PARTITION else text(value)} AS {type_.duckdb})"


def _hidden(name: str, files: list[StoredObject]) -> str:
    if name == "$path":
        return f"({texts(file.location for file in files)})[s.file_index::BIGINT + 1]"
    if name == "$file_size":
        return f"({[file.size for file in files]}::BIGINT[])[s.file_index::BIGINT + 1]"
    moments = ", ".join(text(file.modified_at.isoformat()) for file in files)
    return f"([{moments}]::TIMESTAMPTZ[])[s.file_index::BIGINT + 1]"


def _no_rows(table: Table, hidden: Iterable[str]) -> str:
    outputs = [
        f"CAST(NULL AS {parse_type(column.type).duckdb}) AS {quoted(column.name)}" for column in table.all_columns
    ]
    outputs += [f"NULL AS {quoted(name)}" for name in hidden]
    return f"SELECT {', '.join(outputs)} WHERE false"
