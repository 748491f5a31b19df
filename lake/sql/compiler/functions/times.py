"""trino.io/docs/422/functions/datetime.html"""

from lake.errors import InvalidSql
from lake.sql.compiler.functions.table import Call, function
from lake.types import DataType

ZONED = "timestamp(p) with time zone"
DAYS = "interval day to second"
UNITS = ("millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year")
STEPS = {"millisecond": 1, "second": 1000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000, "week": 604_800_000}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
PARTS = {
    "year": "year({0})",
    "quarter": "quarter({0})",
    "month": "month({0})",
    "week": "week({0})",
    "week_of_year": "week({0})",
    "day": "day({0})",
    "day_of_month": "day({0})",
    "day_of_week": "isodow({0})",
    "dow": "isodow({0})",
    "day_of_year": "dayofyear({0})",
    "doy": "dayofyear({0})",
    "year_of_week": "isoyear({0})",
    "yow": "isoyear({0})",
}
CLOCK = {
    "hour": "hour({0})",
    "minute": "minute({0})",
    "second": "second({0})",
    "millisecond": "(millisecond({0}) % 1000)",
}

for name, text in PARTS.items():
    for prefix in ("", "extract_"):
        function(prefix + name, "date", "bigint", text)
        function(prefix + name, "timestamp(p)", "bigint", text)
        function(prefix + name, ZONED, "bigint", text.replace("{0}", "trino_local({0})"))
for name, text in CLOCK.items():
    for prefix in ("", "extract_"):
        function(prefix + name, "timestamp(p)", "bigint", text)
        function(prefix + name, "time(p)", "bigint", text)
        function(prefix + name, ZONED, "bigint", text.replace("{0}", "trino_local({0})"))
for name, step, within in (
    ("day", 86_400_000, 1 << 62),
    ("hour", 3_600_000, 24),
    ("minute", 60_000, 60),
    ("second", 1000, 60),
    ("millisecond", 1, 1000),
):
    for prefix in ("", "extract_"):
        function(prefix + name, DAYS, "bigint", f"({{0}} // {step} % {within})")
for prefix in ("", "extract_"):
    function(prefix + "year", "interval year to month", "bigint", "({0} // 12)")
    function(prefix + "month", "interval year to month", "bigint", "({0} % 12)")


def _unit(call: Call, allowed: object = UNITS) -> str:
    unit = call.literal(0)
    if not isinstance(unit, str):
        raise InvalidSql("a unit that is no literal is not supported")
    if unit.lower() not in UNITS:
        raise InvalidSql(f"INVALID_FUNCTION_ARGUMENT: '{unit}' is not a valid TIMESTAMP field")
    return unit.lower()


def _trunc(call: Call) -> str:
    unit, type_ = _unit(call), call.type.name
    if type_ == "date":
        return f"CAST(date_trunc('{unit}', {call.sql(1)}) AS DATE)"
    if type_ == "time":
        return f"CAST(date_trunc('{unit}', TIMESTAMP '1970-01-01' + {call.sql(1)}) AS TIME)"
    if type_ == "timestamp":
        return f"date_trunc('{unit}', {call.sql(1)})"
    return f"trino_zoned(date_trunc('{unit}', trino_local({call.sql(1)})), ({call.sql(1)}).z)"


def _add(call: Call) -> str:
    unit, value = _unit(call), call.sql(1)
    step = (
        f"to_months(CAST({value} * {MONTHS[unit]} AS INTEGER))"
        if unit in MONTHS
        else f"to_milliseconds({value} * {STEPS[unit]})"
    )
    if call.type.name == "date":
        return f"CAST({call.sql(2)} + {step} AS DATE)"
    if call.type.name in ("timestamp", "time"):
        return f"({call.sql(2)} + {step})"
    if unit in MONTHS:
        return f"trino_zoned(trino_local({call.sql(2)}) + {step}, ({call.sql(2)}).z)"
    return f"trino_zoned_plus({call.sql(2)}, {step})"


def _diff(call: Call) -> str:
    unit = _unit(call)
    a, b = call.sql(1), call.sql(2)
    if call.type_of(1).name == "timestamp with time zone":
        a, b = (
            (f"trino_local({a})", f"trino_local({b})")
            if unit in MONTHS or unit in ("day", "week")
            else (f"({a}).t", f"({b}).t")
        )
    if unit in MONTHS:
        return f"CAST(datesub('{unit}', CAST({a} AS TIMESTAMP), CAST({b} AS TIMESTAMP)) AS BIGINT)"
    if call.type_of(1).name == "date":
        return f"(CAST({b} - {a} AS BIGINT) * 86400000 // {STEPS[unit]})"
    return f"trino_divide(epoch_ms({b}) - epoch_ms({a}), {STEPS[unit]})"


for kind in ("date", "timestamp(p)", ZONED, "time(p)"):
    function("date_trunc", f"varchar, {kind}", kind, _trunc)
    function("date_add", f"varchar, bigint, {kind}", kind, _add)
    function("date_diff", f"varchar, {kind}, {kind}", "bigint", _diff)
