"""Esri's shapes, in the wrapping of the Spatial Framework for Hadoop: four bytes of a reference, one of a type, a shape."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import Any

from lake.sql.compiler.runtime import geo_text
from lake.sql.compiler.runtime.geo import encoded, invalid
from lake.sql.compiler.runtime.geo_library import shapely

HEADER, BOX = 5, 32
POINT, LINES, POLYGONS, POINTS = 1, 3, 5, 8
KINDS = ("", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")


def geometry_from_shape(value: bytes) -> bytes:
    if len(value) <= HEADER:
        raise invalid("Hadoop shape input is too short")
    kind = value[HEADER - 1]
    if kind >= len(KINDS):
        raise invalid(f"Invalid Hadoop shape type: {kind if kind < 128 else kind - 256}")
    try:
        found = _shape(value[HEADER:])
        wanted = KINDS[kind]
        if wanted and wanted != found.geom_type:
            found = _converted(found, wanted)
        return encoded(found)
    except (struct.error, ValueError, IndexError) as error:
        raise invalid("Invalid Hadoop shape") from error


def _converted(found: Any, wanted: str) -> Any:
    """Return one part for several, or several that are one."""
    if wanted == f"Multi{found.geom_type}":
        return getattr(shapely, wanted)([found])
    if found.geom_type == f"Multi{wanted}" and len(found.geoms) == 1:
        return found.geoms[0]
    raise ValueError(wanted)


def _shape(data: bytes) -> Any:
    (kind,) = struct.unpack_from("<i", data)
    if kind == POINT:
        return shapely.Point(*struct.unpack_from("<2d", data, 4))
    at = 4 + BOX
    if kind == POINTS:
        (count,) = struct.unpack_from("<i", data, at)
        return shapely.MultiPoint(_points(data, at + 4, count))
    if kind not in (LINES, POLYGONS):
        raise ValueError(kind)
    parts, count = struct.unpack_from("<2i", data, at)
    starts = [*struct.unpack_from(f"<{parts}i", data, at + 8), count]
    points = _points(data, at + 8 + 4 * parts, count)
    paths = [points[start:end] for start, end in pairwise(starts)]
    if kind == LINES:
        return shapely.MultiLineString(paths)
    return _polygons(paths)


def _points(data: bytes, at: int, count: int) -> list[geo_text.Point]:
    if count < 0:
        raise ValueError(count)
    numbers = struct.unpack_from(f"<{2 * count}d", data, at)
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _polygons(rings: list[list[geo_text.Point]]) -> Any:
    """A shell runs clockwise; the holes behind it run the other way."""
    polygons: list[list[list[geo_text.Point]]] = []
    for ring in rings:
        if geo_text.doubled_area(ring) < 0 or not polygons:
            polygons.append([ring])
        else:
            polygons[-1].append(ring)
    return shapely.MultiPolygon([geo_text.polygon(polygon) for polygon in polygons])
