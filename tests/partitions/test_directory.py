"""What only a directory shows: real files, several processes, its speed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import lake
from lake.clock import FixedClock
from lake.partitions.diff.full import plan_repair
from lake.partitions.repair.apply import apply
from tests.partitions.directory import create_directory
from tests.partitions.tables import LOCATION, partitioned_by


def start_repair(folder: Path) -> subprocess.Popen[str]:
    root = Path(lake.__file__).parents[1]
    command = [sys.executable, "-m", "tests.partitions.repair_process", str(folder)]
    return subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def write_files(folder: Path, paths: list[str]) -> None:
    for path in paths:
        place = folder / "data" / "web" / "clicks" / path
        place.mkdir(parents=True)
        (place / "part-0").write_bytes(b"data")


def test_two_repairs_at_once_both_succeed_and_add_each_partition_once(tmp_path: Path) -> None:
    catalog, _ = create_directory(tmp_path)
    table = partitioned_by(dt="string", hour="int")
    catalog.create_table(table)
    write_files(tmp_path, [f"dt={day}/hour={hour:02}" for day in range(50) for hour in range(24)])
    repairs = [start_repair(tmp_path), start_repair(tmp_path)]
    for repair in repairs:
        assert repair.stdout is not None
        assert repair.stdout.readline() == "1200\n"
    for repair in repairs:
        assert repair.stdin is not None
        repair.stdin.write("go\n")
        repair.stdin.flush()
    outcomes = [json.loads(repair.communicate(timeout=60)[0]) for repair in repairs]
    assert sum(added for added, _, _ in outcomes) == 1200
    assert all([added + there, refused] == [1200, 0] for added, there, refused in outcomes)
    assert sum(1 for _ in catalog.list_partitions(table)) == 1200
    catalog.close()


def test_a_parquet_file_put_by_hand_is_found(tmp_path: Path, clock: FixedClock) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet: Any = pytest.importorskip("pyarrow.parquet")
    catalog, storage = create_directory(tmp_path)
    table = partitioned_by(dt="date")
    catalog.create_table(table)
    place = tmp_path / "data" / "web" / "clicks" / "dt=2026-01-01"
    place.mkdir(parents=True)
    parquet.write_table(pa.table({"visitor": ["a"]}), place / "by hand.parquet")
    report = apply(catalog, storage, plan_repair(catalog, storage, table, clock=clock), clock=clock)
    assert [(change.values, change.location) for change in report.added] == [
        (("2026-01-01",), LOCATION + "dt=2026-01-01/"),
    ]
    catalog.close()


@pytest.mark.slow
@pytest.mark.parametrize("keys", [{"id": "string"}, {"dt": "string", "hour": "int"}])
def test_100000_partitions_in_step_are_compared_in_5_seconds(
    keys: dict[str, str], tmp_path: Path, clock: FixedClock
) -> None:
    catalog, storage = create_directory(tmp_path)
    table = partitioned_by(**keys)
    catalog.create_table(table)
    count = 100_000
    write_files(
        tmp_path,
        [f"id={number:06}" if "id" in keys else f"dt={number // 24}/hour={number % 24:02}" for number in range(count)],
    )
    assert len(apply(catalog, storage, plan_repair(catalog, storage, table, clock=clock), clock=clock).added) == count
    start = time.perf_counter()
    plan = plan_repair(catalog, storage, table, clock=clock)
    seconds = time.perf_counter() - start
    assert (plan.changes, plan.skipped, plan.registered) == ((), (), count)
    catalog.close()
    assert seconds < 5
