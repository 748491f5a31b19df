"""Three calls in ten fail, in every way that a service has: each query ends right, once, in bounded calls and time."""

import json
import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lake.errors import CredentialsFailed
from tests.engine.athena.conftest import ROWS, Ask, Service
from tests.proxies import Call, proxy
from tests.servers import Server, free_port, stop, wait_until_ready

FAULTS: dict[str, dict[str, Any]] = {
    "throttles": {"error": {"code": "TooManyRequestsException", "status": 400}},
    "server errors": {"error": {"code": "InternalServerException", "status": 500}},
    "resets": {"reset": True},
    "cut answers": {"response": {"abort_frac": 0.4}},
    "expired credentials": {"error": {"code": "ExpiredTokenException", "status": 400}},
}
QUERIES = 20


@pytest.fixture
def renewed_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have credentials that their source renews, which is what botocore makes of those that tell their end."""
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", "2100-01-01T00:00:00Z")


@contextmanager
def failing(upstream: Server, folder: Path, rules: list[dict[str, Any]]) -> Iterator[Server]:
    config = folder / "rules.yaml"
    with proxy(upstream, lambda call: "pass") as behind:
        config.write_text(json.dumps({"upstream": behind.endpoint_url, "rules": rules}))
        program = str(Path(sys.executable).with_name("microburst"))
        server_url = f"http://127.0.0.1:{(port := free_port())}"
        process = subprocess.Popen(
            [program, "--config", str(config), "--port", str(port), "--host", "127.0.0.1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            # What it is asked for by no service of AWS, it looks for in the models of all of them.
            assert wait_until_ready(process, f"{server_url}/_microburst/health")
            behind.signed_host = server_url.removeprefix("http://")
            yield Server(server_url, process.pid)
        finally:
            stop(process)


def fired(server: Server) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{server.endpoint_url}/_microburst/fired?limit=100000", timeout=10) as answer:
        found: list[dict[str, Any]] = json.load(answer)
        return found


@pytest.mark.slow
@pytest.mark.usefixtures("renewed_credentials")
@pytest.mark.parametrize("kind", [*FAULTS, "all of them"])
def test_every_query_ends_right_and_once(ask: Ask, service: Service, tmp_path: Path, kind: str) -> None:
    kinds = list(FAULTS.values()) if kind == "all of them" else [FAULTS[kind]]
    share = 1 - 0.7 ** (1 / len(kinds))
    rules = [{"service": "athena", "probability": share, **fault} for fault in kinds]
    before = len(service.started())
    with failing(service.server, tmp_path, rules) as server:
        engine = ask(endpoint_url=server.endpoint_url)

        def one(number: int) -> Any:
            return engine.query(
                f"SELECT count(*) + :add FROM numbers WHERE 'of {kind}' <> ''", values={"add": number}
            ).fetch_all()

        started = time.monotonic()
        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(one, range(QUERIES))) == [[(ROWS + number,)] for number in range(QUERIES)]
        assert time.monotonic() - started < 60
        assert len(fired(server)) > QUERIES // 2
    assert len(service.started()) == before + QUERIES


def test_results_come_whole_from_a_storage_that_fails(ask: Ask, service: Service) -> None:
    chance = random.Random(7)

    def decide(call: Call) -> str:
        return (
            chance.choice(["cut", "drop", "reset", "refuse"])
            if call.operation == "GET" and chance.random() < 0.3
            else "pass"
        )

    with proxy(service.server, decide) as between:
        engine = ask(endpoint_url=between.endpoint_url)
        for _ in range(5):
            assert engine.query("SELECT n FROM numbers").to_arrow().num_rows == ROWS
        assert between.calls["GET"] > 5


@pytest.mark.slow
@pytest.mark.usefixtures("renewed_credentials")
def test_credentials_that_stay_expired_are_told(ask: Ask, service: Service, tmp_path: Path) -> None:
    rules = [{"service": "athena", **FAULTS["expired credentials"]}]
    with failing(service.server, tmp_path, rules) as server:
        started = time.monotonic()
        with pytest.raises(CredentialsFailed, match="have expired"):
            ask(endpoint_url=server.endpoint_url).submit("SELECT 1")
        assert time.monotonic() - started < 25
