"""trino.io/docs/422/functions/string.html, conversion.html"""

from collections.abc import Callable, Sequence

from lake.errors import NotSupported, TypeMismatch
from lake.sql.compiler.casts import cast_text
from lake.sql.compiler.coercion import LONGEST_CHAR, UNKNOWN, VARCHAR
from lake.sql.compiler.forms import form, is_precise
from lake.sql.compiler.functions.format_patterns import native_format
from lake.sql.compiler.functions.table import Call, Form, function
from lake.sql.compiler.python_forms import call_text, python
from lake.sql.compiler.runtime import formats, stemming, texts
from lake.sql.compiler.typed import Typed, is_column
from lake.types import DataType

# What Java's Character.isWhitespace takes for white.
WHITE_CODES = (*range(9, 14), *range(28, 33), 0x1680, *range(0x2000, 0x2007), *range(0x2008, 0x200B))
WHITE = " || ".join(f"chr({code})" for code in (*WHITE_CODES, 0x2028, 0x2029, 0x205F, 0x3000))
LONGEST = 2**31 - 1


def _invalid(message: str) -> str:
    return f"trino_error('INVALID_FUNCTION_ARGUMENT', '{message}')"


def _joined(call: Call) -> str:
    return f"({' || '.join(each.sql for each in call.arguments)})"


def _joined_chars(call: Call) -> str:
    """The blanks at the end of all but the last are inside of the result."""
    return f"rtrim(rpad({call.sql(0)}, {call.type_of(0).parameters[0]}, ' ') || {call.sql(1)}, ' ')"


def _sum_of_lengths(types: Sequence[DataType]) -> DataType:
    return DataType("char", (min(LONGEST_CHAR, sum(type_.parameters[0] for type_ in types)),))


function("concat", "varchar, varchar, varchar…", "varchar", _joined)
function("concat", "char(x), char(y)", _sum_of_lengths, _joined_chars)
function("concat", "varbinary, varbinary, varbinary…", "varbinary", _joined)
function(
    "concat",
    "array(E), array(E), array(E)…",
    "array(E)",
    lambda call: f"trino_concat([{', '.join(each.sql for each in call.arguments)}])",
)
function(
    "concat", "array(E), E", "array(E)", "CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL ELSE list_append({0}, {1}) END"
)
function(
    "concat",
    "E, array(E)",
    "array(E)",
    "CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL ELSE list_prepend({0}, {1}) END",
)
function("concat_ws", "varchar, varchar, varchar…", "varchar", "concat_ws({all})")
function(
    "concat_ws",
    "varchar, array(varchar)",
    "varchar",
    "CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL ELSE "
    "trino_join(list_filter({1}, lambda e_: e_ IS NOT NULL), {0}) END",
)


function("length", "varchar", "bigint", "length({0})")
function(
    "length",
    "char(n)",
    "bigint",
    lambda call: f"CASE WHEN {call.sql(0)} IS NULL THEN NULL ELSE {call.type_of(0).parameters[0]} END",
)


def _upper(call: Call) -> str:
    """DuckDB has a capital for ß, and Java has not."""
    text = call.sql(0)
    return (
        f"CASE WHEN contains({text}, 'ß') THEN array_to_string(list_transform(string_split({text}, 'ß'), "
        f"lambda part_: upper(part_)), 'ß') ELSE upper({text}) END"
    )


for kind in ("varchar(n)", "char(n)"):
    function("lower", kind, kind, "lower({0})")
    function("upper", kind, kind, _upper)


def _reversed(call: Call) -> str:
    """DuckDB keeps together what makes one sign; Trino turns code points around."""
    text = call.sql(0)
    return f"CASE WHEN strlen({text}) = length({text}) THEN reverse({text}) ELSE {python(texts.reverse)(call)} END"


function("reverse", "varchar(n)", "varchar(n)", _reversed)
function("reverse", "array(E)", "array(E)", "list_reverse({0})")


def _substring(call: Call) -> str:
    """DuckDB's own does the same from a place that is written out and counted from the beginning."""
    start, *length = (call.literal(place) for place in range(1, len(call.arguments)))
    if all(isinstance(given, int) and 0 < given <= LONGEST for given in (start, *length)):
        return f"substring({', '.join(argument.sql for argument in call.arguments)})"
    count = call.sql(2) if length else str(LONGEST)
    limited = f"CASE WHEN {count} > {LONGEST} THEN {LONGEST} ELSE {count} END" if length else count
    return f"trino_substr({call.sql(0)}, {call.sql(1)}, {limited})"


def _substring_of_char(call: Call) -> str:
    padded = f"rpad({call.sql(0)}, {call.type_of(0).parameters[0]}, ' ')"
    return _substring(Call((Typed(padded, VARCHAR), *call.arguments[1:]), call.type))


