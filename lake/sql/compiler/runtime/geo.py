"""Geometries: made, taken apart and measured (trino.io/docs/422/functions/geospatial.html).

They travel as WKB, with shells counterclockwise and holes clockwise, which is how Trino writes them.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from lake.sql.compiler.runtime import geo_text
from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.geo_library import shapely

NAMES = {
    "Point": "POINT",
    "LineString": "LINE_STRING",
    "Polygon": "POLYGON",
    "MultiPoint": "MULTI_POINT",
    "MultiLineString": "MULTI_LINE_STRING",
    "MultiPolygon": "MULTI_POLYGON",
    "GeometryCollection": "GEOMETRY_COLLECTION",
}
POINT = b"\x01" + struct.pack("<I", 1)
LINE = b"\x01" + struct.pack("<I", 2)
POLYGON = b"\x01" + struct.pack("<2I", 3, 1)
"""How the bytes of one begin, a polygon's of one ring."""
HEADS = {"Point": POINT, "LineString": LINE, "LinearRing": LINE, "Polygon": POLYGON}
POINT_TEXT = re.compile(rf"\s*POINT\s*\(\s*({geo_text.NUMBER})\s+({geo_text.NUMBER})\s*\)\s*", re.IGNORECASE)
DIMENSIONS = {"Point": 0, "MultiPoint": 0, "LineString": 1, "MultiLineString": 1}
LINES = ("LineString", "MultiLineString")


def invalid(message: str) -> TrinoError:
    return TrinoError("INVALID_FUNCTION_ARGUMENT", message)


@lru_cache(maxsize=8192)
def decoded(value: bytes) -> Any:
    return shapely.from_wkb(value)


def encoded(geometry: Any) -> bytes:
    """Write what has one part here: Shapely takes several times as long."""
    head = HEADS.get(geometry.geom_type)
    if head is not None and not (head == POLYGON and geometry.interiors):
        places = shapely.get_coordinates(geometry)
        if len(places):
            count = b"" if head == POINT else struct.pack("<I", len(places))
            written: bytes = head + count + places.astype("<f8", copy=False).tobytes()
            return written
    found: bytes = shapely.to_wkb(geometry, byte_order=1, output_dimension=2)
    return found


def oriented(geometry: Any) -> Any:
    """Return the geometry with its rings as they are to lie."""
    kind = geometry.geom_type
    if kind == "Polygon" and not geometry.is_empty:
        return geo_text.polygon([geo_text.coordinates(ring) for ring in (geometry.exterior, *geometry.interiors)])
    if kind in ("MultiPolygon", "GeometryCollection"):
        return type(geometry)([oriented(each) for each in geometry.geoms])
    return geometry


def only(function: str, value: bytes, *kinds: str) -> Any:
    """Return the geometry; raise TrinoError where the function takes none of its kind."""
    geometry = decoded(value)
    if geometry.geom_type not in kinds:
        wanted = " or ".join(NAMES[kind] for kind in NAMES if kind in kinds)
        raise invalid(f"{function} only applies to {wanted}. Input type is: {NAMES[geometry.geom_type]}")
    return geometry


@lru_cache(maxsize=1024)
def geometry_from_text(text: str) -> bytes:
    found = POINT_TEXT.fullmatch(text)
    if found is not None:
        return point(float(found[1]), float(found[2]))
    return encoded(geo_text.parse(text))


def _of_kind(function: str, text: str, kind: str) -> bytes:
    value = geometry_from_text(text)
    only(function, value, kind)
    return value


def line_from_text(text: str) -> bytes:
    return _of_kind("ST_LineFromText", text, "LineString")


def polygon_from_text(text: str) -> bytes:
    return _of_kind("ST_Polygon", text, "Polygon")


def geometry_from_binary(value: bytes) -> bytes:
    try:
        return encoded(oriented(shapely.from_wkb(value)))
    except shapely.errors.ShapelyError as error:
        raise invalid("Invalid WKB") from error


def geometry_text(value: bytes) -> str:
    place = _place(value)
    return geo_text.text_of(decoded(value)) if place is None else geo_text.point_text(place)


def point(x: float, y: float) -> bytes:
    return POINT + struct.pack("<2d", *((math.nan, math.nan) if math.isnan(x) or math.isnan(y) else (x, y)))


def _place(value: bytes) -> geo_text.Point | None:
    """Return where a point lies, without more ado; None for what is another geometry, or empty."""
    if not value.startswith(POINT):
        return None
    x, y = struct.unpack_from("<2d", value, len(POINT))
    return None if x != x else (x, y)


