"""A lake in a folder, behind an endpoint that speaks Athena's API over it, with Moto's S3 for the results."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import lake
from lake.aws.connection import AwsConnection, AwsOptions
from lake.clock import SystemClock
from lake.engine.athena import AthenaEngine
from lake.engine.request import QueryRequest
from lake.model import Execution
from lake.result import Result
from tests.servers import CREDENTIALS, REGION, Server, moto_server, serve

ROWS = 20_000
ENDLESS = "SELECT count(*) FROM numbers a, numbers b, numbers c, numbers d"


@dataclass
class Service:
    """`server` answers for Athena and S3, from the lake `db`."""

    server: Server
    db: lake.Lake
    athena: Any

    def started(self) -> list[str]:
        """Return the ids of all executions so far, newest first."""
        pages = self.athena.get_paginator("list_query_executions").paginate()
        return [execution_id for page in pages for execution_id in page["QueryExecutionIds"]]

    def state(self, execution_id: str) -> str:
        return str(self.athena.get_query_execution(QueryExecutionId=execution_id)["QueryExecution"]["Status"]["State"])


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("athena-lake")
    lake.create_lake(folder)
    with ExitStack() as stack:
        db = stack.enter_context(lake.connect(folder))
        texts = [None if n % 3 == 0 else "" if n % 3 == 1 else f'text "{n}",\n' for n in range(ROWS)]
        db.write(pa.table({"n": list(range(ROWS)), "t": texts}), "numbers")
        moto = stack.enter_context(moto_server())
        moto.client("s3").create_bucket(Bucket="results")
        server = stack.enter_context(
            serve("--lake", str(folder), "--forward", "--output-location", "s3://results/work/", behind=moto)
        )
        athena = server.client("athena")
        athena.start_query_execution(QueryString="SELECT 1")
        yield Service(server, db, athena)


@dataclass
class Asker:
    """An engine, and short ways to ask it."""

    engine: AthenaEngine

    def submit(self, sql: str, **options: Any) -> Execution:
        options.setdefault("token", str(uuid.uuid4()))
        return self.engine.submit(QueryRequest(sql, options.pop("database", "default"), **options))

    def query(self, sql: str, **options: Any) -> Result:
        execution = self.submit(sql, **options)
        self.engine.wait(execution.id)
        return self.engine.result(execution.id)


Ask = Callable[..., Asker]


@pytest.fixture
def ask(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Make engines that reach the service, at `endpoint_url` where that is another; other options are AwsOptions."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:

        def make(*, endpoint_url: str | None = None, tables: Any = None, calls: Any = None, **options: Any) -> Asker:
            settings = {"region": REGION, "endpoint_url": endpoint_url or service.server.endpoint_url, **options}
            connection = AwsConnection(AwsOptions(**settings))
            engine = AthenaEngine(
                connection,
                clock=SystemClock(),
                temp_folder=tmp_path,
                tables=lambda: tables,
                calls=calls(connection) if calls else None,
            )
            stack.callback(engine.close)
            return Asker(engine)

        yield make


@pytest.fixture
def asker(ask: Ask, service: Service) -> Asker:
    return ask(tables=service.db.catalog)
