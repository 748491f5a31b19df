"""Distances, lengths and areas on the Earth's surface, and its geometries in GeoJSON."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from math import atan2, cos, pi, radians, sin, tan
from typing import Any

from lake.sql.compiler.runtime import geo_text
from lake.sql.compiler.runtime.geo import LINES, NAMES, clockwise, decoded, encoded, invalid, oriented
from lake.sql.compiler.runtime.geo_library import shapely

RADIUS_KM = 6371.01
TURN = 2 * pi
CRS = '"crs":{"type":"name","properties":{"name":"EPSG:0"}}'
PLAIN_FROM, PLAIN_BELOW = 1e-3, 1e7
HUNDRED_MILLIONTH = Decimal("1e-8")


def _check(latitude: float, longitude: float) -> None:
    if not -90 <= latitude <= 90:
        raise invalid("Latitude must be between -90 and 90")
    if not -180 <= longitude <= 180:
        raise invalid("Longitude must be between -180 and 180")


def great_circle_distance(latitude: float, longitude: float, latitude2: float, longitude2: float) -> float:
    """Return kilometres."""
    _check(latitude, longitude)
    _check(latitude2, longitude2)
    one, other, across = radians(latitude), radians(latitude2), radians(longitude) - radians(longitude2)
    east = cos(other) * sin(across)
    north = cos(one) * sin(other) - sin(one) * cos(other) * cos(across)
    ahead = sin(one) * sin(other) + cos(one) * cos(other) * cos(across)
    return atan2(math.sqrt(east * east + north * north), ahead) * RADIUS_KM


def to_spherical_geography(value: bytes) -> bytes:
    geometry = decoded(value)
    if not geometry.is_empty:
        west, south, east, north = geometry.bounds
        _check(south, west)
        _check(north, east)
    return value


def _only(function: str, value: bytes, *kinds: str) -> Any:
    geometry = decoded(value)
    if geometry.geom_type not in kinds:
        wanted = " or ".join(NAMES[kind] for kind in kinds)
        given = NAMES[geometry.geom_type]
        raise invalid(
            f"When applied to SphericalGeography inputs, {function} only supports {wanted}. Input type is: {given}"
        )
    return geometry


def sphere_distance(left: bytes, right: bytes) -> float | None:
    if decoded(left).is_empty or decoded(right).is_empty:
        return None
    one, other = _only("ST_Distance", left, "Point"), _only("ST_Distance", right, "Point")
    return great_circle_distance(one.y, one.x, other.y, other.x) * 1000


def sphere_length(value: bytes) -> float | None:
    if decoded(value).is_empty:
        return None
    geometry = _only("ST_Length", value, *LINES)
    steps = (step for line in getattr(geometry, "geoms", [geometry]) for step in pairwise(line.coords))
    return sum(great_circle_distance(ay, ax, by, bx) for (ax, ay), (bx, by) in steps) * 1000


def sphere_area(value: bytes) -> float | None:
    if decoded(value).is_empty:
        return None
    geometry = _only("ST_Area", value, "Polygon", "MultiPolygon")
    total = 0.0
    for polygon in getattr(geometry, "geoms", [geometry]):
        turned = clockwise(polygon)
        shell, *holes = (abs(_excess(list(ring.coords)[:-1])) for ring in (turned.exterior, *turned.interiors))
        total += shell - sum(holes)
    return abs(total * (RADIUS_KM * 1000) ** 2)


def _excess(ring: Sequence[geo_text.Point]) -> float:
    """Return the solid angle within a ring. One around a pole turns by nothing instead of by a whole turn."""
    if len(set(ring)) < 3:
        raise invalid("Polygon is not valid: a loop contains less then 3 vertices.")
    total = turned = 0.0
    bearings = []
    for (ax, ay), (bx, by) in pairwise([ring[-1], *ring]):
        if (ax, ay) == (bx, by):
            raise invalid("Polygon is not valid: it has two identical consecutive vertices")
        across, one, other = radians(bx) - radians(ax), radians(ay), radians(by)
        half, half2 = tan(one / 2), tan(other / 2)
        total += 2 * atan2(tan(across / 2) * (half + half2), 1 + half * half2)
        start = atan2(sin(across) * cos(other), cos(one) * sin(other) - sin(one) * cos(other) * cos(across)) % TURN
        end = atan2(-sin(across) * cos(one), sin(one) * cos(other) - cos(one) * sin(other) * cos(across))
        bearings.append((start, (end + pi) % TURN))
    for (start, end), (following, _) in pairwise([*bearings, bearings[0]]):
        turned += _turn(start, end) + _turn(end, following)
    return abs(total) - TURN if abs(turned) < pi / 4 else total


def _turn(before: float, after: float) -> float:
    return (after - before + 3 * pi) % TURN - pi


def to_geojson(value: bytes) -> str:
    geometry = decoded(value)
    if geometry.is_empty and geometry.geom_type in ("Point", "LineString"):
        return f'{{"type":"{geometry.geom_type}","coordinates":[]}}'
    return f"{{{_members(clockwise(geometry))},{CRS}}}"


def _members(geometry: Any) -> str:
    kind = geometry.geom_type
    if kind == "GeometryCollection":
        parts = ",".join(f"{{{_members(each)}}}" for each in geometry.geoms)
        return f'"type":"{kind}","geometries":[{parts}]'
    return f'"type":"{kind}","coordinates":{_coordinates(geometry)}'


def _coordinates(geometry: Any) -> str:
    if geometry.geom_type == "Point":
        return _listed(geometry)[1:-1]
    if geometry.geom_type == "Polygon":
        rings = [] if geometry.is_empty else [geometry.exterior, *geometry.interiors]
        return f"[{','.join(map(_listed, rings))}]"
    if hasattr(geometry, "geoms"):
        return f"[{','.join(map(_coordinates, geometry.geoms))}]"
    return _listed(geometry)


def _listed(path: Any) -> str:
    return f"[{','.join(f'[{_number(x)},{_number(y)}]' for x, y in geo_text.coordinates(path))}]"


def _number(value: float) -> str:
    if abs(value) >= PLAIN_FROM and value < PLAIN_BELOW:
        text = f"{Decimal(value).quantize(HUNDRED_MILLIONTH, ROUND_HALF_EVEN):f}"
        return text.rstrip("0").rstrip(".")
    if value == 0:
        return str(value)
    mantissa, _, exponent = f"{Decimal(repr(value)).normalize():e}".partition("e")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}E{int(exponent)}"


def from_geojson(text: str) -> bytes:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise invalid(f"Invalid GeoJSON: {error}") from error
    return encoded(oriented(_geometry(found)))


def _geometry(node: Any) -> Any:
    kind = node.get("type") if isinstance(node, dict) else None
    if kind is None:
        raise invalid("Invalid GeoJSON: Could not parse Geometry from Json string.  No 'type' property found.")
    if kind not in NAMES:
        raise invalid(f"Invalid GeoJSON: Could not parse Geometry from GeoJson string.  Unsupported 'type':{kind}")
    try:
        if kind == "GeometryCollection":
            return shapely.GeometryCollection([_geometry(each) for each in node["geometries"]])
        return _made(kind, node["coordinates"])
    except (KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
        raise invalid(f"Invalid GeoJSON: Could not parse {kind} from GeoJson string.") from error


def _made(kind: str, places: list[Any]) -> Any:
    if not places:
        return shapely.from_wkt(f"{kind.upper()} EMPTY")
    if kind == "Polygon":
        return geo_text.polygon([_pairs(ring) for ring in places])
    if kind == "MultiPolygon":
        return shapely.MultiPolygon([geo_text.polygon([_pairs(ring) for ring in polygon]) for polygon in places])
    if kind == "MultiLineString":
        return shapely.MultiLineString([_pairs(line) for line in places])
    return getattr(shapely, kind)(_pairs([places])[0] if kind == "Point" else _pairs(places))


def _pairs(places: list[Any]) -> list[geo_text.Point]:
    return [(float(place[0]), float(place[1])) for place in places]
