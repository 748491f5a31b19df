"""trino.io/docs/422/functions/math.html, bitwise.html"""

from collections.abc import Callable, Sequence

from lake.sql.compiler.decimals import scaled, unscaled
from lake.sql.compiler.forms import form as form_of
from lake.sql.compiler.functions.table import Call, function
from lake.sql.compiler.operators import arithmetic
from lake.sql.compiler.python_forms import call_text, python
from lake.sql.compiler.runtime import maths
from lake.sql.compiler.typed import Typed
from lake.types import DataType

WIDTHS = {"tinyint": 8, "smallint": 16, "integer": 32, "bigint": 64}
INTEGERS = tuple(WIDTHS)
NUMBERS = (*INTEGERS, "double", "real")

for kind in NUMBERS:
    function("abs", kind, kind, "abs({0})")
for kind in INTEGERS:
    function("sign", kind, kind, f"CAST(sign({{0}}) AS {kind.upper()})")
    function("ceil|ceiling|floor|round", kind, kind, "{0}")
    function("mod", f"{kind}, {kind}", kind, "trino_modulo({0}, {1})")
    function("round", f"{kind}, integer", kind, "CAST(trino_round_whole({0}, {1}) AS " + kind.upper() + ")")
    for direction in ("left_shift", "right_shift", "right_shift_arithmetic"):
        function(
            f"bitwise_{direction}",
            f"{kind}, bigint",
            kind,
            f"CAST(trino_{direction}({{0}}, {{1}}, {WIDTHS[kind]}) AS {kind.upper()})",
        )
function("abs", "decimal(p,s)", "decimal(p,s)", "abs({0})")
function("sign", "decimal(p,s)", lambda _: DataType("decimal", (1, 0)), "CAST(sign({0}) AS DECIMAL(1,0))")
for kind, form in (("double", "DOUBLE"), ("real", "FLOAT")):
    function("ceil|ceiling", kind, kind, "ceil({0})")
    function("floor", kind, kind, "floor({0})")
    function("round", kind, kind, f"CAST(round({{0}}) AS {form})")
    function("sign", kind, kind, f"CASE WHEN isnan({{0}}) THEN {{0}} ELSE CAST(sign({{0}}) AS {form}) END")
    function("round", f"{kind}, integer", kind, f"CAST(trino_round_float({{0}}, {{1}}) AS {form})")
    function("truncate", kind, kind, f"CAST(trunc({{0}}) AS {form})")
    function("mod", f"{kind}, {kind}", kind, f"CAST(({{0}} % {{1}}) AS {form})")


def _whole(types: Sequence[DataType]) -> DataType:
    precision, scale = types[0].parameters
    return DataType("decimal", (precision - scale + min(scale, 1), 0))


def _cast_of(text: str) -> Callable[[Call], str]:
    def made(call: Call) -> str:
        precision, scale = call.type.parameters
        return f"CAST({text.format(call.sql(0))} AS DECIMAL({precision},{scale}))"

    return made


function("ceil|ceiling", "decimal(p,s)", _whole, _cast_of("ceil({0})"))
function("floor", "decimal(p,s)", _whole, _cast_of("floor({0})"))
function("round", "decimal(p,s)", _whole, _cast_of("round({0}, 0)"))
function(
    "truncate",
    "decimal(p,s)",
    lambda types: DataType("decimal", (max(1, types[0].parameters[0] - types[0].parameters[1]), 0)),
    _cast_of("trunc({0})"),
)


def _rounded_decimal(call: Call) -> str:
    """DuckDB's own takes a constant alone, and does not see what has no room."""
    value, places, (precision, scale) = call.sql(0), call.sql(1), call.type.parameters
    constant = call.literal(1)
    if isinstance(constant, int) and constant >= scale:
        return f"CAST({value} AS {form_of(call.type)})"
    whole = call.type_of(0).parameters[0] - scale
    # Of all digits before the point DuckDB's own makes 0, where they may round up.
    if isinstance(constant, int) and constant > -whole and precision < 38:
        return f"CAST(round({value}, {places}) AS {form_of(call.type)})"
    digits = f"trino_round_digits({unscaled(Typed(value, call.type_of(0)), 0)}, {scale} - {places})"
    rounded = f"CAST({scaled(digits, scale)} AS {form_of(call.type)})"
    return f"CASE WHEN {places} >= {scale} THEN CAST({value} AS {form_of(call.type)}) ELSE {rounded} END"


function(
    "round",
    "decimal(p,s), integer",
    lambda types: DataType("decimal", (min(38, types[0].parameters[0] + 1), types[0].parameters[1])),
    _rounded_decimal,
)


def _remainder(left: DataType, right: DataType) -> Typed:
    found = arithmetic("%", Typed("{0}", left), Typed("{1}", right))
    assert found is not None
    return found


function(
    "mod",
    "decimal(p,s), decimal(q,r)",
    lambda types: _remainder(types[0], types[1]).type,
    lambda call: _remainder(call.type_of(0), call.type_of(1)).sql.format(call.sql(0), call.sql(1)),
)


