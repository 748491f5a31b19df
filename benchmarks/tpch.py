"""TPC-H data and queries: Parquet files made once by DuckDB's generator, and a lake over them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

import lake

DATA = Path(__file__).resolve().parent / "data"
TABLES = ("customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier")
HIVE_TYPES = {"BIGINT": "bigint", "INTEGER": "int", "VARCHAR": "string", "DATE": "date"}


def connect_with_tpch() -> duckdb.DuckDBPyConnection:
    import duckdb_extension_tpch  # in the extra `bench` alone, and the quick tests only look at the list of benchmarks

    extension = next(Path(duckdb_extension_tpch.__file__).parent.rglob("tpch.duckdb_extension"))
    connection = duckdb.connect()
    connection.execute(f"LOAD '{extension}'")
    return connection


def make_lake(scale: float) -> Path:
    """Make the lake of a scale factor, unless it is there."""
    folder = DATA / f"tpch-sf{scale:g}"
    if (folder / "done").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    lake.create_lake(folder, database="tpch")
    connection = connect_with_tpch()
    connection.execute(f"CALL dbgen(sf = {scale})")
    with lake.connect(folder) as db:
        for table in TABLES:
            target = folder / "data" / "tpch" / table
            target.mkdir(parents=True)
            connection.execute(f"COPY {table} TO '{target}/part-0.parquet' (FORMAT parquet)")
            described = connection.execute(f"DESCRIBE {table}").fetchall()
            columns = ", ".join(f"{row[0]} {HIVE_TYPES.get(row[1], row[1].lower())}" for row in described)
            db.query(f"CREATE EXTERNAL TABLE {table} ({columns}) STORED AS PARQUET LOCATION 'tpch/{table}/'")
    (folder / "done").touch()
    return folder


def queries() -> list[str]:
    rows = connect_with_tpch().execute("SELECT query FROM tpch_queries() ORDER BY query_nr").fetchall()
    return [row[0].strip().rstrip(";") for row in rows]


@contextmanager
def raw_duckdb(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The peer: DuckDB alone over the same files."""
    with duckdb.connect() as connection:
        for table in TABLES:
            files = folder / "data" / "tpch" / table / "*.parquet"
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{files}')")
        yield connection
