"""trino.io/docs/422/functions/datetime.html"""

from collections.abc import Sequence

from lake.sql.compiler.forms import MICROSECONDS
from lake.sql.compiler.functions.table import Call, function
from lake.sql.compiler.functions.time_patterns import date_format, date_parse, format_datetime, parse_datetime
from lake.sql.compiler.functions.time_units import STEPS, added, difference, truncated
from lake.sql.compiler.precise import joined
from lake.sql.compiler.python_forms import call_text, python
from lake.sql.compiler.runtime import iso_nanos
from lake.sql.compiler.runtime import times as bodies
from lake.sql.compiler.zones import offset_zone_text, supported_zone_text, zone_text
from lake.types import DataType

ZONED = "timestamp(p) with time zone"
OFFSET_TIME = "time(p) with time zone"
MILLISECONDS = 3
DAYS = "interval day to second"
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
        function(prefix + name, OFFSET_TIME, "bigint", text.replace("{0}", "CAST(({0}).t AS TIME)"))
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
function("day_of_month", DAYS, "bigint", f"({{0}} // {STEPS['day']})")
for prefix in ("", "extract_"):
    for name, minutes in (("timezone_hour", "// 60"), ("timezone_minute", "% 60")):
        function(prefix + name, ZONED, "bigint", f"(trino_offset_seconds({{0}}) // 60 {minutes})")
        function(prefix + name, OFFSET_TIME, "bigint", f"CAST(({{0}}).o {minutes} AS BIGINT)")
    function(prefix + "year", "interval year to month", "bigint", "({0} // 12)")
    function(prefix + "month", "interval year to month", "bigint", "({0} % 12)")


for kind in ("date", "timestamp(p)", ZONED, "time(p)", OFFSET_TIME):
    function("date_trunc", f"varchar, {kind}", kind, truncated)
    function("date_add", f"varchar, bigint, {kind}", kind, added)
    function("date_diff", f"varchar, {kind}, {kind}", "bigint", difference)
function("date", "date", "date", "{0}")
function("date", "timestamp(p)", "date", "CAST({0} AS DATE)")
function("date", ZONED, "date", "CAST(trino_local({0}) AS DATE)")
function("date", "varchar", "date", "trino_text_date({0})")
function("last_day_of_month", "date", "date", "last_day({0})")
function("last_day_of_month", "timestamp(p)", "date", "last_day({0})")
function("last_day_of_month", ZONED, "date", "last_day(trino_local({0}))")
FROM_SECONDS = "struct_pack(t := make_timestamptz(CAST(floor(CASE WHEN isnan({0}) THEN 0 ELSE {0} END * 1000 + 0.5) AS BIGINT) * 1000))"
function(
    "from_unixtime",
    "double",
    "timestamp(3) with time zone",
    f"trino_at_zone({FROM_SECONDS}, 'UTC')",
)
function(
    "from_unixtime",
    "double, varchar",
    "timestamp(3) with time zone",
    lambda call: f"trino_at_zone({FROM_SECONDS.format(call.sql(0))}, {supported_zone_text(call.sql(1))})",
)
function(
    "from_unixtime",
    "double, bigint, bigint",
    "timestamp(3) with time zone",
    lambda call: (
        f"trino_at_zone({FROM_SECONDS.format(call.sql(0))}, {offset_zone_text(f'({call.sql(1)} * 60 + {call.sql(2)})')})"
    ),
)
function(
    "from_unixtime_nanos",
    "bigint",
    "timestamp(9) with time zone",
    lambda call: _of_nanos(call.sql(0)),
)
function(
    "from_unixtime_nanos",
    "decimal(p,s)",
    "timestamp(9) with time zone",
    lambda call: _of_nanos(f"CAST(round({call.sql(0)}, 0) AS BIGINT)"),
)


def _of_nanos(nanos: str) -> str:
    made = "struct_pack(t := make_timestamptz((n_ - n_ % 1000 - CASE WHEN n_ % 1000 < 0 THEN 1000 ELSE 0 END) // 1000), z := 'UTC', "
    made += "p := CAST((n_ % 1000 + 1000) % 1000 * 1000 AS INTEGER))"
    return f"(list_transform([{nanos}], lambda n_: CASE WHEN n_ IS NULL THEN NULL ELSE {made} END))[1]"


