"""Killed anywhere, a write has happened or has not, in all partitions; the next one clears away and goes on."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from lake.clock import SystemClock
from lake.errors import DiskFull
from tests.crash import Kill, crash_everywhere
from tests.write.place import Place
from tests.write.write_once import TABLE

ROOT = Path(__file__).parents[2]
MODES = ("append", "overwrite_partitions")
OLD = [(number, f"d{number % 4}") for number in range(3)]
NEW = [(number, f"d{number % 4}") for number in range(100, 106)]

Rows = list[tuple[Any, ...]]


def written(mode: str, before: Rows) -> Rows:
    """What stands after the write: an overwrite leaves nothing of the partitions that it writes to, which are all."""
    return sorted([*before, *NEW] if mode == "append" else NEW, key=repr)


def as_table(rows: Rows) -> pa.Table:
    return pa.table({"n": [row[0] for row in rows], "day": [row[1] for row in rows]})


@contextmanager
def opened(folder: Path) -> Iterator[Place]:
    place = Place(folder, SystemClock())
    try:
        yield place
    finally:
        place.close()


def with_rows(folder: Path) -> None:
    with opened(folder) as place:
        place.write(as_table(OLD), TABLE, partition_by=("day",))


def without_table(folder: Path) -> None:
    with opened(folder):
        pass


class Checks:
    """Looks at copies, so that the command itself meets what its killed self left."""

    def __init__(self, mode: str, before: Rows, copy: Path) -> None:
        self.mode = mode
        self.before = sorted(before, key=repr)
        self.copy = copy
        self.now: Rows = []

    def after_kill(self, folder: Path, kill: Kill) -> None:
        for can_finish in (False, True):
            shutil.rmtree(self.copy, ignore_errors=True)
            shutil.copytree(folder, self.copy)
            with opened(self.copy) as place:
                if not can_finish:
                    place.writer._parts.journal.roll_forward = refuse  # type: ignore[method-assign]
                self.now = rows(place)
                assert self.now in (self.before, written(self.mode, self.before)), "neither old nor new"
                assert rows(place) == self.now, "it changed when looked at again"

    def after_rerun(self, folder: Path, kill: Kill) -> None:
        with opened(folder) as place:
            assert rows(place) == written(self.mode, self.now), "run again, it did not go on from there"
            assert place.left_over() == []
            assert place.catalog.check_integrity() == []
            seen = {path for _, path in place.files(TABLE)}
            unseen = set(place.data.rglob("*.parquet")) - seen
            assert not unseen or self.mode != "append", "files that nobody reads"


def refuse(name: object) -> None:
    raise DiskFull("there is no room to finish anything")


def rows(place: Place) -> Rows:
    known = [str(table.full_name) for table in place.catalog.list_tables("default")]
    return place.rows(TABLE) if TABLE in known else []


def crash(mode: str, before: Rows, scratch: Path, *, rerun: bool, **bounds: Any) -> list[Kill]:
    checks = Checks(mode, before, scratch / "copy")
    data = scratch / "data.arrow"
    table = as_table(NEW)
    with pa.ipc.new_stream(data, table.schema) as stream:
        stream.write_table(table, max_chunksize=2)
    return crash_everywhere(
        [sys.executable, "-m", "tests.write.write_once", "{folder}", mode, str(data)],
        scratch=scratch,
        prepare=with_rows if before else without_table,
        check=checks.after_kill,
        check_rerun=checks.after_rerun if rerun else None,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        **bounds,
    )


@pytest.mark.parametrize("mode", MODES)
def test_killed_at_some_points_a_write_is_whole_or_absent(tmp_path: Path, mode: str) -> None:
    assert crash(mode, OLD, tmp_path, rerun=False, max_points=2, random_kills=0)


@pytest.mark.slow
@pytest.mark.parametrize("before", [OLD, []], ids=["into a table", "into no table"])
@pytest.mark.parametrize("mode", MODES)
def test_killed_at_every_point_a_write_is_whole_or_absent(tmp_path: Path, mode: str, before: Rows) -> None:
    kills = crash(mode, before, tmp_path, rerun=True, random_kills=20)
    assert len(kills) > 50
