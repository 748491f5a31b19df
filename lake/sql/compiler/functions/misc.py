"""trino.io/docs/422/functions/json.html, uuid.html, conversion.html"""

from lake.sql.compiler.functions.table import function

function("json_parse", "varchar", "json", "trino_parse_json({0})")
function("json_format", "json", "varchar", "{0}")
function("json_extract", "json, varchar", "json", "CAST(json_extract(CAST({0} AS JSON), {1}) AS VARCHAR)")
function(
    "json_extract",
    "varchar, varchar",
    "json",
    "CAST(json_extract(CASE WHEN json_valid({0}) THEN CAST({0} AS JSON) END, {1}) AS VARCHAR)",
)
for kind in ("json", "varchar"):
    document = "CASE WHEN json_valid({0}) THEN CAST({0} AS JSON) END"
    function(
        "json_extract_scalar",
        f"{kind}, varchar",
        "varchar",
        f"CASE WHEN json_type({document}, {{1}}) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string({document}, {{1}}) END",
    )
    function(
        "json_array_length",
        kind,
        "bigint",
        f"CASE WHEN json_type({document}) = 'ARRAY' THEN CAST(json_array_length({document}) AS BIGINT) END",
    )
    function(
        "json_size",
        f"{kind}, varchar",
        "bigint",
        f"CASE json_type({document}, {{1}}) WHEN 'ARRAY' THEN json_array_length({document}, {{1}}) WHEN 'OBJECT' THEN len(json_keys({document}, {{1}})) WHEN NULL THEN NULL ELSE 0 END",
    )
    function("is_json_scalar", kind, "boolean", f"json_type({document}) NOT IN ('ARRAY', 'OBJECT')")
function("uuid", "", "uuid", "uuid()")
function("current_user", "", "varchar", "current_user")
