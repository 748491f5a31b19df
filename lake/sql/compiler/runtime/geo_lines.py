"""Places on lines, and lines as polylines in text (developers.google.com/maps/documentation/utilities/polylinealgorithm)."""

from __future__ import annotations

import math
from itertools import pairwise

from lake.sql.compiler.runtime import geo_text
from lake.sql.compiler.runtime.geo import LINES, decoded, encoded, invalid, only, point
from lake.sql.compiler.runtime.geo_library import shapely

SCALE = 1e5
FIRST_LETTER, BITS = 63, 5
MORE = 1 << BITS


def locate_point(line: bytes, place: bytes) -> float | None:
    """Return where on the line the nearest point lies, from 0 to 1."""
    path, target = decoded(line), decoded(place)
    if path.is_empty or target.is_empty:
        return None
    for geometry, kinds, which, wanted in (
        (path, LINES, "First", "a LineString or a MultiLineString"),
        (target, ("Point",), "Second", "a Point"),
    ):
        if geometry.geom_type not in kinds:
            raise invalid(f"{which} argument to line_locate_point must be {wanted}. Got: {geometry.geom_type}")
    return float(shapely.line_locate_point(path, target, normalized=True))


def interpolate_point(line: bytes, fraction: float) -> bytes | None:
    found = _interpolated(line, fraction, repeated=False)
    return point(*found[0]) if found is not None else None


def interpolate_points(line: bytes, fraction: float) -> list[bytes] | None:
    found = _interpolated(line, fraction, repeated=True)
    return [point(*each) for each in found] if found is not None else None


def _interpolated(line: bytes, fraction: float, *, repeated: bool) -> list[geo_text.Point] | None:
    if decoded(line).is_empty:
        return None
    path = geo_text.coordinates(only("line_interpolate_point", line, "LineString"))
    if not 0 <= fraction <= 1:
        raise invalid("fraction must be between 0 and 1")
    if fraction in (0, 1):
        return [path[0] if fraction == 0 else path[-1]]
    count = math.floor(1 / fraction) if repeated else 1
    total = sum(math.dist(one, other) for one, other in pairwise(path))
    found: list[geo_text.Point] = []
    passed, wanted = 0.0, fraction
    for (ax, ay), (bx, by) in pairwise(path):
        share = math.dist((ax, ay), (bx, by)) / total
        while wanted < passed + share and len(found) < count:
            within = (wanted - passed) / share
            found.append((ax + (bx - ax) * within, ay + (by - ay) * within))
            wanted += fraction
        passed += share
    return found if len(found) == count else [*found, path[-1]]


def to_polyline(value: bytes) -> str:
    geometry = only("encode_polyline", value, "LineString", "MultiPoint")
    before, letters = (0, 0), []
    for x, y in geo_text.coordinates(geometry):
        here = math.floor(y * SCALE + 0.5), math.floor(x * SCALE + 0.5)
        letters += [_letters(now - then) for now, then in zip(here, before, strict=True)]
        before = here
    return "".join(letters)


def _letters(step: int) -> str:
    rest = ~(step << 1) if step < 0 else step << 1
    found = []
    while rest >= MORE:
        found.append(chr((MORE | rest & MORE - 1) + FIRST_LETTER))
        rest >>= BITS
    return "".join([*found, chr(rest + FIRST_LETTER)])


def from_polyline(text: str) -> bytes:
    steps, rest, shift = [], 0, 0
    for letter in text:
        part = ord(letter) - FIRST_LETTER
        rest |= (part & MORE - 1) << shift
        shift += BITS
        if part < MORE:
            steps.append(~(rest >> 1) if rest & 1 else rest >> 1)
            rest = shift = 0
    if shift or len(steps) % 2:
        raise invalid(f"Input is not a valid encoded polyline: {text}")
    latitude = longitude = 0
    points = []
    for down, across in zip(steps[::2], steps[1::2], strict=True):
        latitude, longitude = latitude + down, longitude + across
        points.append((longitude * 1e-5, latitude * 1e-5))
    return encoded(shapely.LineString(points * 2 if len(points) == 1 else points))
