"""trino.io/docs/422/functions/aggregate.html

In a form, {d} is where DISTINCT stands, {o} ORDER BY, {f} FILTER and OVER, {i} IGNORE NULLS.
"""

from collections.abc import Callable, Sequence

from lake.sql.compiler.coercion import BIGINT, INTEGERS
from lake.sql.compiler.decimals import average
from lake.sql.compiler.forms import form
from lake.sql.compiler.functions.arrays import reduced_to_result
from lake.sql.compiler.functions.ordering import ordered
from lake.sql.compiler.functions.table import Call, aggregate
from lake.sql.compiler.operators import comparable, has_floats, order_from_above
from lake.sql.compiler.typed import Lambda, Typed
from lake.types import DataType
from lake.types.datatype import DECIMAL_DIGITS, array_of, map_of


def _compared(call: Call, place: int) -> str:
    """Return what tells values apart: of a moment with a zone the instant alone."""
    return comparable(Typed(call.sql(place), call.type_of(place)))


aggregate("count", "", "bigint", "count(*){f}")
aggregate("count", "T", "bigint", lambda call: f"count({{d}}{_compared(call, 0)}){{f}}")
aggregate("count_if", "boolean", "bigint", "count({d}CASE WHEN {0} THEN true END){f}")
for kind in INTEGERS:
    aggregate("sum", kind, "bigint", "CAST(sum({d}{0}){f} AS BIGINT)")
    aggregate("avg", kind, "double", "avg({d}{0}){f}")
aggregate("sum", "double", "double", "sum({d}{0}){f}")
aggregate("sum", "real", "real", "CAST(sum({d}{0}){f} AS FLOAT)")
for kind in ("interval day to second", "interval year to month"):
    aggregate("sum", kind, kind, "CAST(sum({d}{0}){f} AS BIGINT)")
    aggregate("avg", kind, kind, "CAST(round(avg({d}{0}){f}) AS BIGINT)")
aggregate("avg", "double", "double", "avg({d}{0}){f}")
aggregate("avg", "real", "real", "CAST(avg({d}{0}){f} AS FLOAT)")

COUNT_DIGITS = 19
"""Of as many rows as there can be."""


def _decimal_sum(call: Call) -> str:
    """DuckDB's own may have a digit more than the type, where values have so many that their count matters."""
    value = call.arguments[0]
    found = f"sum({{d}}{value.sql}){{f}}"
    assert isinstance(value, Typed)
    if value.narrow or value.type.parameters[0] + COUNT_DIGITS <= DECIMAL_DIGITS:
        return found
    # An addition looks whether what comes out has room.
    return f"({found} + CAST(0 AS {form(call.type)}))"


aggregate("sum", "decimal(p,s)", lambda types: DataType("decimal", (38, types[0].parameters[1])), _decimal_sum)


def _decimal_average(call: Call) -> str:
    precision, scale = call.type.parameters
    total = DataType("decimal", (min(DECIMAL_DIGITS, precision + COUNT_DIGITS), scale))
    return average(Typed(f"sum({{d}}{call.sql(0)}){{f}}", total), f"count({{d}}{call.sql(0)}){{f}}", call.type)


aggregate("avg", "decimal(p,s)", "decimal(p,s)", _decimal_average)
aggregate("min", "T", "T", lambda call: f"min({{d}}{ordered(call, 0)}){{f}}")


def _max(call: Call) -> str:
    value = ordered(call, 0)
    if not has_floats(call.type):
        return f"max({{d}}{value}){{f}}"
    return f"arg_max({value}, {order_from_above(value, call.type)}){{f}}"


def _packed_by(name: str) -> Callable[[Call], str]:
    """DuckDB leaves out a first argument that is NULL, but not one that is wrapped."""

    def text(call: Call) -> str:
        by = ordered(call, 1) if name == "arg_min" else order_from_above(ordered(call, 1), call.type_of(1))
        if len(call.arguments) == 2:
            return f"({name}(struct_pack(x := {call.sql(0)}), {by}){{f}}).x"
        found = f"{name}(struct_pack(x := {call.sql(0)}), {by}, trino_count_of_n({call.sql(2)})){{f}}"
        return f"list_transform({found}, lambda e_: e_.x)"

    return text


