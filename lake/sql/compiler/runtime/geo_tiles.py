"""Bing tiles as geometries, and the tiles that geometries lie in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lake.sql.compiler.runtime import bing_tiles
from lake.sql.compiler.runtime.bing_tiles import MAX_LATITUDE, MAX_LONGITUDE, MAX_TILES, encoded_tile, x_at, y_at
from lake.sql.compiler.runtime.geo import box, invalid
from lake.sql.compiler.runtime.geo_library import shapely
from lake.sql.compiler.runtime.geo_relations import sound

LARGE_ZOOM = 10
MOST_COMPLEX = 25_000_000
TOO_COMPLEX = (
    "The zoom level is too high or the geometry is too complex to compute a set of covering Bing tiles. "
    "Please use a lower zoom level or convert the geometry to its bounding box using the ST_Envelope function."
)


def tile_polygon(tile: int) -> bytes:
    return box(*bing_tiles.bounds(*bing_tiles.parts(tile)))


def geometry_to_tiles(value: bytes, zoom: int) -> list[int]:
    bing_tiles.check_zoom(zoom)
    geometry = sound(value)
    if geometry.is_empty:
        return []
    west, south, east, north = geometry.bounds
    if not -MAX_LATITUDE <= south <= north <= MAX_LATITUDE:
        raise invalid("Latitude span for the geometry must be in [-85.05, 85.05] range")
    if not -MAX_LONGITUDE <= west <= east <= MAX_LONGITUDE:
        raise invalid("Longitude span for the geometry must be in [-180.00, 180.00] range")
    left, top = x_at(west, zoom), y_at(north, zoom)
    right, bottom = _lower_right(east, south, zoom)
    count = (right - left + 1) * (bottom - top + 1)
    is_whole = geometry.geom_type == "Point" or _is_rectangle(geometry)
    if is_whole and count > MAX_TILES:
        raise invalid(
            f"The number of tiles covering input rectangle exceeds the limit of 1M. Number of tiles: {count}. "
            f"Rectangle: xMin={west:.2f}, yMin={south:.2f}, xMax={east:.2f}, yMax={north:.2f}. Zoom level: {zoom}."
        )
    if is_whole:
        return [encoded_tile(x, y, zoom) for x in range(left, right + 1) for y in range(top, bottom + 1)]
    if count * shapely.get_num_coordinates(geometry) > MOST_COMPLEX:
        raise invalid(TOO_COMPLEX)
    step = max(0, zoom - LARGE_ZOOM)
    large = [
        (x, y, zoom - step)
        for x in range(left >> step, (right >> step) + 1)
        for y in range(top >> step, (bottom >> step) + 1)
    ]
    return [tile for place in large for tile in _touched(geometry, place, zoom)]


def _lower_right(east: float, south: float, zoom: int) -> tuple[int, int]:
    """A tile that the geometry only borders on is left out."""
    x, y = x_at(east, zoom), y_at(south, zoom)
    at_east, at_south = bing_tiles.corner(x, y, zoom)
    return x - (at_east == east), y - (at_south == south)


def _is_rectangle(geometry: Any) -> bool:
    return geometry.geom_type == "Polygon" and bool(shapely.equals(geometry, shapely.envelope(geometry)))


def _touched(geometry: Any, place: tuple[int, int, int], zoom: int) -> Iterator[int]:
    x, y, own = place
    square = shapely.box(*bing_tiles.bounds(x, y, own))
    if not shapely.intersects(geometry, square):
        return
    if own == zoom:
        yield encoded_tile(x, y, zoom)
    elif shapely.contains(geometry, square):
        inner = 1 << zoom - own
        for across in range(inner):
            for down in range(inner):
                yield encoded_tile(x * inner + across, y * inner + down, zoom)
    else:
        for across in range(2):
            for down in range(2):
                yield from _touched(geometry, (2 * x + across, 2 * y + down, own + 1), zoom)