def _points_of(function: str, values: Sequence[bytes | None], *, what: str) -> list[geo_text.Point]:
    points = []
    for place, value in enumerate(values, 1):
        if value is None:
            raise invalid(f"Invalid input to {function}: null{' point' if what else ''} at index {place}")
        geometry = decoded(value)
        if geometry.geom_type != "Point":
            if what:
                raise invalid(f"{function} takes only an array of valid points, {geometry.geom_type} was passed")
            raise invalid(
                f"Invalid input to {function}: geometry is not a point: {geometry.geom_type} at index {place}"
            )
        if geometry.is_empty:
            raise invalid(f"Invalid input to {function}: empty point at index {place}")
        points.append((geometry.x, geometry.y))
    return points


def line_of_points(values: Sequence[bytes | None]) -> bytes:
    points = _points_of("ST_LineString", values, what="points")
    for place, (one, other) in enumerate(pairwise(points), 2):
        if one == other:
            raise invalid(f"Invalid input to ST_LineString: consecutive duplicate points at index {place}")
    return encoded(shapely.LineString(points * 2 if len(points) == 1 else points))


def multi_point(values: Sequence[bytes | None]) -> bytes | None:
    points = _points_of("ST_MultiPoint", values, what="")
    return encoded(shapely.MultiPoint(points)) if points else None


def area(value: bytes) -> float:
    """Every part counts, also where parts overlap."""
    geometry = decoded(value)
    return float(sum(map(_area, geometry.geoms)) if hasattr(geometry, "geoms") else _area(geometry))


def _area(geometry: Any) -> float:
    return float(geometry.area)


def coordinate_dimension(value: bytes) -> int:
    return 2


def dimension(value: bytes) -> int:
    return _dimension(decoded(value))


def _dimension(geometry: Any) -> int:
    if geometry.geom_type == "GeometryCollection":
        return max((_dimension(each) for each in geometry.geoms), default=0)
    return DIMENSIONS.get(geometry.geom_type, 2)


def geometry_type(value: bytes) -> str:
    kind = decoded(value).geom_type
    return "ST_GeomCollection" if kind == "GeometryCollection" else f"ST_{kind}"


def is_closed(value: bytes) -> bool:
    geometry = only("ST_IsClosed", value, *LINES)
    return all(line.is_closed for line in getattr(geometry, "geoms", [geometry]))


def is_ring(value: bytes) -> bool:
    geometry = only("ST_IsRing", value, "LineString")
    return bool(geometry.is_closed and geometry.is_simple)


def is_empty(value: bytes) -> bool:
    return bool(decoded(value).is_empty)


def is_simple(value: bytes) -> bool:
    geometry = decoded(value)
    if geometry.is_empty:
        return True
    return bool(geometry.is_valid if geometry.geom_type in ("Polygon", "MultiPolygon") else geometry.is_simple)


def length(value: bytes) -> float:
    return float(only("ST_Length", value, *LINES).length)


def _bounds(value: bytes) -> tuple[float, float, float, float] | None:
    place = _place(value)
    if place is not None:
        return (*place, *place)
    geometry = decoded(value)
    return None if geometry.is_empty else geometry.bounds


def x_of(value: bytes) -> float | None:
    place = _place(value)
    if place is not None:
        return place[0]
    geometry = only("ST_X", value, "Point")
    return None if geometry.is_empty else geometry.x


def y_of(value: bytes) -> float | None:
    place = _place(value)
    if place is not None:
        return place[1]
    geometry = only("ST_Y", value, "Point")
    return None if geometry.is_empty else geometry.y


def envelope(value: bytes) -> bytes:
    found = _bounds(value)
    if found is None:
        return encoded(shapely.Polygon())
    return box(*found)


def box(left: float, bottom: float, right: float, top: float) -> bytes:
    return encoded(shapely.Polygon([(left, bottom), (right, bottom), (right, top), (left, top)]))


def envelope_points(value: bytes) -> list[bytes] | None:
    found = _bounds(value)
    return found and [point(found[0], found[1]), point(found[2], found[3])]


def clockwise(geometry: Any) -> Any:
    """Return the geometry with its rings turned, as some functions go through them."""
    if geometry.geom_type == "Polygon" and not geometry.is_empty:
        shell, *holes = [ring.coords[::-1] for ring in (geometry.exterior, *geometry.interiors)]
        return shapely.Polygon(shell, holes)
    if geometry.geom_type in ("MultiPolygon", "GeometryCollection"):
        return type(geometry)([clockwise(each) for each in geometry.geoms])
    return geometry
