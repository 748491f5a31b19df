"""Dates, times, zones and intervals of the compiler (trino.io/docs/422/functions/datetime.html)."""

from __future__ import annotations

from datetime import date, datetime, time

import duckdb
import pytest

from lake.errors import InvalidSql, NotSupported
from lake.sql.compiler.runtime import patterns, times
from lake.sql.compiler.runtime.errors import TrinoError
from tests.sql.compiler.running import run

DAY = 86_400_000_000
moment = datetime.fromisoformat


def value(expression: str) -> object:
    return run(f"SELECT {expression}")[0][0]


@pytest.mark.parametrize("days", [-800_000, -719_468, -1, 0, 59, 60, 11_016, 18_321, 45_000_000])
def test_a_date_is_read_back_from_its_days(days: int) -> None:
    assert times.days_of(*times.date_of(days)) == days


@pytest.mark.parametrize("day", [date(1998, 12, 31), date(2000, 2, 29), date(2021, 1, 3), date(2024, 12, 30)])
def test_weeks_are_those_of_iso(day: date) -> None:
    found = times.Moment((day - date(1970, 1, 1)).days * DAY)
    assert (found.week_year, found.week, found.weekday) == tuple(day.isocalendar())
    assert times.days_of_week(*day.isocalendar()) == found.days


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("utc", "UTC"),
        ("Z", "UTC"),
        ("+00:00", "UTC"),
        ("-0330", "-03:30"),
        ("+7", "+07:00"),
        ("europe/paris", "Europe/Paris"),
    ],
)
def test_a_zone_is_kept_under_one_name(written: str, name: str) -> None:
    assert times.zone_name(written) == name


@pytest.mark.parametrize("written", ["Nope/Zone", "+14:01", "+05:75", ""])
def test_a_zone_that_is_not_known_is_refused(written: str) -> None:
    with pytest.raises(TrinoError):
        times.zone_name(written)


