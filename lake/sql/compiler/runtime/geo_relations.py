"""How geometries lie to one another, how far apart, and whether they are well formed."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

from lake.sql.compiler.runtime import geo_text
from lake.sql.compiler.runtime.geo import LINES, clockwise, decoded, encoded, invalid
from lake.sql.compiler.runtime.geo_library import shapely

RELATION_LENGTH = 9
Segment = tuple[int, geo_text.Point, geo_text.Point]


@lru_cache(maxsize=8192)
def sound(value: bytes) -> Any:
    """Return the geometry as operations take it: where its rings overlap, inside is what an odd number of them holds."""
    geometry = decoded(value)
    if geometry.is_valid:
        found = geometry
    elif geometry.geom_type == "MultiPolygon":
        found = shapely.make_valid(
            shapely.symmetric_difference_all([shapely.make_valid(each) for each in geometry.geoms])
        )
    else:
        found = shapely.make_valid(geometry)
    shapely.prepare(found)
    return found


def relate(left: bytes, right: bytes, pattern: str) -> bool:
    if len(pattern) != RELATION_LENGTH:
        raise invalid("relation string length has to be 9 characters")
    return bool(shapely.relate_pattern(sound(left), sound(right), pattern.upper()))


def nearest_points(left: bytes, right: bytes) -> tuple[bytes, bytes] | None:
    one, other = decoded(left), decoded(right)
    if one.is_empty or other.is_empty:
        return None
    line = shapely.shortest_line(one, other)
    first, second = (encoded(shapely.Point(pair)) for pair in line.coords)
    return first, second


def is_valid(value: bytes) -> bool:
    return invalid_reason(value) is None


def invalid_reason(value: bytes) -> str | None:
    """Return why a geometry is not well formed, and where."""
    for part in _collected(decoded(value)):
        reason = _reason(part)
        if reason is not None:
            return reason
    return None


def _collected(geometry: Any) -> list[Any]:
    if geometry.geom_type != "GeometryCollection":
        return [geometry]
    return [part for each in geometry.geoms for part in _collected(each)]


def _reason(geometry: Any) -> str | None:
    if geometry.is_empty or geometry.geom_type == "Point":
        return None
    if geometry.geom_type == "MultiPoint":
        points = geo_text.coordinates(geometry)
        twice = next((point for place, point in enumerate(points) if point in points[:place]), None)
        return None if twice is None else f"Repeated points at or near {_shown(twice)} and {_shown(twice)}"
    if geometry.geom_type == "Polygon" and geometry.is_valid and not _stands_still(geometry):
        return None
    paths = _paths(geometry)
    segments = [segment for number, path in enumerate(paths) for segment in _segments(number, path)]
    for _, start, end in segments:
        if start == end:
            return f"Degenerate segments at or near {_shown(start)}"
    is_sound = geometry.is_simple if geometry.geom_type in LINES else geometry.is_valid
    if is_sound:
        return None
    for one, other in combinations(segments, 2):
        if _is_crack(one, other):
            places = f"{_shown(one[1])} and {_shown(other[1])}"
            return f"Intersecting or overlapping segments at or near {places}"
    return "RingOrientation" if "Hole" in shapely.is_valid_reason(geometry) else "Self-tangency"


def _stands_still(polygon: Any) -> bool:
    """Say whether a point comes twice in a row."""
    rings = (geo_text.coordinates(ring) for ring in (polygon.exterior, *polygon.interiors))
    return any(one == other for ring in rings for one, other in pairwise(ring))


def _paths(geometry: Any) -> list[list[geo_text.Point]]:
    if geometry.geom_type == "Polygon":
        turned = clockwise(geometry)
        return [geo_text.coordinates(ring) for ring in (turned.exterior, *turned.interiors)]
    if hasattr(geometry, "geoms"):
        return [path for each in geometry.geoms for path in _paths(each)]
    return [geo_text.coordinates(geometry)]


def _segments(number: int, path: list[geo_text.Point]) -> list[Segment]:
    return [(number, start, end) for start, end in pairwise(path)]


def _is_crack(one: Segment, other: Segment) -> bool:
    """Segments may share an end, and nothing more."""
    met = shapely.intersection(shapely.LineString(one[1:]), shapely.LineString(other[1:]))
    if met.is_empty:
        return False
    if met.geom_type != "Point":
        return True
    place = (met.x, met.y)
    return not (place in one[1:] and place in other[1:])


def _shown(point: geo_text.Point) -> str:
    return f"({point[0]} {point[1]})"
