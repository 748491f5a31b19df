"""Where records come from: files, folders, patterns, stdin, Arrow data; as blocks of records, in bounded memory."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from lake.errors import UsageError
from lake.ingest.records import UNENDED, Records, RejectedRecord
from lake.ingest.sources.csv_blocks import CsvReader, Quotes
from lake.ingest.sources.decoding import Text, open_text
from lake.ingest.sources.finding import Found, find
from lake.ingest.sources.lines import cut, find_lines, json_records, without_end
from lake.ingest.sources.options import BLOCK_BYTES, FORMATS, SourceOptions
from lake.ingest.sources.read_ahead import NEVER, IsEnding, read_ahead
from lake.ingest.sources.streams import Pipe, Progress, Stream, open_stream
from lake.ingest.sources.typed import parquet_records, typed_records
from lake.storage.faults import reading
from lake.write.source import ArrowStream, open_reader, slices

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FORMATS", "Records", "RejectedRecord", "Source", "SourceOptions", "arrow_source", "open_sources"]

PEEKED_BYTES = 64 << 10
SILENT_SECONDS = 1.0
DELIMITER_OF = {"tsv": ord("\t")}


class Source(Protocol):
    """One file, stdin, or Arrow data. Nothing is opened before it is asked for.

    `name` is what a user knows it by. `deduplicated` says that `identity` is the same whenever it is read, so that records
    read before are known again. `notes` are for the user, complete when all is read.
    """

    name: str
    deduplicated: bool
    notes: list[str]

    @property
    def identity(self) -> str:
        """What event ids are derived from; the same for a file that has grown. May raise as `blocks` does."""
        ...

    @property
    def bytes_read(self) -> int: ...

    @property
    def size(self) -> int | None:
        """The bytes to be read, where they are known."""
        ...

    def blocks(self, ending: threading.Event = NEVER) -> Iterator[Records | None]:
        """Yield all records in order, made ahead by a thread; None where a pipe has been silent for a second.

        Once `ending` is set, those that have been read are still yielded, and nothing more is read.

        Raises StorageFailed; UsageError for what cannot be read so; DamagedFile after all that stands before the damage.
        """
        ...


def open_sources(given: Sequence[str | Path], options: SourceOptions, stdin: BinaryIO | None = None) -> list[Source]:
    """Return a source for each file that is meant; "-" is `stdin`. Raises UsageError, StorageFailed."""
    return [_source(found, options, stdin) for found in find(given, options.format)]


def arrow_source(data: ArrowStream, options: SourceOptions) -> Source:
    """Take pandas, Polars, Arrow or DuckDB data. Raises UsageError, WriteRefused."""
    return ArrowData(open_reader(data, "readings"), options.name)


def _source(found: Found, options: SourceOptions, stdin: BinaryIO | None) -> Source:
    if found.path is None:
        if stdin is None:
            raise UsageError("there is no stdin to read", hint="give a file")
        return TextSource(found, options, stdin)
    if found.format == "parquet":
        return ParquetSource(found.path, options.name)
    return TextSource(found, options)


class TextSource:
    def __init__(self, found: Found, options: SourceOptions, stdin: BinaryIO | None = None) -> None:
        self.name = found.name if found.path else options.name or found.name
        self.notes: list[str] = []
        self._found, self._options, self._stdin = found, options, stdin
        self._progress = Progress()
        self._can_be_read_again = found.path is not None and found.path.is_file()
        self.deduplicated = options.name is not None or self._can_be_read_again

    @cached_property
    def identity(self) -> str:
        if self._options.name is not None:
            return self._options.name
        return self._digest() if self._can_be_read_again else random_identity()

    @property
    def bytes_read(self) -> int:
        return self._progress.bytes_read

    @property
    def size(self) -> int | None:
        return file_size(self._found.path) if self._can_be_read_again else None

    def blocks(self, ending: threading.Event = NEVER) -> Iterator[Records | None]:
        self._progress = Progress()
        return read_ahead(self._records, ending, idle_seconds=None if self._can_be_read_again else SILENT_SECONDS)

    def _records(self, is_ending: IsEnding) -> Generator[Records]:
        with self._open(self._progress, is_ending, BLOCK_BYTES) as text:
            self.notes = [text.note] if text.note else []
            if text.format == "ndjson":
                found = json_records(text.stream, self.name, self.identity, BLOCK_BYTES)
            else:
                reader = CsvReader(self.name, self.identity, self._options, self._quotes(text))
                found = reader.records(text.stream, BLOCK_BYTES)
            for records in found:
                if records.unended and records.kind == "text" and self._may_grow:
                    self.notes.append(f"{self.name}: {UNENDED}, it was taken too early")
                yield replace(records, unended=records.unended and self._may_grow)

    @property
    def _may_grow(self) -> bool:
        return self._can_be_read_again and self._found.packing is None

    def _digest(self) -> str:
        """Hash the first record, of CSV with its header, as UTF-8."""
        digest = hashlib.sha256()
        with self._open(Progress(), NEVER.is_set, PEEKED_BYTES) as text:
            find_ends = find_lines if text.format == "ndjson" else self._quotes(text).find
            left = 1 if text.format == "ndjson" or not self._options.has_header else 2
            for lines in cut(text.stream, find_ends, self.name, PEEKED_BYTES):
                for record in lines.array[:left].to_pylist():
                    digest.update(without_end(record) + b"\n")
                    left -= 1
                if not left:
                    break
        return digest.hexdigest()[:32]

    @contextmanager
    def _open(self, progress: Progress, is_ending: IsEnding, size: int) -> Iterator[Text]:
        if self._stdin is not None:
            yield self._text(Pipe(self._stdin, self.name, progress, is_ending), size)
            return
        path = self._found.path or Path()
        with open_stream(path, self._found.packing, self.name, progress, is_ending) as stream:
            yield self._text(stream, size)

    def _text(self, stream: Stream, size: int) -> Text:
        return open_text(stream, self.name, self._options, self._found.format, size)

    def _quotes(self, text: Text) -> Quotes:
        given = self._options.delimiter
        return Quotes(ord(given) if given else DELIMITER_OF.get(text.format))


class ParquetSource:
    deduplicated = True

    def __init__(self, path: Path, name: str | None) -> None:
        self.name = str(path)
        self.notes: list[str] = []
        self._path, self._identity = path, name
        self._progress = Progress()

    @cached_property
    def identity(self) -> str:
        if self._identity is not None:
            return self._identity
        with reading(self.name), self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:32]

    @property
    def bytes_read(self) -> int:
        return self._progress.bytes_read

    @property
    def size(self) -> int | None:
        return file_size(self._path)

    def blocks(self, ending: threading.Event = NEVER) -> Iterator[Records | None]:
        self._progress = Progress()
        return read_ahead(self._records, ending)

    def _records(self, is_ending: IsEnding) -> Generator[Records]:
        for records in parquet_records(self._path, self.identity, BLOCK_BYTES, self._progress):
            yield records
            if is_ending():
                return


class ArrowData:
    """Read in the caller's thread: what gives the data may belong to it. It can be read once."""

    size = None

    def __init__(self, reader: pa.RecordBatchReader, name: str | None) -> None:
        self.name = name or "data"
        self.deduplicated = name is not None
        self.notes: list[str] = []
        self.identity = random_identity() if name is None else name
        self.bytes_read = 0
        self._reader = reader

    def blocks(self, ending: threading.Event = NEVER) -> Iterator[Records | None]:
        for records in typed_records(slices(self._reader), self.name, self.identity):
            if ending.is_set():
                return
            if records.columns is not None:
                self.bytes_read += records.columns.nbytes
            yield records


def random_identity() -> str:
    return uuid.uuid4().hex


def file_size(path: Path | None) -> int | None:
    if path is None:
        return None
    with reading(str(path)):
        return path.stat().st_size