function("substr|substring", "varchar(n), bigint", "varchar(n)", _substring)
function("substr|substring", "varchar(n), bigint, bigint", "varchar(n)", _substring)
function("substr|substring", "char(n), bigint", "varchar(n)", _substring_of_char)
function("substr|substring", "char(n), bigint, bigint", "varchar(n)", _substring_of_char)

STARTS, ENDS = "{0} >= '!' AND {0} < chr(127)", "right({0}, 1) BETWEEN '!' AND '~'"
UNTRIMMED = {"ltrim": STARTS, "rtrim": ENDS, "trim": f"{STARTS} AND {ENDS}"}
"""Conditions by which there is nothing to cut off: of most texts, and far cheaper than to look for all kinds of blanks."""


def _trimmed(name: str) -> Form:
    def text(call: Call) -> str:
        value = call.sql(0)
        slow = f"{name}({value}, {WHITE})"
        # What is more than a column would be computed several times.
        return f"CASE WHEN {UNTRIMMED[name].format(value)} THEN {value} ELSE {slow} END" if is_column(value) else slow

    return text


for name in ("trim", "ltrim", "rtrim"):
    for kind in ("varchar(n)", "char(n)"):
        function(name, kind, "varchar(n)", _trimmed(name))
        function(name, f"{kind}, varchar", "varchar(n)", f"{name}({{0}}, {{1}})")


def _replaced(call: Call) -> str:
    """Nothing is found between all characters, which DuckDB does not do."""
    text, search = call.sql(0), call.sql(1)
    replacement = call.sql(2) if len(call.arguments) > 2 else "''"
    native = f"replace({text}, {search}, {replacement})"
    if call.literal(1):
        return native
    body = call_text(texts.replace_, [text, search, replacement], ("VARCHAR",) * 3, "VARCHAR")
    return f"CASE WHEN {search} = '' THEN {body} ELSE {native} END"


def _replaced_length(types: Sequence[DataType]) -> DataType:
    """Each place between characters may get a replacement."""
    if not types[0].parameters or not types[2].parameters:
        return VARCHAR
    length, replacement = types[0].parameters[0], types[2].parameters[0]
    return DataType("varchar", (min(LONGEST, length + replacement * (length + 1)),))


function("replace", "varchar(n), varchar", "varchar(n)", _replaced)
function("replace", "varchar(n), varchar(m), varchar(k)", _replaced_length, _replaced)
function("translate", "varchar, varchar, varchar", "varchar", "translate({0}, {1}, {2})")
function("strpos", "varchar, varchar", "bigint", "strpos({0}, {1})")
function("strpos", "varchar, varchar, bigint", "bigint", python(texts.strpos_instance))
function("starts_with", "varchar, varchar", "boolean", "starts_with({0}, {1})")
for name in ("lpad", "rpad"):
    size_error = _invalid(f"Target length must be in the range [0..{LONGEST}]")
    function(
        name,
        "varchar, bigint, varchar",
        "varchar",
        f"CASE WHEN {{0}} IS NULL OR {{2}} IS NULL THEN NULL WHEN {{1}} NOT BETWEEN 0 AND {LONGEST} THEN {size_error} WHEN {{2}} = '' THEN "
        f"{_invalid('Padding string must not be empty')} ELSE {name}({{0}}, CAST({{1}} AS INTEGER), {{2}}) END",
    )
function("chr", "bigint", "varchar(1)", python(texts.chr_))
function(
    "codepoint",
    "varchar(1)",
    "integer",
    f"CASE WHEN {{0}} = '' THEN {_invalid('Input string must be a single character string')} ELSE unicode({{0}}) END",
)


NO_DELIMITER = _invalid("The delimiter may not be the empty string")


def _split(call: Call) -> str:
    native = f"string_split({call.sql(0)}, {call.sql(1)})"
    if call.literal(1):
        return native
    return f"CASE WHEN {call.sql(1)} = '' AND {call.sql(0)} IS NOT NULL THEN {NO_DELIMITER} ELSE {native} END"


def _entries(body: Callable[..., object], value: str) -> Callable[[Call], str]:
    def text(call: Call) -> str:
        arguments = [argument.sql for argument in call.arguments]
        return f"trino_map_of({call_text(body, arguments, ('VARCHAR',) * 3, f'STRUCT(k VARCHAR[], v {value}[])')})"

    return text


