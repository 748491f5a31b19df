"""trino.io/docs/422/functions/array.html, map.html, lambda.html"""

from collections.abc import Sequence

from lake.errors import FunctionNotFound, TypeMismatch
from lake.sql.compiler.casts import cast_text
from lake.sql.compiler.coercion import BIGINT, UNKNOWN, VARCHAR
from lake.sql.compiler.forms import form, row_names
from lake.sql.compiler.functions.ordering import ordered
from lake.sql.compiler.functions.table import Call, function
from lake.sql.compiler.operators import FLOATS, comparison, greatest_of, is_plain
from lake.sql.compiler.python_forms import call_text
from lake.sql.compiler.runtime import arrays
from lake.sql.compiler.typed import Lambda, Typed
from lake.types import DataType
from lake.types.datatype import array_of, map_of, row_of


def _strict(call: Call, text: str) -> str:
    nulls = " OR ".join(f"{argument.sql} IS NULL" for argument in call.arguments if isinstance(argument, Typed))
    return f"CASE WHEN {nulls} THEN NULL ELSE {text} END"


def _test(call: Call, name: str) -> str:
    """Return whether an element, `e_`, is equal to the second argument. Trino refuses what may be or not."""
    element = call.type_of(0).element
    test = comparison("=", Typed("e_", element), Typed(call.sql(1), call.type_of(1)))
    assert test is not None
    if not element.is_nested:
        return test.sql
    message = f"{name} does not support arrays with elements that are null or contain null"
    return f"CASE WHEN e_ IS NOT NULL THEN coalesce({test.sql}, trino_error('NOT_SUPPORTED', '{message}')) END"


def _tests(call: Call, name: str) -> str:
    return f"list_transform({call.sql(0)}, lambda e_: {_test(call, name)})"


def _contains(call: Call) -> str:
    array, value = call.sql(0), call.sql(1)
    if not is_plain(call.type_of(0).element):
        return _strict(call, f"trino_any({_tests(call, 'contains')})")
    found = f"WHEN list_contains({array}, {value}) THEN true WHEN trino_has_null({array}) THEN NULL ELSE false"
    return f"CASE WHEN {array} IS NULL OR {value} IS NULL THEN NULL {found} END"


def _position(call: Call) -> str:
    if is_plain(call.type_of(0).element):
        found = f"list_position({call.sql(0)}, {call.sql(1)})"
    else:
        found = f"list_position({_tests(call, 'array_position')}, true)"
    return _strict(call, f"coalesce({found}, 0)")


def _removed(call: Call) -> str:
    test = _test(call, "array_remove")
    return _strict(call, f"list_filter({call.sql(0)}, lambda e_: coalesce(NOT {test}, true))")


def _greatest(call: Call) -> str:
    array = ordered(call, 0)
    return f"CASE WHEN trino_has_null({array}) THEN NULL ELSE {greatest_of(array, call.type)} END"


def _compared(call: Call) -> str:
    """Order by how many elements come before each, and by the place among equals."""
    array = call.sql(0)
    sign = f"trino_sign({_body(call, 1, f'{array}[j_]', f'{array}[i_]')})"
    places = f"range(1, len({array}) + 1)"
    before = f"len(list_filter({places}, lambda j_: j_ <> i_ AND {sign} < 0))"
    ranked = f"list_sort(list_transform({places}, lambda i_: struct_pack(r := {before}, i := i_)))"
    return f"list_transform({ranked}, lambda s_: {array}[s_.i])"


def _combinations(call: Call) -> str:
    array = call.sql(0)
    places = call_text(arrays.combined_places, [f"len({array})", call.sql(1)], ("BIGINT", "BIGINT"), "BIGINT[][]")
    return f"list_transform({places}, lambda p_: list_transform(p_, lambda i_: {array}[i_]))"


def _joined(call: Call) -> str:
    element = call.type_of(0).element
    try:
        text = cast_text(Typed("e_", element), VARCHAR) if element != UNKNOWN else "CAST(NULL AS VARCHAR)"
    except TypeMismatch as error:
        raise FunctionNotFound(f"Input type {call.type_of(0).athena} not supported for function array_join") from error
    if len(call.arguments) > 2:
        text = f"coalesce({text}, {call.sql(2)})"
    texts = f"list_filter(list_transform({call.sql(0)}, lambda e_: {text}), lambda e_: e_ IS NOT NULL)"
    # DuckDB's own takes no separator that varies.
    name = "trino_join" if call.literal(1) is None else "array_to_string"
    return _strict(call, f"coalesce({name}({texts}, {call.sql(1)}), '')")


