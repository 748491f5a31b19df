"""What calls nest in calls, the work to compile and bind them grows with their number and not by powers."""

import time

import pytest

import lake

LEVELS = 10
SECONDS = 2.0
NESTED = [
    ("json_extract_scalar({}, '$.a')", "v"),
    ("date_add('day', 1, {})", "CAST(d AS timestamp)"),
    ("CAST(CAST({} AS varchar) AS integer)", "k"),
    ("split_part({}, 'a', 1)", "v"),
    ("upper({})", "v"),
    ("nullif({}, 'x')", "v"),
    ("coalesce({}, 'x')", "v"),
    ("greatest({}, 'x')", "v"),
    ("regexp_extract({}, '.*')", "v"),
    ("trim({})", "v"),
    ("abs({} - 1)", "k"),
]


@pytest.mark.parametrize(("call", "value"), NESTED, ids=[call for call, _ in NESTED])
def test_calls_within_calls_are_computed_once(db: lake.Lake, call: str, value: str) -> None:
    db.query("CREATE VIEW t AS SELECT 1 AS k, 'b' AS v, '2020-01-01' AS d")
    expression = value
    for _ in range(LEVELS):
        expression = call.format(expression)
    started = time.monotonic()
    assert len(db.query(f"SELECT {expression} FROM t").fetch_all()) == 1
    assert time.monotonic() - started < SECONDS