function("to_unixtime", "timestamp(p)", "double", "(epoch_us({0}) / 1000000)")
function("to_unixtime", ZONED, "double", "(epoch_us(CAST(({0}).t AS TIMESTAMPTZ)) / 1000000)")
function(
    "at_timezone", f"{ZONED}, varchar", ZONED, lambda call: f"trino_at_zone({call.sql(0)}, {zone_text(call.sql(1))})"
)
function(
    "at_timezone",
    f"{ZONED}, {DAYS}",
    ZONED,
    lambda call: f"trino_at_zone({call.sql(0)}, {offset_zone_text(f'({call.sql(1)} // 60000)')})",
)
function(
    "at_timezone",
    f"{OFFSET_TIME}, {DAYS}",
    OFFSET_TIME,
    "trino_offset_time(trino_time(trino_offset_time_us({0}) + {1} * 1000), {1} // 60000)",
)
function(
    "at_timezone",
    f"{OFFSET_TIME}, varchar",
    OFFSET_TIME,
    lambda call: _time_at_zone(call.sql(0), f"trino_at_zone(struct_pack(t := now()), {zone_text(call.sql(1))})"),
)


def _time_at_zone(time: str, now: str) -> str:
    """The zone's offset is that of the present moment."""
    seconds = f"trino_offset_seconds({now})"
    return f"trino_offset_time(trino_time(trino_offset_time_us({time}) + {seconds} * 1000000), {seconds} // 60)"


function(
    "with_timezone",
    "timestamp(p), varchar",
    ZONED,
    lambda call: f"trino_zoned({call.sql(0)}, {zone_text(call.sql(1))})",
)
function("current_timezone", "", "varchar", "'UTC'")
function("current_date", "", "date", "current_date")
function("to_milliseconds", DAYS, "bigint", "{0}")
function("human_readable_seconds", "double", "varchar", python(bodies.human_readable_seconds))
function("parse_duration", "varchar", DAYS, python(bodies.parse_duration))
function("to_iso8601", "date", "varchar(16)", "trino_date_text({0})")


def _iso_length(types: Sequence[DataType]) -> DataType:
    """The longest has a sign, six digits of the year, and an offset."""
    digits = types[0].parameters[0]
    offset = 6 if types[0].name == "timestamp with time zone" else 0
    return DataType("varchar", (22 + offset + digits + (digits > 0),))


function(
    "to_iso8601",
    "timestamp(p)",
    _iso_length,
    lambda call: f"replace(trino_timestamp_text({call.sql(0)}, {call.type_of(0).parameters[0]}), ' ', 'T')",
)
function(
    "to_iso8601",
    ZONED,
    _iso_length,
    lambda call: f"trino_zoned_iso({call.sql(0)}, {call.type_of(0).parameters[0]})",
)
MADE = "STRUCT(local BIGINT, zone VARCHAR)"
function(
    "from_iso8601_date",
    "varchar",
    "date",
    lambda call: (
        f"(DATE '1970-01-01' + CAST({call_text(bodies.from_iso8601_date, [call.sql(0)], ('VARCHAR',), 'BIGINT')} AS INTEGER))"
    ),
)
function(
    "from_iso8601_timestamp",
    "varchar",
    "timestamp(3) with time zone",
    lambda call: (
        f"trino_iso_moment({call.sql(0)}, "
        f"trino_made({call_text(bodies.from_iso8601_timestamp, [call.sql(0)], ('VARCHAR',), MADE)}))"
    ),
)


def _iso_nanos(call: Call) -> str:
    moment = f"trino_made({call_text(iso_nanos.nanos_moment, [call.sql(0)], ('VARCHAR',), MADE)})"
    return joined(moment, call.type.name, call_text(iso_nanos.nanos_picos, [call.sql(0)], ("VARCHAR",), "BIGINT"))


function("from_iso8601_timestamp_nanos", "varchar", "timestamp(9) with time zone", _iso_nanos)
for kind in ("timestamp(p)", ZONED):
    function("date_format", f"{kind}, varchar", "varchar", date_format)
    function("format_datetime", f"{kind}, varchar", "varchar", format_datetime)
function("date_parse", "varchar, varchar", "timestamp(3)", date_parse)
function("parse_datetime", "varchar, varchar", "timestamp(3) with time zone", parse_datetime)


def current(name: str, digits: int) -> tuple[str, DataType]:
    """Return the text and the type of the present moment, with so many digits of a second."""
    if digits > MICROSECONDS:
        text, type_ = current(name, MICROSECONDS)
        return joined(text, type_.name, "0"), DataType(type_.name, (digits,))
    local = f"trino_cut(timezone('UTC', now()), {digits})"
    if name == "current_timestamp":
        return f"struct_pack(t := timezone('UTC', {local}), z := 'UTC')", DataType(
            "timestamp with time zone", (digits,)
        )
    if name == "localtimestamp":
        return local, DataType("timestamp", (digits,))
    if name == "current_time":
        return f"trino_offset_time(CAST({local} AS TIME), 0)", DataType("time with time zone", (digits,))
    return f"CAST({local} AS TIME)", DataType("time", (digits,))


def _present(name: str) -> None:
    text, type_ = current(name, MILLISECONDS)
    function(f"now|{name}" if name == "current_timestamp" else name, "", lambda _: type_, text)


for _name in ("current_timestamp", "localtimestamp", "current_time", "localtime"):
    _present(_name)
