"""The parts of geometries: rings, points, and what several are made of."""

from __future__ import annotations

from typing import Any

from lake.sql.compiler.runtime import geo_text
from lake.sql.compiler.runtime.geo import clockwise, decoded, encoded, only, point
from lake.sql.compiler.runtime.geo_library import shapely


def exterior_ring(value: bytes) -> bytes | None:
    geometry = only("ST_ExteriorRing", value, "Polygon")
    return None if geometry.is_empty else encoded(shapely.LineString(geometry.exterior))


def interior_rings(value: bytes) -> list[bytes] | None:
    geometry = only("ST_InteriorRings", value, "Polygon")
    return None if geometry.is_empty else [encoded(shapely.LineString(ring)) for ring in geometry.interiors]


def interior_ring(value: bytes, place: int) -> bytes | None:
    rings = only("ST_InteriorRingN", value, "Polygon").interiors
    return encoded(shapely.LineString(rings[place - 1])) if 1 <= place <= len(rings) else None


def count_interior_rings(value: bytes) -> int | None:
    geometry = only("ST_NumInteriorRing", value, "Polygon")
    return None if geometry.is_empty else len(geometry.interiors)


def _parts(geometry: Any) -> list[Any]:
    return list(geometry.geoms) if hasattr(geometry, "geoms") else [geometry]


def count_geometries(value: bytes) -> int:
    geometry = decoded(value)
    return 0 if geometry.is_empty else len(_parts(geometry))


def geometries(value: bytes) -> list[bytes] | None:
    geometry = decoded(value)
    return None if geometry.is_empty else [encoded(each) for each in _parts(geometry)]


def geometry_at(value: bytes, place: int) -> bytes | None:
    found = geometries(value) or []
    return found[place - 1] if 1 <= place <= len(found) else None


def count_points(value: bytes) -> int:
    """The point that closes a ring is not counted again."""
    return _count_points(decoded(value))


def _count_points(geometry: Any) -> int:
    if geometry.geom_type == "Polygon":
        return sum(len(ring.coords) - 1 for ring in (geometry.exterior, *geometry.interiors) if not ring.is_empty)
    if hasattr(geometry, "geoms"):
        return sum(map(_count_points, geometry.geoms))
    return len(geometry.coords)


def point_at(value: bytes, place: int) -> bytes | None:
    points = only("ST_PointN", value, "LineString").coords
    return point(*points[place - 1]) if 1 <= place <= len(points) else None


def start_point(value: bytes) -> bytes | None:
    geometry = only("ST_StartPoint", value, "LineString")
    return None if geometry.is_empty else point(*geometry.coords[0])


def end_point(value: bytes) -> bytes | None:
    geometry = only("ST_EndPoint", value, "LineString")
    return None if geometry.is_empty else point(*geometry.coords[-1])


def points(value: bytes) -> list[bytes] | None:
    geometry = decoded(value)
    return None if geometry.is_empty else [point(x, y) for x, y in geo_text.coordinates(clockwise(geometry))]
