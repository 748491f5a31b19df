"""Geometries made of geometries: unions and intersections, hulls, buffers, centroids; their points in the order of Trino's."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from lake.sql.compiler.runtime import geo_text
from lake.sql.compiler.runtime.geo import LINES, clockwise, decoded, encoded, invalid, only, oriented
from lake.sql.compiler.runtime.geo_library import shapely
from lake.sql.compiler.runtime.geo_relations import sound

QUARTER_SEGMENTS = 24
EMPTY_DIFFERENCES = {0: "POINT EMPTY", 1: "MULTILINESTRING EMPTY", 2: "MULTIPOLYGON EMPTY"}
NEAR = 1e-9


def union(left: bytes, right: bytes) -> bytes:
    found = union_of([left, right])
    assert found is not None
    return found


def union_of(values: Sequence[bytes | None]) -> bytes | None:
    """Unite points, lines and polygons; a line or a point that lies within what has more dimensions is left out."""
    known = [decoded(value) for value in values if value is not None]
    if not known:
        return None
    # Where polygons of one geometry overlap, they are united too.
    parts = [part if part.is_valid else shapely.make_valid(part) for each in known for part in _collected(each)]
    return encoded(_arranged(shapely.union_all(parts), parts))


def intersection(left: bytes, right: bytes) -> bytes:
    values = left, right
    parts = [sound(value) for value in values]
    found = shapely.intersection(*parts)
    return encoded(
        shapely.from_wkt("MULTIPOLYGON EMPTY") if found.is_empty else _arranged(found, parts, _multi_point(values))
    )


def difference(left: bytes, right: bytes) -> bytes:
    """What lies apart, or has more dimensions than what is taken off, stays as it is."""
    parts = [sound(left), sound(right)]
    more, less = map(shapely.get_dimensions, parts)
    if more > less or not shapely.intersects(*map(shapely.envelope, parts)):
        return left
    return encoded(_of_dimension(shapely.difference(*parts), parts, _multi_point([left])))


def _multi_point(values: Sequence[bytes]) -> Any:
    return next((each for each in map(decoded, values) if each.geom_type == "MultiPoint"), None)


def symmetric_difference(left: bytes, right: bytes) -> bytes:
    """Of two dimensions, what has the greater one is left whole and alone."""
    parts = [sound(left), sound(right)]
    one, other = (shapely.get_dimensions(part) for part in parts)
    if one != other:
        return left if one > other else right
    points = shapely.MultiPoint([point for part in parts for point in _simple(part, "Point")])
    return encoded(_of_dimension(shapely.symmetric_difference(*parts), parts, points))


def _of_dimension(found: Any, parts: Sequence[Any], order: Any = None) -> Any:
    if found.is_empty:
        return shapely.from_wkt(EMPTY_DIFFERENCES[max(0, int(shapely.get_dimensions(parts[0])))])
    return _arranged(found, parts, order)


def _arranged(found: Any, parts: Sequence[Any], order: Any = None) -> Any:
    """Return the result from the bottom up: each ring begins at its lowest point, each line runs as it did before.

    Points of a multi-point stay in its order, where it is given.
    """
    lines = _simple(found, "LineString")
    points = [point for point in _simple(found, "Point") if not point.is_empty]
    polygons = sorted(
        map(_from_lowest, _simple(found, "Polygon")), key=lambda polygon: polygon.exterior.coords[0][::-1]
    )
    merged = shapely.line_merge(shapely.MultiLineString(lines)) if len(lines) > 1 else None
    lines = _simple(merged, "LineString") if merged is not None else lines
    before = [pair for part in parts for path in _simple(part, "LineString") for pair in pairwise(path.coords)]
    lines = sorted((_along(line, before) for line in lines), key=_place_of_line)
    points = sorted(points, key=_place_of_point(order))
    kinds = [
        _together(points, shapely.MultiPoint),
        _together(lines, shapely.MultiLineString),
        _together(polygons, shapely.MultiPolygon),
    ]
    present = [kind for kind in kinds if kind is not None]
    if len(present) > 1:
        return shapely.GeometryCollection(present)
    return present[0] if present else found


def _place_of_point(order: Any) -> Callable[[Any], tuple[float, float]]:
    places = {point: place for place, point in enumerate(geo_text.coordinates(order))} if order is not None else {}

    def place(point: Any) -> tuple[float, float]:
        at = places.get((point.x, point.y))
        return (point.y, point.x) if at is None else (at, 0.0)

    return place


def _simple(geometry: Any, kind: str) -> list[Any]:
    if hasattr(geometry, "geoms"):
        return [part for each in geometry.geoms for part in _simple(each, kind)]
    return [geometry] if geometry.geom_type == kind and not geometry.is_empty else []


def _collected(geometry: Any) -> list[Any]:
    return [part for each in geometry.geoms for part in _collected(each)] if hasattr(geometry, "geoms") else [geometry]


def _together(parts: list[Any], several: Any) -> Any:
    if len(parts) > 1:
        return several(parts)
    return parts[0] if parts else None


def _from_lowest(polygon: Any) -> Any:
    rings = [geo_text.coordinates(ring)[:-1] for ring in (polygon.exterior, *polygon.interiors)]
    shell, *holes = (_rotated(ring, min(ring, key=lambda point: point[::-1])) for ring in rings)
    return geo_text.polygon([shell, *sorted(holes, key=lambda hole: hole[0][::-1])])


def _rotated(ring: list[geo_text.Point], first: geo_text.Point) -> list[geo_text.Point]:
    at = ring.index(first)
    return ring[at:] + ring[:at]


def _along(line: Any, before: Sequence[tuple[Any, Any]]) -> Any:
    (ax, ay), (bx, by) = line.coords[0][:2], line.coords[1][:2]
    for (px, py), (qx, qy) in before:
        length = math.hypot(qx - px, qy - py) or 1.0
        is_on = all(abs((qx - px) * (y - py) - (qy - py) * (x - px)) / length < NEAR for x, y in ((ax, ay), (bx, by)))
        if is_on:
            return line if (qx - px) * (bx - ax) + (qy - py) * (by - ay) >= 0 else line.reverse()
    return line


def _place_of_line(line: Any) -> tuple[float, float, float]:
    ends = sorted((point[:2] for point in line.coords), key=lambda point: point[::-1])
    (x, y), (_, *_) = ends[0], ends[-1]
    return y, x, math.atan2(ends[-1][1] - y, ends[-1][0] - x)


def boundary(value: bytes) -> bytes:
    geometry = decoded(value)
    kind = geometry.geom_type
    if kind == "GeometryCollection":
        raise invalid("ST_Boundary does not apply to a GeometryCollection")
    if kind in ("Point", "MultiPoint"):
        return encoded(shapely.from_wkt("MULTIPOINT EMPTY"))
    if kind in LINES:
        return encoded(_line_ends(geometry))
    rings = [ring for polygon in _simple(geometry, "Polygon") for ring in (polygon.exterior, *polygon.interiors)]
    return encoded(shapely.MultiLineString([shapely.LineString(ring) for ring in rings]))


def _line_ends(geometry: Any) -> Any:
    """Those at which an odd number of lines ends."""
    ends = [line.coords[place] for line in _simple(geometry, "LineString") for place in (0, -1)]
    return shapely.MultiPoint(
        [end for place, end in enumerate(ends) if ends.count(end) % 2 and end not in ends[:place]]
    )


def buffer(value: bytes, distance: float) -> bytes | None:
    if math.isnan(distance):
        raise invalid("distance is NaN")
    if distance < 0:
        raise invalid("distance is negative")
    if distance == 0:
        return value
    geometry = sound(value)
    return (
        None if geometry.is_empty else encoded(oriented(shapely.buffer(geometry, distance, quad_segs=QUARTER_SEGMENTS)))
    )


def centroid(value: bytes) -> bytes:
    geometry = only("ST_Centroid", value, "Point", "MultiPoint", *LINES, "Polygon", "MultiPolygon")
    if geometry.geom_type == "Point":
        return value
    if geometry.is_empty:
        return encoded(shapely.Point())
    return encoded(shapely.Point(_center(geometry)))


def _center(geometry: Any) -> geo_text.Point:
    if geometry.geom_type == "MultiPoint":
        return _mean([(x, y, 1.0) for x, y in geo_text.coordinates(geometry)])
    if geometry.geom_type in LINES:
        steps = [step for line in _simple(geometry, "LineString") for step in pairwise(line.coords)]
        return _mean([((ax + bx) / 2, (ay + by) / 2, math.dist((ax, ay), (bx, by))) for (ax, ay), (bx, by) in steps])
    turned = [clockwise(polygon) for polygon in _simple(geometry, "Polygon")]
    rings = [ring for polygon in turned for ring in (polygon.exterior, *polygon.interiors)]
    x, y = rings[0].coords[0]
    moved = [(ax - x, ay - y, bx - x, by - y) for ring in rings for (ax, ay), (bx, by) in pairwise(ring.coords)]
    across, up = _mean([(ax + bx, ay + by, ax * by - bx * ay) for ax, ay, bx, by in moved], parts=3)
    return x + across, y + up


def _mean(weighted: Sequence[tuple[float, float, float]], parts: int = 1) -> geo_text.Point:
    total = parts * sum(weight for _, _, weight in weighted)
    x, y = (sum(each[axis] * each[2] for each in weighted) for axis in (0, 1))
    return (x / total, y / total) if total else weighted[0][:2]


def convex_hull(value: bytes) -> bytes:
    geometry = decoded(value)
    if geometry.is_empty or geometry.geom_type == "Point":
        return value
    return encoded(_hull(geometry))


def convex_hull_of(values: Sequence[bytes | None]) -> bytes | None:
    known = [decoded(value) for value in values if value is not None]
    return encoded(_hull(shapely.GeometryCollection(known))) if known else None


def _hull(geometry: Any) -> Any:
    """A polygon's first point is the first that was given."""
    hull = shapely.convex_hull(geometry)
    given = geo_text.coordinates(clockwise(geometry))
    if hull.geom_type == "LineString":
        first, last = geo_text.coordinates(hull)[0], geo_text.coordinates(hull)[-1]
        return hull if given.index(first) <= given.index(last) else hull.reverse()
    if hull.geom_type != "Polygon" or hull.is_empty:
        return hull
    ring = geo_text.coordinates(hull.exterior)[:-1]
    first = next(point for point in given if point in ring)
    return geo_text.polygon([_rotated(ring, first)])


def simplify(value: bytes, tolerance: float) -> bytes:
    if math.isnan(tolerance):
        raise invalid("distanceTolerance is NaN")
    if tolerance < 0:
        raise invalid("distanceTolerance is negative")
    if tolerance == 0:
        return value
    return encoded(oriented(shapely.simplify(clockwise(decoded(value)), tolerance, preserve_topology=True)))
