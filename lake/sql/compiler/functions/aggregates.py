"""trino.io/docs/422/functions/aggregate.html

In a form, {d} is where DISTINCT stands, {o} ORDER BY, {f} FILTER and OVER, {i} IGNORE NULLS.
"""

from lake.sql.compiler.functions.table import Call, aggregate
from lake.types import DataType
from lake.types.datatype import array_of

INTEGERS = ("tinyint", "smallint", "integer", "bigint")

aggregate("count", "", "bigint", "count(*){f}")
aggregate("count", "T", "bigint", "count({d}{0}){f}")
aggregate("count_if", "boolean", "bigint", "CAST(count_if({d}{0}){f} AS BIGINT)")
for kind in INTEGERS:
    aggregate("sum", kind, "bigint", "CAST(sum({d}{0}){f} AS BIGINT)")
    aggregate("avg", kind, "double", "avg({d}{0}){f}")
aggregate("sum", "decimal(p,s)", lambda types: DataType("decimal", (38, types[0].parameters[1])), "sum({d}{0}){f}")
aggregate("sum", "double", "double", "sum({d}{0}){f}")
aggregate("sum", "real", "real", "CAST(sum({d}{0}){f} AS FLOAT)")
aggregate("avg", "double", "double", "avg({d}{0}){f}")
aggregate("avg", "real", "real", "CAST(avg({d}{0}){f} AS FLOAT)")


def _decimal_average(call: Call) -> str:
    precision, scale = call.type.parameters
    total = f"sum({{d}}{call.sql(0)}){{f}}"
    digits = f"CAST(replace(CAST({total} AS VARCHAR), '.', '') AS HUGEINT)"
    return (
        f"CAST(trino_scaled(trino_half_up({digits}, CAST(count({{d}}{call.sql(0)}){{f}} AS HUGEINT)), {scale}) AS DECIMAL({precision},{scale}))"
        if scale
        else f"CAST(trino_half_up({digits}, CAST(count({{d}}{call.sql(0)}){{f}} AS HUGEINT)) AS DECIMAL({precision},0))"
    )


aggregate("avg", "decimal(p,s)", "decimal(p,s)", _decimal_average)
aggregate("min", "T", "T", "min({d}{0}){f}")
aggregate("max", "T", "T", "max({d}{0}){f}")
aggregate("min", "T, bigint", lambda types: array_of(types[0]), "min({0}, {1}){f}")
aggregate("max", "T, bigint", lambda types: array_of(types[0]), "max({0}, {1}){f}")
aggregate("min_by", "T, U", "T", "arg_min_null({0}, {1}){f}")
aggregate("max_by", "T, U", "T", "arg_max_null({0}, {1}){f}")
aggregate("min_by", "T, U, bigint", lambda types: array_of(types[0]), "arg_min({0}, {1}, {2}){f}")
aggregate("max_by", "T, U, bigint", lambda types: array_of(types[0]), "arg_max({0}, {1}, {2}){f}")
aggregate("arbitrary|any_value", "T", "T", "any_value({0}){f}")
aggregate("bool_and|every", "boolean", "boolean", "bool_and({d}{0}){f}")
aggregate("bool_or", "boolean", "boolean", "bool_or({d}{0}){f}")
aggregate("array_agg", "T", "array(T)", "array_agg({d}{0}{o}){f}")
aggregate("listagg", "varchar, varchar", "varchar", "string_agg({d}{0}, {1}{o}){f}")
aggregate("listagg", "varchar", "varchar", "string_agg({d}{0}, ''{o}){f}")
aggregate("map_agg", "K, V", "map(K,V)", "map_from_entries(list(struct_pack(key := {0}, value := {1})){f})")
aggregate("approx_distinct", "T", "bigint", "CAST(approx_count_distinct({0}){f} AS BIGINT)")
for kind in ("bigint", "double", "real"):
    aggregate(
        "approx_percentile",
        f"{kind}, double",
        kind,
        lambda call: (
            f"CAST(quantile_disc({call.sql(0)}, {call.sql(1)}){{f}} AS {'FLOAT' if call.type.name == 'real' else call.type.name.upper()})"
        ),
    )
for name, text in {
    "stddev": "stddev_samp",
    "stddev_samp": "stddev_samp",
    "stddev_pop": "stddev_pop",
    "variance": "var_samp",
    "var_samp": "var_samp",
    "var_pop": "var_pop",
    "skewness": "skewness",
    "kurtosis": "kurtosis",
}.items():
    aggregate(name, "double", "double", f"{text}({{d}}{{0}}){{f}}")
for name in ("corr", "covar_pop", "covar_samp", "regr_slope", "regr_intercept"):
    aggregate(name, "double, double", "double", f"{name}({{0}}, {{1}}){{f}}")
aggregate("geometric_mean", "double", "double", "exp(avg(ln({0})){f})")
aggregate("checksum", "T", "varbinary", "encode(CAST(sum(hash({0})){f} AS VARCHAR))")
aggregate("bitwise_and_agg", "bigint", "bigint", "bit_and({0}){f}")
aggregate("bitwise_or_agg", "bigint", "bigint", "bit_or({0}){f}")
aggregate("bitwise_xor_agg", "bigint", "bigint", "bit_xor({0}){f}")
aggregate("grouping", "T, T…", "integer", "CAST(grouping({all}) AS INTEGER)")
