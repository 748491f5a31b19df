"""A real server over a real lake, asked by real clients."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import lake
from tests.servers import CREDENTIALS, REGION, Server, serve

BUCKET = "lake"
OUTPUT = f"s3://{BUCKET}/results"
UNENDING = """SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y)
CROSS JOIN UNNEST(sequence(1, 10000)) c(z) CROSS JOIN UNNEST(sequence(1, 10000)) d(w)"""
ROWS = 5_000
RUNNING = 2
MOST_ACTIVE = 20


@dataclass(frozen=True)
class Served:
    """A server over the lake in `folder`, and a client of it."""

    server: Server
    folder: Path
    client: Any

    def start(self, sql: str, **options: Any) -> str:
        options.setdefault("ResultConfiguration", {"OutputLocation": OUTPUT})
        return self.client.start_query_execution(QueryString=sql, **options)["QueryExecutionId"]

    def execution(self, name: str) -> dict[str, Any]:
        return self.client.get_query_execution(QueryExecutionId=name)["QueryExecution"]

    def state(self, name: str) -> str:
        return self.execution(name)["Status"]["State"]

    def wait(self, name: str, *states: str) -> dict[str, Any]:
        """Return the execution once it is in one of the states, or has ended."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            execution = self.execution(name)
            if execution["Status"]["State"] in (*states, "SUCCEEDED", "FAILED", "CANCELLED"):
                return execution
            time.sleep(0.01)
        raise AssertionError(f"{name} has not ended")

    def run(self, sql: str, **options: Any) -> dict[str, Any]:
        return self.wait(self.start(sql, **options))

    def results(self, sql: str, **options: Any) -> dict[str, Any]:
        execution = self.run(sql, **options)
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        return self.client.get_query_results(QueryExecutionId=execution["QueryExecutionId"])

    def object(self, location: str) -> bytes:
        return (self.folder / "data" / location.removeprefix(f"s3://{BUCKET}/")).read_bytes()


def texts(results: dict[str, Any]) -> list[list[str | None]]:
    return [[datum.get("VarCharValue") for datum in row["Data"]] for row in results["ResultSet"]["Rows"]]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served") / BUCKET
    lake.create_lake(folder)
    with lake.connect(folder) as db:
        db.query("CREATE DATABASE web")
        db.write(pa.table({"n": range(ROWS), "name": [f"name {n}" for n in range(ROWS)]}), "web.many")
        days = pa.table({"day": ["2026-01-01", "2026-01-02"], "hits": [3, None]})
        db.write(days, "web.days", partition_by=["day"])
        db.query("CREATE VIEW web.short AS SELECT n FROM web.many WHERE n < 10")
    with serve("--lake", folder, "--running", str(RUNNING), "--active", str(MOST_ACTIVE)) as server:
        yield Served(server, folder, server.client("athena"))


@dataclass(frozen=True)
class Sent:
    status: int
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def kind(self) -> str:
        return self.body["__type"]


def send(
    server: Server,
    operation: str,
    body: bytes | dict[str, Any] = b"{}",
    *,
    credentials: Credentials | None = None,
    region: str = REGION,
    service: str = "athena",
    change: Any = lambda request: None,
    target: str = "AmazonAthena",
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Sent:
    """Sign and send a request as no client would: nothing of it is checked, and `change` alters it once it is signed."""
    content = json.dumps(body).encode() if isinstance(body, dict) else body
    request = AWSRequest("POST", f"{server.endpoint_url}/", data=content)
    request.headers["X-Amz-Target"] = f"{target}.{operation}"
    request.headers["Content-Type"] = "application/x-amz-json-1.1"
    for name, value in headers.items():
        request.headers[name] = value
    SigV4Auth(credentials or right_credentials(), service, region).add_auth(request)
    change(request)
    prepared = request.prepare()
    asked = urllib.request.Request(prepared.url, prepared.body, dict(prepared.headers), method="POST")
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return Sent(answer.status, dict(answer.headers), json.load(answer))
    except urllib.error.HTTPError as error:
        with error:
            return Sent(error.code, dict(error.headers), json.load(error))


def right_credentials() -> Credentials:
    return Credentials(
        *(CREDENTIALS[f"AWS_{name}"] for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"))
    )
