"""Programs that go on until they are killed, or told to stop: `at_work.py JOB FOLDER SCRATCH NAME`.

A job that fails says so on stderr and ends with 1. NAME is another one each time.
"""

import os
import random
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import lake
from lake import Lake
from tests.ingest.readings import START

DAYS = 3
DOUBLED = "SELECT id, ts, metric, event_id FROM readings GROUP BY 1, 2, 3, 4 HAVING count(*) > 1"


def record(name: str, number: int) -> dict[str, object]:
    """What an event is follows from its event_id, whoever sends it, and however often."""
    ts = START + timedelta(days=number % DAYS, seconds=number)
    return {"id": name, "ts": ts, "value": number, "event_id": f"{name}/{number}"}


def ingest(db: Lake, scratch: Path, name: str, goes_on: Callable[[], bool]) -> None:
    dice = random.Random(name)
    number = 0
    with (scratch / f"{name}.acks").open("ab", buffering=0) as acks:
        while goes_on():
            batch = [record(name, dice.randrange(max(0, number - 5), number + 5)) for _ in range(dice.randrange(1, 20))]
            number += 5
            sent = "".join(f"{each['event_id']}\n" for each in batch).encode()
            db.ingest(
                batch,
                source=name,
                strict=dice.random() < 0.2,
                deliver=dice.random() < 0.5,
                on_ack=lambda segment, count, sent=sent: acks.write(sent),
            )


def query(db: Lake, scratch: Path, name: str, goes_on: Callable[[], bool]) -> None:
    dice, seen = random.Random(name), 0
    while goes_on():
        assert db.query(DOUBLED).to_arrow().num_rows == 0, "an event was seen twice"
        (row,) = db.query("SELECT count(*) AS n FROM readings", keep=dice.random() < 0.5).to_arrow().to_pylist()
        assert row["n"] >= seen, "events that were seen are gone"
        seen = row["n"]


def repair(db: Lake, scratch: Path, name: str, goes_on: Callable[[], bool]) -> None:
    while goes_on():
        db.partitions.repair("readings")
        problems = [problem for problem in db.deliver().problems if "it ends within a frame" not in problem]
        assert not problems


JOBS = {"ingest": ingest, "query": query, "repair": repair}


def main(job: str, folder: str, scratch: str, name: str) -> None:
    stop = Path(scratch) / "stop"
    with lake.connect(folder) as db:
        JOBS[job](db, Path(scratch), name, lambda: not stop.exists())


if __name__ == "__main__":
    sys.stderr = os.fdopen(2, "w", buffering=1)
    main(*sys.argv[1:])
