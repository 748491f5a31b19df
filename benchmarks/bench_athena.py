"""What a client adds to a query of three seconds, from asking to having the rows, beside PyAthena and awswrangler as they come;
and a whole command for `SELECT 1`, beside athenacli.

The queries run on `python -m lake.serve`, which says how long each took by itself. Each client is a process that has loaded its
modules and asked once; the commands are started anew each time.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

import lake
from benchmarks.measure import Benchmark, Process, at_most
from tests.client_venvs import client_python
from tests.servers import REGION, Server, moto_server, serve

ROOT = Path(__file__).resolve().parent.parent
ROWS = 100_000
SECONDS = 3.0
SCRIPT = Path(__file__).with_name("athena_clients.py")
TAP_LAKE = str(Path(sys.executable).with_name("tap-lake"))
STAGING = "s3://results/"

state: dict[str, Any] = {}


class Client:
    """A client's process."""

    def __init__(self, name: str, python: str, server: Server) -> None:
        environment = os.environ | server.environment() | {"AWS_ATHENA_S3_STAGING_DIR": STAGING}
        environment["PYTHONPATH"] = str(ROOT) if name == "tap_lake" else ""
        self.process = subprocess.Popen(
            [python, str(SCRIPT), name], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, sql: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(sql + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()


@contextmanager
def served() -> Iterator[Server]:
    """A lake of numbers behind Athena's API."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        lake.create_lake(folder)
        with lake.connect(folder) as db:
            db.write(pa.table({"n": list(range(ROWS))}), "numbers")
        moto = stack.enter_context(moto_server())
        moto.client("s3").create_bucket(Bucket="results")
        server = stack.enter_context(serve("--lake", folder, "--forward", "--output-location", STAGING, behind=moto))
        state["athena"] = server.client("athena")
        yield server


@contextmanager
def setup(*clients: str) -> Iterator[None]:
    with served() as server, ExitStack() as stack:
        for name in clients:
            python = str(client_python(name)) if name == "pyathena" else sys.executable
            client = state[name] = Client(name, python, server)
            stack.callback(client.close)
            client.ask("SELECT 1")
        state["sql"] = query_of_seconds()
        yield


def query_of_seconds() -> str:
    """Find a query that takes about as long as it is to, on the machine as it is."""
    rows, took = 100.0, 0.0
    for _ in range(8):
        took = max(0.01, own_time(state["tap_lake"].ask(query(rows))["id"]))
        if SECONDS * 0.8 < took < SECONDS * 1.3:
            break
        rows = min(float(ROWS), rows * min(10.0, SECONDS / took))
    return query(rows)


def query(rows: float) -> str:
    return f"SELECT count(*) FROM numbers a CROSS JOIN numbers b WHERE a.n < {int(rows)} AND sin(a.n + b.n * 1e0) > 0.5"


def own_time(execution_id: str) -> float:
    status = state["athena"].get_query_execution(QueryExecutionId=execution_id)["QueryExecution"]["Status"]
    return float((status["CompletionDateTime"] - status["SubmissionDateTime"]).total_seconds())


def overhead(name: str) -> float:
    """Return what a client added to the time that the query took by itself."""
    answer = state[name].ask(state["sql"])
    assert len(answer["rows"]) == 1, answer
    own = own_time(answer["id"])
    print(f"  {name}: {answer['seconds']:.3f} s of which {own:.3f} s are the query's", file=sys.stderr)
    time.sleep(0.1)
    return float(answer["seconds"] - own)


@contextmanager
def commands() -> Iterator[None]:
    """Commands in a folder and a home of their own, where athenacli has written its settings, as its first run does."""
    with served() as server, TemporaryDirectory() as home:
        environment = server.environment() | {
            "HOME": home,
            "XDG_STATE_HOME": home,
            "AWS_ATHENA_S3_STAGING_DIR": STAGING,
        }
        athenacli = str(client_python("athenacli").with_name("athenacli"))
        peer = [athenacli, "--s3-staging-dir", STAGING, "--region", REGION, "-e", "SELECT 1", "default"]
        subprocess.run(peer, env=os.environ | environment, cwd=home, capture_output=True, check=False)
        ours = [TAP_LAKE, "-d", "default", "query", "SELECT 1"]
        state["commands"] = {
            name: Process(argv, environment, Path(home)) for name, argv in (("tap-lake", ours), ("athenacli", peer))
        }
        yield


def command(name: str) -> float:
    process: Process = state["commands"][name]
    return process.measure().seconds


BENCHMARKS = [
    Benchmark(
        "CLI SELECT 1 on Athena / athenacli",
        at_most(0.7),
        ours=partial(command, "tap-lake"),
        peer=partial(command, "athenacli"),
        setup=commands,
        rounds=15,
    ),
    Benchmark(
        "overhead on a 3 s query on Athena",
        at_most(0.3, "s"),
        ours=partial(overhead, "tap_lake"),
        setup=partial(setup, "tap_lake"),
    ),
    *[
        Benchmark(
            f"overhead on Athena / {name}",
            at_most(1),
            ours=partial(overhead, "tap_lake"),
            peer=partial(overhead, name),
            setup=partial(setup, "tap_lake", name),
        )
        for name in ("pyathena", "awswrangler")
    ],
]