def _several(name: str) -> Callable[[Call], str]:
    def text(call: Call) -> str:
        value = ordered(call, 0)
        by = order_from_above(value, call.type_of(0)) if name == "arg_max" else value
        return f"{name}({value}, {by}, trino_count_of_n({call.sql(1)})){{f}}"

    return text


aggregate("max", "T", "T", _max)
aggregate("min", "T, bigint", lambda types: array_of(types[0]), _several("arg_min"))
aggregate("max", "T, bigint", lambda types: array_of(types[0]), _several("arg_max"))
aggregate("min_by", "T, U", "T", _packed_by("arg_min"))
aggregate("max_by", "T, U", "T", _packed_by("arg_max"))
aggregate("min_by", "T, U, bigint", lambda types: array_of(types[0]), _packed_by("arg_min"))
aggregate("max_by", "T, U, bigint", lambda types: array_of(types[0]), _packed_by("arg_max"))
aggregate("arbitrary|any_value", "T", "T", "any_value({0}){f}")
aggregate("bool_and|every", "boolean", "boolean", "bool_and({d}{0}){f}")
aggregate("bool_or", "boolean", "boolean", "bool_or({d}{0}){f}")
aggregate("array_agg", "T", "array(T)", "array_agg({d}{0}{o}){f}")
aggregate("listagg", "varchar, varchar", "varchar", "string_agg({d}{0}, {1}{o}){f}")
aggregate("listagg", "varchar", "varchar", "string_agg({d}{0}, ''{o}){f}")
MEGABYTE = 2**20
ENTRIES = "list(struct_pack(key := {0}, value := {1})){f}"
KEYED = "list_filter(" + ENTRIES + ", lambda e_: e_.key IS NOT NULL)"


def _listed(call: Call) -> str:
    """Trino joins no more than a megabyte."""
    listed = f"list_filter(list({{d}}{call.sql(0)}{{o}}){{f}}, lambda e_: e_ IS NOT NULL)"
    joined = f"trino_join({listed}, any_value({call.sql(1)}){{f}})"
    if call.literal(1) is not None:
        joined = f"string_agg({{d}}{call.sql(0)}, {call.sql(1)}{{o}}){{f}}"
    if call.literal(2) is True:
        code, message = (
            "EXCEEDED_FUNCTION_MEMORY_LIMIT",
            f"Concatenated string has the length in bytes larger than {MEGABYTE}",
        )
    else:
        code, message = "NOT_SUPPORTED", f"ON OVERFLOW TRUNCATE of more than {MEGABYTE} bytes is not supported"
    return f"CASE WHEN strlen({joined}) > {MEGABYTE} THEN trino_error('{code}', '{message}') ELSE {joined} END"


aggregate("listagg", "varchar, varchar, boolean, varchar, boolean", "varchar", _listed)
aggregate("map_agg", "K, V", "map(K,V)", f"trino_entries({KEYED})")
aggregate("multimap_agg", "K, V", "map(K,array(V))", f"trino_many({KEYED})")
aggregate("map_union", "map(K,V)", "map(K,V)", "trino_entries(flatten(list(map_entries({0})){f}))")


def _counted(types: Sequence[DataType]) -> DataType:
    return map_of(types[0], BIGINT)


aggregate("histogram", "T", _counted, lambda call: f"CAST(histogram({call.sql(0)}){{f}} AS {form(call.type)})")


def _reduced_group(call: Call) -> str:
    """The states of parts of a group never need to be joined here."""
    listed = Typed(f"list_filter(list({call.sql(0)}){{f}}, lambda e_: e_ IS NOT NULL)", array_of(call.type_of(0)))
    same = Lambda(("s_",), Typed("s_", call.type))
    return reduced_to_result(Call((listed, call.arguments[1], call.arguments[2], same), call.type))


aggregate("reduce_agg", "T, S, function(S,T,S), function(S,S,S)", "S", _reduced_group)
aggregate("bitwise_and_agg", "bigint", "bigint", "bit_and({0}){f}")
aggregate("bitwise_or_agg", "bigint", "bigint", "bit_or({0}){f}")
aggregate("bitwise_xor_agg", "bigint", "bigint", "bit_xor({0}){f}")
aggregate("grouping", "any, any…", "integer", "CAST(grouping({all}) AS INTEGER)")
