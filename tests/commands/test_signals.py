"""Ctrl-C, SIGTERM and time: the query is stopped, the process ends at once, nothing is left behind."""

import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.commands.conftest import COMMAND

ENDLESS = "SELECT count(*) FROM readings a, readings b, readings c, readings d, readings e WHERE a.value + e.value < 0"
ENDLESS_ROWS = (
    "SELECT a.*, b.value AS other FROM readings a CROSS JOIN readings b CROSS JOIN readings c CROSS JOIN readings d"
)
# DuckDB computes such a value in one go, and looks at no interruption meanwhile.
DEAF = "SELECT reduce(sequence(1, 10000), 0, (s, x) -> s + reduce(sequence(1, 1000), 0, (t, y) -> t + y % 7, t -> t), s -> s)"
MOST_SECONDS = 1.0

LOCKS = {".tap-lake/locks", ".tap-lake/locks/queries.running"}


def start(*args: str, **options: object) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([str(COMMAND), *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def wait_until_running(lake: Path, process: "subprocess.Popen[bytes]") -> None:
    """Wait until history knows of a running query of this process."""
    deadline = time.monotonic() + 30
    sql = "SELECT count(*) FROM executions WHERE state = 'RUNNING' AND process = ?"
    while time.monotonic() < deadline:
        connection = sqlite3.connect(lake / ".tap-lake/history.db")
        try:
            if connection.execute(sql, (process.pid,)).fetchone()[0]:
                time.sleep(0.2)
                return
        except sqlite3.OperationalError:
            pass
        finally:
            connection.close()
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    raise AssertionError("the query did not begin")


def states(lake: Path) -> list[str]:
    connection = sqlite3.connect(lake / ".tap-lake/history.db")
    try:
        return [
            row[0] for row in connection.execute("SELECT state FROM executions ORDER BY submitted_at DESC, rowid DESC")
        ]
    finally:
        connection.close()


def files_of(folder: Path) -> set[str]:
    ignored = {"history.db", "history.db-wal", "history.db-shm", "catalog.db-wal", "catalog.db-shm"}
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.name not in ignored}


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [(signal.SIGINT, 130, b"interrupted"), (signal.SIGTERM, 143, b"terminated"), (signal.SIGHUP, 129, b"terminated")],
)
@pytest.mark.parametrize("args", [(ENDLESS,), (ENDLESS_ROWS, "-o", "out.csv"), (ENDLESS_ROWS, "-o", "out.parquet")])
def test_a_signal_stops_the_query_and_leaves_nothing(lake, number, code, words, args):
    before = files_of(lake)
    process = start("query", *args)
    wait_until_running(lake, process)
    began = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - began < MOST_SECONDS
    assert (process.returncode, out, err) == (code, b"", b"tap-lake: " + words + b"\n")
    assert files_of(lake) - before <= LOCKS
    assert states(lake)[0] == "CANCELLED"


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_what_a_killed_query_left_beside_its_file_goes_with_the_next_one(lake, run, name):
    process = start("query", ENDLESS_ROWS, "-o", name)
    wait_until_running(lake, process)
    run("query", "SELECT 1 AS one", "-o", name)
    assert len(list(lake.glob(f".{name}.*"))) == 1
    process.kill()
    process.communicate(timeout=30)
    run("query", "SELECT 1 AS one", "-o", name)
    assert list(lake.glob(f".{name}.*")) == []


def test_a_query_that_is_deaf_to_interruption_ends_all_the_same(lake):
    before = files_of(lake)
    process = start("query", DEAF)
    wait_until_running(lake, process)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert time.monotonic() - began < MOST_SECONDS
    assert files_of(lake) - before <= LOCKS


def test_a_deaf_query_ends_when_its_time_is_over(lake):
    began = time.monotonic()
    process = start("query", DEAF, "--timeout", "200ms")
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (4, b"")
    assert b"was stopped after 0.2 s" in err
    assert time.monotonic() - began < 4


def test_a_second_signal_is_no_trouble(lake):
    process = start("query", ENDLESS)
    wait_until_running(lake, process)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"tap-lake: interrupted\n")


def test_a_reader_that_does_not_read_does_not_hold_up_the_end(lake):
    """The pipe is full and the command waits in write()."""
    process = start("query", ENDLESS_ROWS)
    wait_until_running(lake, process)
    time.sleep(0.5)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)
    assert time.monotonic() - began < MOST_SECONDS
    assert process.returncode == 130
    process.communicate()


def test_an_ignored_signal_stays_ignored(lake):
    """As for a job in the background of a script, whose SIGINT the shell has it ignore."""
    process = start("query", ENDLESS, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    wait_until_running(lake, process)
    process.send_signal(signal.SIGINT)
    time.sleep(1)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 143


@pytest.mark.slow
def test_a_signal_at_any_moment_ends_quietly(lake):
    before = files_of(lake)
    for step in range(80):
        process = start("query", ENDLESS_ROWS, "-o", "out.csv")
        time.sleep(0.1 + step * 0.015)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (130, b"tap-lake: interrupted\n")
        assert files_of(lake) - before <= LOCKS
