"""Where the columns of a box stand, and how a text is cut to its column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

# A text may be cut to so many cells before a column is left out. Numbers, dates and the like are never cut to fit:
# half a number is a wrong one.
SHORTEST_TEXT = 10
SHORTEST_NAME = 6
GAP = "…"
BORDER = 3  # "│ " before a column and " " behind it; one more "│" ends the line


@dataclass(frozen=True)
class Column:
    """A column as measured: cells of its name and of its widest value, and how it may be treated."""

    name_width: int
    value_width: int
    right: bool
    may_cut: bool

    @property
    def natural(self) -> int:
        return max(self.name_width, self.value_width, 1)

    @property
    def least(self) -> int:
        if self.may_cut:
            return min(self.natural, SHORTEST_TEXT)
        return max(self.value_width, min(self.name_width, SHORTEST_NAME), 1)


@dataclass(frozen=True)
class Layout:
    """The places of the columns that are shown, with their widths; None stands for those left out between them."""

    places: Sequence[int | None]
    widths: Sequence[int]


def lay_out(columns: Sequence[Column], width: int | None) -> Layout:
    """Choose columns and widths so that a line has at most `width` cells.

    First texts are cut, the widest first; then columns are left out from the middle, since the first ones and the last
    are those that readers look for.
    """
    if width is None:
        return Layout(range(len(columns)), [column.natural for column in columns])
    middle = (len(columns) + 1) // 2
    left, right = list(range(middle)), list(range(middle, len(columns)))
    least = sum(column.least + BORDER for column in columns) + 1
    dropped = False
    while least > width - (1 + BORDER) * dropped and len(left) + len(right) > 1:
        gone = left.pop() if len(left) > len(right) else right.pop(0)
        least -= columns[gone].least + BORDER
        dropped = True
    places: list[int | None] = [*left, *([None] if dropped else []), *right]
    room = width - BORDER * len(places) - 1
    shown = [None if place is None else columns[place] for place in places]
    return Layout(places, _shrink([(1, 1) if c is None else (c.natural, c.least) for c in shown], room))


def _shrink(sizes: Sequence[tuple[int, int]], room: int) -> list[int]:
    """Take cells from the widest that may still give some, until all fit; one that fits nowhere is cut to the room."""
    widths = [max(1, min(natural, max(room, least))) for natural, least in sizes]
    while sum(widths) > room:
        givers = [place for place, (_, least) in enumerate(sizes) if widths[place] > least]
        if not givers:
            widest = max(range(len(widths)), key=lambda place: widths[place])
            widths[widest] = max(1, widths[widest] - (sum(widths) - room))
            break
        widths[max(givers, key=lambda place: widths[place])] -= 1
    return widths


def fit(text: str, width: int, *, right: bool) -> str:
    """Pad a text to the width, or cut it there and say so by `…`."""
    cells = cell_len(text)
    if cells > width:
        return GAP if width == 1 else set_cell_size(text, width - 1) + GAP
    padding = " " * (width - cells)
    return padding + text if right else text + padding
