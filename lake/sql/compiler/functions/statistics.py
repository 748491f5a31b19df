"""Aggregates of statistics (trino.io/docs/422/functions/aggregate.html).

DuckDB's own refuse what is not finite. They are asked for the finite values alone, and what else is there decides before.
"""

from collections.abc import Callable, Sequence

from lake.sql.compiler.coercion import BIGINT
from lake.sql.compiler.forms import form
from lake.sql.compiler.functions.table import Call, aggregate
from lake.sql.compiler.operators import comparable
from lake.sql.compiler.python_forms import call_text
from lake.sql.compiler.runtime import summaries
from lake.sql.compiler.typed import Typed
from lake.types import DataType
from lake.types.datatype import map_of

NAN = "CAST('nan' AS DOUBLE)"
MOST_SKEWED = "{native} * (CAST({count} AS DOUBLE) - 2) / sqrt({count} * (CAST({count} AS DOUBLE) - 1))"
SPREADS = {
    # name: DuckDB's, and how many values it takes
    "stddev": ("stddev_samp", 2),
    "stddev_samp": ("stddev_samp", 2),
    "stddev_pop": ("stddev_pop", 1),
    "variance": ("var_samp", 2),
    "var_samp": ("var_samp", 2),
    "var_pop": ("var_pop", 1),
    "skewness": ("skewness", 3),
    "kurtosis": ("kurtosis", 4),
}


def _spread(native: str, least: int, *, finite: bool) -> Callable[[Call], str]:
    def text(call: Call) -> str:
        value = call.sql(0)
        count = f"count({{d}}{value}){{f}}"
        known = value if finite else f"CASE WHEN isfinite({value}) THEN {value} END"
        found = f"{native}({{d}}{known}){{f}}"
        if least > 2:
            # Equal values have no shape.
            flat = f"min({known}){{f}} = max({known}){{f}}"
            shape = MOST_SKEWED.format(native=found, count=count) if native == "skewness" else found
            found = f"CASE WHEN {count} < {least} THEN NULL WHEN {flat} THEN {NAN} ELSE {shape} END"
        if finite:
            return found
        return f"CASE WHEN {count} >= {least} AND bool_or(NOT isfinite({value})){{f}} THEN {NAN} ELSE {found} END"

    return text


for name, (native, least) in SPREADS.items():
    aggregate(name, "bigint", "double", _spread(native, least, finite=True))
    aggregate(name, "double", "double", _spread(native, least, finite=False))


def _of_pairs(native: str, *, covariance: bool) -> Callable[[Call], str]:
    """What is not finite makes a covariance NaN, and the others NULL."""

    def text(call: Call) -> str:
        one, other = call.sql(0), call.sql(1)
        finite = f"isfinite(0 * {one} + 0 * {other})"
        found = f"{native}(CASE WHEN {finite} THEN {one} END, {other}){{f}}"
        if covariance:
            least = 2 if native == "covar_samp" else 1
            odd = f"count(CASE WHEN NOT ({finite}) THEN 1 END){{f}} > 0 AND count({one} + {other}){{f}} >= {least}"
            found = f"CASE WHEN {odd} THEN {NAN} ELSE {found} END"
        else:
            sound = f"count(CASE WHEN NOT ({finite}) THEN 1 END){{f}} = 0 AND isfinite({found})"
            found = f"CASE WHEN {sound} THEN {found} END"
        return f"CAST({found} AS {form(call.type)})"

    return text


for name in ("corr", "covar_pop", "covar_samp", "regr_slope", "regr_intercept"):
    for kind in ("double", "real"):
        aggregate(name, f"{kind}, {kind}", kind, _of_pairs(name, covariance=name.startswith("covar")))
for kind, result in (("bigint", "double"), ("double", "double"), ("real", "real")):
    aggregate(
        "geometric_mean",
        kind,
        result,
        f"CAST(exp(avg(trino_ln(CAST({{0}} AS DOUBLE))){{f}}) AS {'FLOAT' if result == 'real' else 'DOUBLE'})",
    )


