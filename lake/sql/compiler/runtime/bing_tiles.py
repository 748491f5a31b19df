"""Bing tiles: squares of a map of the world, halved with each level of zoom (learn.microsoft.com/bingmaps/articles/bing-maps-tile-system).

A tile is a number: 23 bits of x, 23 of y, 5 of the zoom.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import asin, atan, atan2, cos, degrees, exp, log, pi, radians, sin

from lake.sql.compiler.runtime.geo import invalid
from lake.sql.compiler.runtime.geo_sphere import RADIUS_KM, great_circle_distance

MAX_ZOOM = 23
MAX_LATITUDE, MAX_LONGITUDE = 85.05112878, 180.0
PIXELS = 256
MAX_RADIUS_KM, MAX_TILES = 1000, 1_000_000
Bounds = tuple[float, float, float, float]


def encoded_tile(x: int, y: int, zoom: int) -> int:
    return (x << 28) + (y << 5) + zoom


def parts(tile: int) -> tuple[int, int, int]:
    return tile >> 28, tile % (1 << 28) >> 5, tile % 32


def check_zoom(zoom: int) -> None:
    if zoom <= 0:
        raise invalid("Zoom level must be > 0")
    if zoom > MAX_ZOOM:
        raise invalid(f"Zoom level must be <= {MAX_ZOOM}")


def _check(latitude: float, longitude: float) -> None:
    if not -MAX_LATITUDE <= latitude <= MAX_LATITUDE:
        raise invalid(f"Latitude must be between -{MAX_LATITUDE} and {MAX_LATITUDE}")
    if not -MAX_LONGITUDE <= longitude <= MAX_LONGITUDE:
        raise invalid(f"Longitude must be between -{MAX_LONGITUDE} and {MAX_LONGITUDE}")


def tile_of_coordinates(x: int, y: int, zoom: int) -> int:
    check_zoom(zoom)
    for place in (x, y):
        if not 0 <= place < 1 << zoom:
            raise invalid(f"XY coordinates for a Bing tile at zoom level {zoom} must be within [0, {1 << zoom}) range")
    return encoded_tile(x, y, zoom)


def tile_of_quadkey(quadkey: str) -> int:
    if not quadkey:
        raise invalid("QuadKey must not be empty string")
    if len(quadkey) > MAX_ZOOM:
        raise invalid(f"QuadKey must be {MAX_ZOOM} characters or less")
    if set(quadkey) - set("0123"):
        raise invalid(f"Invalid QuadKey digit sequence: {quadkey}")
    x = int("".join(str(int(digit) & 1) for digit in quadkey), 2)
    y = int("".join(str(int(digit) >> 1) for digit in quadkey), 2)
    return encoded_tile(x, y, len(quadkey))


def quadkey_of_tile(tile: int) -> str:
    x, y, zoom = parts(tile)
    return "".join(str((x >> bit & 1) + 2 * (y >> bit & 1)) for bit in reversed(range(zoom)))


def tile_text(tile: int) -> str:
    x, y, zoom = parts(tile)
    return f"BingTile{{x={x}, y={y}, zoom_level={zoom}}}"


def tile_coordinates(tile: int) -> tuple[int, int]:
    x, y, _ = parts(tile)
    return x, y


def zoom_of_tile(tile: int) -> int:
    return parts(tile)[2]


def _index(share: float, zoom: int) -> int:
    size = PIXELS << zoom
    return int(min(max(share * size, 0.0), size - 1.0)) // PIXELS


def x_at(longitude: float, zoom: int) -> int:
    return _index((longitude + 180) / 360, zoom)


def y_at(latitude: float, zoom: int) -> int:
    height = sin(latitude * pi / 180)
    return _index(0.5 - log((1 + height) / (1 - height)) / (4 * pi), zoom)


def tile_at(latitude: float, longitude: float, zoom: int) -> int:
    _check(latitude, longitude)
    check_zoom(zoom)
    return encoded_tile(x_at(longitude, zoom), y_at(latitude, zoom), zoom)


def corner(x: int, y: int, zoom: int) -> tuple[float, float]:
    """Return the longitude and the latitude of a tile's upper left corner."""
    size = PIXELS << zoom
    across = min(max(x * PIXELS, 0), size) / size - 0.5
    down = 0.5 - min(max(y * PIXELS, 0), size) / size
    return 360 * across, 90 - 360 * atan(exp(-down * 2 * pi)) / pi