def _histogram(call: Call) -> str:
    kind = form(call.type)
    found = f"CAST(list_aggregate({call.sql(0)}, 'histogram') AS {kind})"
    if call.type.key == UNKNOWN:
        return _strict(call, f"CAST(MAP {{{{}}}} AS {kind})".replace("{{}}", "{}"))
    return _strict(call, f"coalesce({found}, CAST(MAP {{}} AS {kind}))")


def _of_key(call: Call) -> str:
    """NaN is a key that is never found."""
    found = f"{call.sql(0)}[{call.sql(1)}]"
    if call.type_of(1).name not in FLOATS:
        return found
    return f"CASE WHEN NOT isnan({call.sql(1)}) THEN {found} END"


def _at_key(call: Call) -> str:
    found = f"trino_subscript_map_({call.sql(0)}, {call.sql(1)})"
    if call.type_of(1).name not in FLOATS:
        return found
    absent = "trino_error('INVALID_FUNCTION_ARGUMENT', 'Key not present in map: NaN')"
    return f"CASE WHEN isnan({call.sql(1)}) AND {call.sql(0)} IS NOT NULL THEN {absent} ELSE {found} END"


function("trino_subscript", "array(E), bigint", "E", "trino_subscript_array_({0}, {1})")
function("trino_subscript", "map(K,V), K", "V", _at_key)
function("element_at", "array(E), bigint", "E", "trino_element_array_({0}, {1})")
function("element_at", "map(K,V), K", "V", _of_key)
function("cardinality", "array(E)", "bigint", "len({0})")
function("cardinality", "map(K,V)", "bigint", "CAST(cardinality({0}) AS BIGINT)")
function("contains", "array(E), E", "boolean", _contains)
function("array_position", "array(E), E", "bigint", _position)
function("array_distinct", "array(E)", "array(E)", "trino_distinct({0})")
function("array_remove", "array(E), E", "array(E)", _removed)
function("array_sort", "array(E)", "array(E)", lambda call: f"list_sort({ordered(call, 0)}, 'ASC', 'NULLS LAST')")
function("array_sort", "array(T), function(T,T,integer)", "array(T)", _compared)
function("array_max", "array(E)", "E", _greatest)
function(
    "array_min",
    "array(E)",
    "E",
    lambda call: f"CASE WHEN trino_has_null({ordered(call, 0)}) THEN NULL ELSE list_min({call.sql(0)}) END",
)
function("array_join", "array(E), varchar", "varchar", _joined)
function("array_join", "array(E), varchar, varchar", "varchar", _joined)
function("array_intersect", "array(E), array(E)", "array(E)", "trino_intersect({0}, {1})")
function("array_union", "array(E), array(E)", "array(E)", "trino_union({0}, {1})")
function("array_except", "array(E), array(E)", "array(E)", "trino_except({0}, {1})")
function("array_histogram", "array(E)", lambda types: map_of(types[0].element, BIGINT), _histogram)
function("arrays_overlap", "array(E), array(E)", "boolean", "trino_overlap({0}, {1})")
function("combinations", "array(E), bigint", "array(array(E))", _combinations)
function("contains_sequence", "array(E), array(E)", "boolean", "trino_contains_sequence({0}, {1})")
function("ngrams", "array(E), bigint", "array(array(E))", "trino_ngrams({0}, {1})")
function("slice", "array(E), bigint, bigint", "array(E)", "trino_slice({0}, {1}, {2})")
function("flatten", "array(array(E))", "array(E)", "flatten({0})")
function("repeat", "E, bigint", "array(E)", "list_transform(trino_times({1}), lambda i_: {0})")
function("shuffle", "array(E)", "array(E)", "list_sort({0})")
function("trim_array", "array(E), bigint", "array(E)", "trino_trim_array({0}, {1})")
function("sequence", "bigint, bigint, bigint", "array(bigint)", "trino_steps({0}, {1}, {2})")
function(
    "sequence", "bigint, bigint", "array(bigint)", "trino_steps({0}, {1}, CASE WHEN {0} <= {1} THEN 1 ELSE -1 END)"
)


def _days(start: str, stop: str, step: str) -> str:
    days = (
        f"trino_steps(CAST({start} - DATE '1970-01-01' AS BIGINT), CAST({stop} - DATE '1970-01-01' AS BIGINT), {step})"
    )
    return f"list_transform({days}, lambda d_: DATE '1970-01-01' + CAST(d_ AS INTEGER))"


