"""Values of JSON records of one shape, as the pieces of bytes that they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lake.columns import texts_of
from lake.ingest.columns.cells import Cells, Entries, Instants, Numbers, Printer, Texts, no_texts, parse_numbers
from lake.ingest.columns.instants import read_instants
from lake.ingest.columns.texts import Bytes, Mask, Whole, matches, slices, to_flags, to_mask
from lake.ingest.events import MISSING

JSON_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?"
SAME_TEXT = r"true|false|0|-?[1-9][0-9]{0,17}"
"""What Python writes as it read it."""
FLOAT = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][+-]?[0-9]{1,2})?|[eE][+-]?[0-9]{1,2})"
QUOTE = ord('"')


@dataclass(frozen=True)
class JsonCells:
    """`quotes` counts the quotation marks in each piece; a string has two, and no backslash."""

    data: pa.Buffer
    bytes: Bytes
    starts: Whole
    ends: Whole
    quotes: Whole

    @cached_property
    def is_text(self) -> Mask:
        closed = (self.bytes[self.starts] == QUOTE) & (self.bytes[self.ends - 1] == QUOTE)
        return np.asarray(closed & (self.quotes == 2))

    @cached_property
    def bare(self) -> pa.Array:
        """What is no string, as it stands there; "" where it is one."""
        return slices(self.data, self.starts, np.where(self.is_text, self.starts, self.ends))

    @cached_property
    def is_null(self) -> Mask:
        if self.is_text.all():
            return ~self.is_text
        return to_mask(pc.equal(self.bare, "null"))

    @property
    def missing(self) -> Mask:
        marked = pc.is_in(self.strings().values, value_set=texts_of(sorted(MISSING)))
        return self.is_null | (self.is_text & to_mask(marked))

    @cached_property
    def _texts(self) -> pa.Array:
        inner = self.is_text.astype(np.int64)
        ends = np.where(self.is_text, self.ends - 1, self.starts)
        return slices(self.data, self.starts + inner, ends, self.is_text)

    def strings(self) -> Texts:
        return Texts(self._texts, self.is_text | self.is_null)

    def instants(self) -> Instants:
        return Instants(*read_instants(self._texts))

    def numbers(self) -> Numbers:
        return parse_numbers(self.bare, JSON_NUMBER)

    def attribute_texts(self, printer: Printer) -> Texts:
        if self.is_text.all():
            return self.strings()
        same = matches(self.bare, SAME_TEXT)
        values = pc.if_else(to_flags(same), self.bare, self._texts)
        floats = matches(self.bare, FLOAT)
        numbers = parse_numbers(self.bare, FLOAT)
        if numbers.certain.any():
            values = pc.if_else(to_flags(numbers.certain), printer.floats(numbers.values), values)
        return Texts(values, self.is_text | self.is_null | same | (floats & numbers.certain))

    def entries(self) -> Entries:
        return Entries(self.is_null)


@dataclass(frozen=True)
class ObjectCells:
    """A field that is an object in every record."""

    count: int
    fields: dict[str, Cells]

    @property
    def missing(self) -> Mask:
        return np.zeros(self.count, bool)

    def strings(self) -> Texts:
        return no_texts(self.count)

    def instants(self) -> Instants:
        return Instants(np.zeros(self.count, np.int64), self.missing)

    def numbers(self) -> Numbers:
        return Numbers(np.zeros(self.count), self.missing)

    def attribute_texts(self, printer: Printer) -> Texts:
        return no_texts(self.count)

    def entries(self) -> Entries:
        return Entries(~self.missing, self.fields)