function("date", "date", "date", "{0}")
function("date", "timestamp(p)", "date", "CAST({0} AS DATE)")
function("date", ZONED, "date", "CAST(trino_local({0}) AS DATE)")
function("date", "varchar", "date", "trino_text_date({0})")
function("last_day_of_month", "date", "date", "last_day({0})")
function("last_day_of_month", "timestamp(p)", "date", "last_day({0})")
function("last_day_of_month", ZONED, "date", "last_day(trino_local({0}))")
function(
    "from_unixtime",
    "double",
    "timestamp(3) with time zone",
    "struct_pack(t := make_timestamptz(CAST(round({0} * 1000) AS BIGINT) * 1000), z := 'UTC')",
)
function(
    "from_unixtime",
    "double, varchar",
    "timestamp(3) with time zone",
    "struct_pack(t := make_timestamptz(CAST(round({0} * 1000) AS BIGINT) * 1000), z := trino_zone({1}))",
)
function(
    "from_unixtime_nanos",
    "bigint",
    lambda _: DataType("timestamp with time zone", (6,)),
    "struct_pack(t := make_timestamptz({0} // 1000), z := 'UTC')",
)
function("to_unixtime", "timestamp(p)", "double", "(epoch_us({0}) / 1000000)")
function("to_unixtime", ZONED, "double", "(epoch_us(({0}).t) / 1000000)")
function("at_timezone", f"{ZONED}, varchar", ZONED, "trino_at_zone({0}, {1})")
function("with_timezone", "timestamp(p), varchar", ZONED, "trino_zoned({0}, trino_zone({1}))")
function("current_timezone", "", "varchar", "'UTC'")
function("current_date", "", "date", "current_date")
function(
    "now|current_timestamp",
    "",
    "timestamp(3) with time zone",
    "struct_pack(t := date_trunc('millisecond', now()), z := 'UTC')",
)
function("localtimestamp", "", "timestamp(3)", "date_trunc('millisecond', timezone('UTC', now()))")
function("localtime", "", "time(3)", "CAST(date_trunc('millisecond', timezone('UTC', now())) AS TIME)")
function("to_milliseconds", DAYS, "bigint", "{0}")
function("human_readable_seconds", "double", "varchar", "CAST({0} AS VARCHAR)")
function("to_iso8601", "date", "varchar", "CAST({0} AS VARCHAR)")
function(
    "to_iso8601",
    "timestamp(p)",
    "varchar",
    lambda call: f"replace(trino_timestamp_text({call.sql(0)}, {call.type_of(0).parameters[0]}), ' ', 'T')",
)
function(
    "to_iso8601",
    ZONED,
    "varchar",
    lambda call: (
        f"replace(trino_timestamp_text(trino_local({call.sql(0)}), {call.type_of(0).parameters[0]}), ' ', 'T') || CASE WHEN ({call.sql(0)}).z = 'UTC' THEN 'Z' ELSE ({call.sql(0)}).z END"
    ),
)
function("from_iso8601_date", "varchar", "date", "CAST({0} AS DATE)")
MYSQL = {
    "%Y": "%Y",
    "%y": "%y",
    "%m": "%m",
    "%d": "%d",
    "%H": "%H",
    "%i": "%M",
    "%s": "%S",
    "%S": "%S",
    "%M": "%B",
    "%b": "%b",
    "%a": "%a",
    "%W": "%A",
    "%j": "%j",
    "%p": "%p",
    "%T": "%H:%M:%S",
    "%r": "%I:%M:%S %p",
    "%h": "%I",
    "%I": "%I",
    "%f": "%f",
    "%e": "%-d",
    "%c": "%-m",
    "%k": "%-H",
    "%l": "%-I",
    "%%": "%%",
}


def _pattern(call: Call, place: int) -> str:
    pattern = call.literal(place)
    if not isinstance(pattern, str):
        raise InvalidSql("a format that is no literal is not supported yet")
    made, at = "", 0
    while at < len(pattern):
        if pattern[at] != "%":
            made += pattern[at]
            at += 1
            continue
        code = pattern[at : at + 2]
        if code not in MYSQL:
            if code[1:] in ("D", "U", "u", "V", "X", "w", "v", "x"):
                raise InvalidSql(f"format {code} is not supported yet")
            made += code[1:]
        else:
            made += MYSQL[code]
        at += 2
    return "'" + made.replace("'", "''") + "'"


function(
    "date_format", "timestamp(p), varchar", "varchar", lambda call: f"strftime({call.sql(0)}, {_pattern(call, 1)})"
)
function(
    "date_format",
    f"{ZONED}, varchar",
    "varchar",
    lambda call: f"strftime(trino_local({call.sql(0)}), {_pattern(call, 1)})",
)
function("date_parse", "varchar, varchar", "timestamp(3)", lambda call: f"strptime({call.sql(0)}, {_pattern(call, 1)})")
