"""trino.io/docs/422/functions/string.html, regexp.html, binary.html, url.html"""

from lake.sql.compiler.functions.table import function

function("concat", "varchar, varchar…", "varchar", lambda call: f"({' || '.join(each.sql for each in call.arguments)})")
function(
    "concat", "varbinary, varbinary…", "varbinary", lambda call: f"({' || '.join(each.sql for each in call.arguments)})"
)
function(
    "concat",
    "array(E), array(E)…",
    "array(E)",
    lambda call: f"list_concat({', '.join(each.sql for each in call.arguments)})",
)
function("concat", "array(E), E", "array(E)", "list_append({0}, {1})")
function("concat", "E, array(E)", "array(E)", "list_prepend({0}, {1})")
function("length", "varchar", "bigint", "length({0})")
function(
    "length",
    "char(n)",
    "bigint",
    lambda call: f"CASE WHEN {call.sql(0)} IS NULL THEN NULL ELSE {call.type_of(0).parameters[0]} END",
)
function("length", "varbinary", "bigint", "octet_length({0})")
function("lower", "varchar(n)", "varchar(n)", "lower({0})")
function("upper", "varchar(n)", "varchar(n)", "upper({0})")
function("lower", "char(n)", "char(n)", "lower({0})")
function("upper", "char(n)", "char(n)", "upper({0})")
function("reverse", "varchar(n)", "varchar(n)", "reverse({0})")
function("reverse", "array(E)", "array(E)", "list_reverse({0})")
function("substr|substring", "varchar(n), bigint", "varchar(n)", "trino_substr({0}, {1}, 9223372036854775807)")
function("substr|substring", "varchar(n), bigint, bigint", "varchar(n)", "trino_substr({0}, {1}, {2})")
function("trim", "varchar(n)", "varchar(n)", "trim({0}, chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || ' ')")
function("ltrim", "varchar(n)", "varchar(n)", "ltrim({0}, chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || ' ')")
function("rtrim", "varchar(n)", "varchar(n)", "rtrim({0}, chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || ' ')")
for name in ("trim", "ltrim", "rtrim"):
    function(name, "varchar(n), varchar", "varchar(n)", f"{name}({{0}}, {{1}})")
function("replace", "varchar, varchar", "varchar", "replace({0}, {1}, '')")
function("replace", "varchar, varchar, varchar", "varchar", "replace({0}, {1}, {2})")
function("strpos", "varchar, varchar", "bigint", "strpos({0}, {1})")
function("starts_with", "varchar, varchar", "boolean", "starts_with({0}, {1})")
function("lpad", "varchar, bigint, varchar", "varchar", "lpad({0}, CAST({1} AS INTEGER), {2})")
function("rpad", "varchar, bigint, varchar", "varchar", "rpad({0}, CAST({1} AS INTEGER), {2})")
function("chr", "bigint", "varchar", "chr(CAST({0} AS INTEGER))")
function("codepoint", "varchar(n)", "integer", "unicode({0})")
function("split", "varchar, varchar", "array(varchar)", "string_split({0}, {1})")
function(
    "split_part",
    "varchar, varchar, bigint",
    "varchar",
    "CASE WHEN {2} > len(string_split({0}, {1})) THEN NULL ELSE split_part({0}, {1}, {2}) END",
)
function("translate", "varchar, varchar, varchar", "varchar", "translate({0}, {1}, {2})")
function("concat_ws", "varchar, varchar…", "varchar", "concat_ws({all})")
function("concat_ws", "varchar, array(varchar)", "varchar", "array_to_string({1}, {0})")
function("levenshtein_distance", "varchar, varchar", "bigint", "levenshtein({0}, {1})")
function("hamming_distance", "varchar, varchar", "bigint", "hamming({0}, {1})")
function("to_utf8", "varchar", "varbinary", "encode({0})")
function("from_utf8", "varbinary", "varchar", "decode({0})")
function("to_hex", "varbinary", "varchar", "hex({0})")
function("from_hex", "varchar", "varbinary", "unhex({0})")
function("to_base64", "varbinary", "varchar", "base64({0})")
function("from_base64", "varchar", "varbinary", "from_base64({0})")
function("md5", "varbinary", "varbinary", "unhex(md5({0}))")
function("sha1", "varbinary", "varbinary", "unhex(sha1({0}))")
function("sha256", "varbinary", "varbinary", "unhex(sha256({0}))")
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
