"""Geometries are written as Shapely writes them, and their bounds are those of each alone."""

from __future__ import annotations

import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lake.sql.compiler.runtime import geo, geo_vectors


@pytest.mark.parametrize(
    "kind", ["POINT (1 2)", "POINT EMPTY", "LINESTRING (1 2, 3 4)", "LINEARRING (0 0, 1 0, 1 1, 0 0)", "POLYGON EMPTY"]
)
def test_bytes_are_those_of_shapely(kind: str) -> None:
    geometry = shapely.from_wkt(kind)
    assert geo.encoded(geometry) == shapely.to_wkb(geometry, byte_order=1, output_dimension=2)


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=3, max_size=6))
def test_bytes_of_polygons_are_those_of_shapely(points: list[tuple[float, float]]) -> None:
    for geometry in (shapely.Polygon(points), shapely.LineString(points), shapely.Polygon(points, [points])):
        assert geo.encoded(geometry) == shapely.to_wkb(geometry, byte_order=1, output_dimension=2)


def test_bounds_of_a_column_are_those_of_each() -> None:
    texts = ["POINT (1 2)", "POINT EMPTY", "LINESTRING (1 2, 3 4)", "POLYGON ((0 0, 1 0, 1 1, 0 0))"]
    column = pa.array([*(geo.encoded(shapely.from_wkt(text)) for text in texts), None], pa.binary())
    assert geo_vectors.x_min(column).to_pylist() == [1.0, None, 1.0, 0.0, None]
    assert geo_vectors.y_max(column).to_pylist() == [2.0, None, 4.0, 1.0, None]
