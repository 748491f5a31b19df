"""TPC-H and TPC-DS: Parquet files made once by DuckDB's generators, lakes over them, and their queries in Trino's text."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import duckdb

import lake

DATA = Path(__file__).resolve().parent / "data"
HIVE_TYPES = {"BIGINT": "bigint", "INTEGER": "int", "VARCHAR": "string", "DATE": "date"}

# What DuckDB's texts leave to a cast of its own, or name in a way that only DuckDB knows.
TO_TRINO = (
    (re.compile(r"(?<!date )(?<!cast\()(?<!CAST\()'(\d{4}-\d\d-\d\d)'(?!\s+as\b)", re.IGNORECASE), r"DATE '\1'"),
    (re.compile(r"d1\.d_date \+ 5\b"), "d1.d_date + INTERVAL '5' DAY"),
    (re.compile(r"GROUP BY\s+supplier_no"), "GROUP BY l_suppkey"),
)


@dataclass(frozen=True)
class Suite:
    """`generate` is the call that makes the tables of a scale factor; `queries` lists DuckDB's texts."""

    name: str
    generate: str
    queries_sql: str

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open a DuckDB that has the generator, which is in the extra `bench` alone."""
        package = import_module(f"duckdb_extension_{self.name}")
        extension = next(Path(next(iter(package.__path__))).rglob(f"{self.name}.duckdb_extension"))
        connection = duckdb.connect()
        connection.execute(f"LOAD '{extension}'")
        return connection

    def make_lake(self, scale: float) -> Path:
        """Make the lake of a scale factor, unless it is there."""
        folder = DATA / f"{self.name}-sf{scale:g}"
        if (folder / "done").exists():
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        lake.create_lake(folder, database=self.name)
        connection = self.connect()
        connection.execute(self.generate.format(scale=scale))
        with lake.connect(folder) as db:
            for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                target = folder / "data" / self.name / table
                target.mkdir(parents=True)
                connection.execute(f"COPY {table} TO '{target}/part-0.parquet' (FORMAT parquet)")
                described = connection.execute(f"DESCRIBE {table}").fetchall()
                columns = ", ".join(f"{row[0]} {HIVE_TYPES.get(row[1], row[1].lower())}" for row in described)
                location = f"LOCATION '{self.name}/{table}/'"
                db.query(f"CREATE EXTERNAL TABLE {table} ({columns}) STORED AS PARQUET {location}")
        (folder / "done").touch()
        return folder

    def queries(self) -> list[str]:
        """Return the queries in DuckDB's text, by number."""
        rows = self.connect().execute(self.queries_sql).fetchall()
        return [row[0].strip().rstrip(";") for row in rows]

    @contextmanager
    def raw_duckdb(self, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        """The peer: DuckDB alone over the same files."""
        with duckdb.connect() as connection:
            for table in sorted((folder / "data" / self.name).iterdir()):
                connection.execute(f"CREATE VIEW {table.name} AS SELECT * FROM read_parquet('{table}/*.parquet')")
            yield connection


TPCH = Suite("tpch", "CALL dbgen(sf = {scale})", "SELECT query FROM tpch_queries() ORDER BY query_nr")
TPCDS = Suite("tpcds", "CALL dsdgen(sf = {scale})", "SELECT query FROM tpcds_queries() ORDER BY query_nr")


def in_trino(query: str) -> str:
    """Return one of DuckDB's texts as Trino takes it."""
    for pattern, replacement in TO_TRINO:
        query = pattern.sub(replacement, query)
    return query
