"""Macros that the texts of expressions call, by the names that they have there. Arguments are expanded as often as they occur."""

from __future__ import annotations

import re
from functools import cache

from lake.sql.compiler.array_macros import ARRAY_MACROS
from lake.sql.compiler.json_macros import JSON_MACROS
from lake.sql.compiler.macro_errors import invalid
from lake.sql.compiler.math_macros import MATH_MACROS
from lake.sql.compiler.time_macros import TIME_MACROS


def _no_cast(kind: str) -> str:
    return f"trino_error('INVALID_CAST_ARGUMENT', 'Cannot cast ''' || x || ''' to {kind}')"


MACROS: dict[str, str] = (
    {
        "trino_frame_offset(x)": (
            "CASE WHEN x IS NULL OR x < 0 THEN "
            "trino_error('INVALID_WINDOW_FRAME', 'Window frame offset value must not be negative or null') ELSE x END"
        ),
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
        # Of a number from 1 on, DuckDB's text has no exponent, and its first digit is not 0.
        "trino_large_text_(t)": (
            "substring(t, 1, 1) || '.' || coalesce(nullif(substring(rtrim(replace(t, '.', ''), '0'), 2), ''), '0') || 'E' || (instr(t, '.') - 2)"
        ),
        "trino_double_text(x)": (
            "CASE WHEN x >= 1 AND x < 1e15 THEN trino_large_text_(CAST(x AS VARCHAR)) "
            "WHEN x <= -1 AND x > -1e15 THEN '-' || trino_large_text_(CAST(-x AS VARCHAR)) "
            "WHEN x IS NULL THEN NULL WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END "
            "WHEN x = 0 THEN CASE WHEN CAST(x AS VARCHAR) LIKE '-%' THEN '-0E0' ELSE '0E0' END "
            "WHEN x < 0 THEN '-' || trino_sci_text_(CAST(-x AS VARCHAR)) ELSE trino_sci_text_(CAST(x AS VARCHAR)) END"
        ),
        "trino_real_text(x)": "trino_double_text(x)",
        "trino_java_text(x)": (
            "CASE WHEN abs(x) >= 1e-3 AND abs(x) < 1e7 THEN CAST(x AS VARCHAR) "
            "WHEN x = 0 THEN CASE WHEN CAST(x AS VARCHAR) LIKE '-%' THEN '-0.0' ELSE '0.0' END ELSE trino_double_text(x) END"
        ),
        "trino_json_number(x)": (
            "CASE WHEN isfinite(x) THEN trino_java_text(x) WHEN x IS NOT NULL THEN '\"' || trino_java_text(x) || '\"' END"
        ),
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
            + invalid("'Cannot add hour, minutes or seconds to a date'")
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
        "trino_substr(s, i, n)": (
            "CASE WHEN i = 0 OR n <= 0 OR abs(i) > length(s) THEN CASE WHEN s IS NULL OR i IS NULL OR n IS NULL THEN NULL ELSE '' END "
            "ELSE substring(s, CASE WHEN i > 0 THEN i ELSE length(s) + i + 1 END, n) END"
        ),
        "trino_quoted_json(s)": "CAST(to_json(s) AS VARCHAR)",
    }
    | MATH_MACROS
    | ARRAY_MACROS
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
        MACROS[f"trino_{_from}_{_kind}(x)"] = f"CAST(round(x) AS {_form})"
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
