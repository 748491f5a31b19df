"""A lake used by many processes at once: writers, readers and a repair, and no lock error for any of them."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import lake

ACTOR = textwrap.dedent("""
    import random, sys, time
    import pyarrow as pa
    import lake

    folder, role, number, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    chance = random.Random(number)
    deadline = time.monotonic() + seconds
    done = rows = 0
    with lake.connect(folder) as db:
        while not done or time.monotonic() < deadline:
            if role == "write":
                days = [f"2026-01-{chance.randint(1, 28):02d}" for _ in range(20)]
                batch = pa.table({"id": [number] * 20, "value": [float(done)] * 20, "dt": days})
                rows += db.write(batch, "events", partition_by=["dt"]).rows
            elif role == "query":
                seen = db.query("SELECT count(*), count(DISTINCT dt) FROM events").fetch_all()[0][0]
                assert seen % 20 == 0, f"a write was seen in part: {seen} rows"
                assert seen >= rows, f"rows were lost: {rows}, then {seen}"
                rows = seen
            else:
                db.partitions.repair("events")
            done += 1
    print(done, rows)
""")


def crowd(folder: Path, roles: list[str], seconds: float) -> None:
    lake.create_lake(folder)
    with lake.connect(folder) as db:
        db.query(
            "CREATE EXTERNAL TABLE events (id bigint, value double) PARTITIONED BY (dt string) "
            "STORED AS PARQUET LOCATION 'events/'"
        )
        actors = [
            subprocess.Popen(
                [sys.executable, "-c", ACTOR, str(folder), role, str(number), str(seconds)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for number, role in enumerate(roles)
        ]
        outputs = [actor.communicate() for actor in actors]
        assert [errors for _, errors in outputs if errors] == []
        counts = [tuple(map(int, output.split())) for output, _ in outputs]
        assert all(done for done, _ in counts)
        written = sum(rows for (_, rows), role in zip(counts, roles, strict=True) if role == "write")
        assert db.query("SELECT count(*) FROM events").fetch_all() == [(written,)]
        assert db.catalog.check_integrity() == []


def test_a_crowd_for_a_moment(tmp_path: Path) -> None:
    crowd(tmp_path / "lake", ["write", "write", "query", "repair"], 0.3)


@pytest.mark.slow
def test_a_crowd_for_a_minute(tmp_path: Path) -> None:
    crowd(tmp_path / "lake", ["write"] * 4 + ["query"] * 2 + ["repair"], 60)
