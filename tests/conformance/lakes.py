"""Makes the data that cases with an `env` read, once: a lake for each, in `tests/.cache/conformance`.

The rows are those of `tpcgen-cli` (extra `bench`), which are Trino's; those of DuckDB's tpcds extension are not.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import duckdb

import lake
from tests.conformance.cases import HERE
from tests.conformance.tables import SMALL, TPCDS, TPCH, Columns, tpcds_type

CACHE = HERE.parent / ".cache" / "conformance"
ENVIRONMENTS = ("tpch_tiny", "hive", "tpcds")
DUCKDB_TYPES = {"string": "varchar"}


def make_lakes(environments: Iterable[str] = ENVIRONMENTS, cache: Path = CACHE) -> dict[str, Path]:
    """Make what is not there yet. Raises FileNotFoundError without the generator."""
    return {env: _lake(env, cache) for env in environments}


def make_empty_lake(folder: Path) -> Path:
    """The lake of the cases that read no data."""
    lake.create_lake(folder)
    return folder


def _lake(env: str, cache: Path) -> Path:
    folder = cache / env
    if (folder / "done").exists():
        return folder
    print(f"conformance: making the data of {env} (once)", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    lake.create_lake(folder)
    made = cache / f"{env}.made"
    with lake.connect(folder) as db, duckdb.connect() as connection:
        for table, columns, source in MAKERS[env](connection, made):
            target = folder / "data" / table / "part-0.parquet"
            target.parent.mkdir(parents=True)
            connection.execute(f"COPY ({source}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
            listed = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
            db.query(f"CREATE EXTERNAL TABLE {table} ({listed}) STORED AS PARQUET LOCATION '{table}/'")
    shutil.rmtree(made)
    (folder / "done").touch()
    return folder


Made = Iterable[tuple[str, Columns, str]]
"""Tables: a name, columns, and the query of its rows."""


def _tpch_tiny(connection: duckdb.DuckDBPyConnection, made: Path) -> Made:
    _generate("tpch", "0.01", made)
    for name, table in TPCH.items():
        columns = table.plain()
        yield name, columns, _converted(columns, f"'{made}/{name}.parquet'", table.prefix)


def _hive(connection: duckdb.DuckDBPyConnection, made: Path) -> Made:
    _generate("tpch", "1", made)
    for name, table in TPCH.items():
        yield name, table.prefixed(), _converted(table.prefixed(), f"'{made}/{name}.parquet'")
    for name, columns in SMALL.items():
        file = HERE / "data" / f"{name}.csv"
        yield name, columns, _converted(columns, f"read_csv('{file}', header = true, all_varchar = true)")


def _tpcds(connection: duckdb.DuckDBPyConnection, made: Path) -> Made:
    _generate("tpcds", "1", made)
    for name in TPCDS:
        source = f"'{made}/{name}.parquet'"
        described = connection.execute(f"DESCRIBE FROM {source}").fetchall()
        columns = {row[0]: tpcds_type(row[0], row[1]) for row in described}
        yield name, columns, _converted(columns, source)


MAKERS = {"tpch_tiny": _tpch_tiny, "hive": _hive, "tpcds": _tpcds}


def _generate(benchmark: str, scale: str, made: Path) -> None:
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    command = [_generator(), benchmark, "parquet", "-s", scale, f"--output-dir={made}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _generator() -> str:
    found = shutil.which("tpcgen-cli", path=str(Path(sys.executable).parent)) or shutil.which("tpcgen-cli")
    if found is None:
        raise FileNotFoundError("tpcgen-cli is absent: it comes with tap-lake[bench]")
    return found


def _converted(columns: Columns, source: str, prefix: str = "") -> str:
    listed = ", ".join(
        f"CAST({prefix}{name} AS {DUCKDB_TYPES.get(type_, type_)}) AS {name}" for name, type_ in columns.items()
    )
    return f"SELECT {listed} FROM {source}"
