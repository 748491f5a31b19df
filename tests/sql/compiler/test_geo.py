"""Geometries and Bing tiles (trino.io/docs/422/functions/geospatial.html)."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from lake.errors import FunctionNotFound, NotSupported, TypeMismatch
from lake.sql.compiler.functions import geo
from lake.sql.compiler.runtime import bing_tiles, geo_text
from tests.sql.compiler.running import run

SQUARE, MOVED = "POLYGON ((1 1, 1 4, 4 4, 4 1))", "POLYGON ((2 2, 2 5, 5 5, 5 2))"
HOLLOW = "POLYGON ((0 0, 0 5, 5 5, 5 0, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))"
CROSSED = "POLYGON ((0 0, 1 1, 0 1, 1 0, 0 0))"


def value(expression: str) -> Any:
    return run(f"SELECT {expression}")[0][0]


def text(expression: str) -> Any:
    return value(f"ST_AsText({expression})")


def shape(wkt: str) -> str:
    return f"ST_GeometryFromText('{wkt}')"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("point(1.50 -2e3)", "POINT (1.5 -2000)"),
        ("POINT (1 NaN)", "POINT EMPTY"),
        ("POINT (1e-10 123456789012)", "POINT (1.0000000000000000e-10 123456789012)"),
        ("LINESTRING (1 1)", "LINESTRING (1 1, 1 1)"),
        (SQUARE, "POLYGON ((1 1, 4 1, 4 4, 1 4, 1 1))"),
        (HOLLOW, "POLYGON ((0 0, 5 0, 5 5, 0 5, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))"),
        ("MULTIPOINT (1 2, 3 4)", "MULTIPOINT ((1 2), (3 4))"),
        ("MULTILINESTRING ((1 1, 5 1))", "MULTILINESTRING ((1 1, 5 1))"),
        ("MULTIPOLYGON (((1 1, 1 3, 3 3, 3 1)))", "MULTIPOLYGON (((1 1, 3 1, 3 3, 1 3, 1 1)))"),
        ("GEOMETRYCOLLECTION (POINT (5 1), LINESTRING EMPTY)", "GEOMETRYCOLLECTION (POINT (5 1), LINESTRING EMPTY)"),
        ("GEOMETRYCOLLECTION EMPTY", "GEOMETRYCOLLECTION EMPTY"),
    ],
)
def test_a_geometry_is_written_as_trino_writes_it(written: str, expected: str) -> None:
    assert text(shape(written)) == expected


@pytest.mark.parametrize("written", ["", "junk", "POINT (1)", "POINT (1 2 3)", "POINT Z (1 2 3)", "POLYGON (1 2)"])
def test_what_is_no_geometry_is_refused(written: str) -> None:
    with pytest.raises(duckdb.Error, match="Invalid WKT"):
        text(shape(written))


@pytest.mark.parametrize(
    ("function", "left", "right", "expected"),
    [
        ("ST_Union", SQUARE, MOVED, "POLYGON ((1 1, 4 1, 4 2, 5 2, 5 5, 2 5, 2 4, 1 4, 1 1))"),
        ("ST_Union", "LINESTRING (0 0, 1 1)", "LINESTRING (1 1, 2 3)", "LINESTRING (0 0, 1 1, 2 3)"),
        ("ST_Union", "LINESTRING (0 0, 2 2)", "POINT (1 5)", "GEOMETRYCOLLECTION (POINT (1 5), LINESTRING (0 0, 2 2))"),
        ("ST_Intersection", SQUARE, "LINESTRING (2 0, 2 3)", "LINESTRING (2 1, 2 3)"),
        ("ST_Intersection", "LINESTRING (3 3, 0 0)", "POLYGON ((1 1, 1 2, 2 2, 2 1))", "LINESTRING (2 2, 1 1)"),
        ("ST_Intersection", "POINT (1 1)", "POINT (2 2)", "MULTIPOLYGON EMPTY"),
        ("ST_Difference", SQUARE, MOVED, "POLYGON ((1 1, 4 1, 4 2, 2 2, 2 4, 1 4, 1 1))"),
        ("ST_Difference", "POINT (1 1)", "POINT (1 1)", "POINT EMPTY"),
        ("ST_Difference", SQUARE, "POINT (2 2)", "POLYGON ((1 1, 4 1, 4 4, 1 4, 1 1))"),
        ("ST_SymDifference", "POINT (4 2)", "POINT (8 0)", "MULTIPOINT ((4 2), (8 0))"),
        ("ST_SymDifference", "POINT (1 1)", "LINESTRING (0 0, 1 1)", "LINESTRING (0 0, 1 1)"),
    ],
)
def test_an_overlay_begins_where_trinos_does(function: str, left: str, right: str, expected: str) -> None:
    assert text(f"{function}({shape(left)}, {shape(right)})") == expected


@pytest.mark.parametrize(
    ("relation", "left", "right"),
    [
        ("ST_Contains", SQUARE, "POINT (2 2)"),
        ("ST_Crosses", "LINESTRING (0 0, 9 9)", SQUARE),
        ("ST_Disjoint", SQUARE, "POINT (9 9)"),
        ("ST_Equals", SQUARE, "POLYGON ((4 4, 4 1, 1 1, 1 4))"),
        ("ST_Intersects", SQUARE, MOVED),
        ("ST_Overlaps", SQUARE, MOVED),
        ("ST_Touches", SQUARE, "POINT (1 2)"),
        ("ST_Within", "POINT (2 2)", SQUARE),
    ],
)
def test_a_relation_holds_and_not_with_what_is_empty(relation: str, left: str, right: str) -> None:
    assert value(f"{relation}({shape(left)}, {shape(right)})") is True
    assert value(f"{relation}({shape(left)}, {shape('POINT EMPTY')})") is (relation == "ST_Disjoint")
    assert value(f"{relation}({shape(left)}, NULL)") is None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"ST_Area({shape(HOLLOW)})", 24.0),
        (f"ST_Length({shape('LINESTRING (0 0, 3 4)')})", 5.0),
        (f"ST_Distance({shape('POINT (0 0)')}, {shape('POLYGON ((3 4, 30 40))')})", 5.0),
        (f"ST_NumPoints({shape(HOLLOW)})", 8),
        (f"ST_NumInteriorRing({shape(HOLLOW)})", 1),
        (f"ST_NumGeometries({shape('MULTIPOINT (1 2, 3 4)')})", 2),
        (f"cardinality(ST_Points({shape(SQUARE)}))", 5),
        (f"ST_GeometryType({shape('GEOMETRYCOLLECTION EMPTY')})", "ST_GeomCollection"),
        (f"ST_Dimension({shape(SQUARE)})", 2),
        (f"ST_IsClosed({shape('LINESTRING (0 0, 1 1, 0 0)')})", True),
        (f"ST_IsRing({shape('LINESTRING (0 0, 1 1, 0 0)')})", False),
        (f"ST_IsSimple({shape('MULTIPOINT (1 2, 1 2)')})", False),
        (f"ST_IsValid({shape(SQUARE)})", True),
        (f"geometry_invalid_reason({shape(CROSSED)})", "Intersecting or overlapping segments at or near (1.0 0.0) and (1.0 1.0)"),
        (f"geometry_invalid_reason({shape('LINESTRING (0 0, 0 0)')})", "Degenerate segments at or near (0.0 0.0)"),
        (f"ST_XMax({shape(SQUARE)})", 4.0),
        (f"ST_XMax({shape('POINT EMPTY')})", None),
        (f"line_locate_point({shape('LINESTRING (0 0, 0 2)')}, ST_Point(0, 1))", 0.5),
        (f"to_encoded_polyline({shape('LINESTRING (-120.2 38.5, -120.95 40.7)')})", "_p~iF~ps|U_ulLnnqC"),
        ("great_circle_distance(36.12, -86.67, 33.94, -118.40)", pytest.approx(2886.448973)),
        ("ST_Distance(to_spherical_geography(ST_Point(0, 0)), to_spherical_geography(ST_Point(0, 1)))", pytest.approx(111195.1)),
        (f"ST_Area(to_spherical_geography({shape('POLYGON ((0 0, 0 90, 90 0))')}))", pytest.approx(6.3758e13, rel=1e-3)),
        ("to_geojson_geometry(to_spherical_geography(ST_Point(0, 2.5)))", '{"type":"Point","coordinates":[0.0,2.5],"crs":{"type":"name","properties":{"name":"EPSG:0"}}}'),
        (f"typeof({shape(SQUARE)})", "Geometry"),
        ("to_hex(ST_AsBinary(ST_Point(1, 2)))", "0101000000000000000000F03F0000000000000040"),
    ],
)  # fmt: skip
def test_a_measure_has_trinos_value(expression: str, expected: Any) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"ST_Centroid({shape(HOLLOW)})", "POINT (2.5416666666666665 2.5416666666666665)"),
        (f"ST_Boundary({shape('LINESTRING (8 4, 5 7)')})", "MULTIPOINT ((8 4), (5 7))"),
        (f"ST_ConvexHull({shape('LINESTRING (3 4, 1 1, 5 1, 2 2)')})", "POLYGON ((3 4, 1 1, 5 1, 3 4))"),
        (f"ST_ExteriorRing({shape(SQUARE)})", "LINESTRING (1 1, 4 1, 4 4, 1 4, 1 1)"),
        (f"simplify_geometry({shape('LINESTRING (0 0, 1 0.1, 2 0)')}, 0.5)", "LINESTRING (0 0, 2 0)"),
        (f"line_interpolate_point({shape('LINESTRING (0 0, 0 2, 2 2)')}, 0.75)", "POINT (1 2)"),
        ("from_encoded_polyline('_p~iF~ps|U_ulLnnqC')", "LINESTRING (-120.2 38.5, -120.95 40.7)"),
        ('to_geometry(from_geojson_geometry(\'{"type":"Point","coordinates":[1,2]}\'))', "POINT (1 2)"),
        ("ST_GeomFromBinary(ST_AsBinary(ST_Point(1, 2)))", "POINT (1 2)"),
        ("ST_LineString(ARRAY[ST_Point(1, 2), ST_Point(3, 4)])", "LINESTRING (1 2, 3 4)"),
        (f"ST_Buffer({shape(SQUARE)}, 0)", "POLYGON ((1 1, 4 1, 4 4, 1 4, 1 1))"),
        ("bing_tile_polygon(bing_tile('0'))", "POLYGON ((-180 0, 0 0, 0 85.05112877980659, -180 85.05112877980659, -180 0))"),
    ],
)  # fmt: skip
def test_what_is_made_of_a_geometry_is_trinos(expression: str, expected: str) -> None:
    assert text(expression) == expected


def test_nearest_points_are_one_of_each() -> None:
    line = shape("LINESTRING (0 0, 10 10)")
    found = f"geometry_nearest_points(ST_Point(50, 100), {line})"
    assert run(f"SELECT ST_AsText({found}[1]), ST_AsText({found}[2])") == [("POINT (50 100)", "POINT (10 10)")]


def test_geometries_of_a_group_are_united() -> None:
    rows = "(VALUES ST_Point(0, 0), ST_Point(4, 0), NULL, ST_Point(0, 4)) t(g)"
    assert run(f"SELECT ST_AsText(geometry_union_agg(g)), ST_AsText(convex_hull_agg(g)) FROM {rows}") == [
        ("MULTIPOINT ((0 0), (4 0), (0 4))", "POLYGON ((0 0, 4 0, 0 4, 0 0))")
    ]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("bing_tile_quadkey(bing_tile(3, 5, 3))", "213"),
        ("bing_tile_coordinates(bing_tile('213'))", {"x": 3, "y": 5}),
        ("bing_tile_zoom_level(bing_tile('213'))", 3),
        ("bing_tile('213') = bing_tile(3, 5, 3)", True),
        ("bing_tile_quadkey(bing_tile_at(30.12, 60, 15))", "123030123010121"),
        ("transform(bing_tiles_around(30.12, 60, 1), t -> bing_tile_quadkey(t))", ["0", "2", "1", "3"]),
        ("cardinality(bing_tiles_around(30.12, 60, 10, 50))", 14),
        ("transform(geometry_to_bing_tiles(ST_Point(60, 30.12), 10), t -> bing_tile_quadkey(t))", ["1230301230"]),
        ("cardinality(geometry_to_bing_tiles(bing_tile_polygon(bing_tile('1230301230')), 11))", 4),
        (f"cardinality(geometry_to_bing_tiles({shape('POLYGON ((0 0, 0 10, 10 10))')}, 12))", 6669),
    ],
)
def test_a_tile_is_where_trino_has_it(expression: str, expected: Any) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("bing_tile('12345')", "Invalid QuadKey"),
        ("bing_tile('')", "must not be empty"),
        ("bing_tile(9, 0, 3)", "must be within"),
        ("bing_tiles_around(30.12, 60.0, 1, -1)", "Radius must be >= 0"),
        ("bing_tile_at(99, 0, 3)", "Latitude must be between"),
        ("bing_tile_at(9, 0, 24)", "Zoom level must be <= 23"),
        ("great_circle_distance(100, 20, 30, 40)", "Latitude"),
        ("to_spherical_geography(ST_Point(200, 0))", "Longitude"),
        ("ST_X(ST_GeometryFromText('LINESTRING EMPTY'))", "ST_X only applies to POINT. Input type is: LINE_STRING"),
        ("ST_Buffer(ST_Point(0, 0), -1)", "distance is negative"),
        ("geometry_from_hadoop_shape(from_hex('00'))", "too short"),
        ("from_geojson_geometry('{}')", "No 'type' property"),
        ("ST_LineString(ARRAY[ST_Point(1, 2), ST_Point(1, 2)])", "consecutive duplicate points at index 2"),
    ],
)
def test_what_lies_nowhere_is_refused(expression: str, message: str) -> None:
    with pytest.raises(duckdb.Error, match=message):
        value(expression)


def test_geometries_have_no_order_and_no_casts() -> None:
    with pytest.raises(TypeMismatch):
        value("bing_tile('2') < bing_tile('3')")
    with pytest.raises(TypeMismatch):
        value("CAST(ST_Point(1, 2) AS varchar)")
    with pytest.raises(FunctionNotFound):
        value("ST_Area('POINT (1 2)')")


def test_without_shapely_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geo, "is_installed", lambda: False)
    with pytest.raises(NotSupported, match=r"pip install 'tap-lake\[geo\]'"):
        value("ST_Point(1, 2)")
    assert value("bing_tile_quadkey(bing_tile('213'))") == "213"


@pytest.mark.parametrize("number", [0.1, 1e16, 123.456, 1e17, 5e-5, -0.5])
def test_a_written_coordinate_is_read_again(number: float) -> None:
    assert float(geo_text.number(number)) == number


def test_a_tile_is_written_out() -> None:
    assert bing_tiles.tile_text(bing_tiles.tile_of_quadkey("213")) == "BingTile{x=3, y=5, zoom_level=3}"


def test_columns_of_geometries_are_compared_row_by_row() -> None:
    rows = "(VALUES ST_Point(2, 2), NULL, ST_Point(9, 9), ST_GeometryFromText('POINT EMPTY')) t(g)"
    found = run(
        f"SELECT ST_Contains({shape(SQUARE)}, g), ST_Disjoint({shape(SQUARE)}, g), ST_Distance(g, ST_Point(2, 2)) FROM {rows}"
    )
    assert found == [
        (True, False, 0.0),
        (None, None, None),
        (False, True, pytest.approx(9.899495)),
        (False, True, None),
    ]
    assert run(f"SELECT try(ST_Contains(g, ST_GeometryFromText('x'))) FROM {rows} LIMIT 1") == [(None,)]
