"""A planned scan as the text of a DuckDB FROM item: the files of its partitions, partition keys, hidden columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from lake.engine.files import Files
from lake.engine.readers import reader_for
from lake.engine.readers.literals import text
from lake.engine.readers.source import Source
from lake.model import NULL_PARTITION, Partition, StoredObject, Table
from lake.partitions.layouts.names import partition_text
from lake.sql.compile import HIDDEN_COLUMNS
from lake.sql.compiler.forms import form
from lake.sql.plan import Scan
from lake.types import DataType, parse_type
from lake.types.datatype import quoted

SKIP_LINES = "skip.header.line.count"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query asks a scan for: names of columns and partition keys, and of hidden columns."""

    names: frozenset[str]
    hidden: tuple[str, ...] = ()


def scan_text(scan: Scan, files: Files, wanted: Wanted) -> str:
    """Return `(SELECT … FROM …)` with the columns, partition keys and hidden columns that are wanted, in this order."""
    branches = [_branch(scan.table, list(pairs), files, wanted) for pairs in _by_reader(scan)]
    return "(" + " UNION ALL ".join(branches or [_no_rows(scan.table, wanted.hidden)]) + ")"


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


def _branch(table: Table, pairs: list[tuple[Partition, StoredObject]], files: Files, wanted: Wanted) -> str:
    descriptor = pairs[0][0].descriptor
    columns = column_types(table)
    skip = int(table.parameters.get(SKIP_LINES) or descriptor.serde.parameters.get(SKIP_LINES) or 0)
    reader = reader_for(descriptor, str(table.full_name))
    read = [place for place, (name, _) in enumerate(columns) if name in wanted.names]
    source = reader(
        Source(
            columns,
            read or [0],
            files.paths([file for _, file in pairs], descriptor),
            descriptor,
            skip,
            lambda place: files.parquet_columns(pairs[place][1]),
        )
    )
    outputs = [f"{_column(place, columns[place][1])} AS {quoted(columns[place][0])}" for place in read]
    by_file = _Values()
    outputs += [
        f"{by_file.add(_key_values(pairs, place), parse_type(key.type).duckdb)} AS {quoted(key.name)}"
        for place, key in enumerate(table.partition_keys)
        if key.name in wanted.names
    ]
    outputs += [
        f"{by_file.add(_hidden(name, table, pairs), form(HIDDEN_COLUMNS[name]))} AS {quoted(name)}"
        for name in wanted.hidden
    ]
    return f"SELECT {', '.join(outputs) or 'NULL'} FROM {source} AS s{by_file.join}"


class _Values:
    """What each row has by the file that it lies in: constants, and one small table to be joined for all the rest.

    A list of values, indexed by the file, would be copied for every vector: quadratic in the number of files.
    """

    def __init__(self) -> None:
        self._lists: list[str] = []
        self._count = 0

    def add(self, values: list[str], type_: str) -> str:
        """Take DuckDB's texts of the values, one a file, and return the expression for a row's own."""
        if len(set(values)) == 1:
            return f"CAST({values[0]} AS {type_})"
        self._lists.append(f"unnest([{', '.join(values)}]::{type_}[]) AS v{len(self._lists)}")
        self._count = len(values)
        return f"f.v{len(self._lists) - 1}"

    @property
    def join(self) -> str:
        if not self._lists:
            return ""
        values = f"SELECT unnest(range({self._count})) AS place, {', '.join(self._lists)}"
        return f" JOIN ({values}) AS f ON s.file_index = f.place"


def _key_values(pairs: list[tuple[Partition, StoredObject]], place: int) -> list[str]:
    values = (partition.values[place] for partition, _ in pairs)
    return ["NULL" if value == NULL_PARTITION else text(value) for value in values]


def _column(place: int, type_: DataType) -> str:
    """A char has no blanks at its end, however it was written."""
    return f"rtrim(c{place}, ' ')" if type_.name == "char" else f"c{place}"


def _hidden(name: str, table: Table, pairs: list[tuple[Partition, StoredObject]]) -> list[str]:
    if name == "$partition":
        keys = [key.name for key in table.partition_keys]
        return [text(partition_text(keys, partition.values)) for partition, _ in pairs]
    if name == "$path":
        return [text(file.location) for _, file in pairs]
    if name == "$file_size":
        return [str(file.size) for _, file in pairs]
    return [
        f"struct_pack(t := CAST({text(file.modified_at.isoformat())} AS TIMESTAMPTZ), z := 'UTC')" for _, file in pairs
    ]


def _no_rows(table: Table, hidden: Iterable[str]) -> str:
    columns = [(column.name, parse_type(column.type)) for column in table.all_columns]
    columns += [(name, HIDDEN_COLUMNS[name]) for name in hidden]
    outputs = (f"CAST(NULL AS {form(type_)}) AS {quoted(name)}" for name, type_ in columns)
    return f"SELECT {', '.join(outputs)} WHERE false"