@pytest.mark.parametrize(
    ("written", "millis"), [("1.5 s", 1500), ("2d", 172_800_000), ("1500us", 2), ("1 m", 60_000), ("0.4ms", 0)]
)
def test_a_duration_is_rounded_to_milliseconds(written: str, millis: int) -> None:
    assert times.parse_duration(written) == millis


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (-61, "1 minute, 1 second"),
        (604_800 * 2 + 3600, "2 weeks, 1 hour"),
        (59.5, "1 minute"),
    ],
)
def test_seconds_are_said_in_words(seconds: float, words: str) -> None:
    assert times.human_readable_seconds(seconds) == words


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("%Y-%m-%d %H:%i:%s.%f", "2001-01-09 13:04:05.321000"),
        ("%a %W %b %M", "Tue Tuesday Jan January"),
        ("%c/%e/%y %l:%i %p", "1/9/01 1:04 PM"),
        ("%r|%T|%j|%x-%v|%%|%q", "01:04:05 PM|13:04:05|009|2001-02|%|q"),
    ],
)
def test_mysql_patterns_give_the_same_with_and_without_duckdb(pattern: str, written: str) -> None:
    micros = times.days_of(2001, 1, 9) * DAY + (13 * 3600 + 4 * 60 + 5) * 1_000_000 + 321_999
    assert patterns.date_format(micros, pattern) == written
    assert value(f"date_format(TIMESTAMP '2001-01-09 13:04:05.321999', '{pattern}')") == written
    assert value(f"date_format(t, p) FROM (VALUES (TIMESTAMP '2001-01-09 13:04:05.321999', '{pattern}')) v(t, p)") == (
        written
    )


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("yyyy-MM-dd''HH:mm:ss.SSS", "2001-01-09'13:04:05.321"),
        ("EEEE, d. MMMM yy 'at' h a", "Tuesday, 9. January 01 at 1 PM"),
        ("xxxx-'W'ww-e DDD K k S", "2001-W02-2 009 1 13 3"),
    ],
)
def test_joda_patterns_give_the_same_with_and_without_duckdb(pattern: str, written: str) -> None:
    micros = times.days_of(2001, 1, 9) * DAY + (13 * 3600 + 4 * 60 + 5) * 1_000_000 + 321_000
    assert patterns.format_datetime(micros, pattern) == written
    escaped = pattern.replace("'", "''")
    assert value(f"format_datetime(TIMESTAMP '2001-01-09 13:04:05.321', '{escaped}')") == written


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("date_parse('20200131', '%Y%m%d')", moment("2020-01-31 00:00:00")),
        ("date_parse('1/2/2020 4:05 PM', '%c/%e/%Y %l:%i %p')", moment("2020-01-02 16:05:00")),
        ("date_parse('59.123456789', '%s.%f')", moment("1970-01-01 00:00:59.123000")),
        ("date_parse('1998 53', '%x %v')", moment("1998-12-28 00:00:00")),
        ("to_iso8601(parse_datetime('2020-05-10 12:34 +0530', 'yyyy-MM-dd HH:mm Z'))", "2020-05-10T12:34:00.000+05:30"),
        ("to_iso8601(parse_datetime('10.5.2020 Europe/Paris', 'd.M.yyyy ZZZ'))", "2020-05-10T00:00:00.000+02:00"),
        (
            "format_datetime(TIMESTAMP '2020-05-10 12:34:56 Asia/Kathmandu', 'HH:mm ZZ ZZZ')",
            "12:34 +05:45 Asia/Kathmandu",
        ),
        ("from_iso8601_date('2020-W10')", date(2020, 3, 2)),
        ("from_iso8601_date('2020-123')", date(2020, 5, 2)),
        ("to_iso8601(from_iso8601_timestamp('2020-05-11T11:15:05.0559+01:00'))", "2020-05-11T11:15:05.055+01:00"),
        ("CAST(from_unixtime(1.0005) AS varchar)", "1970-01-01 00:00:01.001 UTC"),
        ("CAST(from_unixtime(0, 5, 30) AS varchar)", "1970-01-01 05:30:00.000 +05:30"),
        (
            "CAST(at_timezone(TIMESTAMP '2020-05-10 12:00:00 UTC', 'Asia/Kathmandu') AS varchar)",
            "2020-05-10 17:45:00 Asia/Kathmandu",
        ),
        ("timezone_minute(TIMESTAMP '2020-05-10 12:00:00 -03:30')", -30),
        ("last_day_of_month(TIMESTAMP '2020-02-10 12:00:00')", date(2020, 2, 29)),
        ("year_of_week(DATE '2021-01-03')", 2020),
    ],
)
def test_functions_of_moments(expression: str, wanted: object) -> None:
    assert value(expression) == wanted


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("date_diff('month', DATE '2020-01-31', DATE '2020-02-29')", 1),
        ("date_diff('month', DATE '2020-01-31', DATE '2020-02-28')", 0),
        ("date_diff('year', DATE '2020-02-29', DATE '2021-02-28')", 1),
        ("date_diff('hour', TIME '11:34:55', TIME '12:34:54')", 0),
        ("date_trunc('week', DATE '2020-05-10')", date(2020, 5, 4)),
        ("date_trunc('minute', TIME '12:34:56.5')", time(12, 34)),
        (
            "CAST(date_trunc('day', TIMESTAMP '2020-03-29 12:34:56 Europe/Paris') AS varchar)",
            "2020-03-29 00:00:00 Europe/Paris",
        ),
        ("date_add('month', 1, DATE '2020-01-31')", date(2020, 2, 29)),
        ("date_add('millisecond', 1, TIMESTAMP '2020-01-01 00:00:00.1')", moment("2020-01-01 00:00:00.100000")),
        (
            "CAST(TIMESTAMP '2020-01-01 00:00:00.0004' - TIMESTAMP '2020-01-01 00:00:00.0009' AS varchar)",
            "-0 00:00:00.001",
        ),
        (
            "sequence(DATE '2020-01-31', DATE '2020-04-01', INTERVAL '1' MONTH)",
            [date(2020, 1, 31), date(2020, 2, 29), date(2020, 3, 31)],
        ),
        ("sequence(DATE '2020-01-02', DATE '2020-01-01')", [date(2020, 1, 2), date(2020, 1, 1)]),
    ],
)
def test_steps_and_distances(expression: str, wanted: object) -> None:
    assert value(expression) == wanted


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("CAST('2020-05-10 12:34:56.1234567' AS timestamp(6))", moment("2020-05-10 12:34:56.123457")),
        ("CAST('1969-12-31 23:59:59.9995' AS timestamp(3))", moment("1970-01-01 00:00:00")),
        ("CAST(TIME '23:59:59.99' AS time(1))", time(0)),
        ("CAST(CAST('12:34:56.55 -03:30' AS time(1) with time zone) AS varchar)", "12:34:56.6-03:30"),
        (
            "CAST(CAST('2020-05-10 12:34 europe/paris' AS timestamp(0) with time zone) AS varchar)",
            "2020-05-10 12:34:00 Europe/Paris",
        ),
        (
            "CAST(CAST(TIMESTAMP '2020-05-10 12:34:56 Asia/Kathmandu' AS time with time zone) AS varchar)",
            "12:34:56.000+05:45",
        ),
        ("TRY_CAST('2020-05-10T12:34:56' AS timestamp)", None),
        ("TRY_CAST('24:00:00' AS time)", None),
        ("TRY_CAST('2021-02-29' AS date)", None),
    ],
)
def test_casts(expression: str, wanted: object) -> None:
    assert value(expression) == wanted


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("TIMESTAMP '2012-10-31 08:00 UTC'", "TIMESTAMP '2012-10-31 01:00 America/Los_Angeles'"),
        ("ARRAY[TIMESTAMP '2012-10-31 08:00 UTC']", "ARRAY[TIMESTAMP '2012-10-31 09:00 +01:00']"),
        ("ROW(1, ROW(TIMESTAMP '2012-10-31 08:00 UTC'))", "ROW(1, ROW(TIMESTAMP '2012-10-31 09:00 +01:00'))"),
        ("TIME '00:00:00+14:00'", "TIME '00:00:00-10:00'"),
    ],
)
def test_what_has_a_zone_is_compared_by_the_instant(left: str, right: str) -> None:
    assert value(f"{left} = {right}") is True


