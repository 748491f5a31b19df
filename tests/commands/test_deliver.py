"""`tap-lake deliver`: what a crash has left goes into the table; what is damaged is said and kept."""

import signal
import subprocess
import time

import pytest

from tests.commands.conftest import COMMAND


def held(run):
    return run("query", "-q", "SELECT count(*) FROM readings").lines[1:]


def test_what_a_crash_has_left_is_delivered_once(left, run):
    ran = run("deliver")
    assert (ran.code, ran.out, ran.err) == (0, "", "3 events delivered: 3 new in 3 files\n")
    assert run("deliver").err == "0 events delivered: 0 new\n"
    assert held(run) == ["3"]


def test_with_nothing_to_do_it_says_so_and_makes_no_table(empty, run):
    assert (run("deliver").code, run("deliver").err) == (0, "0 events delivered: 0 new\n")
    assert run("tables", "--csv").lines == ["database,name,type,partition_keys,location,comment"]


def test_what_is_damaged_is_said_and_kept(left, empty, run):
    (segment,) = empty.glob(".tap-lake/spool/*.events")
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 0xFF
    segment.write_bytes(bytes(data))
    ran = run("deliver")
    assert ran.code == 1
    assert segment.name in ran.err
    assert f"the file is kept as {empty}/.tap-lake/spool/damaged/{segment.name}" in ran.err
    assert (empty / ".tap-lake/spool/damaged" / segment.name).read_bytes() == bytes(data)
    assert run("deliver").code == 0


@pytest.fixture
def watching(empty):
    """A process that has just begun to watch."""
    command = [str(COMMAND), "deliver", "--watch", "--every", "200ms"]
    with subprocess.Popen(command, cwd=empty, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr.readline() == "0 events delivered: 0 new\n"
        yield process


def test_watching_it_delivers_what_comes_until_it_is_interrupted(leave, watching):
    leave(2)
    assert watching.stderr.readline() == "2 events delivered: 2 new in 2 files\n"
    watching.send_signal(signal.SIGINT)
    assert watching.wait(timeout=10) == 130
    assert watching.stderr.read() == "tap-lake: interrupted\n"


def test_watching_it_goes_on_when_a_delivery_fails_and_says_so_once(empty, leave, run, watching):
    run("query", "CREATE EXTERNAL TABLE readings (id string) STORED AS PARQUET LOCATION 'mine/'")
    leave(1)
    assert "it is partitioned by nothing" in watching.stderr.readline()
    assert watching.stderr.readline().startswith("  hint: events wait in the spool")
    time.sleep(0.6)
    run("query", "DROP TABLE readings")
    assert watching.stderr.readline() == "1 event delivered: 1 new in 1 file\n"
    watching.send_signal(signal.SIGINT)
    assert watching.wait(timeout=10) == 130


def test_a_repair_of_readings_delivers_first(left, leave, run):
    run("deliver")
    leave(2)
    assert "delivered" not in run("partitions", "repair", "readings", "--dry-run").err
    ran = run("partitions", "repair", "readings")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "0 events delivered first")
