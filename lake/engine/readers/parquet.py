"""Parquet: columns by name without case, NULL where a file has none, as Athena reads it by default."""

from __future__ import annotations

from lake.engine.readers.literals import paths, text
from lake.engine.readers.source import Source
from lake.types.datatype import quoted


def parquet_text(source: Source) -> str:
    return _one_file(source) if len(source.paths) == 1 else _many_files(source)


def _one_file(source: Source) -> str:
    """Name what the file has. DuckDB then plans by the file's statistics, which a given schema would hide from it."""
    found = {name.lower(): (name, type_) for name, type_ in source.parquet_columns(0).items()}
    values = []
    for place, (name, type_) in enumerate(source.columns):
        own_name, own_type = found.get(name, (None, None))
        value = "NULL" if own_name is None else quoted(own_name)
        values.append(f"{value if own_type == type_.duckdb else f'CAST({value} AS {type_.duckdb})'} AS c{place}")
    return f"(SELECT {', '.join(values)}, file_index FROM read_parquet({paths(source.paths)}))"


def _many_files(source: Source) -> str:
    """Give the schema, so that the footers are only read as the files are."""
    fields = ", ".join(
        f"{text(name)}: {{name: 'c{place}', type: {text(type_.duckdb)}, default_value: NULL}}"
        for place, (name, type_) in enumerate(source.columns)
    )
    return f"read_parquet({paths(source.paths)}, schema = MAP {{{fields}}})"
