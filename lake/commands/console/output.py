"""Prints rows: in the format that was asked for, to where it was asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from lake.commands.console import interrupts
from lake.commands.console.destinations import StandardOutput
from lake.commands.console.options import Settings
from lake.commands.console.terminal import is_terminal, may_color, say, width
from lake.errors import UsageError
from lake.formats import FORMATS, FormatOptions, Written, write
from lake.storage.new_file import NewFile, discard_claimed

if TYPE_CHECKING:
    import pyarrow as pa

TERMINAL_ROWS = 1_000
ROWS_PER_BATCH = 10_000
FOR_PEOPLE = ("table", "vertical")
SEPARATORS = {"markdown": b"\n"}
"""What stands between two results where one would run into the other."""
OTHER_ENDINGS = {".ndjson": "jsonl", ".pq": "parquet", ".feather": "arrow", ".ipc": "arrow", ".markdown": "markdown"}
ENDINGS: dict[str, str] = OTHER_ENDINGS | {
    form.extension: name for name, form in reversed(list(FORMATS.items())) if form.extension
}

Columns = Sequence[tuple[str, str]]
"""Names and types, the types as Athena writes them."""


class Output:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def file(self) -> NewFile | None:
        """The file of -o, None for standard output."""
        target = self._settings.output
        return NewFile(target) if target and target != "-" else None

    @cached_property
    def format(self) -> str:
        """The format that was named; else that of the file's ending; else by whether standard output is a terminal."""
        if self._settings.format is not None:
            return self._settings.format.name
        if self.file is not None:
            return format_of(self.file.target)
        return "table" if is_terminal(sys.stdout) else "csv"

    @property
    def is_binary(self) -> bool:
        return FORMATS[self.format].binary

    @property
    def to_terminal(self) -> bool:
        return self.file is None and is_terminal(sys.stdout)

    @property
    def is_table_for_people(self) -> bool:
        return self.to_terminal and self.format in FOR_PEOPLE

    @property
    def takes_text(self) -> bool:
        """Say whether lines that are a statement are printed bare, to be run again: in a pipe, and as tsv."""
        return self.format == "tsv" or not (self._settings.format or self.file or self.to_terminal)

    @contextmanager
    def opened(self) -> Iterator[Printer]:
        """Yield what prints one or several results; a file appears at the end."""
        if self.is_binary and self.to_terminal:
            raise UsageError(f"{self.format} is not for a terminal", hint="-o FILE writes it to a file")
        if self.file is not None:
            with interrupts.cleaned_up(discard_claimed), self.file.opened() as stream:
                yield Printer(stream, self.format, self._options())
        else:
            standard = StandardOutput()
            yield Printer(standard, self.format, self._options())  # type: ignore[arg-type]
            standard.flush()

    def rows(self, columns: Columns, rows: Iterable[Sequence[Any]]) -> Written:
        """Print rows of Python values; the first are made before anything is printed."""
        with self.opened() as printer:
            return printer.put(*to_batches(columns, rows))

    def text(self, text: str) -> None:
        """Print text as it is."""
        standard = StandardOutput()
        standard.write(text.encode())
        standard.flush()

    def say(self, text: str) -> None:
        """Tell the person something that is not data."""
        if not self._settings.quiet:
            say(text)

    def tell_progress(self, text: str) -> None:
        """Tell what only a person who waits wants to know."""
        if self._settings.progress and (self._settings.verbose or is_terminal(sys.stderr)):
            self.say(text)

    @property
    def shows_progress(self) -> bool:
        """Say whether somebody watches who may be told what goes on, on a line that changes."""
        return self._settings.progress and not self._settings.quiet and is_terminal(sys.stderr)

    def _options(self) -> FormatOptions:
        chosen = self._settings.format
        return FormatOptions(
            header=self._settings.header and (chosen is None or chosen.header),
            max_rows=TERMINAL_ROWS if self.is_table_for_people else None,
            width=width() if self.to_terminal else None,
            color=self.file is None and may_color(sys.stdout, self._settings),
        )


class Printer:
    """Prints results one after the other to one stream."""

    def __init__(self, stream: BinaryIO, form: str, options: FormatOptions) -> None:
        self._stream = stream
        self._format = form
        self._options = options
        self._begun = False

    def put(self, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Written:
        """Print one result. What fails before its first row fails before anything is printed."""
        import pyarrow as pa

        first = list(islice(batches, 1))
        self._separate(SEPARATORS.get(self._format, b""))
        reader = pa.RecordBatchReader.from_batches(schema, chain(first, batches))
        written = write(reader, self._stream, format=self._format, options=self._options)
        self._stream.flush()
        return written

    def put_text(self, batches: Iterable[pa.RecordBatch]) -> Written:
        """Print lines that together are a statement as they are."""
        self._separate(b";\n")
        lines = [line for batch in batches for line in batch.column(0).to_pylist()]
        self._stream.write("".join(f"{line}\n" for line in lines).encode())
        self._stream.flush()
        return Written(len(lines), more=False)

    def _separate(self, separator: bytes) -> None:
        if self._begun:
            self._stream.write(separator)
        self._begun = True


def format_of(file: Path) -> str:
    ending = file.suffix.lower()
    if not ending:
        return "csv"
    if ending not in ENDINGS:
        raise UsageError(f"no format goes by the ending {ending}", hint=f"give --format NAME ({', '.join(FORMATS)})")
    return ENDINGS[ending]


def to_batches(columns: Columns, rows: Iterable[Sequence[Any]]) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    import pyarrow as pa

    from lake.columns import to_array
    from lake.types import parse_type, to_arrow

    schema = pa.schema([(name, to_arrow(parse_type(type_))) for name, type_ in columns])

    def batches() -> Iterator[pa.RecordBatch]:
        remaining = iter(rows)
        while page := list(islice(remaining, ROWS_PER_BATCH)):
            arrays = [
                to_array(values, field.type) for values, field in zip(zip(*page, strict=True), schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return schema, batches()


def first_rows(batches: Iterator[pa.RecordBatch], count: int) -> Iterator[pa.RecordBatch]:
    """Yield the first `count` rows; nothing beyond the batch that holds the last of them is read."""
    for batch in batches:
        yield batch.slice(0, count)
        count -= batch.num_rows
        if count <= 0:
            return
