"""CSV: where its records end, and the columns of each block."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import compress, pairwise
from typing import TYPE_CHECKING, Any

from lake.errors import DamagedFile, UsageError
from lake.ingest.events import Reason
from lake.ingest.records import Records, RejectedRecord
from lake.ingest.sources.lines import LINE_FEED, RETURN, Ends, Lines, cut, places
from lake.ingest.sources.options import SourceOptions
from lake.ingest.sources.streams import Stream

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from lake.ingest.sources.lines import Bytes, Places

QUOTE = ord('"')
DELIMITERS = b",;\t|"
HEADER_BYTES = 64 << 10
PARSED_BYTES = 1 << 20
"""Parsed at once by Arrow: its own columns stay in the processor's cache."""
_FIRST_RECORD = re.compile(rb'\s*((?:[^"\r\n]+|"[^"]*")*)')
# As Unicode's table 3-7 has it, for a matcher of bytes.
UTF8 = (
    r"^(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    r"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})*$"
)
_QUOTED = re.compile(rb'"[^"]*"')


@dataclass
class Quotes:
    """Finds line ends that stand outside quotes, by the csv module's rules.

    A quote opens at the start of a field only. `delimiter` of None is found from the first line.
    """

    delimiter: int | None = None

    def find(self, text: Bytes, at_end: bool) -> Ends:
        import numpy as np

        if self.delimiter is None:
            self.delimiter = find_delimiter(text[:HEADER_BYTES].tobytes()) or find_delimiter(text.tobytes(), at_end)
            if self.delimiter is None:
                return Ends(np.empty(0, np.int64), np.empty(0, np.int64))
        lines = _line_ends(text, at_end)
        quotes = places(text, QUOTE)
        if not len(quotes):
            return Ends(lines, lines)
        quotes = self._meant(text, quotes)
        records = lines[np.searchsorted(quotes, lines) & 1 == 0]
        if at_end and len(quotes) & 1:
            return Ends(np.append(records, len(text) - 1), lines, is_open=True)
        return Ends(records, lines)

    def _meant(self, text: Bytes, quotes: Places) -> Places:
        """Return the quotes that open and close: all of them, unless one stands within a field."""
        import numpy as np

        before = text[quotes - 1]
        begins = (before == LINE_FEED) | (before == RETURN) | (before == self.delimiter)
        begins[0] |= quotes[0] == 0
        follows = np.zeros(len(quotes), bool)
        follows[1:] = np.diff(quotes) == 1
        if (begins | follows)[::2].all():
            return quotes
        meant = list(compress(quotes.tolist(), _opening_and_closing(quotes.tolist(), begins.tolist())))
        return np.array(meant, np.int64)


def _opening_and_closing(quotes: list[int], begins: list[bool]) -> Iterator[bool]:
    inside, closed = False, -2
    for place, begins_field in zip(quotes, begins, strict=True):
        meant = inside or begins_field or closed == place - 1
        if meant:
            closed = place if inside else -2
            inside = not inside
        yield meant


def find_delimiter(text: bytes, at_end: bool = False) -> int | None:
    """Return the one of DELIMITERS that occurs most in the first line outside quotes, the first of them if none does.

    None, unless `at_end`, if the line does not end in `text`.
    """
    found = _FIRST_RECORD.match(text)
    if found is None or (found.end() == len(text) and not at_end) or (text[found.end() :][:1] == b'"' and not at_end):
        return None
    unquoted = _QUOTED.sub(b"", found.group(1))
    return max(DELIMITERS, key=unquoted.count)