def _truncated(call: Call) -> str:
    """Cut at a place before or behind the point, all digits being one whole number."""
    value, places, scale = call.sql(0), call.sql(1), call.type.parameters[1]
    digits = unscaled(Typed(value, call.type), 0)
    whole = f"trino_cut_digits({digits}, {scale} - {places})"
    return f"CASE WHEN {places} >= {scale} THEN {value} ELSE CAST({scaled(whole, scale)} AS {form_of(call.type)}) END"


function("truncate", "decimal(p,s), bigint", "decimal(p,s)", _truncated)
for name in ("acos", "asin"):
    function(name, "double", "double", f"CASE WHEN abs({{0}}) > 1 THEN CAST('nan' AS DOUBLE) ELSE {name}({{0}}) END")
for name in ("cos", "sin", "tan"):
    function(name, "double", "double", f"CASE WHEN isinf({{0}}) THEN CAST('nan' AS DOUBLE) ELSE {name}({{0}}) END")
for name in ("atan", "cosh", "sinh", "tanh", "degrees", "radians", "exp", "cbrt"):
    function(name, "double", "double", f"{name}({{0}})")
function("sqrt", "double", "double", "CASE WHEN {0} < 0 THEN CAST('nan' AS DOUBLE) ELSE sqrt({0}) END")
for name, text in {"ln": "ln", "log2": "log2", "log10": "log10"}.items():
    function(
        name,
        "double",
        "double",
        f"CASE WHEN {{0}} < 0 THEN CAST('nan' AS DOUBLE) WHEN {{0}} = 0 THEN CAST('-inf' AS DOUBLE) ELSE {text}({{0}}) END",
    )
function("log", "double, double", "double", "trino_ln({1}) / trino_ln({0})")
function("atan2", "double, double", "double", "atan2({0}, {1})")
function("pow|power", "double, double", "double", "trino_power({0}, {1})")
function("pi", "", "double", "pi()")
function("e", "", "double", "exp(CAST(1 AS DOUBLE))")
function("infinity", "", "double", "CAST('inf' AS DOUBLE)")
function("nan", "", "double", "CAST('nan' AS DOUBLE)")
function("is_nan", "double", "boolean", "isnan({0})")
function("is_nan", "real", "boolean", "isnan({0})")
function("is_finite", "double", "boolean", "isfinite({0})")
function("is_infinite", "double", "boolean", "isinf({0})")
function("random|rand", "", "double", "random()")
for kind in INTEGERS:
    function("random|rand", kind, kind, f"CAST(trino_random(0, {{0}}, 'bound must be positive') AS {kind.upper()})")
    function(
        "random|rand",
        f"{kind}, {kind}",
        kind,
        f"CAST(trino_random({{0}}, {{1}}, 'start value must be less than stop value') AS {kind.upper()})",
    )
function("bitwise_and", "bigint, bigint", "bigint", "({0} & {1})")
function("bitwise_or", "bigint, bigint", "bigint", "({0} | {1})")
function("bitwise_xor", "bigint, bigint", "bigint", "xor({0}, {1})")
function("bitwise_not", "bigint", "bigint", "(~{0})")
function("bit_count", "bigint, bigint", "bigint", "trino_bit_count({0}, {1})")
function(
    "to_base",
    "bigint, bigint",
    "varchar(64)",
    "trino_to_base({0}, {1})",
)
function("from_base", "varchar, bigint", "bigint", python(maths.from_base))
function("width_bucket", "double, double, double, bigint", "bigint", "trino_width_bucket({0}, {1}, {2}, {3})")
function("width_bucket", "double, array(double)", "bigint", "trino_bin({0}, {1})")


def _normal(call: Call) -> str:
    """A Python body's NaN would come back as NULL."""
    odd = f"isnan({call.sql(0)}) OR isnan({call.sql(2)})"
    plain = python(maths.normal_cdf)(call)
    return f"CASE WHEN ({odd}) AND {call.sql(1)} > 0 THEN CAST('nan' AS DOUBLE) ELSE {plain} END"


function("normal_cdf", "double, double, double", "double", _normal)
for body in (maths.inverse_normal_cdf, maths.beta_cdf, maths.inverse_beta_cdf):
    function(body.__name__, "double, double, double", "double", python(body))
for bound in (maths.wilson_interval_lower, maths.wilson_interval_upper):
    function(bound.__name__, "bigint, bigint, double", "double", python(bound))


def _similarity(call: Call) -> str:
    """Keys and values travel side by side: a map takes DuckDB long to hand over."""
    parts = [f"map_{part}({call.sql(place)})" for place in (0, 1) for part in ("keys", "values")]
    found = call_text(maths.cosine_similarity, parts, ("VARCHAR[]", "DOUBLE[]") * 2, "VARCHAR")
    known = f"{call.sql(0)} IS NOT NULL AND {call.sql(1)} IS NOT NULL"
    return f"CAST(CASE WHEN {known} THEN {found} END AS DOUBLE)"


function("cosine_similarity", "map(varchar,double), map(varchar,double)", "double", _similarity)
function("format_number", "bigint", "varchar", python(maths.format_number))
function("format_number", "double", "varchar", python(maths.format_number))
