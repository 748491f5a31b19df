"""What a user hands over, whatever it is, given to a taking."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from uuid import uuid4

from lake.errors import DiskFull, ReadOnlyLake, StorageFailed, UsageError
from lake.ingest.sources.options import SourceOptions

if TYPE_CHECKING:
    from lake.ingest.sources import Source
    from lake.ingest.taking import Taking

ACCEPTED = "paths, a binary stream, columns (pandas, Polars, Arrow, DuckDB), or mappings such as {'id': …, 'ts': …, 'value': …}"

NAMED = 3
"""So many of the sources that failed are named."""


def take_all(taking: Taking, data: object, source: str | SourceOptions | None) -> None:
    """Raise UsageError for what holds no events."""
    options = source if isinstance(source, SourceOptions) else SourceOptions(name=source)
    if isinstance(data, str | Path):
        _take_files(taking, [data], options)
    elif isinstance(data, io.TextIOBase):
        raise UsageError(f"{type(data).__name__} holds no events", hint='give a file that is opened for bytes, by "rb"')
    elif hasattr(data, "readinto") or hasattr(data, "fileno"):
        _take_files(taking, ["-"], options, cast("BinaryIO", data))
    elif hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
        from lake.ingest.sources import arrow_source

        taking.take(arrow_source(cast("Any", data), options))
    elif isinstance(data, Mapping):
        _take_records(taking, [data], options)
    elif isinstance(data, Sequence) and data and all(isinstance(each, str | Path) for each in data):
        _take_files(taking, data, options)
    elif isinstance(data, Iterable) and not isinstance(data, bytes | bytearray):
        _take_records(taking, data, options)
    else:
        raise UsageError(f"{type(data).__name__} holds no events", hint=f"give {ACCEPTED}")


def _take_files(
    taking: Taking, paths: Sequence[str | Path], options: SourceOptions, stdin: BinaryIO | None = None
) -> None:
    from lake.ingest.sources import open_sources

    take_sources(taking, open_sources(paths, options, stdin))


def take_sources(taking: Taking, sources: Iterable[Source]) -> None:
    """Take all that can be read, then raise what the first of the others failed with; with `strict`, raise it at once."""
    first: StorageFailed | UsageError | None = None
    failed: list[str] = []
    taken = 0
    for source in sources:
        if taking.options.ending.is_set():
            break
        try:
            taking.take(source)
            taken += 1
        except (DiskFull, ReadOnlyLake):
            # It is the lake that failed, and would do so with every other source.
            raise
        except (StorageFailed, UsageError) as error:
            if taking.options.strict:
                raise
            first = first or error
            failed.append(source.name)
    if first is not None:
        first.hint = _hint(first.hint, failed[1:], taken)
        raise first


def _hint(own: str | None, failed: Sequence[str], taken: int) -> str | None:
    """Add to an error's own hint what became of the other sources."""
    found = [own] if own else []
    if failed:
        names = ", ".join(failed[:NAMED]) + (", …" if len(failed) > NAMED else "")
        found.append(f"{len(failed)} more could not be read: {names}")
    if taken:
        found.append(f"the other {taken} {'was' if taken == 1 else 'were'} taken")
    return "; ".join(found) or None


def _take_records(taking: Taking, records: Iterable[object], options: SourceOptions) -> None:
    name = options.name
    taking.take_records(records, name=name or "records", identity=name or uuid4().hex, deduplicated=name is not None)
