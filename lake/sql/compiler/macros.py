"""Macros that the texts of expressions call, by the names that they have there. Arguments are expanded as often as they occur."""

from __future__ import annotations

DIVISION = "trino_error('DIVISION_BY_ZERO', 'Division by zero')"


def _invalid(message: str) -> str:
    return f"trino_error('INVALID_FUNCTION_ARGUMENT', {message})"


def _no_cast(kind: str) -> str:
    return f"trino_error('INVALID_CAST_ARGUMENT', 'Cannot cast ''' || x || ''' to {kind}')"


MACROS: dict[str, str] = {
    "trino_divide(a, b)": f"CASE WHEN b = 0 THEN {DIVISION} ELSE a // b END",
    "trino_modulo(a, b)": f"CASE WHEN b = 0 THEN {DIVISION} ELSE a % b END",
    "trino_half_up(a, b)": (
        f"CASE WHEN b = 0 THEN {DIVISION} ELSE a // b + CASE WHEN 2 * abs(a % b) >= abs(b) THEN sign(a) * sign(b) ELSE 0 END END"
    ),
    "trino_scaled(digits, scale)": (
        "CASE WHEN digits < 0 THEN '-' ELSE '' END || insert_point_(lpad(CAST(abs(digits) AS VARCHAR), "
        "greatest(length(CAST(abs(digits) AS VARCHAR)), scale + 1), '0'), scale)"
    ),
    "insert_point_(t, scale)": "substring(t, 1, length(t) - scale) || '.' || right(t, scale)",
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
        "WHEN x = 0 THEN CASE WHEN CAST(x AS VARCHAR) LIKE '-%' THEN '-0.0E0' ELSE '0.0E0' END "
        "WHEN x < 0 THEN '-' || trino_sci_text_(CAST(-x AS VARCHAR)) ELSE trino_sci_text_(CAST(x AS VARCHAR)) END"
    ),
    "trino_real_text(x)": "trino_double_text(x)",
    "trino_decimal_text(t)": "CASE WHEN t LIKE '.%' THEN '0' || t WHEN t LIKE '-.%' THEN '-0' || substring(t, 2) ELSE t END",
    "trino_fraction_(micros, p)": (
        "CASE WHEN p = 0 THEN '' ELSE '.' || substring(lpad(CAST(micros AS VARCHAR), 6, '0') || '000000', 1, p) END"
    ),
    "trino_timestamp_text(x, p)": "strftime(x, '%Y-%m-%d %H:%M:%S') || trino_fraction_(microsecond(x) % 1000000, p)",
    "trino_time_text(x, p)": "substring(CAST(x AS VARCHAR), 1, 8) || trino_fraction_(microsecond(x) % 1000000, p)",
    "trino_zoned(local, zone)": (
        "CASE WHEN local IS NULL THEN NULL ELSE struct_pack(t := trino_instant_(local, zone), z := zone) END"
    ),
    "trino_offset_(zone)": (
        "(CASE WHEN zone LIKE '-%' THEN -1 ELSE 1 END) * (CAST(substring(zone, 2, 2) AS INTEGER) * 60 + CAST(substring(zone, 5, 2) AS INTEGER))"
    ),
    "trino_is_offset_(zone)": "(zone LIKE '+%' OR zone LIKE '-%')",
    "trino_instant_(local, zone)": (
        "CASE WHEN zone = 'UTC' THEN make_timestamptz(epoch_us(local)) "
        "WHEN trino_is_offset_(zone) THEN make_timestamptz(epoch_us(local) - trino_offset_(zone) * 60000000) "
        "ELSE timezone(zone, local) END"
    ),
    "trino_local(x)": (
        "CASE WHEN (x).z = 'UTC' THEN make_timestamp(epoch_us((x).t)) "
        "WHEN trino_is_offset_((x).z) THEN make_timestamp(epoch_us((x).t) + trino_offset_((x).z) * 60000000) "
        "ELSE timezone((x).z, (x).t) END"
    ),
    "trino_zone(z)": (
        "CASE WHEN regexp_full_match(z, '[+-]\\d\\d:\\d\\d') THEN CASE WHEN z IN ('+00:00', '-00:00') THEN 'UTC' ELSE z END "
        "WHEN regexp_full_match(z, '[+-]\\d\\d?') THEN substring(z, 1, 1) || lpad(substring(z, 2), 2, '0') || ':00' "
        "WHEN upper(z) IN ('UTC', 'Z', 'GMT', 'UT') THEN 'UTC' ELSE z END"
    ),
    "trino_zoned_text(x, p)": "trino_timestamp_text(trino_local(x), p) || ' ' || (x).z",
    "trino_zoned_plus(x, step)": "CASE WHEN x IS NULL THEN NULL ELSE struct_pack(t := (x).t + step, z := (x).z) END",
    "trino_at_zone(x, zone)": "CASE WHEN x IS NULL OR zone IS NULL THEN NULL ELSE struct_pack(t := (x).t, z := trino_zone(zone)) END",
    "trino_rounded(x, p)": (
        "CASE WHEN p >= 6 THEN x ELSE make_timestamp(CAST(floor((epoch_us(x) + 5 * 10 ** (5 - p)) / 10 ** (6 - p)) AS BIGINT) * CAST(10 ** (6 - p) AS BIGINT)) END"
    ),
    "trino_rounded_zoned(x, p)": (
        "CASE WHEN x IS NULL THEN NULL ELSE struct_pack(t := make_timestamptz(CAST(floor((epoch_us((x).t) + 5 * 10 ** (5 - p)) / 10 ** (6 - p)) AS BIGINT) "
        "* CAST(10 ** (6 - p) AS BIGINT)), z := (x).z) END"
    ),
    "trino_rounded_time(x, p)": "CAST(trino_rounded(TIMESTAMP '1970-01-01' + x, p) AS TIME)",
    "trino_date_plus(d, ms)": (
        "CASE WHEN ms % 86400000 <> 0 THEN "
        + _invalid("'Cannot add hour, minutes or seconds to a date'")
        + " ELSE d + CAST(ms // 86400000 AS INTEGER) END"
    ),
    "trino_day_interval_text(x)": (
        "CASE WHEN x < 0 THEN '-' ELSE '' END || (abs(x) // 86400000) || ' ' || lpad(CAST(abs(x) // 3600000 % 24 AS VARCHAR), 2, '0') || ':' || "
        "lpad(CAST(abs(x) // 60000 % 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(x) // 1000 % 60 AS VARCHAR), 2, '0') || '.' || "
        "lpad(CAST(abs(x) % 1000 AS VARCHAR), 3, '0')"
    ),
    "trino_year_interval_text(x)": "CASE WHEN x < 0 THEN '-' ELSE '' END || (abs(x) // 12) || '-' || (abs(x) % 12)",
    "trino_fitting_text(t, n, kind)": (
        "CASE WHEN length(t) > n THEN trino_error('INVALID_CAST_ARGUMENT', 'Value ' || t || ' cannot be represented as varchar(' || n || ')') ELSE t END"
    ),
    "trino_text_boolean(x)": (
        "CASE WHEN x IS NULL THEN NULL WHEN lower(x) IN ('t', 'true', '1') THEN true WHEN lower(x) IN ('f', 'false', '0') THEN false "
        f"ELSE {_no_cast('BOOLEAN')} END"
    ),
    "trino_text_date(x)": (
        "CASE WHEN x IS NULL THEN NULL WHEN regexp_full_match(trim(x), '[+-]?\\d{4,}-\\d{1,2}-\\d{1,2}') AND TRY_CAST(trim(x) AS DATE) IS NOT NULL THEN TRY_CAST(trim(x) AS DATE) "
        "ELSE trino_error('INVALID_CAST_ARGUMENT', 'Value cannot be cast to date: ' || x) END"
    ),
    "trino_text_timestamp(x)": (
        "CASE WHEN x IS NULL THEN NULL WHEN TRY_CAST(trim(x) AS TIMESTAMP) IS NOT NULL THEN TRY_CAST(trim(x) AS TIMESTAMP) "
        "ELSE trino_error('INVALID_CAST_ARGUMENT', 'Value cannot be cast to timestamp: ' || x) END"
    ),
    "trino_text_zoned(x)": (
        "trino_zoned(trino_text_timestamp(regexp_extract(trim(x), '^\\S+(?: [0-9:.]+)?')), "
        "trino_zone(coalesce(nullif(trim(regexp_replace(trim(x), '^\\S+(?: [0-9:.]+)?', '')), ''), 'UTC')))"
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
        + _invalid("'Key not present in map: ' || k")
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
    "trino_round_(x)": "CASE WHEN x IS NULL OR isnan(x) OR isinf(x) THEN x ELSE CASE WHEN x < 0 THEN -floor(-x + 0.5) ELSE floor(x + 0.5) END END",
    "trino_quoted_json(s)": "CAST(to_json(s) AS VARCHAR)",
    "trino_json_text(j)": (
        "CASE WHEN j IS NULL OR j = 'null' THEN NULL WHEN json_type(CAST(j AS JSON)) IN ('OBJECT', 'ARRAY') THEN "
        "trino_error('INVALID_CAST_ARGUMENT', 'Cannot cast ''' || j || ''' to varchar') ELSE CAST(j AS JSON) ->> '$' END"
    ),
    "trino_json_of_double(x)": "CASE WHEN x = trunc(x) AND abs(x) < 1e15 THEN CAST(CAST(x AS BIGINT) AS VARCHAR) || '.0' ELSE trino_double_text(x) END",
    "trino_json_boolean(j)": "trino_text_boolean(trino_json_text(j))",
    "trino_json_double(j)": "trino_text_double(trino_json_text(j))",
    "trino_json_real(j)": "trino_text_real(trino_json_text(j))",
    "trino_parse_json(s)": (
        "CASE WHEN s IS NULL THEN NULL WHEN json_valid(s) THEN CAST(json(s) AS VARCHAR) ELSE "
        + _invalid("'Cannot convert value to JSON: ''' || s || ''''")
        + " END"
    ),
}
for _kind, _form in {"tinyint": "TINYINT", "smallint": "SMALLINT", "integer": "INTEGER", "bigint": "BIGINT"}.items():
    MACROS[f"trino_text_{_kind}(x)"] = (
        f"CASE WHEN x IS NULL THEN NULL WHEN regexp_full_match(x, '[+-]?\\d+') AND TRY_CAST(x AS {_form}) IS NOT NULL THEN TRY_CAST(x AS {_form}) ELSE "
        + _no_cast(_kind.upper() if _kind != "integer" else "INT")
        + " END"
    )
    MACROS[f"trino_json_{_kind}(j)"] = f"CAST(trino_double_{_kind}(CAST(trino_json_text(j) AS DOUBLE)) AS {_form})"
    for _from in ("double", "real"):
        MACROS[f"trino_{_from}_{_kind}(x)"] = (
            f"CASE WHEN x IS NULL THEN NULL WHEN isnan(x) OR isinf(x) OR TRY_CAST(trino_round_(x) AS {_form}) IS NULL THEN "
            f"trino_error('INVALID_CAST_ARGUMENT', 'Unable to cast ' || x || ' to {_kind}') ELSE CAST(trino_round_(x) AS {_form}) END"
        )
for _kind, _form in {"double": "DOUBLE", "real": "FLOAT"}.items():
    MACROS[f"trino_text_{_kind}(x)"] = (
        f"CASE WHEN x IS NULL THEN NULL WHEN trim(x) = 'NaN' THEN CAST('nan' AS {_form}) WHEN trim(x) IN ('Infinity', '+Infinity') THEN CAST('inf' AS {_form}) "
        f"WHEN trim(x) = '-Infinity' THEN CAST('-inf' AS {_form}) WHEN regexp_full_match(trim(x), '[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?[dDfF]?') "
        f"THEN CAST(rtrim(trim(x), 'dDfF') AS {_form}) ELSE " + _no_cast(_kind.upper()) + " END"
    )


def statements() -> list[str]:
    """Return what makes the macros, those that others call first."""
    made: dict[str, str] = {}
    waiting = {head.partition("(")[0]: (head, body) for head, body in MACROS.items()}
    while waiting:
        for name, (head, body) in list(waiting.items()):
            if not any(f"{other}(" in body for other in waiting if other != name):
                made[name] = f"CREATE OR REPLACE TEMP MACRO {head} AS ({body})"
                del waiting[name]
    return list(made.values())
