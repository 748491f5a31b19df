"""Lines of JSON, taken apart by the thousand.

A line without backslashes and control characters is JSON exactly if what stands between its structural characters, those
outside of strings, is. Lines with the same structural characters and the same keys are of one shape. The shape is read off
one line; that the others have it is a comparison of columns of bytes, and what varies are the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lake.ingest.columns.cells import Cells
from lake.ingest.columns.json_cells import JsonCells, ObjectCells
from lake.ingest.columns.texts import Bytes, Mask, Whole, bytes_of, offsets_of, rows_at, suspicious

QUOTE, BACKSLASH, CARRIAGE_RETURN, SPACE = b'"\\\r '
KEY = re.compile(rb' ?"([^"]+)"')
FIELD = rb":(?:\{(?::(?:,:)*)?\})?"
STRUCTURE = re.compile(rb"\{(?:%b(?:,%b)*)?\}" % (FIELD, FIELD))
"""An object of scalars and of objects of scalars."""
SHAPES_OF_A_BLOCK = 64
"""As many are tried; lines of other shapes are for the scalar reader."""


@dataclass(frozen=True)
class Tokens:
    """Where the structural characters of lines are. Line n has those from `first[n]` to `first[n + 1]`."""

    data: pa.Buffer
    bytes: Bytes
    positions: Whole
    quotes: Whole
    """How many quotation marks stand before each of them."""
    first: Whole
    plain: Mask
    """Lines that begin with { and end with }, with nothing in them that this module does not read."""

    @property
    def count(self) -> int:
        return len(self.plain)


@dataclass(frozen=True)
class Slot:
    """A key and what is the value's: the pieces between structural character n and n + 1."""

    key: str
    value: int
    spaced: bool
    nested: tuple[Slot, ...] | None = None


@dataclass(frozen=True)
class Shape:
    structure: bytes
    slots: tuple[Slot, ...]
    constant: dict[int, bytes]


@dataclass(frozen=True)
class Shaped:
    """Records of one shape, by their place in the block, and their fields."""

    rows: Whole
    fields: dict[str, Cells]


def shaped(raw: pa.Array) -> Iterator[Shaped]:
    """Yield the records whose shape is one of the block's; a record that is in none is for the scalar reader."""
    tokens = find_tokens(raw)
    sizes = np.where(tokens.plain, np.diff(tokens.first), 0)
    different, counts = np.unique(sizes, return_counts=True)
    tries = SHAPES_OF_A_BLOCK
    for size in different[np.argsort(-counts, kind="stable")]:
        rows = np.flatnonzero(sizes == size)
        while size and len(rows) and tries:
            tries -= 1
            pieces = Pieces.of(tokens, rows, int(size))
            shape = pieces.shape_of_first()
            same = pieces.like_first() if shape is None else pieces.have(shape)
            if shape is not None:
                yield Shaped(rows if same.all() else rows[same], pieces.where(same).fields(shape.slots))
            rows = rows[~same]


def find_tokens(raw: pa.Array) -> Tokens:
    offsets = offsets_of(raw).astype(np.int64)
    data, base = bytes_of(raw)[offsets[0] : offsets[-1]], offsets[0]
    offsets -= base
    plain, ends = _plain_lines(raw, data, offsets)
    letters = data | 0x20
    marked = (data == QUOTE) | (data == ord(",")) | (data == ord(":")) | (letters == ord("{")) | (letters == ord("}"))
    places = np.flatnonzero(marked)
    is_quote = data[places] == QUOTE
    quotes = np.cumsum(is_quote, dtype=np.int32)
    first = np.searchsorted(places, offsets)
    odd = np.diff(np.concatenate([[0], quotes])[first]) & 1
    if odd.any():
        # A line with an odd number of them ends inside of a string, but must not turn the next one inside out.
        quotes += np.repeat(np.cumsum(odd) - odd, np.diff(first)).astype(np.int32)
    outside = np.flatnonzero(((quotes & 1) == 0) & ~is_quote)
    positions = places[outside]
    first = np.searchsorted(outside, first)
    sizes = np.diff(first)
    plain &= sizes >= 2
    begin, end = positions[first[:-1][plain]], positions[first[1:][plain] - 1]
    plain[plain] = (begin == offsets[:-1][plain]) & (end == ends[plain] - 1)
    buffer = pa.py_buffer(data) if len(data) else pa.py_buffer(b"")
    return Tokens(buffer, data, positions, quotes[outside], first, plain)


def _plain_lines(raw: pa.Array, data: Bytes, offsets: Whole) -> tuple[Mask, Whole]:
    """Say which lines are UTF-8 without backslashes and control characters, and where lines end; a last CR is not counted."""
    plain, ends = np.diff(offsets) > 0, offsets[1:]
    odd = suspicious(data)
    if len(odd):
        last = ends[rows_at(odd, offsets)] - 1 == odd
        closing = last & (data[odd] == CARRIAGE_RETURN)
        ends = ends.copy()
        ends[rows_at(odd[closing], offsets)] -= 1
        plain[rows_at(odd[~closing], offsets)] = False
    backslashes = data == BACKSLASH
    if backslashes.any():
        plain[rows_at(np.flatnonzero(backslashes), offsets)] = False
    if len(data) and data.max() >= 0x80:
        plain &= _utf8(raw)
    return plain, ends


