"""Macros that the texts of expressions call, by the names that they have there. Arguments are expanded as often as they occur."""

from __future__ import annotations

import re
from functools import cache

from lake.sql.compiler.json_macros import JSON_MACROS
from lake.sql.compiler.time_macros import TIME_MACROS

DIVISION = "trino_error('DIVISION_BY_ZERO', 'Division by zero')"


def _invalid(message: str) -> str:
    return f"trino_error('INVALID_FUNCTION_ARGUMENT', {message})"


def _no_cast(kind: str) -> str:
    return f"trino_error('INVALID_CAST_ARGUMENT', 'Cannot cast ''' || x || ''' to {kind}')"


MACROS: dict[str, str] = (
    {
        "trino_divide(a, b)": f"CASE WHEN b = 0 AND a IS NOT NULL THEN {DIVISION} ELSE a // b END",
        "trino_modulo(a, b)": f"CASE WHEN b = 0 AND a IS NOT NULL THEN {DIVISION} WHEN b = -1 THEN a - a ELSE a % b END",
        "trino_frame_offset(x)": (
            "CASE WHEN x IS NULL OR x < 0 THEN "
            "trino_error('INVALID_WINDOW_FRAME', 'Window frame offset value must not be negative or null') ELSE x END"
        ),
        "trino_half_up(a, b)": f"CASE WHEN b = 0 THEN {DIVISION} ELSE (a + sign(a) * (abs(b) // 2)) // b END",
        "trino_sci_(digits, exponent)": (
            "substring(digits, 1, 1) || '.' || CASE WHEN length(digits) > 1 THEN substring(digits, 2) ELSE '0' END || 'E' || exponent"
        ),
        "trino_sci_of_(whole, fraction, e)": (
            "trino_sci_(rtrim(ltrim(whole || fraction, '0'), '0'), "
            "e + length(whole) - 1 - (length(whole || fraction) - length(ltrim(whole || fraction, '0'))))"
        ),
        "trino_sci_text_(t)": (
            "trino_sci_of_(split_part(split_part(t, 'e', 1), '.', 1), split_part(split_part(t, 'e', 1), '.', 2), "
            "coalesce(TRY_CAST(nullif(split_part(t, 'e', 2), '') AS INTEGER), 0))"
        ),
        "trino_double_text(x)": (
            "CASE WHEN x IS NULL THEN NULL WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END "
            "WHEN x = 0 THEN CASE WHEN CAST(x AS VARCHAR) LIKE '-%' THEN '-0E0' ELSE '0E0' END "
            "WHEN x < 0 THEN '-' || trino_sci_text_(CAST(-x AS VARCHAR)) ELSE trino_sci_text_(CAST(x AS VARCHAR)) END"
        ),
        "trino_real_text(x)": "trino_double_text(x)",
        "trino_decimal_text(t)": "CASE WHEN t LIKE '.%' THEN '0' || t WHEN t LIKE '-.%' THEN '-0' || substring(t, 2) ELSE t END",
        "trino_fraction_(micros, p)": (
            "CASE WHEN p = 0 THEN '' ELSE '.' || substring(lpad(CAST(micros AS VARCHAR), 6, '0') || '000000', 1, p) END"
        ),
        "trino_year_text_(y)": (
            "CASE WHEN y < 0 THEN '-' WHEN y > 9999 THEN '+' ELSE '' END || lpad(CAST(abs(y) AS VARCHAR), CAST(greatest(4, length(CAST(abs(y) AS VARCHAR))) AS INTEGER), '0')"
        ),
        "trino_date_text(x)": (
            "CASE WHEN x < DATE '0001-01-01' THEN trino_year_text_(year(CAST(x AS DATE))) || strftime(CAST(x AS DATE), '-%m-%d') ELSE CAST(x AS VARCHAR) END"
        ),
        "trino_timestamp_text(x, p)": (
            "CASE WHEN x >= TIMESTAMP '0001-01-01' AND x < TIMESTAMP '10000-01-01' THEN strftime(CAST(x AS TIMESTAMP), '%Y-%m-%d %H:%M:%S') "
            "ELSE trino_year_text_(year(CAST(x AS TIMESTAMP))) || strftime(CAST(x AS TIMESTAMP), '-%m-%d %H:%M:%S') END "
            "|| trino_fraction_(microsecond(CAST(x AS TIMESTAMP)) % 1000000, p)"
        ),
        "trino_time_text(x, p)": "substring(CAST(x AS VARCHAR), 1, 8) || trino_fraction_(microsecond(x) % 1000000, p)",
        "trino_date_plus(d, ms)": (
            "CASE WHEN d IS NULL THEN NULL WHEN ms % 86400000 <> 0 THEN "
            + _invalid("'Cannot add hour, minutes or seconds to a date'")
            + " ELSE d + CAST(ms // 86400000 AS INTEGER) END"
        ),
        "trino_day_interval_text(x)": (
            "CASE WHEN x < 0 THEN '-' ELSE '' END || (abs(x) // 86400000) || ' ' || lpad(CAST(abs(x) // 3600000 % 24 AS VARCHAR), 2, '0') || ':' || "
            "lpad(CAST(abs(x) // 60000 % 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(x) // 1000 % 60 AS VARCHAR), 2, '0') || '.' || "
            "lpad(CAST(abs(x) % 1000 AS VARCHAR), 3, '0')"
        ),
        "trino_year_interval_text(x)": "CASE WHEN x < 0 THEN '-' ELSE '' END || (abs(x) // 12) || '-' || (abs(x) % 12)",
        "trino_text_uuid(x)": (
            "CASE WHEN x IS NULL THEN NULL WHEN regexp_full_match(x, '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}') THEN CAST(x AS UUID) "
            "ELSE trino_error('INVALID_CAST_ARGUMENT', 'Cannot cast value to UUID: ' || x) END"
        ),
        "trino_bytes_uuid(x)": (
            "CASE WHEN octet_length(x) <> 16 THEN trino_error('INVALID_CAST_ARGUMENT', 'Invalid UUID binary length: ' || octet_length(x)) "
            "ELSE CAST(hex(x) AS UUID) END"
        ),
        "trino_fitting_text(t, n, kind)": (
            "CASE WHEN length(t) > n THEN trino_error('INVALID_CAST_ARGUMENT', 'Value ' || t || ' cannot be represented as varchar(' || n || ')') ELSE t END"
        ),
        "trino_text_boolean(x)": (
            "CASE WHEN x IS NULL THEN NULL WHEN lower(x) IN ('t', 'true', '1') THEN true WHEN lower(x) IN ('f', 'false', '0') THEN false "
            f"ELSE {_no_cast('BOOLEAN')} END"
        ),
        "trino_text_decimal(x, kind)": (
            "CASE WHEN x IS NULL THEN NULL WHEN regexp_full_match(x, '[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?') THEN x "
            "ELSE trino_error('INVALID_CAST_ARGUMENT', 'Cannot cast VARCHAR ''' || x || ''' to ' || upper(kind)) END"
        ),
        "trino_subscript_array_(a, i)": (
            "CASE WHEN a IS NULL OR i IS NULL THEN NULL WHEN i = 0 THEN "
            + _invalid("'SQL array indices start at 1'")
            + " WHEN i < 0 THEN "
            + _invalid("'Array subscript is negative: ' || i")
            + " WHEN i > len(a) THEN "
            + _invalid("'Array subscript must be less than or equal to array length: ' || i || ' > ' || len(a)")
            + " ELSE a[i] END"
        ),
        "trino_subscript_map_(m, k)": (
            "CASE WHEN m IS NULL THEN NULL WHEN map_contains(m, k) THEN m[k] ELSE "
            + _invalid("'Key not present in map: ' || CAST(k AS VARCHAR)")
            + " END"
        ),
        "trino_element_array_(a, i)": (
            "CASE WHEN i = 0 THEN "
            + _invalid("'SQL array indices start at 1'")
            + " WHEN abs(i) > len(a) THEN NULL ELSE a[i] END"
        ),
        "trino_substr(s, i, n)": (
            "CASE WHEN i = 0 OR n <= 0 OR abs(i) > length(s) THEN CASE WHEN s IS NULL OR i IS NULL OR n IS NULL THEN NULL ELSE '' END "
            "ELSE substring(s, CASE WHEN i > 0 THEN i ELSE length(s) + i + 1 END, n) END"
        ),
        "trino_round_(x)": "round(x)",
        "trino_round_float(x, d)": "CASE WHEN d IS NULL THEN NULL WHEN isfinite(x) THEN round(x, d) ELSE x END",
        "trino_ln(x)": "CASE WHEN x < 0 THEN CAST('nan' AS DOUBLE) WHEN x = 0 THEN CAST('-inf' AS DOUBLE) ELSE ln(x) END",
        "trino_power(a, b)": ("CASE WHEN abs(a) = 1 AND NOT isfinite(b) THEN CAST('nan' AS DOUBLE) ELSE pow(a, b) END"),
        "trino_to_base(x, radix)": (
            "CASE WHEN x IS NULL OR radix IS NULL THEN NULL WHEN radix NOT BETWEEN 2 AND 36 THEN "
            + _invalid("'Radix must be between 2 and 36'")
            + " WHEN x = -9223372036854775808 THEN '-' || lower(to_base(-(x // radix), CAST(radix AS INTEGER)) || "
            "to_base(-(x % radix), CAST(radix AS INTEGER))) "
            "WHEN x < 0 THEN '-' || lower(to_base(-x, CAST(radix AS INTEGER))) ELSE lower(to_base(x, CAST(radix AS INTEGER))) END"
        ),
        "trino_count_of_n(n)": (
            "CASE WHEN n <= 0 THEN "
            + _invalid("'the number of values must be positive; found ' || n")
            + " WHEN n > 10000 THEN "
            + _invalid("'the number of values must be less than or equal to 10000; found ' || n")
            + " ELSE n END"
        ),
        "trino_share_(q)": (
            "CASE WHEN q BETWEEN 0 AND 1 THEN q ELSE " + _invalid("'Percentile must be between 0 and 1'") + " END"
        ),
        "trino_percentile(values_, q)": "values_[1 + least(CAST(floor(trino_share_(q) * len(values_)) AS BIGINT), len(values_) - 1)]",
        "trino_percentiles(values_, shares)": (
            "CASE WHEN len(values_) = 0 THEN NULL ELSE list_transform(shares, lambda q_: trino_percentile(values_, q_)) END"
        ),
        "trino_random(a, b, message)": (
            f"CASE WHEN a >= b THEN {_invalid('message')} ELSE a + CAST(floor(random() * (CAST(b AS HUGEINT) - a)) AS HUGEINT) END"
        ),
        "trino_power_of_ten_(k)": "CAST('1' || repeat('0', CAST(k AS INTEGER)) AS HUGEINT)",
        "trino_cut_digits(digits, k)": (
            "CASE WHEN k > 37 THEN digits * 0 ELSE (digits // trino_power_of_ten_(k)) * trino_power_of_ten_(k) END"
        ),
        "trino_round_digits(digits, k)": (
            "CASE WHEN k > 38 THEN digits * 0 "
            "ELSE trino_half_up(digits, trino_power_of_ten_(k)) * trino_power_of_ten_(k) END"
        ),
        "trino_round_whole(x, d)": (
            "CASE WHEN d >= 0 THEN CAST(x AS HUGEINT) WHEN d < -18 THEN "
            "trino_error('NUMERIC_VALUE_OUT_OF_RANGE', 'numerical overflow: ' || x) "
            "ELSE trino_half_up(CAST(x AS HUGEINT), trino_power_of_ten_(-d)) * trino_power_of_ten_(-d) END"
        ),
        "trino_ones_(n)": "((CAST(1 AS HUGEINT) << CAST(n AS INTEGER)) - 1)",
        "trino_signed_(x, width)": ("CASE WHEN x > trino_ones_(width - 1) THEN x - trino_ones_(width) - 1 ELSE x END"),
        "trino_left_shift(x, n, width)": (
            "CASE WHEN x IS NULL THEN NULL WHEN n >= width OR n & 63 >= width THEN CAST(0 AS HUGEINT) ELSE trino_signed_("
            "(CAST(x AS HUGEINT) & trino_ones_(width - (n & 63))) << CAST(n & 63 AS INTEGER), width) END"
        ),
        "trino_right_shift(x, n, width)": (
            "CASE WHEN x IS NULL THEN NULL WHEN n >= 64 THEN CAST(0 AS HUGEINT) WHEN n & 63 = 0 THEN CAST(x AS HUGEINT) "
            "ELSE (CAST(x AS HUGEINT) & trino_ones_(width)) >> CAST(n & 63 AS INTEGER) END"
        ),
        "trino_right_shift_arithmetic(x, n, width)": (
            "CASE WHEN x IS NULL THEN NULL WHEN n >= 64 THEN CAST(CASE WHEN x < 0 THEN -1 ELSE 0 END AS HUGEINT) "
            "ELSE (CAST(x AS HUGEINT) - (CAST(x AS HUGEINT) & trino_ones_(n & 63))) // (trino_ones_(n & 63) + 1) END"
        ),
        "trino_bit_count(x, bits)": (
            "CASE WHEN x IS NULL THEN NULL WHEN bits < 2 OR bits > 64 THEN "
            + _invalid("'Bits specified in bit_count must be between 2 and 64, got ' || bits")
            + " WHEN x > trino_ones_(bits - 1) OR x < -trino_ones_(bits - 1) - 1 THEN "
            + _invalid(
                "'Number must be representable with the bits specified. ' || x || ' cannot be represented with ' || bits || ' bits'"
            )
            + " WHEN x < 0 THEN bits - bit_count(~x) ELSE CAST(bit_count(x) AS BIGINT) END"
        ),
        "trino_width_bucket(x, a, b, n)": (
            "CASE WHEN x IS NULL OR a IS NULL OR b IS NULL THEN NULL WHEN n <= 0 THEN "
            + _invalid("'bucketCount must be greater than 0'")
            + " WHEN isnan(x) THEN "
            + _invalid("'operand must not be NaN'")
            + " WHEN NOT isfinite(a) THEN "
            + _invalid("'first bound must be finite'")
            + " WHEN NOT isfinite(b) THEN "
            + _invalid("'second bound must be finite'")
            + " WHEN a = b THEN "
            + _invalid("'bounds cannot equal each other'")
            + " WHEN a < b THEN trino_bucket_(x, a, b, n) ELSE n - trino_bucket_(x, b, a, n) + 1 END"
        ),
        "trino_bucket_(x, low, high, n)": (
            "CASE WHEN x < low THEN 0 WHEN x >= high THEN n + 1 ELSE CAST(floor(n * (x - low) / (high - low)) AS BIGINT) + 1 END"
        ),
        "trino_bin(x, bins)": (
            "CASE WHEN x IS NULL OR bins IS NULL THEN NULL WHEN len(bins) = 0 THEN "
            + _invalid("'Bins cannot be an empty array'")
            + " WHEN isnan(x) THEN "
            + _invalid("'Operand cannot be NaN'")
            + " WHEN len(list_filter(bins, lambda e_: NOT isfinite(e_))) > 0 THEN "
            + _invalid("'Bin value must be finite'")
            + " WHEN trino_has_null(bins) OR list_sort(bins) <> bins THEN "
            + _invalid("'Bin values are not sorted in ascending order'")
            + " ELSE len(list_filter(bins, lambda e_: e_ <= x)) END"
        ),
        "trino_all(tests)": (
            "CASE WHEN tests IS NULL THEN NULL WHEN list_contains(tests, false) THEN false "
            "WHEN list_count(tests) < len(tests) THEN NULL ELSE true END"
        ),
        "trino_any(tests)": (
            "CASE WHEN tests IS NULL THEN NULL WHEN list_contains(tests, true) THEN true "
            "WHEN list_count(tests) < len(tests) THEN NULL ELSE false END"
        ),
        "trino_concat(arrays)": "CASE WHEN trino_has_null(arrays) THEN NULL ELSE flatten(arrays) END",
        "trino_join(texts, separator)": (
            "CASE WHEN len(texts) = 0 THEN '' ELSE list_reduce(texts, lambda a_, b_: a_ || separator || b_) END"
        ),
        "trino_at_least(n, least)": (
            "CASE WHEN n < least THEN " + _invalid("'Offset must be at least ' || least") + " ELSE n END"
        ),
        "trino_has_null(a)": "(list_count(a) < len(a))",
        "trino_has_(a, x)": "CASE WHEN x IS NULL THEN trino_has_null(a) ELSE list_contains(a, x) END",
        "trino_distinct(a)": (
            "list_filter(a, lambda e_, i_: CASE WHEN e_ IS NULL THEN "
            "list_position(list_transform(a, lambda n_: n_ IS NULL), true) ELSE list_position(a, e_) END = i_)"
        ),
        "trino_union(a, b)": ("CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE trino_distinct(list_concat(a, b)) END"),
        "trino_intersect_(a, b)": "trino_distinct(list_filter(a, lambda e_: trino_has_(b, e_)))",
        "trino_intersect(a, b)": (
            "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(a) < len(b) THEN trino_intersect_(b, a) "
            "ELSE trino_intersect_(a, b) END"
        ),
        "trino_except(a, b)": (
            "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(b) = 0 THEN a "
            "ELSE trino_distinct(list_filter(a, lambda e_: NOT trino_has_(b, e_))) END"
        ),
        "trino_overlap(a, b)": (
            "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(a) = 0 OR len(b) = 0 THEN false WHEN list_has_any(a, b) THEN true "
            "WHEN trino_has_null(a) OR trino_has_null(b) THEN NULL ELSE false END"
        ),
        "trino_slice(a, i, n)": (
            "CASE WHEN i = 0 THEN "
            + _invalid("'SQL array indices start at 1'")
            + " WHEN n < 0 THEN "
            + _invalid("'length must be greater than or equal to 0'")
            + " WHEN i > 0 THEN a[i:i + n - 1] WHEN -i > len(a) THEN a[1:0] ELSE a[len(a) + i + 1:len(a) + i + n] END"
        ),
        "trino_trim_array(a, n)": (
            "CASE WHEN n < 0 THEN "
            + _invalid("'size must not be negative: ' || n")
            + " WHEN n > len(a) THEN "
            + _invalid("'size must not exceed array cardinality ' || len(a) || ': ' || n")
            + " ELSE a[1:len(a) - n] END"
        ),
        "trino_times(n)": (
            "CASE WHEN n < 0 THEN "
            + _invalid("'count argument of repeat function must be greater than or equal to 0'")
            + " WHEN n > 10000 THEN "
            + _invalid("'count argument of repeat function must be less than or equal to 10000'")
            + " ELSE range(n) END"
        ),
        "trino_steps(a, b, step)": (
            "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN step = 0 THEN "
            + _invalid("'step must not be zero'")
            + " WHEN (step > 0 AND b < a) OR (step < 0 AND b > a) THEN "
            + _invalid(
                "'sequence stop value should be greater than or equal to start value if step is greater than zero "
                "otherwise stop should be less than or equal to start'"
            )
            + " WHEN (CAST(b AS HUGEINT) - a) // step >= 10000 THEN "
            + _invalid("'result of sequence function must not have more than 10000 entries'")
            + " ELSE generate_series(a, b, step) END"
        ),
        "trino_ngrams(a, n)": (
            "CASE WHEN a IS NULL THEN NULL WHEN n <= 0 THEN "
            + _invalid("'N must be positive'")
            + " ELSE list_transform(range(1, greatest(1, len(a) - n + 1) + 1), lambda i_: a[i_:i_ + n - 1]) END"
        ),
        "trino_contains_sequence(a, b)": (
            "CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(b) = 0 THEN true ELSE "
            "len(list_filter(range(1, len(a) - len(b) + 2), lambda i_: a[i_:i_ + len(b) - 1] = b)) > 0 END"
        ),
        "trino_entries(l)": (
            "CASE WHEN len(list_distinct(list_transform(l, lambda e_: e_.key))) = len(l) THEN map_from_entries(l) "
            "ELSE map_from_entries(list_filter(l, lambda e_, i_: list_position(list_transform(l, lambda n_: n_.key), e_.key) = i_)) END"
        ),
        "trino_many(l)": (
            "map_from_entries(list_transform(trino_distinct(list_transform(l, lambda e_: e_.key)), lambda k_: "
            "struct_pack(key := k_, value := list_transform(list_filter(l, lambda e_: e_.key = k_), lambda e_: e_.value))))"
        ),
        "trino_whole_days(ms)": (
            "CASE WHEN ms % 86400000 <> 0 THEN "
            + _invalid("'sequence step must be a day interval if start and end values are dates'")
            + " ELSE ms // 86400000 END"
        ),
        "trino_sign(c)": (
            "CASE WHEN c IN (-1, 0, 1) THEN c ELSE "
            + _invalid("'Lambda comparator must return either -1, 0, or 1'")
            + " END"
        ),
        "trino_quoted_json(s)": "CAST(to_json(s) AS VARCHAR)",
    }
    | JSON_MACROS
    | TIME_MACROS
)
for _kind, _form in {"tinyint": "TINYINT", "smallint": "SMALLINT", "integer": "INTEGER", "bigint": "BIGINT"}.items():
    MACROS[f"trino_text_{_kind}(x)"] = (
        f"CASE WHEN x IS NULL THEN NULL WHEN regexp_full_match(x, '[+-]?\\d+') AND TRY_CAST(x AS {_form}) IS NOT NULL THEN TRY_CAST(x AS {_form}) ELSE "
        + _no_cast(_kind.upper() if _kind != "integer" else "INT")
        + " END"
    )
    for _from in ("double", "real"):
        MACROS[f"trino_{_from}_{_kind}(x)"] = (
            f"CASE WHEN x IS NULL THEN NULL WHEN isnan(x) OR isinf(x) OR TRY_CAST(trino_round_(x) AS {_form}) IS NULL THEN "
            f"trino_error('INVALID_CAST_ARGUMENT', 'Unable to cast ' || x || ' to {_kind}') ELSE CAST(trino_round_(x) AS {_form}) END"
        )
