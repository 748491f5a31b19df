"""Macros of dates, times and moments."""

from __future__ import annotations

DAY = 86_400_000_000
TIMESTAMP = r"[+-]?\d{4,}-\d{1,2}-\d{1,2}( (\d{1,2}:\d{1,2}(:\d{1,2}(\.\d+)?)?)?\s*(\S.*)?)?"
LOCAL = r"^[+-]?\d{4,}-\d{1,2}-\d{1,2}( +\d{1,2}:\d{1,2}(:\d{1,2}(\.\d{1,6})?)?)?"
SEVENTH = r"\.\d{6}[5-9]"
CLOCK = r"\d{1,2}:\d{1,2}(:\d{1,2}(\.\d+)?)?"
BLANKS = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)"


def _no_cast(kind: str, name: str) -> str:
    return f"trino_error('INVALID_CAST_ARGUMENT', 'Value cannot be cast to {kind}: ' || {name})"


def _let(name: str, value: str, body: str) -> str:
    """A macro repeats its arguments, and macros within macros do so by powers: what is used often is bound to a name first."""
    return f"(list_transform([{value}], lambda {name}: {body}))[1]"


# In UTC, with as many digits as DuckDB's cast reads as Java does.
ISO_MOMENT = r"\d{4}-\d\d-\d\d(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d([.]\d{1,3})?Z?)?"

