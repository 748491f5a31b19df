"""What a format is to the rest: a name, options, and a writer that takes a schema, then batches, then the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Format:
    """`extension` is a file's usual ending; `writer` is `module:class` inside this package, loaded when used."""

    description: str
    extension: str
    writer: str
    binary: bool = False


@dataclass(frozen=True)
class FormatOptions:
    """What a user may choose; a format ignores what does not concern it.

    `header` is for table, csv, tsv and markdown. `max_rows` holds in every format, and the two terminal formats say so
    in their last line. `width` is in terminal cells, None for no limit, and `color` permits ANSI codes: terminal formats.
    """

    header: bool = True
    max_rows: int | None = None
    width: int | None = None
    color: bool = False


@dataclass(frozen=True)
class Written:
    """How many rows were written, and whether `max_rows` kept more of them back."""

    rows: int
    more: bool


class Writer(Protocol):
    """Rows of one result on their way to one stream: `begin`, any number of `write`, `end`."""

    def begin(self, schema: pa.Schema) -> None:
        """Write what stands before the first row."""
        ...

    def write(self, batch: pa.RecordBatch) -> None:
        """Write at least one row; the batch is small enough to become text at once."""
        ...

    def end(self, *, more: bool) -> None:
        """Write what is held back and what stands after the last row; `more` says that rows were kept back."""
        ...


class NoWriter:
    """Takes rows and writes nothing, for timing a query or for its side effects."""

    def __init__(self, out: BinaryIO, options: FormatOptions) -> None:
        pass

    def begin(self, schema: pa.Schema) -> None:
        pass

    def write(self, batch: pa.RecordBatch) -> None:
        pass

    def end(self, *, more: bool) -> None:
        pass
