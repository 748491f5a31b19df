"""Rows for a reader at a terminal: a box that fits its width, or one line a value.

Widths are terminal cells. Control characters are shown escaped, so that no value can move the cursor, and so are the
marks that turn the direction of writing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as types
from rich.cells import cell_len

from lake.columns import texts_of
from lake.formats.box import GAP, Column, fit, lay_out
from lake.formats.strings import body, join, matches, patch
from lake.formats.text import ATHENA, is_number, render
from lake.formats.writer import FormatOptions

# The widths of a box without a limit are those of its first rows: what follows streams past, a longer value sticks out.
MEASURED_ROWS = 1_000
UNSAFE = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]"
UNSAFE_RE2 = re.sub(r"\\u(....)", r"\\x{\1}", UNSAFE)
NAMED_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
BOLD, DIM, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"

Row = Sequence[str | None]

_unsafe = re.compile(UNSAFE)


def escape(text: str) -> str:
    """Show what a terminal would obey: `\\n`, `\\x1b`, `\\u202e`."""
    return _unsafe.sub(_escape_one, text)


def _escape_one(match: re.Match[str]) -> str:
    code = ord(match[0])
    return NAMED_ESCAPES.get(match[0]) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def _visible(column: pa.Array, longest: int | None) -> pa.Array:
    """Give texts that are safe to print, cut far beyond what fits, so that a huge value costs no more than its head."""
    texts = render(column, ATHENA)
    if longest is not None:
        texts = pc.utf8_slice_codeunits(texts, 0, longest)
    return patch(
        texts,
        matches(texts, UNSAFE_RE2),
        lambda wild: texts_of([escape(value) for value in wild.to_pylist()]),
    )


def _never_cut(kind: pa.DataType) -> bool:
    return bool(is_number(kind) or types.is_temporal(kind) or types.is_boolean(kind))


class TableWriter:
    """A box. What does not fit is cut with `…`, then columns are left out; the last line counts rows and columns."""

    def __init__(self, out: BinaryIO, options: FormatOptions) -> None:
        self._out = out
        self._options = options
        self._held: list[Row] = []
        self._box: _Box | None = None
        self._rows = 0

    def begin(self, schema: pa.Schema) -> None:
        self._names = [escape(name) for name in schema.names]
        self._types = schema.types

    def write(self, batch: pa.RecordBatch) -> None:
        longest = None if self._options.width is None else self._options.width * 8
        columns = [_visible(column, longest).to_pylist() for column in batch.columns]
        self._rows += batch.num_rows
        for row in zip(*columns, strict=True):
            if self._box is None and len(self._held) == MEASURED_ROWS:
                self._box = self._open()
            if self._box is None:
                self._held.append(row)
            else:
                self._box.put_row(row)

    def end(self, *, more: bool) -> None:
        if not self._names:
            return
        box = self._box or self._open()
        box.put_rule("└", "┴", "┘")
        box.put_note(_count(self._rows, more=more))
        shown = sum(place is not None for place in box.layout.places)
        if shown < len(self._names):
            box.put_note(f"({shown} of {len(self._names)} columns shown: --format vertical shows all)")

    def _open(self) -> _Box:
        """Settle the widths on the rows held so far, and write them."""
        columns = [self._measure(place) for place in range(len(self._names))]
        box = _Box(self._out, self._options, columns)
        box.put_rule("┌", "┬", "┐")
        if self._options.header:
            box.put_row(self._names, style=BOLD)
            box.put_rule("├", "┼", "┤")
        for row in self._held:
            box.put_row(row)
        self._held = []
        return box

    def _measure(self, place: int) -> Column:
        kind = self._types[place]
        name_width = cell_len(self._names[place]) if self._options.header else 0
        values = (row[place] for row in self._held)
        value_width = max((cell_len("NULL" if value is None else value) for value in values), default=0)
        return Column(name_width, value_width, right=is_number(kind), may_cut=not _never_cut(kind))


class _Box:
    """The lines of a table whose widths are settled."""

    def __init__(self, out: BinaryIO, options: FormatOptions, columns: Sequence[Column]) -> None:
        self._out = out
        self._width = options.width
        self._color = options.color
        self._columns = columns
        self.layout = lay_out(columns, options.width)

    def put_rule(self, left: str, cross: str, right: str) -> None:
        self._put(left + cross.join("─" * (width + 2) for width in self.layout.widths) + right)

    def put_row(self, row: Row, style: str = "") -> None:
        cells = zip(self.layout.places, self.layout.widths, strict=True)
        self._put(f"│ {' │ '.join(self._cell(row, place, width, style) for place, width in cells)} │")

    def put_note(self, note: str) -> None:
        if self._width is not None:
            note = fit(note, self._width, right=False).rstrip()
        self._put(f"{DIM}{note}{PLAIN}" if self._color else note)

    def _cell(self, row: Row, place: int | None, width: int, style: str) -> str:
        if place is None:
            return GAP
        value = row[place]
        text = "NULL" if value is None else value
        if self._width is None:
            width = max(width, cell_len(text))
        text = fit(text, width, right=self._columns[place].right)
        style = DIM if value is None else style
        return f"{style}{text}{PLAIN}" if style and self._color else text

    def _put(self, line: str) -> None:
        self._out.write(f"{line}\n".encode())


def _count(rows: int, *, more: bool) -> str:
    if more:
        return f"({rows:,} rows shown, more follow: -o FILE or --format csv gives all)"
    return "(1 row)" if rows == 1 else f"({rows:,} rows)"


class VerticalWriter:
    """A record of one line a value, nothing cut; NULL is written NULL."""

    def __init__(self, out: BinaryIO, options: FormatOptions) -> None:
        self._out = out
        self._null = f"{DIM}NULL{PLAIN}" if options.color else "NULL"
        self._style = (BOLD, PLAIN) if options.color else ("", "")
        self._rows = 0

    def begin(self, schema: pa.Schema) -> None:
        names = [escape(name) for name in schema.names]
        self._width = max(map(cell_len, names), default=0)
        on, off = self._style
        self._labels = [f"\n{on}{fit(name, self._width, right=False)}{off} | " for name in names]

    def write(self, batch: pa.RecordBatch) -> None:
        numbers = texts_of([str(number) for number in range(self._rows + 1, self._rows + 1 + batch.num_rows)])
        self._rows += batch.num_rows
        heads = pc.utf8_rpad(join("-[ RECORD ", numbers, " ]"), width=max(self._width + 3, 20), padding="-")
        parts = [heads]
        for label, column in zip(self._labels, batch.columns, strict=True):
            parts += [label, _visible(column, None)]
        self._out.write(body(join(*parts, "\n", null=self._null)))

    def end(self, *, more: bool) -> None:
        if more or not self._rows:
            self._out.write(f"{_count(self._rows, more=more)}\n".encode())
