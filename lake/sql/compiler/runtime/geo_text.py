"""Geometries as Well-Known Text, as Trino reads and writes it: rings need not be closed, shells are written counterclockwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.geo_library import shapely

Point = tuple[float, float]
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
TOKEN = re.compile(rf"\s*(?:([A-Za-z]+)|({NUMBER})|([(),]))")
DIGITS = 17
FIXED_FROM, FIXED_BELOW = 1e-4, 1e17
RING_LENGTH = 4


class _Malformed(ValueError):
    pass


def parse(text: str) -> Any:
    """Return the geometry; raise TrinoError for what is no text of one."""
    try:
        return _Reader(text).geometry()
    except (_Malformed, ValueError) as error:
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", f"Invalid WKT: {text}") from error


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def geometry(self) -> Any:
        word = self._word()
        reader = getattr(self, f"_{word}", None) if word in KINDS else None
        if reader is None:
            raise _Malformed
        if self._accept_word("empty"):
            return shapely.from_wkt(f"{word.upper()} EMPTY")
        return reader()

    def _next(self) -> re.Match[str]:
        found = TOKEN.match(self._text, self._at)
        if found is None:
            raise _Malformed
        return found

    def _word(self) -> str:
        found = self._next()
        self._at = found.end()
        return (found[1] or "").lower()

    def _accept_word(self, word: str) -> bool:
        found = self._next()
        if (found[1] or "").lower() != word:
            return False
        self._at = found.end()
        return True

    def _accept(self, sign: str) -> bool:
        found = self._next()
        if found[3] != sign:
            return False
        self._at = found.end()
        return True

    def _expect(self, sign: str) -> None:
        if not self._accept(sign):
            raise _Malformed

    def _number(self) -> float:
        if self._accept_word("nan"):
            return float("nan")
        found = self._next()
        if found[2] is None:
            raise _Malformed
        self._at = found.end()
        return float(found[2])

    def _pair(self) -> Point:
        return self._number(), self._number()

    def _listed(self, item: Callable[[], Any]) -> list[Any]:
        """Read items in parentheses; those that are EMPTY are left out."""
        self._expect("(")
        items = []
        while True:
            if not self._accept_word("empty"):
                items.append(item())
            if not self._accept(","):
                break
        self._expect(")")
        return items

    def _points(self) -> list[Point]:
        return self._listed(self._pair)

    def _rings(self) -> list[list[Point]]:
        return self._listed(self._points)

    def _point(self) -> Any:
        (x, y), *rest = self._points()
        if rest:
            raise _Malformed
        return shapely.Point() if x != x or y != y else shapely.Point(x, y)

    def _linestring(self) -> Any:
        return shapely.LineString(_line(self._points()))

    def _polygon(self) -> Any:
        return polygon(self._rings())

    def _multipoint(self) -> Any:
        def item() -> Point:
            if self._accept("("):
                pair = self._pair()
                self._expect(")")
                return pair
            return self._pair()

        return shapely.MultiPoint(self._listed(item))

    def _multilinestring(self) -> Any:
        return shapely.MultiLineString([_line(points) for points in self._rings()])

    def _multipolygon(self) -> Any:
        return shapely.MultiPolygon([polygon(rings) for rings in self._listed(self._rings)])

    def _geometrycollection(self) -> Any:
        return shapely.GeometryCollection(self._listed(self.geometry))


KINDS = frozenset("point linestring polygon multipoint multilinestring multipolygon geometrycollection".split())


def _line(points: list[Point]) -> list[Point]:
    return points * 2 if len(points) == 1 else points


def polygon(rings: Sequence[Sequence[Point]]) -> Any:
    """Return the polygon of a shell and its holes, closed, the shell counterclockwise and the holes clockwise."""
    closed = [_closed(list(ring)) for ring in rings]
    if not closed:
        return shapely.Polygon()
    shell, *holes = closed
    return shapely.Polygon(turned(shell, left=True), [turned(hole, left=False) for hole in holes])


def _closed(ring: list[Point]) -> list[Point]:
    if ring and ring[0] != ring[-1]:
        ring = [*ring, ring[0]]
    # What has fewer points than a triangle has no area, but a place.
    while ring and len(ring) < RING_LENGTH:
        ring.append(ring[0])
    return ring


def turned(ring: Sequence[Point], *, left: bool) -> Sequence[Point]:
    """Return the ring from the same point, with its inside to the left or to the right."""
    area = doubled_area(ring)
    return ring[::-1] if (area < 0 if left else area > 0) else ring


def doubled_area(ring: Sequence[Point]) -> float:
    x, y = ring[0]
    return sum((ax - x) * (by - y) - (bx - x) * (ay - y) for (ax, ay), (bx, by) in pairwise(ring))


def coordinates(part: Any) -> list[Point]:
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(part).tolist()]


def text_of(geometry: Any) -> str:
    name = geometry.geom_type.upper()
    if geometry.is_empty and (name != "GEOMETRYCOLLECTION" or not len(geometry.geoms)):
        return f"{name} EMPTY"
    return f"{name} {_body(geometry)}"


def point_text(place: Point) -> str:
    return f"POINT {_written([place])}"


def _body(geometry: Any) -> str:
    kind = geometry.geom_type
    if kind in ("Point", "LineString"):
        return _written(coordinates(geometry))
    if kind == "Polygon":
        rings = [geometry.exterior, *geometry.interiors]
        return f"({', '.join(_written(coordinates(ring)) for ring in rings)})"
    part = text_of if kind == "GeometryCollection" else _body
    return f"({', '.join(part(each) for each in geometry.geoms)})"


def _written(points: list[Point]) -> str:
    return f"({', '.join(f'{number(x)} {number(y)}' for x, y in points)})"


def number(value: float) -> str:
    """Write a coordinate: as many digits as it needs, or all of them with an exponent."""
    if value == 0:
        return "-0" if str(value).startswith("-") else "0"
    digits = Decimal(repr(value))
    if FIXED_FROM <= abs(value) < FIXED_BELOW:
        text = f"{digits:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, _, exponent = f"{digits:.{DIGITS - 1}e}".partition("e")
    return f"{mantissa}e{exponent[0]}{exponent[1:]:0>2}"
