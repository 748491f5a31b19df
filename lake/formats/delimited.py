"""Rows as delimited lines: csv, tsv and Markdown, with Athena's texts."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow as pa
import pyarrow.types as types

from lake.columns import texts_of
from lake.formats.strings import body, constant, join, join_columns, matches, patch, replace
from lake.formats.text import ATHENA, is_number, render
from lake.formats.writer import FormatOptions


def _is_tame(kind: pa.DataType) -> bool:
    """Say whether no text of this type can be empty or hold a quote, a delimiter or a line break."""
    return bool(is_number(kind) or types.is_boolean(kind) or types.is_temporal(kind))


class DelimitedWriter:
    """A line a row. NULL is empty; '' is `""`; quotes stand only where a reader needs them."""

    delimiter: str

    def __init__(self, out: BinaryIO, options: FormatOptions) -> None:
        self._out = out
        self._header = options.header
        self._wild = f'^$|^ | $|["\r\n{self.delimiter}]'

    def begin(self, schema: pa.Schema) -> None:
        if self._header and schema.names:
            names = self._quote(texts_of(schema.names)).to_pylist()
            self._out.write(f"{self.delimiter.join(names)}\n".encode())

    def write(self, batch: pa.RecordBatch) -> None:
        columns = [self._texts(column) for column in batch.columns]
        lines = join_columns([join_columns(columns, self.delimiter), constant("")], "\n")
        self._out.write(body(lines))

    def end(self, *, more: bool) -> None:
        pass

    def _texts(self, column: pa.Array) -> pa.Array:
        texts = render(column, ATHENA)
        return texts if _is_tame(column.type) else self._quote(texts)

    def _quote(self, texts: pa.Array) -> pa.Array:
        return patch(texts, matches(texts, self._wild), lambda wild: join('"', replace(wild, [('"', '""')]), '"'))


class CsvWriter(DelimitedWriter):
    """Comma-separated values: RFC 4180 with `\\n`, UTF-8 without a mark."""

    delimiter = ","


class TsvWriter(DelimitedWriter):
    """Tab-separated values, quoted as csv is."""

    delimiter = "\t"


class MarkdownWriter:
    """A table of GitHub's Markdown: numbers to the right, pipes escaped, line breaks as `<br>`, NULL empty."""

    def __init__(self, out: BinaryIO, options: FormatOptions) -> None:
        self._out = out
        self._header = options.header

    def begin(self, schema: pa.Schema) -> None:
        if not schema.names:
            return
        rules = ["---:" if is_number(field.type) else "---" for field in schema]
        # the rule is what makes it a table, so without names it stands below empty ones
        names = _cells(texts_of(schema.names if self._header else [""] * len(rules))).to_pylist()
        self._out.write(f"| {' | '.join(names)} |\n|{'|'.join(rules)}|\n".encode())

    def write(self, batch: pa.RecordBatch) -> None:
        columns = [_cells(render(column, ATHENA)) for column in batch.columns]
        self._out.write(body(join("| ", join_columns(columns, " | "), " |\n")))

    def end(self, *, more: bool) -> None:
        pass


def _cells(texts: pa.Array) -> pa.Array:
    breaks = [("|", "\\|"), ("\r\n", "<br>"), ("\n", "<br>"), ("\r", "<br>")]
    return patch(texts, matches(texts, r"[|\r\n]"), lambda wild: replace(wild, breaks))