def _distinct(call: Call) -> str:
    """Count them all: DuckDB's own estimate is further off than Trino's may be."""
    value = Typed(call.sql(0), call.type_of(0))
    count = f"count(DISTINCT {comparable(value)}){{f}}"
    if len(call.arguments) == 1:
        return count
    wanted = f"any_value({call.sql(1)}){{f}}"
    message = f"'Standard error must be between 0.0040625 and 0.26: ' || {wanted}"
    error = f"trino_error('INVALID_FUNCTION_ARGUMENT', {message})"
    return f"CASE WHEN {wanted} NOT BETWEEN 0.0040625 AND 0.26 THEN {error} ELSE {count} END"


aggregate("approx_distinct", "T", "bigint", _distinct)
aggregate("approx_distinct", "T, double", "bigint", _distinct)


def _percentile(call: Call) -> str:
    """Of n values in order Trino takes the one behind q * n others, DuckDB the one at it."""
    value, wanted, kind = call.sql(0), call.sql(1), form(call.type)
    if isinstance(call.literal(1), int | float):
        share = call.literal(1)
        assert isinstance(share, int | float)
        if 0 <= share <= 1:
            return f"CAST(quantile_disc({value}, {min(1.0, share + 1e-12)!r}){{f}} AS {kind})"
    ordered = f"list_sort(list({value}) {{f}})".replace(" {f}", "{f}")
    known = f"list_filter({ordered}, lambda e_: e_ IS NOT NULL)"
    return f"CAST(trino_percentile({known}, any_value({wanted}){{f}}) AS {kind})"


def _percentiles(call: Call) -> str:
    known = f"list_filter(list_sort(list({call.sql(0)}){{f}}), lambda e_: e_ IS NOT NULL)"
    return f"CAST(trino_percentiles({known}, any_value({call.sql(1)}){{f}}) AS {form(call.type)})"


def _weighted(call: Call) -> str:
    """Both travel in a list; a NULL of either is left out."""
    pairs = f"list(struct_pack(v := CAST({call.sql(0)} AS DOUBLE), w := {call.sql(1)})){{f}}"
    wanted = f"any_value({call.sql(2)}){{f}}"
    several = call.type.is_nested
    shares = wanted if several else f"[{wanted}]"
    body = summaries.weighted_whole if "bigint" in call.type.athena else summaries.weighted
    types = ("STRUCT(v DOUBLE, w DOUBLE)[]", "DOUBLE[]")
    found = call_text(body, [pairs, shares], types, "DOUBLE[]")
    return f"CAST({found if several else f'({found})[1]'} AS {form(call.type)})"


for kind in ("bigint", "double", "real"):
    aggregate("approx_percentile", f"{kind}, double", kind, _percentile)
    aggregate("approx_percentile", f"{kind}, array(double)", f"array({kind})", _percentiles)
    aggregate("approx_percentile", f"{kind}, double, double", kind, _weighted)
    aggregate("approx_percentile", f"{kind}, double, array(double)", f"array({kind})", _weighted)
    aggregate("approx_percentile", f"{kind}, double, double, double", kind, _weighted)


def _of_value(types: Sequence[DataType]) -> DataType:
    return map_of(types[1], BIGINT)


def _most_frequent(call: Call) -> str:
    kind = form(call.type_of(1))
    listed = f"list({call.sql(1)}){{f}}"
    counted = f"any_value({call.sql(0)}){{f}}"
    found = call_text(
        summaries.most_frequent, [counted, listed], ("BIGINT", f"{kind}[]"), f'STRUCT("key" {kind}, "value" BIGINT)[]'
    )
    return f"map_from_entries({found})"


for kind in ("bigint", "varchar"):
    aggregate("approx_most_frequent", f"bigint, {kind}, bigint", _of_value, _most_frequent)


def _histogram(call: Call) -> str:
    weight = call.sql(2) if len(call.arguments) > 2 else "1e0"
    pairs = f"list(struct_pack(v := CAST({call.sql(1)} AS DOUBLE), w := {weight})){{f}}"
    entries = 'STRUCT("key" DOUBLE, "value" DOUBLE)[]'
    buckets = f"any_value({call.sql(0)}){{f}}"
    types = ("BIGINT", "STRUCT(v DOUBLE, w DOUBLE)[]")
    found = call_text(summaries.numeric_histogram, [buckets, pairs], types, entries)
    return f"CAST(map_from_entries({found}) AS {form(call.type)})"


for kind in ("double", "real"):
    aggregate("numeric_histogram", f"bigint, {kind}", f"map({kind},{kind})", _histogram)
    aggregate("numeric_histogram", f"bigint, {kind}, double", f"map({kind},{kind})", _histogram)