@dataclass
class CsvReader:
    """`names` of None come from the first record."""

    name: str
    identity: str
    options: SourceOptions
    quotes: Quotes
    names: tuple[str, ...] | None = field(init=False)

    def __post_init__(self) -> None:
        self.names = None if self.options.has_header else self.options.columns

    def records(self, stream: Stream, size: int) -> Generator[Records]:
        for lines in cut(stream, self.quotes.find, self.name, size):
            rows = self._after_header(lines) if self.names is None else lines
            if len(rows):
                yield self._read(rows)

    def _after_header(self, lines: Lines) -> Lines:
        header, rows = lines.split_first()
        self.names = self.options.columns or read_names(header, self._delimiter, self.name)
        return rows

    @property
    def _delimiter(self) -> str:
        return chr(self.quotes.delimiter or DELIMITERS[0])

    def _read(self, lines: Lines) -> Records:
        import numpy as np
        import pyarrow as pa

        raw = lines.without_ends()
        mask = is_utf8(lines)
        bad = {int(row): Reason.NOT_UTF8 for row in np.flatnonzero(~mask)}
        if lines.is_open and mask[-1]:
            bad[len(lines) - 1], mask[-1] = Reason.BAD_ROW, False
        rows = np.flatnonzero(mask)
        columns, refused = self._parse(lines.keep(mask) if bad else lines)
        for row in refused:
            bad[int(rows[row])] = Reason.BAD_ROW
        malformed = tuple(_malformed(lines, raw, bad))
        if bad:
            mask[list(bad)] = False
            raw = raw.filter(pa.array(mask))
        numbers = lines.numbers[mask] if bad else lines.numbers
        return Records(
            "text", pa.array(numbers), self.identity, raw, columns, malformed, self._delimiter, unended=lines.unended
        )

    def _parse(self, lines: Lines) -> tuple[pa.Table, list[int]]:
        """Return the columns of all rows that have the right number of fields, and the positions of the other rows."""
        import pyarrow as pa

        names = self.names or ()
        if not len(lines):
            return pa.table({name: pa.array([], pa.string()) for name in names}), []
        refused: list[int] = []
        parts = []
        for first, part in _parts(lines):
            parts.append(_parse_text(part.text(), names, self._delimiter, first, refused))
            if first + len(part) != sum(map(len, parts)) + len(refused):
                place = f"lines {part.numbers[0]} to {part.numbers[-1]}"
                raise DamagedFile(f"{self.name}: {place} are no clear CSV", hint="look for quotes within fields")
        return pa.concat_tables(parts), refused


def read_names(header: bytes, delimiter: str, name: str) -> tuple[str, ...]:
    """Raise UsageError for a header with an empty or repeated name, or that is not UTF-8."""
    try:
        text = header.decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: the header is not UTF-8", hint="give the file's encoding") from error
    try:
        fields = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UsageError(f"{name}: the header cannot be read: {error}", hint="is it CSV?") from error
    names = tuple(column.strip() for column in fields)
    for position, column in enumerate(names, 1):
        if not column:
            raise UsageError(f"{name}: column {position} has no name in the header", hint="name all columns yourself")
        if names.index(column) != position - 1:
            raise UsageError(f"{name}: column {column!r} is twice in the header", hint="name all columns yourself")
    return names


def is_utf8(lines: Lines) -> NDArray[np.bool_]:
    """Say which records are UTF-8."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    text = lines.text()
    bounds = pa.py_buffer(np.array([0, len(text)], np.int32))
    try:
        pa.Array.from_buffers(pa.string(), 1, [None, bounds, text]).validate(full=True)
    except pa.ArrowInvalid:
        return pc.match_substring_regex(lines.array, UTF8).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]
    return np.ones(len(lines), bool)


def _parts(lines: Lines) -> Iterator[tuple[int, Lines]]:
    """Yield records of about PARSED_BYTES together, and the position of the first of them."""
    import numpy as np

    starts, ends, _ = lines.parts()
    cuts = np.searchsorted(ends, np.arange(int(starts[0]), int(ends[-1]), PARSED_BYTES))
    bounds = [*np.unique(cuts).tolist(), len(lines)]
    for first, last in pairwise(bounds):
        yield first, Lines(lines.array[first:last], lines.numbers[first:last], lines.is_open)


def _parse_text(text: Any, names: tuple[str, ...], delimiter: str, first: int, refused: list[int]) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    def refuse(row: Any) -> str:
        refused.append(first + row.number - 1)
        return "skip"

    if text[:3].to_pybytes() == b"\xef\xbb\xbf":
        # Here it is no mark but a character of the first field, which Arrow would leave out.
        text = pa.py_buffer(b"\n" + text.to_pybytes())
    return arrow_csv.read_csv(
        pa.BufferReader(text),
        # Only one thread knows the numbers of the rows that it refuses, and where Arrow itself cuts a text, it takes some
        # quotes within fields for those of fields: it gets each text as one block.
        read_options=arrow_csv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=names),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter, invalid_row_handler=refuse),
        convert_options=arrow_csv.ConvertOptions(
            check_utf8=False, strings_can_be_null=False, column_types=dict.fromkeys(names, pa.string())
        ),
    )


def _line_ends(text: Bytes, at_end: bool) -> Places:
    """Find what ends lines: `\\n`, `\\r\\n`, and a `\\r` alone."""
    import numpy as np

    feeds = places(text, LINE_FEED)
    returns = places(text, RETURN)
    if len(returns) and returns[-1] == len(text) - 1:
        returns = returns[:-1]
    alone = returns[text[returns + 1] != LINE_FEED]
    return np.sort(np.concatenate((feeds, alone))) if len(alone) else feeds


def _malformed(lines: Lines, raw: pa.Array, bad: Mapping[int, Reason]) -> Iterator[RejectedRecord]:
    for row, reason in sorted(bad.items()):
        yield RejectedRecord(int(lines.numbers[row]), reason, raw[row].as_py())