for _kind, _form in {"double": "DOUBLE", "real": "FLOAT"}.items():
    MACROS[f"trino_text_{_kind}(x)"] = (
        f"CASE WHEN x IS NULL THEN NULL WHEN trim(x) IN ('NaN', '+NaN', '-NaN') THEN CAST('nan' AS {_form}) WHEN trim(x) IN ('Infinity', '+Infinity') THEN CAST('inf' AS {_form}) "
        f"WHEN trim(x) = '-Infinity' THEN CAST('-inf' AS {_form}) WHEN regexp_full_match(trim(x), '[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?[dDfF]?') "
        f"THEN CAST(rtrim(trim(x), 'dDfF') AS {_form}) ELSE " + _no_cast(_kind.upper()) + " END"
    )


CALL = re.compile(r"\b([a-z_][a-z0-9_]*)\(")


@cache
def definitions() -> dict[str, str]:
    """Return the statement that makes each macro, by its name."""
    return {head.partition("(")[0]: f"CREATE OR REPLACE MACRO {head} AS ({body})" for head, body in MACROS.items()}


@cache
def calls(name: str) -> tuple[str, ...]:
    """Return what a macro calls, macros in their turn too, in the order in which they can be made; it comes last."""
    statement = definitions().get(name)
    if statement is None:
        return (name,)
    called = CALL.findall(statement.partition(" AS ")[2])
    return tuple(dict.fromkeys(inner for other in called for inner in calls(other))) + (name,)