def _utf8(raw: pa.Array) -> Mask:
    try:
        raw.cast(pa.string())
    except pa.ArrowInvalid:
        if len(raw) == 1:
            return np.zeros(1, bool)
        half = len(raw) // 2
        return np.concatenate([_utf8(raw[:half]), _utf8(raw[half:])])
    return np.ones(len(raw), bool)


@dataclass(frozen=True)
class Pieces:
    """Lines with the same number of structural characters, a column for each character."""

    tokens: Tokens
    positions: npt.NDArray[Any]
    quotes: npt.NDArray[Any]

    @classmethod
    def of(cls, tokens: Tokens, rows: Whole, size: int) -> Pieces:
        first = tokens.first[rows]
        if first[-1] - first[0] == (len(rows) - 1) * size:
            found = slice(first[0], first[-1] + size)
            return cls(tokens, tokens.positions[found].reshape(-1, size), tokens.quotes[found].reshape(-1, size))
        places = first[:, None] + np.arange(size)
        return cls(tokens, tokens.positions[places], tokens.quotes[places])

    def where(self, mask: Mask) -> Pieces:
        return self if mask.all() else Pieces(self.tokens, self.positions[mask], self.quotes[mask])

    def shape_of_first(self) -> Shape | None:
        """Read the shape off the first line; None if its structure, or what is between, is not that of plain records."""
        places = self.positions[0]
        between = [self.tokens.bytes[start + 1 : end].tobytes() for start, end in pairwise(places)]
        try:
            return ShapeReader(self.tokens.bytes[places].tobytes(), between).shape()
        except (ValueError, IndexError):
            return None

    def like_first(self) -> Mask:
        """Say which lines are of no shape if the first has none: those of its structure, or itself alone."""
        structure = self.tokens.bytes[self.positions[0]].tobytes()
        if STRUCTURE.fullmatch(structure) is None:
            return self._have_structure(structure)
        return np.asarray(np.arange(len(self.positions)) == 0)

    def _have_structure(self, structure: bytes) -> Mask:
        same = np.ones(len(self.positions), bool)
        for place, character in enumerate(structure):
            same &= self.tokens.bytes[self.positions[:, place]] == character
        return same

    def have(self, shape: Shape) -> Mask:
        """Say which lines are of a shape. Values are not looked at."""
        data = self.tokens.bytes
        same = self._have_structure(shape.structure)
        for place, text in shape.constant.items():
            start = self.positions[:, place] + 1
            same &= self.positions[:, place + 1] - start == len(text)
            if text:
                windows = np.ndarray(max(len(data) - len(text) + 1, 0), f"S{len(text)}", data, strides=(1,))
                # What is cut short by the end of the block is of another length.
                same &= windows[np.minimum(start, len(windows) - 1)] == text
        return same

    def fields(self, slots: tuple[Slot, ...]) -> dict[str, Cells]:
        return {slot.key: self._cells(slot) for slot in slots}

    def _cells(self, slot: Slot) -> Cells:
        if slot.nested is not None:
            return ObjectCells(len(self.positions), self.fields(slot.nested))
        place = slot.value
        starts = self.positions[:, place] + 1
        if slot.spaced:
            starts = starts + (self.tokens.bytes[starts] == SPACE)
        quotes = self.quotes[:, place + 1] - self.quotes[:, place]
        return JsonCells(self.tokens.data, self.tokens.bytes, starts, self.positions[:, place + 1], quotes)


@dataclass
class ShapeReader:
    """Reads structural characters and the texts between them; raises ValueError or IndexError for what is no plain record."""

    structure: bytes
    between: list[bytes]
    constant: dict[int, bytes] = field(default_factory=dict)

    def shape(self) -> Shape:
        slots, end = self._object(0, nested=False)
        if end != len(self.structure):
            raise ValueError("more than one value")
        return Shape(self.structure, slots, self.constant)

    def _object(self, at: int, *, nested: bool) -> tuple[tuple[Slot, ...], int]:
        self._expect(at, b"{")
        if self.structure[at + 1] == ord("}"):
            self._blank(at)
            return (), at + 2
        slots: list[Slot] = []
        while True:
            slot, at = self._slot(at, nested=nested)
            slots.append(slot)
            if self.structure[at] == ord("}"):
                break
            self._expect(at, b",")
        if len({slot.key for slot in slots}) < len(slots):
            raise ValueError("a key occurs twice")
        return tuple(slots), at + 1

    def _slot(self, at: int, *, nested: bool) -> tuple[Slot, int]:
        self._expect(at + 1, b":")
        found = KEY.fullmatch(self.between[at])
        if found is None:
            raise ValueError("not a plain key")
        self.constant[at] = self.between[at]
        key, place = found[1].decode(), at + 1
        if self.structure[at + 2] == ord("{") and not nested:
            self._blank(place)
            slots, end = self._object(at + 2, nested=True)
            self._blank(end - 1, b"")
            return Slot(key, place, False, slots), end
        return Slot(key, place, self.between[place].startswith(b" ")), at + 2

    def _expect(self, at: int, character: bytes) -> None:
        if self.structure[at] != character[0]:
            raise ValueError("another structure")

    def _blank(self, place: int, *allowed: bytes) -> None:
        text = self.between[place]
        if text not in (allowed or (b"", b" ")):
            raise ValueError("text where there is none")
        self.constant[place] = text
