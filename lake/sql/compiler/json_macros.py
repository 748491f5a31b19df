"""JSON by DuckDB's own functions, for what they and Trino's answer alike."""

from __future__ import annotations

# DuckDB takes a comma behind the last element, and NaN and Infinity, which Trino refuses. What these find within strings
# is only slower.
LENIENT = r",\s*[\]}]|[:,\[{\s-][iInN][nNaA][fFnN]"
# DuckDB writes it as 0.
MINUS_ZERO = r"(^|[:,\[\s])-0\s*([,\]}]|$)"
# Numbers whose text is another elsewhere: with an exponent, of more than 18 digits, as a double from 1E7 on or below 0.001.
UNUSUAL_NUMBERS = rf"(^|[:,\[\s])-?([0-9.]+[eE]|[0-9]{{19}}|[0-9]{{7,}}\.|0\.000[0-9]*[1-9])|{MINUS_ZERO}"
# Of these doubles the text is not what is written of their value.
REWRITTEN = r"[0-9.][eE]|[0-9.]{17}|\.00|\.[0-9]*[1-9]0+([^0-9.]|$)|-0"
# Escapes, and characters whose order in UTF-16 is not that of their codes.
UNUSUAL_TEXTS = r"\\|[^\x{0}-\x{ffff}]"

SCALARS = "'VARCHAR', 'BIGINT', 'UBIGINT', 'BOOLEAN'"
JSON_MACROS: dict[str, str] = {
    "trino_plain_json(x)": f"CASE WHEN json_valid(x) THEN NOT regexp_matches(x, '{LENIENT}') ELSE false END",
    "trino_json_parse(x, plain, slow)": f"CASE WHEN regexp_matches(x, '{UNUSUAL_TEXTS}|{UNUSUAL_NUMBERS}') THEN slow ELSE plain END",
    # Each test of a type reads the text anew, so that the most usual ones are one.
    "trino_json_scalar(x, path, slow)": (
        f"CASE WHEN regexp_matches(x, '{LENIENT}|{MINUS_ZERO}') THEN slow "
        f"WHEN TRY(json_type(x, path)) IN ({SCALARS}) THEN json_extract_string(x, path) "
        "WHEN TRY(json_type(x, path)) IN ('OBJECT', 'ARRAY') THEN NULL "
        "WHEN TRY(json_type(x, path)) IS NULL AND json_valid(x) THEN NULL "
        f"WHEN TRY(json_type(x, path)) = 'DOUBLE' AND NOT regexp_matches(x, '{REWRITTEN}') THEN json_extract_string(x, path) "
        "ELSE slow END"
    ),
    # An element that is an object or an array is written anew.
    "trino_json_element(x, path, slow)": (
        f"CASE WHEN regexp_matches(x, '{LENIENT}|{MINUS_ZERO}') THEN slow "
        f"WHEN TRY(json_type(x, path)) IN ({SCALARS}) THEN json_extract_string(x, path) "
        "WHEN TRY(json_type(x, path)) IS NULL AND json_valid(x) THEN NULL ELSE slow END"
    ),
    "trino_json_extract(x, path, slow)": (
        f"CASE WHEN NOT trino_plain_json(x) OR regexp_matches(x, '{UNUSUAL_NUMBERS}') THEN slow "
        "ELSE CAST(json_extract(x, path) AS VARCHAR) END"
    ),
    "trino_json_size(x, path, slow)": (
        "CASE WHEN NOT trino_plain_json(x) THEN slow WHEN json_type(x, path) = 'ARRAY' THEN CAST(json_array_length(x, path) AS BIGINT) "
        "WHEN json_type(x, path) = 'OBJECT' THEN len(json_keys(x, path)) WHEN json_type(x, path) IS NOT NULL THEN 0 END"
    ),
    "trino_json_length(x, slow)": (
        "CASE WHEN NOT trino_plain_json(x) THEN slow WHEN json_type(x) = 'ARRAY' THEN CAST(json_array_length(x) AS BIGINT) END"
    ),
}
