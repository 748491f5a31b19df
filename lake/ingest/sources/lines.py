"""Text cut into records, a block at a time, without a step of Python for each of them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from lake.errors import DamagedFile
from lake.ingest.records import Records
from lake.ingest.sources.streams import Stream, fill

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Bytes: TypeAlias = NDArray[np.uint8]
    Places: TypeAlias = NDArray[np.int64]

LONGEST_RECORD = 256 << 20
SCANNED_BYTES = 256 << 10
"""Searched at once, so that what is found on the way stays in the processor's cache."""
LINE_FEED, RETURN, SPACE = b"\n\r "
BLANK = r"^[ \t\r\n\v\f]*$"


@dataclass(frozen=True)
class Ends:
    """Where records and lines end. `is_open` says that the last record ends only because the text does."""

    records: Places
    lines: Places
    is_open: bool = False


Find: TypeAlias = "Callable[[Bytes, bool], Ends]"
"""Given a text that begins where a record does, and whether it is the last one, find the ends."""


@dataclass(frozen=True)
class Lines:
    """Records with their line ends (binary), and the lines that they begin on; of the `unended` the last had none."""

    array: pa.Array
    numbers: Places
    is_open: bool
    unended: bool = False

    def __len__(self) -> int:
        return len(self.array)

    def split_first(self) -> tuple[bytes, Lines]:
        """Return the first record without its line end, and all others."""
        first: bytes = self.array[0].as_py()
        return without_end(first), replace(self, array=self.array[1:], numbers=self.numbers[1:])

    def keep(self, mask: NDArray[np.bool_]) -> Lines:
        import pyarrow as pa

        unended = self.unended and bool(mask[-1])
        return Lines(self.array.filter(pa.array(mask)), self.numbers[mask], self.is_open, unended)

    def without_ends(self) -> pa.Array:
        """Return the records' own bytes: `\\n`, `\\r\\n` and `\\r` end a line."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        starts, ends, text = self.parts()
        returns = (ends - starts > 1) & (text[ends - 2] == RETURN)
        if not returns.any():
            return pc.binary_slice(self.array, 0, -1)
        if returns.all():
            return pc.binary_slice(self.array, 0, -2)
        bounds = np.empty(2 * len(starts), np.int32)
        bounds[::2], bounds[1::2] = starts, ends - 1 - returns
        every_other = np.zeros(len(bounds) - 1, bool)
        every_other[::2] = True
        return _binary(bounds, self.array.buffers()[2]).filter(pa.array(every_other))

    def text(self) -> pa.Buffer:
        """Return the records as they stand one after another."""
        starts, ends, _ = self.parts()
        return self.array.buffers()[2].slice(int(starts[0]), int(ends[-1] - starts[0]))

    def parts(self) -> tuple[NDArray[np.int32], NDArray[np.int32], Bytes]:
        """Return where records start and end in a buffer, and the buffer."""
        import numpy as np

        _, offsets, text = self.array.buffers()
        bounds = np.frombuffer(offsets, np.int32)[self.array.offset : self.array.offset + len(self.array) + 1]
        return bounds[:-1], bounds[1:], np.frombuffer(text, np.uint8)


def json_records(stream: Stream, name: str, identity: str, size: int) -> Generator[Records]:
    import pyarrow as pa

    for lines in cut(stream, find_lines, name, size):
        numbers = pa.array(lines.numbers)
        yield Records("json", numbers, identity, lines.without_ends(), unended=lines.unended)


def find_lines(text: Bytes, at_end: bool) -> Ends:
    """Find lines that `\\n` ends."""
    found = places(text, LINE_FEED)
    return Ends(found, found)


def cut(stream: Stream, find: Find, name: str, size: int) -> Iterator[Lines]:
    """Yield the records that are not blank, in blocks of about `size` bytes; a last line need not end.

    A record that is longer is waited for. Raises DamagedFile, after all that stands before the damage.
    """
    import numpy as np

    rest, first = np.empty(0, np.uint8), 1
    while True:
        if len(rest) > LONGEST_RECORD:
            hint = 'look for a quote (") that is opened and not closed, or a missing line end'
            raise DamagedFile(f"{name}: what begins on line {first} is longer than 256 MB", hint=hint)
        # A record of many blocks is looked through again from its start, so they grow with it.
        text = np.empty(len(rest) + max(size, len(rest)) + 1, np.uint8)
        text[: len(rest)] = rest
        filled = fill(stream, text.data[len(rest) : -1])
        length = len(rest) + filled.count
        at_end = filled.at_end and filled.fault is None
        unended = bool(at_end and length and text[length - 1] not in (LINE_FEED, RETURN))
        if at_end and length and text[length - 1] != LINE_FEED:
            text[length] = LINE_FEED
            length += 1
        ends = find(text[:length], at_end)
        if len(ends.records):
            lines, first = _lines(text, ends, first, unended)
            rest = text[ends.records[-1] + 1 : length]
            if len(lines):
                yield lines
            del lines
        else:
            rest = text[:length]
        if filled.fault is not None:
            raise filled.fault
        if filled.at_end:
            return


def places(text: Bytes, byte: int) -> Places:
    import numpy as np

    found = [
        np.flatnonzero(text[start : start + SCANNED_BYTES] == byte) + start
        for start in range(0, len(text), SCANNED_BYTES)
    ]
    return np.concatenate(found) if found else np.empty(0, np.int64)


def without_end(record: bytes) -> bytes:
    if record.endswith((b"\n", b"\r")):
        return record[:-2] if record.endswith(b"\r\n") else record[:-1]
    return record


def _lines(text: Bytes, ends: Ends, first: int, unended: bool) -> tuple[Lines, int]:
    """Return the records of a block, and the number of the line after them."""
    import numpy as np
    import pyarrow as pa

    if len(ends.records) == len(ends.lines):
        numbers = np.arange(first, first + len(ends.lines) + 1, dtype=np.int64)
    else:
        numbers = np.empty(len(ends.records) + 1, np.int64)
        numbers[0], numbers[1:] = first, np.searchsorted(ends.lines, ends.records) + (first + 1)
    bounds = np.empty(len(ends.records) + 1, np.int32)
    bounds[0], bounds[1:] = 0, ends.records + 1
    lines = Lines(_binary(bounds, pa.py_buffer(text)), numbers[:-1], ends.is_open, unended)
    return _without_blanks(lines), int(numbers[-1])


def _without_blanks(lines: Lines) -> Lines:
    """Leave out lines of blanks: only those that begin with one are looked at."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    starts, _, text = lines.parts()
    suspects = np.flatnonzero(text[starts] <= SPACE)
    if not len(suspects):
        return lines
    blank = pc.match_substring_regex(lines.array.take(pa.array(suspects)), BLANK)
    mask = np.ones(len(lines), bool)
    mask[suspects] = ~blank.to_numpy(zero_copy_only=False)
    return lines if mask.all() else lines.keep(mask)


def _binary(bounds: NDArray[np.int32], text: Any) -> pa.Array:
    import pyarrow as pa

    return pa.Array.from_buffers(pa.binary(), len(bounds) - 1, [None, pa.py_buffer(bounds), text])
