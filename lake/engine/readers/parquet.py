"""Parquet: columns by name without case, NULL where a file has none, as Athena reads it by default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lake.engine.readers.literals import text, texts
from lake.engine.readers.source import Source
from lake.types import DataType
from lake.types.datatype import quoted

NOT_NUMBERS = frozenset({"VARCHAR", "BLOB"})


def parquet_text(source: Source) -> str:
    if len(source.paths) > 1:
        return many_files_text(source.wanted_columns, source.paths)
    found = {name.lower(): (name, type_) for name, type_ in source.parquet_columns(0).items()}
    # DuckDB says which file and column it cannot read where the schema is given.
    foreign = any(_foreign(found[name][1], type_) for _, name, type_ in source.wanted_columns if name in found)
    return many_files_text(source.wanted_columns, source.paths) if foreign else _one_file(source, found)


def _foreign(own: str, wanted: DataType) -> bool:
    """Say whether one of a file's and a table's type is text or nested and the other is something else."""
    return own != wanted.duckdb and any(
        kind in NOT_NUMBERS or kind[-1] in ")]" for kind in (own, wanted.duckdb) if not kind.startswith("DECIMAL")
    )


def _one_file(source: Source, found: Mapping[str, tuple[str, str]]) -> str:
    """Name what the file has. DuckDB then plans by the file's statistics, which a given schema would hide from it."""
    values = []
    for place, name, type_ in source.wanted_columns:
        own_name, own_type = found.get(name, (None, None))
        value = "NULL" if own_name is None else quoted(own_name)
        values.append(f"{value if own_type == type_.duckdb else f'CAST({value} AS {type_.duckdb})'} AS c{place}")
    return f"(SELECT {', '.join([*values, 'file_index'])} FROM read_parquet({texts(source.paths)}))"


def many_files_text(columns: Iterable[tuple[int, str, DataType]], files: Sequence[str]) -> str:
    """Give the schema, so that the footers are only read as the files are: columns by their places and names, one at least."""
    fields = ", ".join(
        f"{text(name)}: {{name: 'c{place}', type: {text(type_.duckdb)}, default_value: NULL}}"
        for place, name, type_ in columns
    )
    return f"read_parquet({texts(files)}, schema = MAP {{{fields}}})"