def _months(call: Call) -> str:
    """The end may lie within the last month, so one step more is tried than there are whole ones."""
    start, stop, step = (call.sql(place) for place in range(3))
    months = f"date_diff('month', CAST({start} AS TIMESTAMP), CAST({stop} AS TIMESTAMP))"
    moment = f"CAST({start} + to_months(CAST(m_ AS INTEGER)) AS {form(call.type.element)})"
    within = f"CASE WHEN {step} > 0 THEN x_ <= {stop} ELSE x_ >= {stop} END"
    steps = f"trino_steps(CAST(0 AS BIGINT), {months}, {step})"
    # An end within the first month is behind the start, or before it.
    wrong = f"(({step} > 0 AND {stop} < {start}) OR ({step} < 0 AND {stop} > {start}))"
    steps = f"CASE WHEN {wrong} THEN trino_steps(CAST(0 AS BIGINT), -sign({step})::BIGINT, {step}) ELSE {steps} END"
    return f"list_filter(list_transform({steps}, lambda m_: {moment}), lambda x_: {within})"


function(
    "sequence",
    "date, date",
    "array(date)",
    lambda call: _days(call.sql(0), call.sql(1), f"CASE WHEN {call.sql(0)} <= {call.sql(1)} THEN 1 ELSE -1 END"),
)
function(
    "sequence",
    "date, date, interval day to second",
    "array(date)",
    lambda call: _days(
        call.sql(0),
        call.sql(1),
        f"CASE WHEN {call.sql(0)} IS NULL OR {call.sql(1)} IS NULL THEN NULL ELSE trino_whole_days({call.sql(2)}) END",
    ),
)
function("sequence", "date, date, interval year to month", "array(date)", _months)
function(
    "sequence",
    "timestamp(p), timestamp(p), interval day to second",
    "array(timestamp(p))",
    "list_transform(trino_steps(epoch_us({0}), epoch_us({1}), {2} * 1000), lambda u_: make_timestamp(u_))",
)
function("sequence", "timestamp(p), timestamp(p), interval year to month", "array(timestamp(p))", _months)
function("transform", "array(T), function(T,U)", "array(U)", "list_transform({0}, {1})")
function("filter", "array(T), function(T,boolean)", "array(T)", "list_filter({0}, {1})")
function("any_match", "array(T), function(T,boolean)", "boolean", "trino_any(list_transform({0}, {1}))")
function("all_match", "array(T), function(T,boolean)", "boolean", "trino_all(list_transform({0}, {1}))")
function("none_match", "array(T), function(T,boolean)", "boolean", "NOT trino_any(list_transform({0}, {1}))")


def _body(call: Call, place: int, *texts: str) -> str:
    """Put texts in the places of a lambda's parameters, by a LET for each of them."""
    argument = call.arguments[place]
    assert isinstance(argument, Lambda)
    body = argument.body.sql
    for name, text in zip(argument.parameters, texts, strict=True):
        body = f"list_transform([{text}], lambda {name}: {body})[1]"
    return body


function("apply", "T, function(T,U)", "U", lambda call: _body(call, 1, call.sql(0)))


def _reduced(call: Call) -> str:
    """DuckDB's list_reduce wants a state of the elements' type, so both travel together."""
    state, element = form(call.type_of(2)), form(call.type_of(0).element)
    packed = f"struct_pack(s := CAST(NULL AS {state}), x := CAST(x_ AS {element}))"
    first = f"struct_pack(s := CAST({call.sql(1)} AS {state}), x := CAST(NULL AS {element}))"
    step = f"struct_pack(s := CAST({_body(call, 2, 'a_.s', 'b_.x')} AS {state}), x := b_.x)"
    items = f"list_transform({call.sql(0)}, lambda x_: {packed})"
    return f"(list_reduce({items}, lambda a_, b_: {step}, {first})).s"


def reduced_to_result(call: Call) -> str:
    return _body(call, 3, _reduced(call))


function(
    "reduce",
    "array(T), S, function(S,T,S), function(S,R)",
    "R",
    lambda call: f"CASE WHEN {call.sql(0)} IS NULL THEN NULL ELSE {reduced_to_result(call)} END",
)


