"""Events taken and delivered: against DuckDB doing the same without the promises, by the event, in many small ingests, in bulk.

Goals: two million a run at half of DuckDB's speed and 500,000 a second; an acknowledgement within three plain synced writes;
ten thousand ingests of a hundred events leave few files; ten gigabytes pass in a gigabyte (INGEST_GB makes it less).
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb

import lake
from benchmarks.measure import Benchmark, Process, at_least, at_most

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "benchmarks" / "data"
EVENTS = DATA / "events.ndjson"
COUNT = 2_000_000
DAY = "2026-01-05"
SMALL_INGESTS, SMALL_EVENTS = 10_000, 100
ACKS = 300

WRITE_EVENTS = f"""COPY (
  SELECT 's-' || (i % 500) AS id, strftime(TIMESTAMP '{DAY}' + to_milliseconds(i * 7919 % 86400000), '%Y-%m-%dT%H:%M:%S.%gZ') AS ts,
         ['temp', 'humid', 'wind'][1 + i % 3] AS metric, round(i * 0.37 % 100, 2) AS value, 'e' || i AS event_id,
         ['JFK', 'LGA', 'EWR'][1 + i % 3] AS site
  FROM range({COUNT}) r(i)
) TO '{EVENTS}' (FORMAT json)"""

READ_EVENTS = f"""read_json('{EVENTS}', format = 'newline_delimited', columns = {{
  id: 'VARCHAR', ts: 'TIMESTAMP', metric: 'VARCHAR', value: 'DOUBLE', event_id: 'VARCHAR', site: 'VARCHAR'}})"""

BY_DUCKDB = f"""COPY (
  SELECT id, ts, metric, value, event_id, MAP {{'site': site}} AS attributes, strftime(ts, '%Y-%m-%d') AS dt
  FROM (SELECT DISTINCT ON (id, metric, ts, event_id) * FROM {READ_EVENTS}) n
  WHERE NOT EXISTS (SELECT 1 FROM read_parquet('PRESENT') e
                    WHERE e.id = n.id AND e.metric = n.metric AND e.ts = n.ts AND e.event_id = n.event_id)
  ORDER BY id, ts
) TO 'TARGET' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (dt))"""


@contextmanager
def events() -> Iterator[None]:
    DATA.mkdir(exist_ok=True)
    if not EVENTS.exists():
        duckdb.connect().execute(WRITE_EVENTS)
    lake_with_as_many()
    yield


@cache
def lake_with_as_many() -> Path:
    """A lake whose one day has as many other events as are to come."""
    folder = DATA / "ingest-lake"
    shutil.rmtree(folder, ignore_errors=True)
    lake.create_lake(folder)
    other = duckdb.connect().execute(
        f"SELECT * EXCLUDE (site, event_id), 'x' || event_id AS event_id, site FROM {READ_EVENTS}"
    )
    with lake.connect(folder) as db:
        assert db.ingest(other.to_arrow_table(), source="others").delivery.new == COUNT
    return folder


@contextmanager
def copied() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ingest-", dir=DATA))
    try:
        shutil.copytree(lake_with_as_many(), folder, dirs_exist_ok=True)
        yield folder
    finally:
        shutil.rmtree(folder)


def by_lake() -> float:
    with copied() as folder, lake.connect(folder) as db:
        started = time.perf_counter()
        done = db.ingest(EVENTS)
        seconds = time.perf_counter() - started
        assert done.delivery.new == COUNT, done
    return seconds


def by_duckdb() -> float:
    with copied() as folder:
        connection = duckdb.connect()
        sql = BY_DUCKDB.replace("PRESENT", f"{folder}/data/default/readings/*/*.parquet").replace(
            "TARGET", f"{folder}/out"
        )
        started = time.perf_counter()
        connection.execute(sql)
        return time.perf_counter() - started


def events_a_second() -> float:
    return COUNT / by_lake()


def acknowledged() -> float:
    with in_folder() as folder:
        lake.create_lake(folder)
        with lake.connect(folder) as db:
            return statistics.median(_seconds_to_ack(db, number) for number in range(ACKS))


def _seconds_to_ack(db: lake.Lake, number: int) -> float:
    event = {
        "id": "s-1",
        "ts": f"{DAY}T00:00:00.{number:03}Z",
        "metric": "temp",
        "value": 21.5,
        "event_id": f"e{number}",
    }
    told: list[float] = []
    started = time.perf_counter()
    db.ingest(event, deliver=False, on_ack=lambda *_: told.append(time.perf_counter()))
    return told[0] - started


def written_and_synced() -> float:
    with in_folder() as folder:
        file = os.open(folder / "plain", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

        def once() -> float:
            started = time.perf_counter()
            os.write(file, b"x" * 120)
            os.fsync(file)
            return time.perf_counter() - started

        try:
            return statistics.median(once() for _ in range(ACKS))
        finally:
            os.close(file)


@contextmanager
def in_folder() -> Iterator[Path]:
    DATA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ingest-", dir=DATA) as folder:
        yield Path(folder)


@cache
def lake_of_small_ingests() -> Path:
    folder = DATA / "small-ingests"
    shutil.rmtree(folder, ignore_errors=True)
    lake.create_lake(folder)
    with lake.connect(folder) as db:
        for number in range(SMALL_INGESTS):
            db.ingest([small_event(number, place) for place in range(SMALL_EVENTS)], source=f"s{number}")
    return folder


@cache
def lake_of_one_ingest() -> Path:
    folder = DATA / "one-ingest"
    shutil.rmtree(folder, ignore_errors=True)
    lake.create_lake(folder)
    with lake.connect(folder) as db:
        db.ingest(small_event(number, place) for number in range(SMALL_INGESTS) for place in range(SMALL_EVENTS))
    return folder


def small_event(number: int, place: int) -> dict[str, object]:
    second = (number * SMALL_EVENTS + place) % 86_400
    ts = f"{DAY}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
    return {"id": f"s-{place}", "ts": ts, "metric": "temp", "value": place / 4, "event_id": f"{number}-{place}"}


def files_left() -> float:
    return float(sum(1 for _ in lake_of_small_ingests().glob("data/default/readings/*/*.parquet")))


def queried(folder: Callable[[], Path]) -> Callable[[], None]:
    def query() -> None:
        with lake.connect(folder()) as db:
            rows = db.query("SELECT id, count(*), avg(value) FROM readings GROUP BY 1").fetch_all()
            assert len(rows) == SMALL_EVENTS

    return query


@cache
def peak_in_bulk() -> float:
    with in_folder() as folder:
        lake.create_lake(folder)
        argv = [sys.executable, "-c", f"import benchmarks.bench_ingest as b; b.ingest_in_bulk({str(folder)!r})"]
        return Process(argv, env={"PYTHONPATH": str(ROOT)}).measure().peak_mib


def ingest_in_bulk(folder: str) -> None:
    """Take the events again and again, each time as those of another day, from a pipe."""
    bulk = float(os.environ.get("INGEST_GB", "10")) * 1e9
    times = max(1, round(bulk / EVENTS.stat().st_size))
    code = f"import benchmarks.bench_ingest as b; b.print_in_bulk({times})"
    with (
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=os.environ) as printing,
        lake.connect(folder) as db,
    ):
        assert printing.stdout is not None
        done = db.ingest(printing.stdout, source="bulk")
    assert done.delivery.new == times * COUNT, done


def print_in_bulk(times: int) -> None:
    for number in range(times):
        day = f"{2000 + number // 336}-{1 + number // 28 % 12:02}-{1 + number % 28:02}".encode()
        with EVENTS.open("rb") as file:
            while block := file.read(1 << 24):
                rest = file.readline()
                sys.stdout.buffer.write((block + rest).replace(DAY.encode(), day))


BENCHMARKS = [
    Benchmark("ingest 2 M events", at_least(0.5), ours=by_lake, peer=by_duckdb, setup=events),
    Benchmark("ingest, speed", at_least(500_000, "events/s"), ours=events_a_second, setup=events),
    Benchmark("acknowledge one event", at_most(3), ours=acknowledged, peer=written_and_synced),
    Benchmark("10,000 ingests, files left", at_most(16, "files"), ours=files_left),
    Benchmark(
        "10,000 ingests, query", at_most(2), ours=queried(lake_of_small_ingests), peer=queried(lake_of_one_ingest)
    ),
    Benchmark("ingest 10 GB, memory", at_most(1024, "MiB"), ours=peak_in_bulk, setup=events),
]
