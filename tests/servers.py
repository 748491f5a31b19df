"""Services as processes of their own on free ports of this machine: started, waited for, and ended by their pid.

    with moto_server() as server:
        glue = server.client("glue")                       # a boto3 client with made-up credentials
        subprocess.run(argv, env=os.environ | server.environment())

    with serve("--lake", str(folder)) as server: ...         # Athena's API over a lake

    with dynamodb_local() as server: ...

DynamoDB Local needs Java 17 or newer, and Maven, which fetches its jars once into `tests/.cache`; the variable DYNAMODB_LOCAL_JARS may
name a folder with them instead. A service that cannot be started fails the test when CI is set, and skips it with the reason elsewhere.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

REGION = "us-east-1"
# DynamoDB Local takes only letters and digits in an access key.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_SESSION_TOKEN": "testing"}
CACHE = Path(__file__).with_name(".cache")
DYNAMODB_LOCAL_VERSION = "3.0.0"
START_SECONDS = 60
STARTS = 3  # a free port may be taken by another process before the service has it


@dataclass(frozen=True)
class Server:
    """A running service."""

    endpoint_url: str
    pid: int

    def environment(self) -> dict[str, str]:
        """The variables that lead AWS clients of any kind here."""
        return {
            **CREDENTIALS,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint_url,
        }

    def client(self, service: str) -> Any:
        import boto3

        return boto3.client(
            service,
            endpoint_url=self.endpoint_url,
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=CREDENTIALS["AWS_SESSION_TOKEN"],
        )


@contextmanager
def moto_server() -> Iterator[Server]:
    """Moto: most of AWS, in memory. `reset_moto` forgets all that was made."""
    argv = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "{port}"]
    with running(argv, name="moto", environment=CREDENTIALS) as server:
        yield server


def reset_moto(server: Server) -> None:
    request = urllib.request.Request(f"{server.endpoint_url}/moto-api/reset", method="POST")
    urllib.request.urlopen(request, timeout=10).close()


@contextmanager
def serve(*options: str, behind: Server | None = None) -> Iterator[Server]:
    """`python -m lake.serve` with these options (`--lake DIR`), for requests with the credentials of its clients.

    Results go to the S3 of the server `behind`, else into the lake's own storage.
    """
    argv = [sys.executable, "-m", "lake.serve", *map(str, options), "--port", "{port}"]
    environment = behind.environment() if behind else {**CREDENTIALS, "AWS_REGION": REGION}
    with running(argv, name="lake.serve", environment=environment) as server:
        yield server


@contextmanager
def dynamodb_local() -> Iterator[Server]:
    """Amazon's own DynamoDB Local, in memory."""
    if shutil.which("java") is None:
        absent("DynamoDB Local needs Java 17 or newer, and no `java` is on PATH")
    # Not `-jar`: the manifest expects the jars elsewhere. sqlite4java finds its native library beside them.
    jars = dynamodb_local_jars()
    argv = ["java", f"-Djava.library.path={jars}", "-cp", f"{jars}/*", "-Xmx512m"]
    argv += ["software.amazon.dynamodb.services.local.main.ServerRunner"]
    argv += ["-inMemory", "-disableTelemetry", "-port", "{port}"]
    with running(argv, name="DynamoDB Local", environment={"DDB_LOCAL_TELEMETRY": "0"}) as server:
        yield server


def absent(reason: str) -> NoReturn:
    """Fail in CI; elsewhere skip, with the reason in the summary."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (CI is set: nothing is skipped)", pytrace=False)
    pytest.skip(reason)


@contextmanager
def running(argv: Sequence[str], *, name: str, environment: dict[str, str]) -> Iterator[Server]:
    """Run a service whose command has `{port}` in it until the block ends; wait first until it answers HTTP."""
    with tempfile.TemporaryFile() as log:
        process, url = start(argv, name, environment, log)
        try:
            yield Server(url, process.pid)
        finally:
            stop(process)


def start(argv: Sequence[str], name: str, environment: dict[str, str], log: Any) -> tuple[subprocess.Popen[bytes], str]:
    for _ in range(STARTS):
        port = free_port()
        process = subprocess.Popen(
            [part.replace("{port}", str(port)) for part in argv],
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            if wait_until_ready(process, url):
                return process, url
        except BaseException:
            stop(process)
            raise
        stop(process)
    log.seek(0)
    raise AssertionError(f"{name} did not start:\n{log.read().decode(errors='replace')}")


def wait_until_ready(process: subprocess.Popen[bytes], url: str) -> bool:
    """True once it answers anything by HTTP, False when it ends or takes longer than START_SECONDS."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError as answer:
            answer.close()
        except OSError:
            time.sleep(0.05)
            continue
        return process.poll() is None
    return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, then make it; only ever this process."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tap-lake</groupId><artifactId>fetched</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version></dependency>
  </dependencies>
</project>
"""


def dynamodb_local_jars() -> Path:
    """The folder with DynamoDB Local and what it needs, fetched from Maven Central the first time."""
    if given := os.environ.get("DYNAMODB_LOCAL_JARS"):
        return Path(given)
    jars = CACHE / f"dynamodb-local-{DYNAMODB_LOCAL_VERSION}"
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "dynamodb-local.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # parallel workers fetch once
        if not jars.exists():
            dependency = f"software.amazon.dynamodb:DynamoDBLocal:{DYNAMODB_LOCAL_VERSION}"
            fetch_jars(jars, dependency, product="DynamoDB Local", variable="DYNAMODB_LOCAL_JARS")
    return jars


def fetch_jars(
    jars: Path, dependency: str, *, product: str, variable: str, check: Callable[[Path], None] = lambda jars: None
) -> None:
    """Fetch `group:artifact:version` and all that it needs from Maven Central into a new folder, once `check` finds it right."""
    maven = shutil.which("mvn")
    if maven is None:
        absent(f"{product} is fetched by Maven, and no `mvn` is on PATH (or set {variable})")
    group, artifact, version = dependency.split(":")
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        Path(folder, "pom.xml").write_text(POM.format(group=group, artifact=artifact, version=version))
        argv = [maven, "--quiet", "--batch-mode", f"-Dmaven.repo.local={folder}/repository"]
        argv += ["dependency:copy-dependencies", f"-DoutputDirectory={folder}/jars"]
        fetched = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=600)
        if fetched.returncode:
            absent(f"{product} could not be fetched: {fetched.stdout[-2000:]}")
        check(Path(folder, "jars"))
        Path(folder, "jars").rename(jars)