def bounds(x: int, y: int, zoom: int) -> Bounds:
    west, north = corner(x, y, zoom)
    east, south = corner(x + 1, y + 1, zoom)
    return west, south, east, north


def tiles_around(latitude: float, longitude: float, zoom: int) -> list[int]:
    _check(latitude, longitude)
    check_zoom(zoom)
    x, y = x_at(longitude, zoom), y_at(latitude, zoom)
    near = range(-1, 2)
    places = ((x + across, y + down) for across in near for down in near)
    return [encoded_tile(a, b, zoom) for a, b in places if 0 <= a < 1 << zoom and 0 <= b < 1 << zoom]


def tiles_within(latitude: float, longitude: float, zoom: int, radius: float) -> list[int]:
    """Return the tiles that a circle touches, its radius in kilometres."""
    _check(latitude, longitude)
    check_zoom(zoom)
    if not radius >= 0:
        raise invalid("Radius must be >= 0")
    if radius > MAX_RADIUS_KM:
        raise invalid("Radius must be <= 1,000 km")
    count = 1 << zoom
    top = y_at(_latitude_from(latitude, radius, 0), zoom)
    bottom = y_at(_latitude_from(latitude, radius, 180), zoom)
    left = x_at(_longitude_from(latitude, longitude, radius, 270), zoom)
    right = x_at(_longitude_from(latitude, longitude, radius, 90), zoom)
    width = (right - left) % count + 1
    total = width * (bottom - top + 1)
    if total > MAX_TILES:
        raise invalid(
            "The number of tiles covering input rectangle exceeds the limit of 1M. "
            f"Number of tiles: {total}. Radius: {radius:.1f} km. Zoom level: {zoom}."
        )
    x, y = x_at(longitude, zoom), y_at(latitude, zoom)
    found = [((left + step) % count, y) for step in range(width)]
    found += [(x, each) for each in range(top, bottom + 1) if each != y]
    columns = [(right - step) % count for step in range((right - x) % count)], 0
    others = [(left + step) % count for step in range((x - left) % count)], 1
    for side, edge in (columns, others):
        for column in side:
            for rows, lower in ((range(top, y), 1), (range(bottom, y, -1), 0)):
                found += _reached(column, rows, (edge, lower), zoom, (latitude, longitude, radius))
    return [encoded_tile(a, b, zoom) for a, b in found]


def _reached(
    x: int, rows: range, nearest: tuple[int, int], zoom: int, circle: tuple[float, float, float]
) -> Iterator[tuple[int, int]]:
    """Yield the tiles of a column from the first one whose nearest corner lies in the circle."""
    latitude, longitude, radius = circle
    is_within = False
    for y in rows:
        if not is_within:
            east, north = corner(x + nearest[0], y + nearest[1], zoom)
            is_within = great_circle_distance(latitude, longitude, north, east) <= radius
        if is_within:
            yield x, y


def _longitude_from(latitude: float, longitude: float, radius: float, bearing: float) -> float:
    ratio, north, way = radius / RADIUS_KM, radians(latitude), radians(bearing)
    found = degrees(
        radians(longitude) + atan2(sin(way) * sin(ratio) * cos(north), cos(ratio) - sin(north) * sin(north))
    )
    if found > MAX_LONGITUDE:
        return found - 2 * MAX_LONGITUDE
    return found + 2 * MAX_LONGITUDE if found < -MAX_LONGITUDE else found


def _latitude_from(latitude: float, radius: float, bearing: float) -> float:
    ratio, north, way = radius / RADIUS_KM, radians(latitude), radians(bearing)
    found = degrees(asin(sin(north) * cos(ratio) + cos(north) * sin(ratio) * cos(way)))
    return min(max(found, -MAX_LATITUDE), MAX_LATITUDE)
