"""Parquet: columns by name without case, NULL where a file has none, as Athena reads it by default."""

from __future__ import annotations

from collections.abc import Sequence

from lake.engine.readers.literals import paths, text
from lake.model import StorageDescriptor
from lake.types import DataType


def parquet_text(
    columns: Sequence[tuple[str, DataType]], files: Sequence[str], descriptor: StorageDescriptor, skip: int
) -> str:
    fields = ", ".join(
        f"{text(name)}: {{name: 'c{place}', type: {text(type_.duckdb)}, default_value: NULL}}"
        for place, (name, type_) in enumerate(columns)
    )
    return f"read_parquet({paths(files)}, schema = MAP {{{fields}}})"
