"""JSON by DuckDB's own functions, for what they and Trino's answer alike."""

from __future__ import annotations

# DuckDB takes a comma behind the last element, and NaN and Infinity, which Trino refuses. What these find within strings
# is only slower.
LENIENT = r",\s*[\]}]|[:,\[{\s-][iInN][nNaA][fFnN]"
# Of these numbers the text may change.
REWRITTEN = r"[0-9][.eE]|-0"

JSON_MACROS: dict[str, str] = {
    "trino_plain_json(x)": f"CASE WHEN json_valid(x) THEN NOT regexp_matches(x, '{LENIENT}') ELSE false END",
    "trino_json_scalar(x, path, slow)": (
        "CASE WHEN NOT trino_plain_json(x) THEN slow ELSE CASE json_type(x, path) "
        "WHEN 'VARCHAR' THEN json_extract_string(x, path) WHEN 'BOOLEAN' THEN json_extract_string(x, path) "
        "WHEN 'BIGINT' THEN trino_json_whole_(json_extract_string(x, path), slow) "
        "WHEN 'UBIGINT' THEN trino_json_whole_(json_extract_string(x, path), slow) "
        "WHEN 'DOUBLE' THEN slow WHEN 'HUGEINT' THEN slow END END"
    ),
    # 0 may have been written as -0.
    "trino_json_whole_(t, slow)": "CASE WHEN t = '0' THEN slow ELSE t END",
    "trino_json_extract(x, path, slow)": (
        f"CASE WHEN NOT trino_plain_json(x) OR regexp_matches(x, '{REWRITTEN}') THEN slow "
        "ELSE CAST(json_extract(x, path) AS VARCHAR) END"
    ),
    "trino_json_length(x, slow)": (
        "CASE WHEN NOT trino_plain_json(x) THEN slow WHEN json_type(x) = 'ARRAY' THEN CAST(json_array_length(x) AS BIGINT) END"
    ),
}