@pytest.mark.parametrize(
    "expression",
    [
        "date_format(DATE '2001-01-09', '%w')",
        "TIME '12:00:00+14:01'",
        "TIME '25:00:00'",
        "TIMESTAMP '2021-02-29 00:00:00'",
        "TIMESTAMP '2020-01-01 00:00 Nope/Zone'",
    ],
)
def test_what_trino_refuses_is_refused_before_it_runs(expression: str) -> None:
    with pytest.raises(InvalidSql):
        run(f"SELECT {expression}")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("TIMESTAMP '2020-05-10 12:34:56.123456789012'", "2020-05-10 12:34:56.123456789012"),
        ("CAST('2020-05-10 12:34:56.123456789' AS timestamp(8))", "2020-05-10 12:34:56.12345679"),
        ("CAST(TIMESTAMP '2020-05-10 12:34:56.999999999' AS timestamp(8))", "2020-05-10 12:34:57.00000000"),
        ("CAST(TIMESTAMP '2020-05-10 12:34:56.1234565' AS timestamp(6))", "2020-05-10 12:34:56.123457"),
        ("CAST(TIMESTAMP '2020-05-10 12:34:56.1234567' AS timestamp(3))", "2020-05-10 12:34:56.123"),
        (
            "TIMESTAMP '2020-05-10 12:34:56.123456789 UTC' AT TIME ZONE 'Asia/Tokyo'",
            "2020-05-10 21:34:56.123456789 Asia/Tokyo",
        ),
        ("TIMESTAMP '2020-05-10 12:34:56.1234567' + INTERVAL '1' DAY", "2020-05-11 12:34:56.1234567"),
        ("TIME '12:34:56.123456789' + INTERVAL '13' HOUR", "01:34:56.123456789"),
        ("date_trunc('second', TIME '12:34:56.123456789+01:00')", "12:34:56.000000000+01:00"),
        ("from_unixtime_nanos(-1)", "1969-12-31 23:59:59.999999999 UTC"),
        ("TIMESTAMP '2020-01-01 00:00:00.1234567 UTC' < TIMESTAMP '2020-01-01 01:00:00.1234568 +01:00'", "true"),
        ("hour(TIMESTAMP '2020-01-01 13:00:00.1234567')", "13"),
        ("array_max(ARRAY[TIME '01:02:03.12345678', TIME '01:02:03.1234568'])", "01:02:03.12345680"),
        ("to_iso8601(TIMESTAMP '2020-05-10 12:34:56.1234567 UTC')", "2020-05-10T12:34:56.1234567Z"),
    ],
)
def test_a_second_may_have_twelve_digits(expression: str, expected: str) -> None:
    assert run(f"SELECT CAST({expression} AS varchar)") == [(expected,)]


