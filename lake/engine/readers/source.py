"""What a reader is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lake.model import Parameters, StorageDescriptor
from lake.types import DataType


@dataclass(frozen=True, slots=True)
class Source:
    """Files that lie alike: the columns that they have, their paths as DuckDB takes them, how they are written.

    `wanted` are the places of the columns that are read, one at least; a reader may give others too. `parquet_columns`
    tells what is in a Parquet file, for the place of a path.
    """

    columns: Sequence[tuple[str, DataType]]
    wanted: Sequence[int]
    paths: Sequence[str]
    descriptor: StorageDescriptor
    skip_lines: int
    parquet_columns: Callable[[int], Mapping[str, str]]

    @property
    def wanted_columns(self) -> list[tuple[int, str, DataType]]:
        return [(place, *self.columns[place]) for place in self.wanted]

    @property
    def properties(self) -> Parameters:
        """The parameters of the SerDe."""
        return self.descriptor.serde.parameters
