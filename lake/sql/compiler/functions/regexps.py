"""trino.io/docs/422/functions/regexp.html"""

from lake.sql.compiler.functions.table import function

function("regexp_like", "varchar, varchar", "boolean", "regexp_matches({0}, {1})")
function(
    "regexp_extract",
    "varchar, varchar",
    "varchar",
    "CASE WHEN regexp_matches({0}, {1}) THEN regexp_extract({0}, {1}) END",
)
function(
    "regexp_extract",
    "varchar, varchar, bigint",
    "varchar",
    "CASE WHEN regexp_matches({0}, {1}) THEN regexp_extract({0}, {1}, CAST({2} AS INTEGER)) END",
)
function("regexp_extract_all", "varchar, varchar", "array(varchar)", "regexp_extract_all({0}, {1})")
function(
    "regexp_extract_all",
    "varchar, varchar, bigint",
    "array(varchar)",
    "regexp_extract_all({0}, {1}, CAST({2} AS INTEGER))",
)
function("regexp_replace", "varchar, varchar", "varchar", "regexp_replace({0}, {1}, '', 'g')")
function(
    "regexp_replace",
    "varchar, varchar, varchar",
    "varchar",
    "regexp_replace({0}, {1}, regexp_replace({2}, '\\$(\\d)', '\\\\\\1', 'g'), 'g')",
)
function("regexp_count", "varchar, varchar", "bigint", "len(regexp_extract_all({0}, {1}))")
function("regexp_split", "varchar, varchar", "array(varchar)", "string_split_regex({0}, {1})")
