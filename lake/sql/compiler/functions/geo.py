"""trino.io/docs/422/functions/geospatial.html"""

from collections.abc import Callable, Sequence
from typing import Any

from lake.errors import NotSupported
from lake.sql.compiler.forms import form
from lake.sql.compiler.functions.table import Call, aggregate, function
from lake.sql.compiler.python_forms import call_text, python, python_columns
from lake.sql.compiler.runtime import (
    bing_tiles,
    geo,
    geo_lines,
    geo_overlays,
    geo_parts,
    geo_relations,
    geo_shapes,
    geo_sphere,
    geo_tiles,
    geo_vectors,
)
from lake.sql.compiler.runtime.geo_library import is_installed
from lake.types import DataType
from lake.types.datatype import row_of

GEOMETRY, SPHERE = "geometry", "sphericalgeography"


def _with_shapely(text: Callable[[Call], str]) -> Callable[[Call], str]:
    def checked(call: Call) -> str:
        if not is_installed():
            raise NotSupported("geometries need Shapely: pip install 'tap-lake[geo]'")
        return text(call)

    return checked


def geometric(names: str, parameters: str, result: str | Callable[[Sequence[DataType]], DataType], body: Any) -> None:
    """Add a function whose body needs Shapely."""
    function(names, parameters, result, _with_shapely(python(body)))


geometric("st_geometryfromtext", "varchar", GEOMETRY, geo.geometry_from_text)
geometric("st_geomfrombinary", "varbinary", GEOMETRY, geo.geometry_from_binary)
geometric("st_linefromtext", "varchar", GEOMETRY, geo.line_from_text)
geometric("st_polygon", "varchar", GEOMETRY, geo.polygon_from_text)
geometric("st_linestring", "array(geometry)", GEOMETRY, geo.line_of_points)
geometric("st_multipoint", "array(geometry)", GEOMETRY, geo.multi_point)
geometric("st_point", "double, double", GEOMETRY, geo.point)
geometric("geometry_from_hadoop_shape", "varbinary", GEOMETRY, geo_shapes.geometry_from_shape)
geometric("to_spherical_geography", GEOMETRY, SPHERE, geo_sphere.to_spherical_geography)
function("to_geometry", SPHERE, GEOMETRY, "{0}")
geometric("from_geojson_geometry", "varchar", SPHERE, geo_sphere.from_geojson)
geometric("to_geojson_geometry", SPHERE, "varchar", geo_sphere.to_geojson)
geometric("st_astext", GEOMETRY, "varchar", geo.geometry_text)
function("st_asbinary", GEOMETRY, "varbinary", "{0}")

for name in ("contains", "crosses", "disjoint", "equals", "intersects", "overlaps", "touches", "within"):
    relation = _with_shapely(python_columns(getattr(geo_vectors, name)))
    function(f"st_{name}", "geometry, geometry", "boolean", relation)
geometric("st_relate", "geometry, geometry, varchar", "boolean", geo_relations.relate)

geometric("st_union", "geometry, geometry", GEOMETRY, geo_overlays.union)
geometric("geometry_union", "array(geometry)", GEOMETRY, geo_overlays.union_of)
geometric("st_intersection", "geometry, geometry", GEOMETRY, geo_overlays.intersection)
geometric("st_difference", "geometry, geometry", GEOMETRY, geo_overlays.difference)
geometric("st_symdifference", "geometry, geometry", GEOMETRY, geo_overlays.symmetric_difference)
geometric("st_boundary", GEOMETRY, GEOMETRY, geo_overlays.boundary)
geometric("st_buffer", "geometry, double", GEOMETRY, geo_overlays.buffer)
geometric("st_centroid", GEOMETRY, GEOMETRY, geo_overlays.centroid)
geometric("st_convexhull", GEOMETRY, GEOMETRY, geo_overlays.convex_hull)
geometric("simplify_geometry", "geometry, double", GEOMETRY, geo_overlays.simplify)
geometric("st_envelope", GEOMETRY, GEOMETRY, geo.envelope)
geometric("st_envelopeaspts", GEOMETRY, "array(geometry)", geo.envelope_points)
geometric("st_exteriorring", GEOMETRY, GEOMETRY, geo_parts.exterior_ring)

