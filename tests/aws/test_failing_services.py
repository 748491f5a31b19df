"""Three calls in ten to Glue, S3 and Athena fail: what is asked, written and repaired ends right, once, in bounded calls and time."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lake
from lake.errors import CredentialsFailed
from tests.catalog.conftest import connection_to
from tests.engine.athena.test_faults import failing, fired
from tests.lakes import BUCKET, Cloud, put
from tests.proxies import Call, proxy
from tests.servers import Server

SHARE = 0.3
DAYS = ("2026-01-29", "2026-01-30", "2026-01-31")
ROWS = 1_000
QUERIES = 10
SECONDS = 90
CALLS_A_QUERY = 60
THROTTLES = {"athena": "TooManyRequestsException", "glue": "ThrottlingException", "s3": "SlowDown"}
FAULTS: dict[str, dict[str, dict[str, Any]]] = {
    "throttles": {
        name: {"error": {"code": code, "status": 503 if name == "s3" else 400}} for name, code in THROTTLES.items()
    },
    "server errors": {name: {"error": {"code": "InternalError", "status": 500}} for name in THROTTLES},
    "resets": {name: {"reset": True} for name in THROTTLES},
    "cut answers": {name: {"response": {"abort_frac": 0.4}} for name in THROTTLES},
}
ENGINES = ("duckdb", "athena")


@pytest.fixture
def filled(cloud: Cloud) -> Cloud:
    """Table `events`, a partition a day, the last of which Glue does not know."""
    days = pa.table({"n": list(range(ROWS)) * 2, "day": [DAYS[0]] * ROWS + [DAYS[1]] * ROWS})
    with cloud.lake("duckdb") as db:
        db.write(days, "events", partition_by=["day"])
        out = pa.BufferOutputStream()
        pq.write_table(pa.table({"n": list(range(ROWS))}), out)
        put(db, f"s3://{BUCKET}/default/events/day={DAYS[2]}/a.parquet", out.getvalue().to_pybytes())
    return cloud


def behind(server: Server, cloud: Cloud) -> Cloud:
    """The same services, reached by way of another server."""
    return replace(cloud, server=server, connection=connection_to(server))


def ask(db: lake.Lake) -> None:
    for number in range(QUERIES):
        sql = "SELECT count(*) + :number, count(DISTINCT day), sum(n) FROM events"
        found = db.query(sql, {"number": number}).fetch_all()
        assert found == [(2 * ROWS + number, 2, ROWS * (ROWS - 1))]


def write(db: lake.Lake) -> None:
    for number in range(3):
        db.write(pa.table({"n": [number] * 2, "day": [DAYS[0], f"new {number}"]}), "written", partition_by=["day"])
    db.write(pa.table({"n": [7], "day": [DAYS[0]]}), "written", mode="overwrite_partitions")


def repair(db: lake.Lake) -> None:
    db.partitions.repair("events")


def rules(kind: str, share: float) -> list[dict[str, Any]]:
    kinds = list(FAULTS.values()) if kind == "all of them" else [FAULTS[kind]]
    each = 1 - (1 - share) ** (1 / len(kinds))
    return [{"service": name, "probability": each, **fault} for own in kinds for name, fault in own.items()]


def started(cloud: Cloud) -> int:
    pages = cloud.server.client("athena").get_paginator("list_query_executions").paginate()
    return sum(len(page["QueryExecutionIds"]) for page in pages)


def check_written(cloud: Cloud) -> None:
    with cloud.lake("duckdb") as db:
        assert db.query("SELECT n, day FROM written ORDER BY n, day").fetch_all() == [
            *((number, f"new {number}") for number in range(3)),
            (7, DAYS[0]),
        ]


def check_repaired(cloud: Cloud) -> None:
    with cloud.lake("duckdb") as db:
        assert db.query("SELECT day, count(*) FROM events GROUP BY day ORDER BY day").fetch_all() == [
            (day, ROWS) for day in DAYS
        ]


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*FAULTS, "all of them"])
@pytest.mark.parametrize("engine", ENGINES)
def test_queries_end_right_and_run_once(filled: Cloud, tmp_path: Path, engine: str, kind: str) -> None:
    before = started(filled)
    with failing(filled.server, tmp_path, rules(kind, SHARE)) as server, behind(server, filled).lake(engine) as db:
        begun = time.monotonic()
        ask(db)
        assert time.monotonic() - begun < SECONDS
        assert QUERIES // 2 < len(fired(server)) < QUERIES * CALLS_A_QUERY
    assert started(filled) - before == (QUERIES if engine == "athena" else 0)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*FAULTS, "all of them"])
def test_writes_and_repairs_are_made_whole_and_once(filled: Cloud, tmp_path: Path, kind: str) -> None:
    with failing(filled.server, tmp_path, rules(kind, SHARE)) as server, behind(server, filled).lake("duckdb") as db:
        begun = time.monotonic()
        write(db)
        repair(db)
        assert time.monotonic() - begun < SECONDS
        assert fired(server)
    check_written(filled)
    check_repaired(filled)


def test_one_call_in_ten_that_is_lost_changes_nothing(filled: Cloud) -> None:
    """Every tenth call is broken off before or after it was made."""
    fates = ("refuse", "drop", "reset")

    def decide(call: Call) -> str:
        return fates[call.number // 10 % len(fates)] if call.number % 10 == 2 else "pass"

    with proxy(filled.server, decide) as between:
        unsure = behind(Server(between.endpoint_url, 0), filled)
        for engine in ENGINES:
            with unsure.lake(engine) as db:
                assert db.query("SELECT count(*) FROM events").fetch_all() == [(2 * ROWS,)]
        with unsure.lake("duckdb") as db:
            write(db)
            repair(db)
    assert sum(between.fates[fate] for fate in fates) >= 3
    check_written(filled)
    check_repaired(filled)


@pytest.fixture
def refusing(filled: Cloud, tmp_path: Path) -> Iterator[Server]:
    expired = {name: {"error": {"code": "ExpiredTokenException", "status": 400}} for name in THROTTLES}
    expired["s3"] = {"error": {"code": "ExpiredToken", "status": 400}}
    refusals = [{"service": name, "probability": 1.0, **fault} for name, fault in expired.items()]
    with failing(filled.server, tmp_path, refusals) as server:
        yield server


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_credentials_that_have_expired_are_said_at_once(filled: Cloud, refusing: Server, engine: str) -> None:
    with behind(refusing, filled).lake(engine) as db:
        for act in (lambda: db.query("SELECT sum(n) FROM events"), lambda: write(db), lambda: repair(db)):
            with pytest.raises(CredentialsFailed, match="expired"):
                act()
        assert len(fired(refusing)) == 3, "no call is made again"