def _zip_with(call: Call) -> str:
    body = _body(call, 2, f"{call.sql(0)}[i_]", f"{call.sql(1)}[i_]")
    return _strict(
        call, f"list_transform(range(1, greatest(len({call.sql(0)}), len({call.sql(1)})) + 1), lambda i_: {body})"
    )


def _zipped(types: Sequence[DataType]) -> DataType:
    return array_of(row_of((None, type_.element) for type_ in types))


def _zip(call: Call) -> str:
    texts = [argument.sql for argument in call.arguments]
    names = row_names(call.type.element)
    pack = ", ".join(f"{name} := {text}[i_]" for name, text in zip(names, texts, strict=True))
    longest = f"greatest({', '.join(f'len({text})' for text in texts)})"
    return _strict(call, f"list_transform(range(1, {longest} + 1), lambda i_: struct_pack({pack}))")


function("zip_with", "array(T), array(U), function(T,U,R)", "array(R)", _zip_with)
for _count in range(2, 6):
    function("zip", ", ".join(f"array({letter})" for letter in "ABCDE"[:_count]), _zipped, _zip)


def _entries(call: Call) -> str:
    key, value = row_names(call.type.element)
    return f"list_transform(map_entries({call.sql(0)}), lambda e_: struct_pack({key} := e_.key, {value} := e_.value))"


def _checked_entries(call: Call) -> str:
    """Name the fields of the entries, and refuse those without a key."""
    entry = call.type_of(0).element
    key, value = (f'e_."{name}"' for name in row_names(entry))
    error = "trino_error('INVALID_FUNCTION_ARGUMENT', 'map {} cannot be null')"
    named = f"struct_pack(key := {key}, value := {value})"
    checked = f"CASE WHEN e_ IS NULL THEN {error.format('entry')} WHEN {key} IS NULL THEN {error.format('key')} ELSE {named} END"
    return f"list_transform({call.sql(0)}, lambda e_: {checked})"


def _zip_maps(call: Call) -> str:
    ours, theirs = call.sql(0), call.sql(1)
    made = _body(call, 2, "k_", f"{ours}[k_]", f"{theirs}[k_]")
    keys = f"list_distinct(list_concat(map_keys({ours}), map_keys({theirs})))"
    return _strict(
        call, f"map_from_entries(list_transform({keys}, lambda k_: struct_pack(key := k_, value := {made})))"
    )


def _map_filter(call: Call) -> str:
    kept = f"list_filter(map_entries({call.sql(0)}), lambda e_: {_body(call, 1, 'e_.key', 'e_.value')})"
    return f"map_from_entries({kept})"


def _of_entries(call: Call, key: str | None, value: str | None) -> str:
    made = _body(call, 1, "e_.key", "e_.value")
    pack = f"struct_pack(key := {key or made}, value := {value or made})"
    return f"map_from_entries(list_transform(map_entries({call.sql(0)}), lambda e_: {pack}))"


def _transformed_values(call: Call) -> str:
    return _of_entries(call, "e_.key", None)


def _transformed_keys(call: Call) -> str:
    return _of_entries(call, None, "e_.value")


def _empty_map(_: Sequence[DataType]) -> DataType:
    return map_of(UNKNOWN, UNKNOWN)


def _concatenated(call: Call) -> str:
    return _strict(call, f"map_concat({', '.join(argument.sql for argument in call.arguments)})")


function("map", "", _empty_map, "MAP {{}}")
function("map", "array(K), array(V)", "map(K,V)", "map({0}, {1})")
function("map_keys", "map(K,V)", "array(K)", "map_keys({0})")
function("map_values", "map(K,V)", "array(V)", "map_values({0})")
function("map_entries", "map(K,V)", "array(row(K,V))", _entries)
function("map_concat", "map(K,V), map(K,V), map(K,V)…", "map(K,V)", _concatenated)
function("map_from_entries", "array(row(K,V))", "map(K,V)", "map_from_entries({0})")
function(
    "multimap_from_entries",
    "array(row(K,V))",
    "map(K,array(V))",
    lambda call: f"trino_many({_checked_entries(call)})",
)
function("map_zip_with", "map(K,A), map(K,B), function(K,A,B,R)", "map(K,R)", _zip_maps)
function("map_filter", "map(K,V), function(K,V,boolean)", "map(K,V)", _map_filter)
function("transform_values", "map(K,V), function(K,V,R)", "map(K,R)", _transformed_values)
function("transform_keys", "map(K,V), function(K,V,R)", "map(R,V)", _transformed_keys)
