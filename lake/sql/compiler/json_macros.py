"""JSON by DuckDB's own functions, for what they and Trino's answer alike."""

from __future__ import annotations

# DuckDB takes a comma behind the last element, and NaN and Infinity, which Trino refuses. What these find within strings
# is only slower.
LENIENT = r",\s*[\]}]|[:,\[{\s-][iInN][nNaA][fFnN]"
# DuckDB writes it as 0.
MINUS_ZERO = r"(^|[:,\[\s])-0\s*([,\]}]|$)"
# Of these numbers the text may change.
REWRITTEN = r"[0-9][.eE]|-0"

JSON_MACROS: dict[str, str] = {
    "trino_plain_json(x)": f"CASE WHEN json_valid(x) THEN NOT regexp_matches(x, '{LENIENT}') ELSE false END",
    # Each test of a type reads the text anew, so that the most usual ones are one.
    "trino_json_scalar(x, path, slow)": (
        f"CASE WHEN regexp_matches(x, '{LENIENT}|{MINUS_ZERO}') THEN slow "
        "WHEN TRY(json_type(x, path)) IN ('VARCHAR', 'BIGINT', 'UBIGINT', 'BOOLEAN') THEN json_extract_string(x, path) "
        "WHEN TRY(json_type(x, path)) IN ('OBJECT', 'ARRAY') THEN NULL "
        "WHEN TRY(json_type(x, path)) IS NULL AND json_valid(x) THEN NULL ELSE slow END"
    ),
    "trino_json_extract(x, path, slow)": (
        f"CASE WHEN NOT trino_plain_json(x) OR regexp_matches(x, '{REWRITTEN}') THEN slow "
        "ELSE CAST(json_extract(x, path) AS VARCHAR) END"
    ),
    "trino_json_length(x, slow)": (
        "CASE WHEN NOT trino_plain_json(x) THEN slow WHEN json_type(x) = 'ARRAY' THEN CAST(json_array_length(x) AS BIGINT) END"
    ),
}
