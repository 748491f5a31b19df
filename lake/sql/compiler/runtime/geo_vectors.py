"""How geometries lie to one another, a column at a time: each geometry is decoded once, and polygons are prepared."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lake.sql.compiler.runtime.geo_library import LazyModule, shapely
from lake.sql.compiler.runtime.geo_relations import sound

if TYPE_CHECKING:
    import pyarrow as pa

np: Any = LazyModule("numpy")
arrow: Any = LazyModule("pyarrow")
ALWAYS_SOUND = 2
"""Points, lines and rings are the first kinds of Shapely's."""
Columns = tuple["pa.Array", "pa.Array"]


def _geometries(column: Any) -> Any:
    """Return an array of geometries; None for NULL."""
    whole = column.combine_chunks() if isinstance(column, arrow.ChunkedArray) else column
    encoded = whole.dictionary_encode()
    values = encoded.dictionary.to_pylist()
    decoded = np.empty(len(values) + 1, dtype=object)
    decoded[:-1] = shapely.from_wkb(np.array(values, dtype=object))
    areas = np.flatnonzero(shapely.get_type_id(decoded) > ALWAYS_SOUND)
    for place in areas[~shapely.is_valid(decoded[areas])]:
        decoded[place] = sound(values[place])
    shapely.prepare(decoded[areas])
    places: Any = encoded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)
    return decoded[places]


def _relation(name: str, *, negated: bool = False) -> Callable[[Any, Any], Any]:
    def related(left: Any, right: Any) -> Any:
        one, other = _geometries(left), _geometries(right)
        unknown = shapely.is_missing(one) | shapely.is_missing(other)
        found = getattr(shapely, name)(one, other) & ~(shapely.is_empty(one) | shapely.is_empty(other))
        return arrow.array(~found if negated else found, mask=unknown)

    related.__name__ = f"geometries_{'not_' if negated else ''}{name}"
    return related


contains = _relation("contains")
crosses = _relation("crosses")
disjoint = _relation("intersects", negated=True)
equals = _relation("equals")
intersects = _relation("intersects")
overlaps = _relation("overlaps")
touches = _relation("touches")
within = _relation("within")


def distance(left: Any, right: Any) -> Any:
    found = shapely.distance(_geometries(left), _geometries(right))
    return arrow.array(found, mask=np.isnan(found))


def _bound(name: str, place: int) -> Callable[[Any], Any]:
    def bound(column: Any) -> Any:
        found = shapely.bounds(_decoded(column))[:, place]
        return arrow.array(found, mask=np.isnan(found))

    bound.__name__ = f"geometries_{name}"
    return bound


x_min, y_min, x_max, y_max = (_bound(name, place) for place, name in enumerate(("x_min", "y_min", "x_max", "y_max")))


def _decoded(column: Any) -> Any:
    values = np.array(column.to_pylist(), dtype=object)
    return shapely.from_wkb(values) if len(values) else np.empty(0, dtype=object)
