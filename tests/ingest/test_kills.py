"""Many at once, killed at random: what was acknowledged is there once, and whoever asks sees no trace of it.

KILLS=300 makes it more than the 50 of the slow depth.
"""

import os
import random
import re
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest

import lake
from tests.ingest.at_work import record
from tests.ingest.readings import segments

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("KILLS", "50"))
WORKERS = ["ingest"] * 4 + ["query"] * 2 + ["repair"]


class Crowd:
    """Processes that are started again when they are killed."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self.folder = folder
        self.scratch = scratch
        self.numbers = count(1)
        self.running = [(job, *self.start(job)) for job in WORKERS]

    def start(self, job: str) -> tuple[subprocess.Popen[bytes], Path]:
        name = f"{job}-{next(self.numbers)}"
        told = self.scratch / f"{name}.stderr"
        with told.open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.ingest.at_work", job, str(self.folder), str(self.scratch), name],
                cwd=ROOT,
                stderr=stderr,
            )
        return process, told

    def kill(self, place: int) -> None:
        job, process, told = self.running[place]
        process.kill()
        assert process.wait(30) == -9, f"{job} failed by itself: {told.read_text()}"
        self.running[place] = (job, *self.start(job))

    def stop(self) -> None:
        (self.scratch / "stop").touch()
        for job, process, told in self.running:
            assert process.wait(60) == 0, f"{job} failed by itself: {told.read_text()}"

    def end(self) -> None:
        for _, process, _ in self.running:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_killed_at_random_nothing_acknowledged_is_lost_or_doubled_and_no_query_fails(tmp_path: Path) -> None:
    folder, scratch = tmp_path / "lake", tmp_path / "scratch"
    scratch.mkdir()
    lake.create_lake(folder)
    with lake.connect(folder) as db:
        db.ingest([record("first", 0)])
    dice = random.Random(KILLS)
    crowd = Crowd(folder, scratch)
    try:
        for number in range(KILLS):
            # At first all are at work; later some are killed that have hardly begun.
            time.sleep(5 if number == 0 else dice.uniform(0.1, 1.5))
            crowd.kill(dice.randrange(len(WORKERS)))
        crowd.stop()
    finally:
        crowd.end()
    acknowledged = {name for path in scratch.glob("*.acks") for name in path.read_text().splitlines()}
    assert len(acknowledged) > KILLS
    with lake.connect(folder) as db:
        db.deliver()
        assert segments(db) == []
        assert db._parts.events.deliverer._delivered.names() == []
        rows = db.query("SELECT id, ts, value, event_id, dt FROM readings").to_arrow().to_pylist()
        assert db.catalog.check_integrity() == []
    found = [row["event_id"] for row in rows]
    assert len(found) == len(set(found))
    assert acknowledged <= set(found)
    for row in rows:
        name, number = re.fullmatch(r"(.+)/(\d+)", row["event_id"]).groups()  # type: ignore[union-attr]
        sent = record(name, int(number))
        assert (row["id"], row["value"], row["dt"]) == (name, sent["value"], f"{row['ts']:%Y-%m-%d}")
    # What is in the folder is what is in the table, but for what the last merge replaced.
    per_day = {day: len(list(day.glob("*.parquet"))) for day in (db.directory.data / "default/readings").glob("dt=*")}
    assert all(number <= 32 for number in per_day.values()), per_day