geometric("st_area", GEOMETRY, "double", geo.area)
geometric("st_area", SPHERE, "double", geo_sphere.sphere_area)
geometric("st_length", GEOMETRY, "double", geo.length)
geometric("st_length", SPHERE, "double", geo_sphere.sphere_length)
function("st_distance", "geometry, geometry", "double", _with_shapely(python_columns(geo_vectors.distance)))
geometric("st_distance", f"{SPHERE}, {SPHERE}", "double", geo_sphere.sphere_distance)
geometric("st_coorddim", GEOMETRY, "tinyint", geo.coordinate_dimension)
geometric("st_dimension", GEOMETRY, "tinyint", geo.dimension)
geometric("st_geometrytype", GEOMETRY, "varchar", geo.geometry_type)
geometric("st_isclosed", GEOMETRY, "boolean", geo.is_closed)
geometric("st_isempty", GEOMETRY, "boolean", geo.is_empty)
geometric("st_isring", GEOMETRY, "boolean", geo.is_ring)
geometric("st_issimple", GEOMETRY, "boolean", geo.is_simple)
geometric("st_isvalid", GEOMETRY, "boolean", geo_relations.is_valid)
geometric("geometry_invalid_reason", GEOMETRY, "varchar", geo_relations.invalid_reason)
geometric("st_x", GEOMETRY, "double", geo.x_of)
geometric("st_y", GEOMETRY, "double", geo.y_of)
function("st_xmin", GEOMETRY, "double", _with_shapely(python_columns(geo_vectors.x_min)))
function("st_ymin", GEOMETRY, "double", _with_shapely(python_columns(geo_vectors.y_min)))
function("st_xmax", GEOMETRY, "double", _with_shapely(python_columns(geo_vectors.x_max)))
function("st_ymax", GEOMETRY, "double", _with_shapely(python_columns(geo_vectors.y_max)))
geometric("st_startpoint", GEOMETRY, GEOMETRY, geo_parts.start_point)
geometric("st_endpoint", GEOMETRY, GEOMETRY, geo_parts.end_point)
geometric("st_pointn", "geometry, integer", GEOMETRY, geo_parts.point_at)
geometric("st_points", GEOMETRY, "array(geometry)", geo_parts.points)
geometric("st_numpoints", GEOMETRY, "bigint", geo_parts.count_points)
geometric("st_geometries", GEOMETRY, "array(geometry)", geo_parts.geometries)
geometric("st_geometryn", "geometry, integer", GEOMETRY, geo_parts.geometry_at)
geometric("st_numgeometries", GEOMETRY, "integer", geo_parts.count_geometries)
geometric("st_interiorrings", GEOMETRY, "array(geometry)", geo_parts.interior_rings)
geometric("st_interiorringn", "geometry, integer", GEOMETRY, geo_parts.interior_ring)
geometric("st_numinteriorring", GEOMETRY, "bigint", geo_parts.count_interior_rings)
geometric("line_locate_point", "geometry, geometry", "double", geo_lines.locate_point)
geometric("line_interpolate_point", "geometry, double", GEOMETRY, geo_lines.interpolate_point)
geometric("line_interpolate_points", "geometry, double", "array(geometry)", geo_lines.interpolate_points)
geometric("geometry_nearest_points", "geometry, geometry", "row(geometry, geometry)", geo_relations.nearest_points)
geometric("to_encoded_polyline", GEOMETRY, "varchar", geo_lines.to_polyline)
geometric("from_encoded_polyline", "varchar", GEOMETRY, geo_lines.from_polyline)
function("great_circle_distance", "double, double, double, double", "double", python(geo_sphere.great_circle_distance))


def _listed(body: Any) -> Callable[[Call], str]:
    def text(call: Call) -> str:
        known = f"list_filter(list({call.sql(0)}){{f}}, lambda e_: e_ IS NOT NULL)"
        return call_text(body, [known], ("BLOB[]",), form(call.type))

    return _with_shapely(text)


aggregate("geometry_union_agg", GEOMETRY, GEOMETRY, _listed(geo_overlays.union_of))
aggregate("convex_hull_agg", GEOMETRY, GEOMETRY, _listed(geo_overlays.convex_hull_of))

TILE, TILES = "bingtile", "array(bingtile)"


def _coordinates(types: Sequence[DataType]) -> DataType:
    integer = DataType("integer")
    return row_of((("x", integer), ("y", integer)))


function("bing_tile", "integer, integer, integer", TILE, python(bing_tiles.tile_of_coordinates))
function("bing_tile", "varchar", TILE, python(bing_tiles.tile_of_quadkey))
function("bing_tile_at", "double, double, integer", TILE, python(bing_tiles.tile_at))
function("bing_tile_quadkey", TILE, "varchar", python(bing_tiles.quadkey_of_tile))
function("bing_tile_coordinates", TILE, _coordinates, python(bing_tiles.tile_coordinates))
function("bing_tile_zoom_level", TILE, "tinyint", python(bing_tiles.zoom_of_tile))
function("bing_tiles_around", "double, double, integer", TILES, python(bing_tiles.tiles_around))
function("bing_tiles_around", "double, double, integer, double", TILES, python(bing_tiles.tiles_within))
geometric("bing_tile_polygon", TILE, GEOMETRY, geo_tiles.tile_polygon)
geometric("geometry_to_bing_tiles", "geometry, integer", TILES, geo_tiles.geometry_to_tiles)
