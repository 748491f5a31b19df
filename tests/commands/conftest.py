"""A lake to type commands at, in this process (`run`) or in one of their own (`tap_lake`)."""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from lake.aws.connection import AwsOptions
from lake.clock import FixedClock
from lake.commands.root import root
from lake.directory import create_lake
from lake.opening import open_aws, open_directory
from tests.servers import CREDENTIALS, REGION, Server, moto_server, serve

COMMAND = Path(sys.executable).parent / "tap-lake"
DAYS = ("2026-01-30", "2026-01-31", "2026-02-01")
ROWS = 300
NASTY = """
SELECT * FROM (VALUES
  (1, CAST('1.10' AS decimal(10, 2)), 1.5e0, 'plain', true, DATE '2026-01-31', TIMESTAMP '2026-01-31 12:00:00.123'),
  (-2, CAST('-0.05' AS decimal(10, 2)), 1e300, 'comma, "quote"', false, DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59.999'),
  (NULL, NULL, CAST('NaN' AS double), '', NULL, NULL, NULL),
  (9223372036854775807, CAST('99999999.99' AS decimal(10, 2)), CAST('-Infinity' AS double), NULL, true, DATE '9999-12-31', NULL),
  (0, CAST('0.00' AS decimal(10, 2)), -0e0, '東京 🗼 e\u0301\ttab', false, NULL, NULL)
) AS t(whole, exact, float, words, yes, day, at) ORDER BY whole NULLS LAST
"""
NESTED = """
SELECT ARRAY[1, NULL, 3] AS list, MAP(ARRAY['k', 'q"'], ARRAY[1, 2]) AS pairs,
  CAST(ROW('a', NULL) AS ROW(x varchar, y integer)) AS inner_row, X'00FF7E' AS raw, CAST('' AS varchar) AS empty,
  CAST(NULL AS varchar) AS nothing
"""

LEAVE = """
import os, sys, lake
db = lake.connect(".")
db.ingest([{"id": "a", "ts": f"2026-01-{day:02}", "value": day, "event_id": str(day)} for day in range(1, int(sys.argv[1]) + 1)],
          deliver=False)
os._exit(0)
"""


@dataclass(frozen=True)
class Ran:
    """How a command ended in this process."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with readings of three days, made once at a fixed time."""
    clock = FixedClock(datetime(2026, 2, 3, 12, tzinfo=UTC))
    folder = tmp_path_factory.mktemp("template") / "lake"
    create_lake(folder, bucket="bucket", clock=clock)
    table = pa.table(
        {
            "id": [f"s{number % 3}" for number in range(ROWS)],
            "value": [number * 0.5 for number in range(ROWS)],
            "dt": [DAYS[number % 3] for number in range(ROWS)],
        }
    )
    with open_directory(folder, clock=clock) as lake:
        lake.write(table, "readings", partition_by=["dt"])
        lake.query("CREATE VIEW latest AS SELECT id, max(value) AS value FROM readings GROUP BY id").close()
        lake.query("CREATE DATABASE web").close()
        lake.query("CREATE EXTERNAL TABLE web.clicks (url string COMMENT 'where') LOCATION 's3://bucket/web/'").close()
    (folder / "queries").mkdir()
    (folder / "queries" / "of_day.sql").write_text(
        "-- Readings of a day\n-- Counts them.\n-- :day string  which day\n-- :least double = 0\n"
        "SELECT count(*) AS n FROM readings WHERE dt = :day AND value >= :least\n"
    )
    return folder


@pytest.fixture
def lake(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that lake, and the folder that the test stands in."""
    folder = tmp_path / "lake"
    shutil.copytree(template, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new lake, and the folder that the test stands in."""
    folder = tmp_path / "empty"
    create_lake(folder, bucket="bucket")
    monkeypatch.chdir(folder)
    return folder


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in this process, where nothing is a terminal."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(*args: str | Path, stdin: str | bytes = "") -> Ran:
        result = CliRunner().invoke(root, [str(arg) for arg in args], input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


def tap_lake(*args: str | Path, **options: object) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process of its own, with at most 60 seconds."""
    return subprocess.run(
        [str(COMMAND), *map(str, args)],
        **{
            "capture_output": True,
            "text": True,
            "timeout": 60,
            "stdin": subprocess.DEVNULL,
            "env": os.environ,
            **options,
        },
    )


OUTPUT = "s3://results/work/"


@dataclass(frozen=True)
class Account:
    """An account that has table `web.visits`, partitioned by day, in bucket `data`; results go to OUTPUT where they are asked to."""

    moto: Server
    server: Server


@pytest.fixture(scope="session")
def account() -> Iterator[Account]:
    content = io.BytesIO()
    pq.write_table(pa.table({"n": range(10)}), content)
    with moto_server() as moto:
        for bucket in ("data", "results"):
            moto.client("s3").create_bucket(Bucket=bucket)
        for day in DAYS:
            moto.client("s3").put_object(Bucket="data", Key=f"visits/day={day}/a.parquet", Body=content.getvalue())
        moto.client("glue").create_database(DatabaseInput={"Name": "default"})
        options = AwsOptions(region=REGION, endpoint_url=moto.endpoint_url)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in CREDENTIALS.items():
                patch.setenv(name, value)
            with open_aws(options, database="web", engine="duckdb") as db:
                db.query("CREATE DATABASE web").close()
                db.query(
                    "CREATE EXTERNAL TABLE web.visits (n bigint) PARTITIONED BY (day string) STORED AS PARQUET "
                    "LOCATION 's3://data/visits/'"
                ).close()
                db.query("MSCK REPAIR TABLE web.visits").close()
        with serve("--catalog", "glue", "--forward", behind=moto) as server:
            yield Account(moto, server)


@pytest.fixture
def signed(account: Account, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Account:
    """That account, reached by the environment, from a folder that is no lake."""
    for name, value in account.server.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return account


@pytest.fixture
def leave(empty):
    """Have a process acknowledge so many events of as many days, and die."""

    def leave(count):
        subprocess.run([sys.executable, "-c", LEAVE, str(count)], cwd=empty, check=True, timeout=60)

    return leave


@pytest.fixture
def left(leave):
    """A process has left three events in the spool."""
    leave(3)
