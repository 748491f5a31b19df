"""A million rows appended over 365 days, by `Lake.write` (synced, registered) and by DuckDB's COPY … PARTITION_BY (neither).

Each run writes into a folder of its own; making and removing it is not measured.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

import lake
from benchmarks.measure import Benchmark, Process, at_most

ROOT = Path(__file__).resolve().parent.parent
ROWS, DAYS = 1_000_000, 365
READINGS = f"""
SELECT 'sensor-' || (hash(i) % 2000)::VARCHAR AS id, ts, ['temp', 'humid', 'wind'][1 + (hash(i + 1) % 3)::INT] AS metric,
       round((hash(i + 2) % 100000) / 1000.0, 2) AS value, strftime(ts, '%Y-%m-%d') AS dt
FROM (SELECT i, TIMESTAMP '2025-01-01' + to_seconds((hash(i + 3) % ({DAYS} * 86400))::BIGINT) AS ts FROM range({ROWS}) r(i))
"""


@cache
def readings() -> pa.Table:
    return duckdb.connect().execute(READINGS).to_arrow_table()


@contextmanager
def setup() -> Iterator[None]:
    readings()
    yield


def in_fresh_folder(write: Callable[[Path], float]) -> Callable[[], float]:
    def measured() -> float:
        folder = Path(tempfile.mkdtemp(prefix="write-", dir=data_folder()))
        try:
            return write(folder)
        finally:
            shutil.rmtree(folder)

    return measured


def data_folder() -> Path:
    folder = Path(__file__).resolve().parent / "data"
    folder.mkdir(exist_ok=True)
    return folder


def by_lake(folder: Path) -> float:
    lake.create_lake(folder)
    with lake.connect(folder) as db:
        started = time.perf_counter()
        written = db.write(readings(), "readings", partition_by=["dt"])
        seconds = time.perf_counter() - started
    assert (written.rows, written.files) == (ROWS, DAYS), written
    return seconds


def by_duckdb(folder: Path) -> float:
    connection = duckdb.connect()
    connection.register("readings", readings())
    started = time.perf_counter()
    connection.execute(f"COPY readings TO '{folder}/readings' (FORMAT parquet, PARTITION_BY (dt))")
    return time.perf_counter() - started


MEMORY = "import benchmarks.bench_write as b; b.in_fresh_folder(b.by_lake)()"

BENCHMARKS = [
    Benchmark(
        "append 1 M rows over 365 days",
        at_most(1.5),
        ours=in_fresh_folder(by_lake),
        peer=in_fresh_folder(by_duckdb),
        setup=setup,
    ),
    Benchmark(
        "append 1 M rows, memory",
        at_most(1024, "MiB"),
        ours=Process([sys.executable, "-c", MEMORY], env={"PYTHONPATH": str(ROOT)}),
        reads="peak_mib",
    ),
]
