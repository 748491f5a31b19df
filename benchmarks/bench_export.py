"""10 million rows of a query into a Parquet file by the command line, beside DuckDB alone, each a process of its own."""

import sys
import textwrap
from pathlib import Path

from benchmarks.measure import Benchmark, Process, at_most
from benchmarks.tpc import DATA, TPCH

FOLDER = DATA / "tpch-sf2"
TAP_LAKE = str(Path(sys.executable).with_name("tap-lake"))
ROWS = 10_000_000
COLUMNS = "l_orderkey, l_partkey, l_quantity, l_extendedprice, l_shipdate, l_comment"
OURS = Process(
    [
        TAP_LAKE,
        "query",
        f"SELECT {COLUMNS} FROM lineitem LIMIT {ROWS}",
        "--lake",
        str(FOLDER),
        "-o",
        str(DATA / "ours.parquet"),
    ]
)
FILE = FOLDER / "data/tpch/lineitem/part-0.parquet"
PEER = Process(
    [
        sys.executable,
        "-c",
        textwrap.dedent(f"""
            import duckdb
            duckdb.execute("COPY (SELECT {COLUMNS} FROM read_parquet('{FILE}') LIMIT {ROWS}) "
                           "TO '{DATA}/peer.parquet' (FORMAT parquet, COMPRESSION zstd)")
        """),
    ]
)


def setup() -> None:
    TPCH.make_lake(2)


BENCHMARKS = [
    Benchmark("10 million rows to Parquet", at_most(1.3), ours=OURS, peer=PEER, setup=setup),
    Benchmark("10 million rows to Parquet, memory", at_most(1024, "MiB"), ours=OURS, setup=setup, reads="peak_mib"),
]