TIME_MACROS: dict[str, str] = {
    "trino_iso_moment(x, slow)": (
        f"CASE WHEN regexp_full_match(x, '{ISO_MOMENT}') AND TRY_CAST(x AS TIMESTAMPTZ) IS NOT NULL "
        "THEN struct_pack(t := CAST(x AS TIMESTAMPTZ), z := 'UTC') ELSE slow END"
    ),
    "trino_parsed(usual, local, slow)": (
        "CASE WHEN usual AND local IS NOT NULL THEN struct_pack(t := make_timestamptz(epoch_us(local)), z := 'UTC') ELSE slow END"
    ),
    "trino_offset_(zone)": (
        "(CASE WHEN zone LIKE '-%' THEN -1 ELSE 1 END) * (CAST(substring(zone, 2, 2) AS BIGINT) * 60 + CAST(substring(zone, 5, 2) AS BIGINT))"
    ),
    "trino_is_offset_(zone)": "(zone LIKE '+%' OR zone LIKE '-%')",
    "trino_instant_(local, zone)": (
        "CASE WHEN zone = 'UTC' THEN make_timestamptz(epoch_us(local)) "
        "WHEN trino_is_offset_(zone) THEN make_timestamptz(epoch_us(local) - trino_offset_(zone) * 60000000) "
        "ELSE trino_earlier_(local, zone, timezone(zone, local)) END"
    ),
    # Of an hour that comes twice, the first is meant.
    "trino_earlier_(local, zone, instant)": _let(
        "instant_",
        "instant",
        "CASE WHEN timezone(zone, instant_ - INTERVAL 1 HOUR) = local THEN instant_ - INTERVAL 1 HOUR ELSE instant_ END",
    ),
    "trino_instant(x)": "CAST((x).t AS TIMESTAMPTZ)",
    "trino_clock(x)": "CAST((x).t AS TIME)",
    "trino_clock_us(x)": "epoch_us(trino_clock(x))",
    "trino_offset_moment(x, p)": (
        "trino_rounded_zoned(trino_at_zone(struct_pack(t := make_timestamptz(epoch_us(current_date) + trino_offset_time_us(x))), "
        "CASE WHEN (x).o = 0 THEN 'UTC' ELSE trino_offset_text((x).o) END), p)"
    ),
    "trino_zoned_trunc(unit, x)": _let(
        "local_",
        "struct_pack(x := x, l := trino_local(x))",
        "trino_zoned_plus(local_.x, date_trunc(unit, local_.l) - local_.l)",
    ),
    "trino_zoned(local, zone)": _let(
        "zoned_",
        "struct_pack(l := local, z := zone)",
        "CASE WHEN zoned_.l IS NULL OR zoned_.z IS NULL THEN NULL "
        "ELSE struct_pack(t := trino_instant_(zoned_.l, zoned_.z), z := zoned_.z) END",
    ),
    "trino_utc(local)": "CASE WHEN local IS NULL THEN NULL ELSE struct_pack(t := make_timestamptz(epoch_us(local)), z := 'UTC') END",
    "trino_made(s)": _let("made_", "s", "trino_zoned(make_timestamp(made_.local), made_.zone)"),
    "trino_local(x)": _let(
        "local_",
        "x",
        "CASE WHEN local_.z = 'UTC' THEN make_timestamp(epoch_us(trino_instant(local_))) "
        "WHEN trino_is_offset_(local_.z) THEN make_timestamp(epoch_us(trino_instant(local_)) + trino_offset_(local_.z) * 60000000) "
        "ELSE timezone(local_.z, trino_instant(local_)) END",
    ),
    "trino_offset_seconds(x)": "CAST((epoch_us(trino_local(x)) - epoch_us(CAST((x).t AS TIMESTAMPTZ))) // 1000000 AS BIGINT)",
    "trino_offset_text(minutes)": (
        "CASE WHEN minutes < 0 THEN '-' ELSE '+' END || lpad(CAST(abs(minutes) // 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(minutes) % 60 AS VARCHAR), 2, '0')"
    ),
    "trino_zoned_iso(x, p)": (
        "replace(trino_timestamp_text(trino_local(x), p), ' ', 'T') || "
        "CASE WHEN (x).z = 'UTC' THEN 'Z' ELSE trino_offset_text(trino_offset_seconds(x) // 60) END"
    ),
    "trino_zoned_text(x, p)": "trino_timestamp_text(trino_local(x), p) || ' ' || (x).z",
    "trino_zoned_plus(x, step)": "CASE WHEN x IS NULL THEN NULL ELSE struct_pack(t := CAST((x).t AS TIMESTAMPTZ) + step, z := (x).z) END",
    "trino_at_zone(x, zone)": "CASE WHEN x IS NULL OR zone IS NULL THEN NULL ELSE struct_pack(t := CAST((x).t AS TIMESTAMPTZ), z := zone) END",
    "trino_cut(x, p)": "make_timestamp(trino_floor(epoch_us(x), CAST(10 ** (6 - p) AS BIGINT)))",
    "trino_millisecond(x)": "make_timestamp(trino_floor(epoch_us(x), 1000))",
    "trino_floor(n, unit)": "(n - ((n % unit) + unit) % unit)",
    "trino_rounded_us_(n, unit)": "trino_floor(n + unit // 2, unit)",
    "trino_rounded(x, p)": (
        "CASE WHEN p >= 6 THEN x ELSE make_timestamp(trino_rounded_us_(epoch_us(x), CAST(10 ** (6 - p) AS BIGINT))) END"
    ),
    "trino_rounded_zoned(x, p)": _let(
        "rounded_",
        "x",
        "CASE WHEN rounded_ IS NULL OR p >= 6 THEN rounded_ ELSE "
        "struct_pack(t := make_timestamptz(trino_rounded_us_(epoch_us(rounded_.t), CAST(10 ** (6 - p) AS BIGINT))), z := rounded_.z) END",
    ),
    "trino_time(us)": f"CAST(make_timestamp(((us % {DAY}) + {DAY}) % {DAY}) AS TIME)",
    "trino_rounded_time(x, p)": (
        "CASE WHEN p >= 6 THEN x ELSE trino_time(trino_rounded_us_(epoch_us(x), CAST(10 ** (6 - p) AS BIGINT))) END"
    ),
    "trino_offset_time(clock, minutes)": (
        "CASE WHEN clock IS NULL OR minutes IS NULL THEN NULL ELSE struct_pack(t := clock, o := CAST(minutes AS INTEGER)) END"
    ),
    "trino_offset_time_us(x)": f"(((trino_clock_us(x) - (x).o * 60000000::BIGINT) % {DAY} + {DAY}) % {DAY})",
    "trino_offset_time_text(x, p)": "trino_time_text(CAST((x).t AS TIME), p) || trino_offset_text((x).o)",
    "trino_moved_offset_time(x, us)": "trino_offset_time(trino_time(trino_clock_us(x) + us), (x).o)",
    "trino_between_ms(us)": (
        "CAST(CASE WHEN us >= 0 THEN (us + 500) // 1000 ELSE -((-us + 500) // 1000) END AS BIGINT)"
    ),
    "trino_trimmed_(x)": f"trim(x, {BLANKS})",
    "trino_year_(t)": "CAST(regexp_extract(t, '^[+-]?\\d+') AS BIGINT)",
    "trino_day_(t)": (
        "CASE WHEN t[1] IN ('-', '+') THEN TRY(make_date(trino_year_(t), CAST(split_part(substring(t, 2), '-', 2) AS BIGINT), "
        "CAST(split_part(substring(t, 2), '-', 3) AS BIGINT))) ELSE TRY_CAST(t AS DATE) END"
    ),
    "trino_text_date(x)": _let(
        "date_",
        "trino_trimmed_(x)",
        "CASE WHEN date_ IS NULL THEN NULL WHEN regexp_full_match(date_, '[+-]?\\d{4,}-\\d{1,2}-\\d{1,2}') AND "
        f"trino_day_(date_) IS NOT NULL THEN trino_day_(date_) ELSE {_no_cast('date', 'date_')} END",
    ),
    "trino_text_local_(t)": (
        "trino_day_(split_part(t, ' ', 1)) + CASE WHEN t LIKE '% %' THEN TRY_CAST(trim(substring(t, strpos(t, ' '))) AS TIME) ELSE TIME '00:00' END"
    ),
    "trino_text_moment_(x)": _let(
        "text_",
        "trino_trimmed_(x)",
        f"CASE WHEN regexp_full_match(text_, '{TIMESTAMP}') THEN trino_text_local_(regexp_extract(text_, '{LOCAL}')) END",
    ),
    "trino_text_timestamp(x)": _let(
        "given_",
        "x",
        f"CASE WHEN given_ IS NULL THEN NULL ELSE coalesce(trino_text_moment_(given_), {_no_cast('timestamp', 'given_')}) END",
    ),
    "trino_text_rounded(x, p)": _let(
        "parsed_",
        "struct_pack(x := x, t := trino_text_timestamp(x))",
        f"CASE WHEN p < 6 THEN trino_rounded(parsed_.t, p) WHEN regexp_matches(parsed_.x, '{SEVENTH}') "
        "THEN parsed_.t + INTERVAL 1 MICROSECOND ELSE parsed_.t END",
    ),
    "trino_text_zone(x)": (
        f"coalesce(nullif(trim(regexp_replace(regexp_replace(trino_trimmed_(x), '{LOCAL}', ''), '^\\d+', '')), ''), 'UTC')"
    ),
    "trino_text_time(x)": _let(
        "clock_",
        "x",
        f"CASE WHEN clock_ IS NULL THEN NULL WHEN regexp_full_match(clock_, '{CLOCK}') AND TRY_CAST(clock_ AS TIME) < TIME '24:00:00' "
        f"THEN TRY_CAST(clock_ AS TIME) ELSE {_no_cast('time', 'clock_')} END",
    ),
    "trino_text_rounded_time(x, p)": _let(
        "parsed_",
        "struct_pack(x := x, t := trino_text_time(x))",
        f"CASE WHEN p < 6 THEN trino_rounded_time(parsed_.t, p) WHEN regexp_matches(parsed_.x, '{SEVENTH}') "
        "THEN trino_time(epoch_us(parsed_.t) + 1) ELSE parsed_.t END",
    ),
    "trino_text_offset_(x)": "regexp_extract(x, '[+-]\\d\\d:\\d\\d$')",
    "trino_text_minutes_(x)": "coalesce(trino_offset_(nullif(trino_text_offset_(x), '')), 0)",
    "trino_text_offset_time(x, p)": _let(
        "text_",
        "x",
        f"CASE WHEN text_ IS NULL THEN NULL WHEN regexp_full_match(text_, '{CLOCK}(\\s*[+-]\\d\\d:\\d\\d)?') "
        "AND abs(trino_text_minutes_(text_)) <= 840 THEN "
        "trino_offset_time(trino_text_rounded_time(regexp_extract(text_, '^[\\d:.]+'), p), trino_text_minutes_(text_)) "
        f"ELSE {_no_cast('time with time zone', 'text_')} END",
    ),
}
