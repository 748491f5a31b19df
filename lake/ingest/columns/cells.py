"""What a column of records holds, in each of the parts that it may have in an event.

Every answer comes with a mask of the rows for which it is certain to be what `lake.ingest.events` would say; the others are
for the scalar reader. Certain is what is proven: a mask that is too strict costs time, one that is too lax is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lake.columns import texts_of
from lake.ingest.columns.instants import read_instants
from lake.ingest.columns.texts import Doubles, Mask, Whole, is_valid, matches, to_flags, to_mask, to_numbers
from lake.ingest.events import MISSING

TEXT_NUMBER = r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?"
"""`events.NUMBER` without a leading plus, and with an exponent that leads neither to 0 nor to infinity."""
LONGEST_NUMBER = 40


class Printer(Protocol):
    def floats(self, values: Doubles) -> pa.Array:
        """Write doubles, all of them finite, as Python does."""
        ...


@dataclass(frozen=True)
class Texts:
    """NULL stands for a value that is absent or null."""

    values: pa.Array
    certain: Mask


@dataclass(frozen=True)
class Instants:
    """Milliseconds since 1970; certain only where there is one, in the years that are allowed."""

    values: Whole
    certain: Mask


@dataclass(frozen=True)
class Numbers:
    """Certain only where there is a finite one."""

    values: Doubles
    certain: Mask


@dataclass(frozen=True)
class Entries:
    """What the field `attributes` holds: a column for each name, or one of maps that are as an event has them."""

    certain: Mask
    columns: Mapping[str, Cells] = field(default_factory=dict)
    maps: pa.Array | None = None


class Cells(Protocol):
    @property
    def missing(self) -> Mask:
        """Where `mapping.is_missing` says so."""
        ...

    def strings(self) -> Texts:
        """Read as id, metric or event_id."""
        ...

    def instants(self) -> Instants: ...

    def numbers(self) -> Numbers: ...

    def attribute_texts(self, printer: Printer) -> Texts: ...

    def entries(self) -> Entries:
        """Read as the field `attributes`."""
        ...


@dataclass(frozen=True)
class TextCells:
    """A column of a file in which all values are text."""

    given: pa.Array

    @cached_property
    def missing(self) -> Mask:
        return ~is_valid(self._present)

    @cached_property
    def _present(self) -> pa.Array:
        marked = pc.is_in(self.given, value_set=texts_of(sorted(MISSING)))
        if not to_mask(marked).any():
            return self.given
        return pc.if_else(marked, pa.scalar(None, pa.string()), self.given)

    def strings(self) -> Texts:
        return Texts(self._present, np.ones(len(self.given), bool))

    def instants(self) -> Instants:
        return Instants(*read_instants(self._present))

    def numbers(self) -> Numbers:
        return parse_numbers(self._present, TEXT_NUMBER)

    def attribute_texts(self, printer: Printer) -> Texts:
        return self.strings()

    def entries(self) -> Entries:
        return Entries(self.missing)


def parse_numbers(texts: pa.Array, pattern: str) -> Numbers:
    """Read what matches the pattern, which is to allow no more than Arrow reads, and is short enough to be finite."""
    certain = matches(texts, pattern) & (to_numbers(pc.binary_length(texts), np.int32) <= LONGEST_NUMBER)
    if not certain.all():
        texts = pc.if_else(to_flags(certain), texts, "0")
    return Numbers(to_numbers(texts.cast(pa.float64()), np.float64), certain)


def no_texts(count: int) -> Texts:
    return Texts(pa.nulls(count, pa.string()), np.zeros(count, bool))
