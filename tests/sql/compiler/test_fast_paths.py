"""What DuckDB does itself for usual arguments is what the bodies say of all: both are asked for each of these."""

import pytest

from tests.sql.compiler.running import run

# The same call twice: with the pattern written out, and where it is only known row by row.
PAIRS = [
    ("format({0}, x, y)", "'%d-%s'", "(VALUES (5, 'a'), (-1, ''), (NULL, NULL)) t(x, y)"),
    ("format({0}, x)", "'%05d|'", "(VALUES 0, -42, 1234567, NULL) t(x)"),
    ("format({0}, x)", "'%-4d|'", "(VALUES 7, -7, 12345) t(x)"),
    ("format({0}, x)", "'%,d'", "(VALUES 0, 999, -1000, 1234567) t(x)"),
    ("format({0}, x)", "'100%% %.2f'", "(VALUES 1.005e0, 1.125e0, -2.675e0, 0.001e0, -0.001e0, 123456.785e0, 1e20, NULL) t(x)"),
    ("regexp_extract(x, {0}, 2)", "'(\\d+)-(\\d+)'", "(VALUES 'a1-22b', 'x', '', NULL) t(x)"),
    ("regexp_extract(x, {0}, 1)", "'(a)?b'", "(VALUES 'ab', 'b', 'c') t(x)"),
    ("regexp_extract(x, {0}, 1)", "'(a)|(b)'", "(VALUES 'a', 'b') t(x)"),
    ("regexp_replace(x, {0}, '<$1>')", "'(\\d)'", "(VALUES 'a1b22', '', NULL) t(x)"),
    ("regexp_replace(x, {0}, '\\$1')", "'\\d'", "(VALUES 'a1b22', '\\') t(x)"),
    ("regexp_replace(x, {0}, '')", "'[a-c]+'", "(VALUES 'abcd', 'xyz') t(x)"),
    ("CAST(parse_datetime(x, {0}) AS varchar)", "'yyyy-MM-dd HH:mm'", "(VALUES '2020-01-05 10:20', '2020-1-5 3:4', NULL) t(x)"),
    ("CAST(parse_datetime(x, {0}) AS varchar)", "'dd/MMM/yyyy'", "(VALUES '05/Jan/2020') t(x)"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "pattern", "rows"), PAIRS)
def test_a_constant_pattern_gives_what_one_by_row_gives(call: str, pattern: str, rows: str) -> None:
    constant = run(f"SELECT {call.format(pattern)} FROM {rows}")
    by_row = run(f"SELECT {call.format('p')} FROM {rows} CROSS JOIN (VALUES {pattern}) u(p)")
    assert constant == by_row


def test_only_what_is_odd_goes_another_way() -> None:
    moments = "'2020-01-05T10:20:30Z', '2020-01-05', '2020-01-05T10:20:30.123', '2020-W01', '2020-01-05T10:20+02:00'"
    shown = "CAST(from_iso8601_timestamp(x) AS varchar)"
    assert run(f"SELECT {shown} FROM (VALUES {moments}) t(x)") == [
        ("2020-01-05 10:20:30.000 UTC",),
        ("2020-01-05 00:00:00.000 UTC",),
        ("2020-01-05 10:20:30.123 UTC",),
        ("2019-12-30 00:00:00.000 UTC",),
        ("2020-01-05 10:20:00.000 +02:00",),
    ]


def test_doubles_are_written_as_java_writes_them() -> None:
    numbers = "1e0, 100e0, 0.1e0, 12345.678e0, 999999999999999.9e0, 1e15, 1e16, -5e0, -0e0, 1.5e-7"
    texts = [row[0] for row in run(f"SELECT CAST(x AS varchar) FROM (VALUES {numbers}) t(x)")]
    assert texts == [
        "1.0E0", "1.0E2", "1.0E-1", "1.2345678E4", "9.999999999999999E14", "1.0E15", "1.0E16", "-5.0E0", "-0E0", "1.5E-7",
    ]  # fmt: skip