function("split", "varchar(n), varchar", "array(varchar(n))", _split)
function("split", "varchar(n), varchar, bigint", "array(varchar(n))", python(texts.split_))
function(
    "split_part",
    "varchar(n), varchar, bigint",
    "varchar(n)",
    f"CASE WHEN {{2}} <= 0 THEN {_invalid('Index must be greater than zero')} "
    "WHEN {1} = '' THEN CASE WHEN {2} <= length({0}) THEN substring({0}, {2}, 1) END "
    "WHEN {2} > len(string_split({0}, {1})) THEN NULL ELSE split_part({0}, {1}, {2}) END",
)
function("split_to_map", "varchar, varchar, varchar", "map(varchar,varchar)", _entries(texts.split_to_map, "VARCHAR"))
function(
    "split_to_multimap",
    "varchar, varchar, varchar",
    "map(varchar,array(varchar))",
    _entries(texts.split_to_multimap, "VARCHAR[]"),
)


def _distance(native: str, body: Callable[..., object], condition: str) -> Callable[[Call], str]:
    """DuckDB counts bytes, which are right where all are characters."""

    def text(call: Call) -> str:
        left, right = call.sql(0), call.sql(1)
        plain = f"strlen({left}) = length({left}) AND strlen({right}) = length({right}){condition.format(left, right)}"
        return f"CASE WHEN {plain} THEN {native}({left}, {right}) ELSE {python(body)(call)} END"

    return text


function(
    "levenshtein_distance",
    "varchar, varchar",
    "bigint",
    _distance(
        "levenshtein", texts.levenshtein, f" AND length({{0}}) * length({{1}}) <= {texts.MOST_LEVENSHTEIN_STEPS}"
    ),
)
function(
    "hamming_distance",
    "varchar, varchar",
    "bigint",
    _distance("hamming", texts.hamming, " AND strlen({0}) = strlen({1}) AND {0} <> ''"),
)
function("normalize", "varchar, varchar", "varchar", python(texts.normalize))
function("soundex", "varchar", "varchar(4)", python(texts.soundex))
for _arguments in ("varchar(n)", "varchar(n), varchar(2)"):
    function("word_stem", _arguments, "varchar(n)", python(stemming.word_stem))
function("luhn_check", "varchar", "boolean", python(texts.luhn_check))
function("to_utf8", "varchar", "varbinary", "encode({0})")
function("from_utf8", "varbinary", "varchar", python(texts.from_utf8))
function("from_utf8", "varbinary, varchar", "varchar", python(texts.from_utf8))
function("from_utf8", "varbinary, bigint", "varchar", python(texts.from_utf8_code))
function("parse_data_size|parse_presto_data_size", "varchar", "decimal(38,0)", python(texts.parse_data_size))


JAVA_KINDS = frozenset(
    {"boolean", "tinyint", "smallint", "integer", "bigint", "real", "double", "decimal", "varchar"} | {"time"}
)


def _formatted(call: Call) -> str:
    values = [_formattable(argument) for argument in call.arguments if isinstance(argument, Typed)]
    sqls, kinds = zip(*values, strict=True)
    return call_text(formats.format_, list(sqls), kinds, "VARCHAR", takes_null=True)


def _formattable(value: Typed) -> tuple[str, str]:
    """Return the text and DuckDB's type of what Java's formatter knows; it gets all else as text."""
    if value.type == UNKNOWN:
        return value.sql, "VARCHAR"
    if is_precise(value.type):
        raise NotSupported(f"format() of {value.type.athena} is not supported on a directory")
    if value.type.name == "timestamp with time zone":
        # DuckDB gives a TIMESTAMPTZ to Python by way of pytz, which is not there.
        zoned = f"struct_pack(t := epoch_us(({value.sql}).t), z := ({value.sql}).z)"
        return f"CASE WHEN {value.sql} IS NULL THEN NULL ELSE {zoned} END", "STRUCT(t BIGINT, z VARCHAR)"
    if value.type.name in ("date", "timestamp"):
        # A year beyond Python's would come as text.
        given = f"CAST({value.sql} AS TIMESTAMP)"
        packed = f"struct_pack(t := epoch_us({given}), d := {str(value.type.name == 'date').lower()})"
        return f"CASE WHEN {value.sql} IS NULL THEN NULL ELSE {packed} END", "STRUCT(t BIGINT, d BOOLEAN)"
    if value.type.name in JAVA_KINDS:
        return value.sql, form(value.type)
    if value.type.name == "json":
        return value.sql, "VARCHAR"
    try:
        return cast_text(value, VARCHAR), "VARCHAR"
    except TypeMismatch as error:
        raise NotSupported(f"Unsupported type for format: {value.type.athena}") from error


def format_call(values: Sequence[Typed]) -> Typed:
    """Its arguments may be of any types, which no signature says."""
    return Typed(native_format(values, _formatted(Call(tuple(values), VARCHAR))), VARCHAR)
