"""Several processes on one catalog: no lock error for anybody, nothing lost, nothing seen half."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lake.catalog.sqlite import SqliteCatalog
from lake.model import Database, KeyBounds, Partition, TableName
from tests.catalog.conftest import BUCKET, clicks_table

ROOT = Path(__file__).parents[2]
CLICKS = TableName("web", "clicks")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.db"
    with SqliteCatalog.create(path, bucket=BUCKET) as catalog:
        catalog.create_database(Database("web"))
        catalog.create_table(clicks_table())
    return path


def start(role: str, path: Path, name: str, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.catalog.hammer", role, str(path), name, str(seconds)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def outcome(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    done: dict[str, Any] = json.loads(out.splitlines()[-1])
    return done


def hammer(path: Path, writers: int, readers: int, seconds: float) -> None:
    names = [f"w{number}" for number in range(writers)]
    writing = {name: start("write", path, name, seconds) for name in names}
    reading = [start("read", path, f"r{number}", seconds) for number in range(readers)]
    written = {name: outcome(process) for name, process in writing.items()}
    read = [outcome(process) for process in reading]
    assert all(done["changes"] >= 1 for done in written.values()), written
    assert all(done["reads"] >= 1 for done in read), read
    with SqliteCatalog(path, bucket=BUCKET) as catalog:
        found = {partition.values: partition.location for partition in catalog.list_partitions(clicks_table())}
        assert catalog.check_integrity() == []
    expected = {
        (f"{name}-{number:06}", half): f"s3://{BUCKET}/moved/{number}/"
        if half == "a" and number in done["moved"]
        else f"s3://{BUCKET}/{name}/{number}/{half}/"
        for name, done in written.items()
        for number in done["held"]
        for half in ("a", "b")
    }
    assert found == expected


def test_processes_share_a_catalog_without_a_lock_error(path: Path) -> None:
    hammer(path, writers=3, readers=2, seconds=1.5)


@pytest.mark.slow
def test_four_writers_and_two_readers_share_a_catalog_for_a_minute(path: Path) -> None:
    hammer(path, writers=4, readers=2, seconds=60)


def test_writers_killed_at_any_moment_leave_a_sound_catalog(path: Path) -> None:
    dice = random.Random(3)
    for round_number in range(4):
        victims = [start("write", path, f"k{round_number}{number}", 30) for number in range(2)]
        for victim in victims:
            assert victim.stdout is not None
            assert victim.stdout.readline() == "begun\n"
        time.sleep(0.05 + dice.random() * 0.3)
        for victim in victims:
            victim.send_signal(signal.SIGKILL)
            victim.communicate()
        with SqliteCatalog(path, bucket=BUCKET) as catalog:
            values = [partition.values for partition in catalog.list_partitions(clicks_table())]
            assert [key for key, half in values if half == "a"] == [key for key, half in values if half == "b"]
            assert catalog.check_integrity() == []
    assert values


MILLION = 1_000_000


@pytest.mark.slow
def test_a_million_partitions_are_listed_in_a_gibibyte(path: Path) -> None:
    """All of them held at once, in a process of its own."""
    table = clicks_table()
    with SqliteCatalog(path, bucket=BUCKET) as catalog:
        days = (
            Partition(
                (f"d{n // 24:06}", f"{n % 24:02}"),
                f"{table.location}dt=d{n // 24:06}/hour={n % 24:02}/",
                table.descriptor,
            )
            for n in range(MILLION)
        )
        assert catalog.add_partitions(CLICKS, days) == []
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        code = (
            "import sys, pathlib; from lake.catalog.sqlite import SqliteCatalog; from tests.catalog.conftest import *; "
            "c = SqliteCatalog(pathlib.Path(sys.argv[1]), bucket=BUCKET); "
            "held = list(c.list_partitions(c.get_table(clicks_table().full_name))); print(len(held))"
        )
        os.dup2(write_end, 1)
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-c", code, str(path)])
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        assert int(pipe.read()) == MILLION
    _, status, usage = os.wait4(child, 0)
    assert status == 0
    assert usage.ru_maxrss * 1024 < 1 << 30


@pytest.mark.slow
def test_a_hundred_thousand_partitions_are_quick(path: Path) -> None:
    table = clicks_table()
    days = [Partition((f"{n:06}", "00"), f"{table.location}dt={n:06}/", table.descriptor) for n in range(100_000)]
    with SqliteCatalog(path, bucket=BUCKET) as catalog:
        table = catalog.get_table(CLICKS)
        assert seconds(lambda: catalog.add_partitions(CLICKS, days)) < 2
        assert min(seconds(lambda: list(catalog.list_partitions(table))) for _ in range(3)) < 0.6
        one = [KeyBounds("dt", frozenset(["050000"]))]
        assert min(seconds(lambda: list(catalog.list_partitions(table, one))) for _ in range(3)) < 0.003


def seconds(act: Any) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
