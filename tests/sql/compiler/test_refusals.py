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


ROWS, AROUND = "(VALUES (1, 1), (1, 2), (2, 3)) t(k, v)", "(VALUES (1, 5, ARRAY[1, 2])) a(x, w, r)"


@pytest.mark.parametrize(
    "query",
    [
        "(SELECT v FROM {t} WHERE k > a.x LIMIT 1)",
        "(SELECT v FROM {t} WHERE k = a.x AND v > a.w ORDER BY v LIMIT 1)",
        "(SELECT max(v) FROM {t} WHERE k = a.x GROUP BY v LIMIT 1)",
        "(SELECT max(v) FROM {t} WHERE k = a.x HAVING max(v) > 1)",
        "(SELECT max(v + a.x) FROM {t})",
        "(SELECT v + a.x FROM {t} WHERE k = a.x)",
        "(SELECT a.x WHERE a.x = 1)",
        "(SELECT row_number() OVER () FROM {t} WHERE k = a.x)",
        "(SELECT DISTINCT v FROM {t} WHERE k > a.x)",
        "(SELECT max(z) FROM UNNEST(a.r) u(z) WHERE z > 1)",
        "(SELECT max(z) FILTER (WHERE z > 1) FROM UNNEST(a.r) u(z))",
        "EXISTS (SELECT v FROM {t} WHERE k > a.x LIMIT 1)",
        "EXISTS (SELECT count(*) FROM {t} WHERE k = a.x HAVING count(*) > 1)",
        "1 IN (SELECT a.x)",
        "(SELECT v FROM {t} WHERE k = a.x UNION SELECT 1)",
        "1 IN (SELECT max(v) FROM {t} WHERE k = a.x)",
    ],
)
def test_a_subquery_that_trino_does_not_take_apart_is_refused(query: str) -> None:
    with pytest.raises(LakeError, match="Given correlated subquery is not supported"):
        run(f"SELECT {query.format(t=ROWS)} FROM {AROUND}")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("(SELECT a.x)", 1),
        ("(SELECT v FROM {t} WHERE k = a.x ORDER BY v DESC LIMIT 1)", 2),
        ("(SELECT max(v) FROM {t} WHERE k >= a.x)", 3),
        ("(SELECT max(v) + a.x FROM {t} WHERE k = a.x)", 3),
        ("(SELECT max(v) FROM {t} WHERE k = a.x GROUP BY k)", 2),
        ("(SELECT count(DISTINCT v) FROM {t} WHERE k = a.x AND v < a.w)", 2),
        ("(SELECT array_agg(z) FROM UNNEST(a.r) u(z))", [1, 2]),
        ("EXISTS (SELECT a.x FROM {t} WHERE k = a.x AND v <> a.w)", True),
        ("1 IN (SELECT k FROM {t} WHERE v < a.w)", True),
        ("(SELECT count(*) FROM (SELECT v FROM {t} WHERE k = a.x LIMIT 1))", 1),
    ],
)
def test_a_subquery_that_becomes_a_join_is_answered(query: str, expected: object) -> None:
    assert run(f"SELECT {query.format(t=ROWS)} FROM {AROUND}") == [(expected,)]
