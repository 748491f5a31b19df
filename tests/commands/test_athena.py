"""Queries on Athena by the real command: waited for, left running, taken up again, stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.commands.conftest import COMMAND
from tests.commands.refusing import Refusal, refusing
from tests.serve.conftest import UNENDING
from tests.servers import Server, moto_server, serve

RESULTS = "s3://results/commands/"


@pytest.fixture(scope="module")
def athena() -> Iterator[Server]:
    """An endpoint of Athena, Glue and S3 with a database web."""
    with moto_server() as moto:
        moto.client("s3").create_bucket(Bucket="results")
        moto.client("glue").create_database(DatabaseInput={"Name": "web"})
        with serve("--catalog", "glue", "--forward", behind=moto) as server:
            yield server


@pytest.fixture
def start(athena, tmp_path):
    """Start `tap-lake … query …` on database web."""

    def start(*args: str, server=athena) -> "subprocess.Popen[str]":
        environment = os.environ | server.environment() | {"AWS_ATHENA_S3_STAGING_DIR": RESULTS, "HOME": str(tmp_path)}
        argv = [str(COMMAND), "-d", "web", "query", *args]
        return subprocess.Popen(
            argv, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return start


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def newest(athena: Server) -> dict[str, object]:
    client = athena.client("athena")
    name = client.list_query_executions(MaxResults=1)["QueryExecutionIds"][0]
    return client.get_query_execution(QueryExecutionId=name)["QueryExecution"]


def running(athena: Server, before: object) -> str:
    """Wait until another query than the one before runs, and return its id."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        name = last_id(athena)
        if name not in (None, before) and newest(athena)["Status"]["State"] == "RUNNING":
            return str(name)
        time.sleep(0.05)
    raise AssertionError("the query did not begin")


def last_id(athena: Server) -> object:
    names = athena.client("athena").list_query_executions(MaxResults=1)["QueryExecutionIds"]
    return names[0] if names else None


def test_a_query_that_is_left_running_is_taken_up_by_its_id(start):
    code, out, err = ended(start("--detach", "SELECT 42 AS answer"))
    assert (code, err) == (0, "")
    assert ended(start("--attach", out.strip())) == (0, "answer\n42\n", "")
    code, out, err = ended(start("--attach", "00000000-0000-0000-0000-000000000000"))
    assert (code, out) == (1, "")
    assert err.startswith("tap-lake: execution '00000000-0000-0000-0000-000000000000' was not found")


def test_only_athena_runs_what_nobody_waits_for(start):
    code, out, err = ended(start("--engine", "duckdb", "--detach", "SELECT 1"))
    assert (code, out) == (2, "")
    assert err.startswith("tap-lake: --detach is for Athena's queries")


def test_attach_runs_nothing_else(start):
    code, _, err = ended(start("--attach", "x", "SELECT 1"))
    assert code == 2
    assert err.startswith("tap-lake: --attach waits for a query that was started before")


@pytest.mark.parametrize("option", [["--dry-run"], ["--timeout", "5"], ["--limit", "1"]], ids=lambda option: option[0])
def test_what_is_left_running_takes_no_option_that_waits(athena, start, option):
    before = last_id(athena)
    code, out, err = ended(start("--detach", *option, "SELECT 1"))
    assert (code, out) == (2, "")
    assert err.startswith("tap-lake: --detach waits for nothing")
    assert last_id(athena) == before


@pytest.mark.parametrize("option", [["--dry-run"], ["--timeout", "5"], ["--reuse", "1h"]], ids=lambda option: option[0])
def test_what_is_taken_up_takes_no_option_of_a_start(start, option):
    code, out, err = ended(start("--attach", "x", *option))
    assert (code, out) == (2, "")
    assert err.startswith("tap-lake: --attach only waits")


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_a_signal_stops_the_query_and_says_so(athena, start, number, code, word):
    before = last_id(athena)
    process = start(UNENDING)
    name = running(athena, before)
    process.send_signal(number)
    assert ended(process) == (code, "", f"query {name} stopped\ntap-lake: {word}\n")
    assert newest(athena)["Status"]["State"] == "CANCELLED"


def test_time_stops_the_query_and_says_so(athena, start):
    code, out, err = ended(start("--timeout", "1", UNENDING))
    name = newest(athena)["QueryExecutionId"]
    assert (code, out, err) == (4, "", f"query {name} stopped\ntap-lake: the query was stopped after 1 s\n")
    assert newest(athena)["Status"]["State"] == "CANCELLED"


def test_a_second_signal_leaves_at_once_and_says_how_to_stop_the_query(athena, start):
    before = last_id(athena)
    process = start(UNENDING)
    name = running(athena, before)
    # The server answers no more, so that the stop is not confirmed.
    os.kill(athena.pid, signal.SIGSTOP)
    try:
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert process.poll() is None
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        code, out, err = ended(process)
        assert time.monotonic() - began < 2
    finally:
        os.kill(athena.pid, signal.SIGCONT)
    by_hand = f"aws athena stop-query-execution --query-execution-id {name}"
    assert (code, out) == (130, "")
    assert err == f"tap-lake: interrupted\nquery {name} may still run; to stop it: {by_hand}\n"
    athena.client("athena").stop_query_execution(QueryExecutionId=name)


def test_a_signal_while_athena_has_no_room_for_the_query_runs_nothing(athena, start):
    before = last_id(athena)
    full = Refusal("TooManyRequestsException", "the number of queries you can run concurrently")
    with refusing(athena, lambda call: full if call.operation == "StartQueryExecution" else None) as busy:
        process = start("SELECT 1", server=busy)
        deadline = time.monotonic() + 30
        while len(busy.calls) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        assert ended(process) == (130, "", "tap-lake: interrupted\n")
        assert time.monotonic() - began < 3
        tries = len(busy.calls)
    assert tries < 10
    assert last_id(athena) == before


def test_what_a_query_fails_with_is_one_line(start):
    code, out, err = ended(start("SELECT * FROM absent"))
    assert (code, out) == (1, "")
    assert len(err.splitlines()) <= 2
    assert "absent" in err


def test_a_result_of_more_than_a_week_is_not_asked_for(start):
    code, out, err = ended(start("--reuse", "200h", "SELECT 1"))
    assert (code, out) == (2, "")
    assert err.startswith("tap-lake: --reuse takes a result of the last seven days at most")
