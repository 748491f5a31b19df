"""One partition asked for among 100,000, from opening the lake to the answer, in a process that has loaded its modules."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import lake
from benchmarks.measure import Benchmark, at_most
from lake.model import Partition

FOLDER = Path(__file__).resolve().parent / "data" / "partitions-100000"
DAYS = [f"{year}-{month:02d}-{day:02d}" for year in range(2020, 2032) for month in range(1, 13) for day in range(1, 29)]
VALUES = [(day, f"{hour:02d}") for day in DAYS for hour in range(25)][:100_000]
CHOSEN = VALUES[61_803]


@contextmanager
def setup() -> Iterator[None]:
    if not (FOLDER / "done").exists():
        make_lake()
    yield


def make_lake() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    lake.create_lake(FOLDER)
    folder = FOLDER / "data" / "t" / f"dt={CHOSEN[0]}" / f"hour={CHOSEN[1]}"
    folder.mkdir(parents=True)
    pq.write_table(pa.table({"id": pa.array(range(1000), pa.int64())}), folder / "a.parquet")
    with lake.connect(FOLDER) as db:
        db.query(
            "CREATE EXTERNAL TABLE t (id bigint) PARTITIONED BY (dt string, hour string) STORED AS PARQUET LOCATION 't/'"
        )
        table = db.table("t")
        partitions = (
            Partition(values, f"{table.location}dt={values[0]}/hour={values[1]}/", table.descriptor)
            for values in VALUES
        )
        assert not db.catalog.add_partitions(table.full_name, partitions)
    (FOLDER / "done").touch()


def ask(predicate: str) -> None:
    with lake.connect(FOLDER) as db:
        rows = db.query(f"SELECT count(*) FROM t WHERE {predicate}").fetch_all()
    assert rows == [(1000,)], rows


EQUAL = f"dt = '{CHOSEN[0]}' AND hour = '{CHOSEN[1]}'"
COMPUTED = f"concat(dt, '/', hour) = '{CHOSEN[0]}/{CHOSEN[1]}'"

BENCHMARKS = [
    Benchmark("one partition of 100,000", at_most(100, "ms"), ours=lambda: ask(EQUAL), setup=setup),
    Benchmark("one of 100,000 by a function", at_most(1000, "ms"), ours=lambda: ask(COMPUTED), setup=setup),
]