def test_format_does_not_cut_digits_off_silently() -> None:
    with pytest.raises(NotSupported):
        run("SELECT format('%s', TIMESTAMP '2020-01-01 00:00:00.1234567')")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("TIMESTAMP '2020-11-01 01:30:00 America/New_York'", "2020-11-01 01:30:00 America/New_York"),
        (
            "with_timezone(TIMESTAMP '2020-11-01 01:30:00', 'America/New_York') AT TIME ZONE 'UTC'",
            "2020-11-01 05:30:00 UTC",
        ),
        (
            "date_trunc('hour', TIMESTAMP '2020-11-01 06:30:00 UTC' AT TIME ZONE 'America/New_York') AT TIME ZONE 'UTC'",
            "2020-11-01 06:00:00 UTC",
        ),
        (
            "date_add('day', 1, TIMESTAMP '2020-03-07 02:30:00 America/New_York')",
            "2020-03-08 03:30:00 America/New_York",
        ),
    ],
)
def test_an_hour_that_comes_twice_or_not_at_all(expression: str, expected: str) -> None:
    assert run(f"SELECT CAST({expression} AS varchar)") == [(expected,)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT date_add(u, 2, DATE '2020-01-31') FROM (VALUES 'day') t(u)", "2020-02-02"),
        ("SELECT date_trunc(u, TIMESTAMP '2020-05-10 12:34:56') FROM (VALUES 'MONTH') t(u)", "2020-05-01 00:00:00"),
        ("SELECT date_diff(u, TIME '10:00:00', TIME '12:59:00') FROM (VALUES 'hour') t(u)", "2"),
        ("SELECT date_add('hour', 25, TIME '23:00:00')", "00:00:00"),
        ("SELECT date_diff('year', TIMESTAMP '1500-05-10 12:34:56.1234', TIMESTAMP '2020-05-10 12:34:56.123')", "520"),
        ("SELECT DATE '0001-01-01' - INTERVAL '1' YEAR", "0000-01-01"),
        ("SELECT TIMESTAMP '123001-01-01 00:00:00'", "+123001-01-01 00:00:00"),
    ],
)
def test_units_may_be_columns(query: str, expected: str) -> None:
    assert str(run(f"SELECT CAST(x AS varchar) FROM ({query}) q(x)")[0][0]) == expected


def test_a_unit_that_is_none_of_the_type_is_refused() -> None:
    with pytest.raises(duckdb.Error, match="'hour' is not a valid DATE field"):
        run("SELECT date_add(u, 2, DATE '2020-01-31') FROM (VALUES 'hour') t(u)")


def test_the_present_has_so_many_digits_as_are_asked_for() -> None:
    assert run(
        "SELECT typeof(current_timestamp(6)), typeof(localtime(0)), length(CAST(localtimestamp(9) AS varchar))"
    ) == [("timestamp(6) with time zone", "time(0)", 29)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("date_parse('12:30', '%H:%i')", "1970-01-01 12:30:00.000"),
        ("date_parse('-2020-01-31', '%Y-%m-%d')", "-2020-01-31 00:00:00.000"),
        ("date_parse('2020013', '%Y%m%d')", "2020-01-03 00:00:00.000"),
        ("TRY(date_parse('200131', '%Y%m%d'))", None),
        ("format_datetime(TIMESTAMP '2020-07-10 12:34:56 America/New_York', 'z')", "EDT"),
        ("format_datetime(TIMESTAMP '2020-07-10 12:34:56 UTC', 'zzzz')", "Coordinated Universal Time"),
        ("format_datetime(TIMESTAMP '2020-07-10 12:34:56', 'yyyy''MM')", "2020MM"),
        ("TRY(date_format(x, '%Y'))", "2020"),
    ],
)
def test_patterns_are_read_as_joda_reads_them(expression: str, expected: str | None) -> None:
    assert run(f"SELECT CAST({expression} AS varchar) FROM (VALUES TIMESTAMP '2020-01-01 00:00:00') t(x)") == [
        (expected,)
    ]


@pytest.mark.parametrize("pattern", ["", "%"])
def test_an_empty_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidSql):
        run(f"SELECT date_format(TIMESTAMP '2020-01-01 00:00:00', '{pattern}')")
