"""trino.io/docs/422/functions/array.html, map.html, lambda.html"""

from lake.sql.compiler.functions.table import Call, function
from lake.types import DataType
from lake.types.datatype import map_of

function("trino_subscript", "array(E), bigint", "E", "trino_subscript_array_({0}, {1})")
function("trino_subscript", "map(K,V), K", "V", "trino_subscript_map_({0}, {1})")
function("element_at", "array(E), bigint", "E", "trino_element_array_({0}, {1})")
function("element_at", "map(K,V), K", "V", "{0}[{1}]")
function("cardinality", "array(E)", "bigint", "len({0})")
function("cardinality", "map(K,V)", "bigint", "CAST(cardinality({0}) AS BIGINT)")
function(
    "contains",
    "array(E), E",
    "boolean",
    "CASE WHEN list_contains({0}, {1}) THEN true WHEN list_position({0}, NULL) IS NOT NULL OR len(list_filter({0}, lambda e_: e_ IS NULL)) > 0 THEN NULL ELSE {0} IS NOT NULL AND false END",
)
function(
    "array_position",
    "array(E), E",
    "bigint",
    "coalesce(list_position({0}, {1}), CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL ELSE 0 END)",
)
function(
    "array_distinct",
    "array(E)",
    "array(E)",
    "list_filter({0}, lambda e_, i_: list_position({0}, e_) = i_ OR (e_ IS NULL AND i_ = list_position(list_transform({0}, lambda n_: n_ IS NULL), true)))",
)
function("array_remove", "array(E), E", "array(E)", "list_filter({0}, lambda e_: e_ IS DISTINCT FROM {1})")
function("array_sort", "array(E)", "array(E)", "list_sort({0}, 'ASC', 'NULLS LAST')")
function(
    "array_max",
    "array(E)",
    "E",
    "CASE WHEN len(list_filter({0}, lambda e_: e_ IS NULL)) > 0 THEN NULL ELSE list_max({0}) END",
)
function(
    "array_min",
    "array(E)",
    "E",
    "CASE WHEN len(list_filter({0}, lambda e_: e_ IS NULL)) > 0 THEN NULL ELSE list_min({0}) END",
)
function("array_join", "array(E), varchar", "varchar", lambda call: _join(call, None))
function("array_join", "array(E), varchar, varchar", "varchar", lambda call: _join(call, call.sql(2)))
function("array_intersect", "array(E), array(E)", "array(E)", "list_distinct(list_intersect({0}, {1}))")
function("array_union", "array(E), array(E)", "array(E)", "list_distinct(list_concat({0}, {1}))")
function(
    "array_except",
    "array(E), array(E)",
    "array(E)",
    "list_distinct(list_filter({0}, lambda e_: NOT list_contains({1}, e_)))",
)
function("arrays_overlap", "array(E), array(E)", "boolean", "list_has_any({0}, {1})")
function(
    "slice",
    "array(E), bigint, bigint",
    "array(E)",
    "CASE WHEN {1} > 0 THEN {0}[{1}:{1} + {2} - 1] WHEN -{1} > len({0}) THEN [] ELSE {0}[len({0}) + {1} + 1:len({0}) + {1} + {2}] END",
)
function("flatten", "array(array(E))", "array(E)", "flatten({0})")
function("repeat", "E, bigint", "array(E)", "list_transform(range({1}), lambda i_: {0})")
function(
    "sequence",
    "bigint, bigint",
    "array(bigint)",
    "CASE WHEN {0} <= {1} THEN range({0}, {1} + 1) ELSE range({0}, {1} - 1, -1) END",
)
function("sequence", "bigint, bigint, bigint", "array(bigint)", "generate_series({0}, {1}, {2})")
function("shuffle", "array(E)", "array(E)", "list_sort({0})")
function("trim_array", "array(E), bigint", "array(E)", "{0}[1:len({0}) - {1}]")
function("transform", "array(T), function(T,U)", "array(U)", "list_transform({0}, {1})")
function("filter", "array(T), function(T,boolean)", "array(T)", "list_filter({0}, {1})")
function("any_match", "array(T), function(T,boolean)", "boolean", "list_bool_or(list_transform({0}, {1}))")
function("all_match", "array(T), function(T,boolean)", "boolean", "list_bool_and(list_transform({0}, {1}))")
function("none_match", "array(T), function(T,boolean)", "boolean", "NOT list_bool_or(list_transform({0}, {1}))")
function("zip_with", "array(T), array(U), function(T,U,R)", "array(R)", lambda call: _zip_with(call))
function("map", "", lambda _: map_of(DataType("unknown"), DataType("unknown")), "MAP {{}}")
function("map", "array(K), array(V)", "map(K,V)", "map({0}, {1})")
function("map_keys", "map(K,V)", "array(K)", "map_keys({0})")
function("map_values", "map(K,V)", "array(V)", "map_values({0})")
function("map_concat", "map(K,V), map(K,V)…", "map(K,V)", "map_concat({all})")
function("map_from_entries", "array(row(K,V))", "map(K,V)", "map_from_entries({0})")
function("map_filter", "map(K,V), function(K,V,boolean)", "map(K,V)", lambda call: _map_filter(call))
function("transform_values", "map(K,V), function(K,V,R)", "map(K,R)", lambda call: _of_entries(call, "e_.key", None))
function("transform_keys", "map(K,V), function(K,V,R)", "map(R,V)", lambda call: _of_entries(call, None, "e_.value"))


def _join(call: Call, null: str | None) -> str:
    from lake.sql.compiler.casts import cast_text
    from lake.sql.compiler.typed import Typed

    text = cast_text(Typed("e_", call.type_of(0).element), DataType("varchar"))
    if null is not None:
        text = f"coalesce({text}, {null})"
    return f"array_to_string(list_transform({call.sql(0)}, lambda e_: {text}), {call.sql(1)})"


def _body(call: Call, place: int, *texts: str) -> str:
    """Put texts in the places of a lambda's parameters, by a LET for each of them."""
    argument = call.arguments[place]
    body = argument.body.sql  # type: ignore[union-attr]
    for name, text in zip(argument.parameters, texts, strict=True):  # type: ignore[union-attr]
        body = f"list_transform([{text}], lambda {name}: {body})[1]"
    return body


def _zip_with(call: Call) -> str:
    body = _body(call, 2, f"{call.sql(0)}[i_]", f"{call.sql(1)}[i_]")
    return f"list_transform(range(1, greatest(len({call.sql(0)}), len({call.sql(1)})) + 1), lambda i_: {body})"


def _map_filter(call: Call) -> str:
    return (
        f"map_from_entries(list_filter(map_entries({call.sql(0)}), lambda e_: {_body(call, 1, 'e_.key', 'e_.value')}))"
    )


def _of_entries(call: Call, key: str | None, value: str | None) -> str:
    made = _body(call, 1, "e_.key", "e_.value")
    pack = f"struct_pack(key := {key or made}, value := {value or made})"
    return f"map_from_entries(list_transform(map_entries({call.sql(0)}), lambda e_: {pack}))"
