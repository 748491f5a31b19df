"""Macros of numbers."""

from __future__ import annotations

from lake.sql.compiler.macro_errors import DIVISION, invalid

MATH_MACROS: dict[str, str] = {
    "trino_divide(a, b)": f"CASE WHEN b = 0 AND a IS NOT NULL THEN {DIVISION} ELSE a // b END",
    "trino_modulo(a, b)": f"CASE WHEN b = 0 AND a IS NOT NULL THEN {DIVISION} WHEN b = -1 THEN a - a ELSE a % b END",
    "trino_half_up(a, b)": f"CASE WHEN b = 0 THEN {DIVISION} ELSE (a + sign(a) * (abs(b) // 2)) // b END",
    "trino_round_float(x, d)": "CASE WHEN d IS NULL THEN NULL WHEN isfinite(x) THEN round(x, d) ELSE x END",
    "trino_ln(x)": "CASE WHEN x < 0 THEN CAST('nan' AS DOUBLE) WHEN x = 0 THEN CAST('-inf' AS DOUBLE) ELSE ln(x) END",
    "trino_power(a, b)": ("CASE WHEN abs(a) = 1 AND NOT isfinite(b) THEN CAST('nan' AS DOUBLE) ELSE pow(a, b) END"),
    "trino_to_base(x, radix)": (
        "CASE WHEN x IS NULL OR radix IS NULL THEN NULL WHEN radix NOT BETWEEN 2 AND 36 THEN "
        + invalid("'Radix must be between 2 and 36'")
        + " WHEN x = -9223372036854775808 THEN '-' || lower(to_base(-(x // radix), CAST(radix AS INTEGER)) || "
        "to_base(-(x % radix), CAST(radix AS INTEGER))) "
        "WHEN x < 0 THEN '-' || lower(to_base(-x, CAST(radix AS INTEGER))) ELSE lower(to_base(x, CAST(radix AS INTEGER))) END"
    ),
    "trino_random(a, b, message)": (
        f"CASE WHEN a >= b THEN {invalid('message')} ELSE a + CAST(floor(random() * (CAST(b AS HUGEINT) - a)) AS HUGEINT) END"
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
        + invalid("'Bits specified in bit_count must be between 2 and 64, got ' || bits")
        + " WHEN x > trino_ones_(bits - 1) OR x < -trino_ones_(bits - 1) - 1 THEN "
        + invalid(
            "'Number must be representable with the bits specified. ' || x || ' cannot be represented with ' || bits || ' bits'"
        )
        + " WHEN x < 0 THEN bits - bit_count(~x) ELSE CAST(bit_count(x) AS BIGINT) END"
    ),
    "trino_width_bucket(x, a, b, n)": (
        "CASE WHEN x IS NULL OR a IS NULL OR b IS NULL THEN NULL WHEN n <= 0 THEN "
        + invalid("'bucketCount must be greater than 0'")
        + " WHEN isnan(x) THEN "
        + invalid("'operand must not be NaN'")
        + " WHEN NOT isfinite(a) THEN "
        + invalid("'first bound must be finite'")
        + " WHEN NOT isfinite(b) THEN "
        + invalid("'second bound must be finite'")
        + " WHEN a = b THEN "
        + invalid("'bounds cannot equal each other'")
        + " WHEN a < b THEN trino_bucket_(x, a, b, n) ELSE n - trino_bucket_(x, b, a, n) + 1 END"
    ),
    "trino_bucket_(x, low, high, n)": (
        "CASE WHEN x < low THEN 0 WHEN x >= high THEN n + 1 ELSE CAST(floor(n * (x - low) / (high - low)) AS BIGINT) + 1 END"
    ),
    "trino_bin(x, bins)": (
        "CASE WHEN x IS NULL OR bins IS NULL THEN NULL WHEN len(bins) = 0 THEN "
        + invalid("'Bins cannot be an empty array'")
        + " WHEN isnan(x) THEN "
        + invalid("'Operand cannot be NaN'")
        + " WHEN len(list_filter(bins, lambda e_: NOT isfinite(e_))) > 0 THEN "
        + invalid("'Bin value must be finite'")
        + " WHEN trino_has_null(bins) OR list_sort(bins) <> bins THEN "
        + invalid("'Bin values are not sorted in ascending order'")
        + " ELSE len(list_filter(bins, lambda e_: e_ <= x)) END"
    ),
}
