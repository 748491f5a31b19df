"""What Trino's analyzer refuses, though DuckDB would answer it."""

from __future__ import annotations

import pytest

from lake.errors import LakeError
from tests.sql.compiler.running import run

JOINED = "SELECT * FROM (VALUES ARRAY[1, NULL]) a(x) {} JOIN UNNEST(x) b(y) {}"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT EXTRACT(MILLISECOND FROM TIME '12:34:56')", "SYNTAX_ERROR"),
        ("SELECT EXTRACT(CENTURY FROM DATE '2020-01-01')", "SYNTAX_ERROR"),
        ("SELECT listagg(v) FROM (VALUES 'a') t(v)", "SYNTAX_ERROR"),
        ("SELECT TIMESTAMP '123001-01-02 03:04:05 Europe/Berlin'", "INVALID_LITERAL"),
        (f"SELECT concat({', '.join(['ARRAY[1]'] * 128)})", "TOO_MANY_ARGUMENTS"),
        (JOINED.format("INNER", "ON y = 1"), "NOT_SUPPORTED"),
        (JOINED.format("LEFT", "ON y = 1"), "NOT_SUPPORTED"),
        (JOINED.format("RIGHT", "USING (x)"), "NOT_SUPPORTED"),
    ],
)
def test_a_query_is_refused_with_trinos_code(query: str, code: str) -> None:
    with pytest.raises(LakeError) as raised:
        run(query)
    assert raised.value.id == code


def test_an_unconditional_join_with_unnest_is_answered() -> None:
    found = run(JOINED.format("LEFT", "ON TRUE"))
    assert sorted(y is None for _, y in found) == [False, True]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2020-05-11T11:15:05.123456789Z", "2020-05-11 11:15:05.123456789 UTC"),
        ("2020-05-11t11:15", "2020-05-11 11:15:00.000000000 UTC"),
        ("2020-05-11T11:15:05.055+05:30", "2020-05-11 11:15:05.055000000 +05:30"),
        ("2020-05-11T11:15:05+01:00[Europe/Paris]", "2020-05-11 12:15:05.000000000 Europe/Paris"),
    ],
)
def test_a_moment_of_nanoseconds_is_read(written: str, expected: str) -> None:
    assert run(f"SELECT CAST(from_iso8601_timestamp_nanos('{written}') AS varchar)") == [(expected,)]


@pytest.mark.parametrize(
    "written", ["2020-05-11", "2020-05-11T11:15:05.0000000009Z", "2020-13-11T11:15", "2020-05-11T24:15"]
)
def test_what_is_no_such_moment_is_refused(written: str) -> None:
    with pytest.raises(Exception, match="could not be parsed"):
        run(f"SELECT from_iso8601_timestamp_nanos('{written}')")
