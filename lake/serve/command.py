"""The command line of `python -m lake.serve`."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from botocore.credentials import Credentials

from lake.aws.connection import AwsConnection, AwsOptions
from lake.clock import SystemClock
from lake.errors import ConfigError, LakeError
from lake.lake import Lake
from lake.opening import open_directory
from lake.serve.app import Signers, make_app
from lake.serve.athena import Athena
from lake.serve.catalogs import Catalogs
from lake.serve.executions import MOST_ACTIVE, Executions
from lake.serve.forward import Forward
from lake.serve.output import LakeOutput, Output, S3Output
from lake.serve.results import ResultFolder
from lake.serve.running import DEFAULT_DATABASE, Runner
from lake.serve.server import bind, run, url_of
from lake.serve.workgroups import WorkGroups

DEFAULT_REGION = "us-east-1"
RUNNING = 8


@click.command("lake.serve")
@click.option("--lake", "folder", type=click.Path(path_type=Path), help="Answer from the lake in this folder.")
@click.option("--catalog", type=click.Choice(["glue"]), help="Answer from Glue and S3, as boto3 finds them.")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--port", default=0, show_default=True, help="0 takes a free one.")
@click.option("--region", help="The region that requests are signed for; AWS_REGION without it.")
@click.option("--output-location", help="Where work group primary puts results that say nothing else (s3://…).")
@click.option("--running", default=RUNNING, show_default=True, help="Queries at once; others are queued.")
@click.option("--active", default=MOST_ACTIVE, show_default=True, help="Running and queued; more are refused.")
@click.option("--forward", is_flag=True, help="Hand requests for other services on to AWS_ENDPOINT_URL.")
def command(**options: Any) -> None:
    """Answer Athena's API on this machine, for requests signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."""
    serve(ServeOptions(**options))


@dataclass(frozen=True, slots=True)
class ServeOptions:
    folder: Path | None
    catalog: str | None
    host: str
    port: int
    region: str | None
    output_location: str | None
    running: int
    active: int
    forward: bool


def serve(options: ServeOptions) -> None:
    """Answer until the process is told to end."""
    environment = os.environ
    region = options.region or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or DEFAULT_REGION
    clock = SystemClock()
    signers = Signers(_credentials(), region, clock)
    forward = Forward(_endpoint()) if options.forward else None
    listening = bind(options.host, options.port)
    with _lake(options, region) as lake, _temporary() as results:
        output = _output(lake, options, region)
        run_job = Runner(lake, output, results, clock)
        executions = Executions(run_job, clock, running=options.running, active=options.active)
        work_groups = WorkGroups(clock, output_location=options.output_location)
        athena = Athena(executions, work_groups, Catalogs(lake.catalog), output, clock)

        def ready() -> None:
            sys.stdout.write(f"listening on {url_of(listening)}\n")
            sys.stdout.flush()
            threading.Thread(target=_warm, args=(lake,), daemon=True).start()

        run(make_app(athena, signers, forward), listening, ready=ready, stopping=executions.close)


def main() -> None:
    try:
        command(standalone_mode=False)
    except LakeError as error:
        hint = f"\n{error.hint}" if error.hint else ""
        sys.stderr.write(f"lake.serve: {error.message}{hint}\n")
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


def _credentials() -> Credentials:
    key, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not key or not secret:
        raise ConfigError(
            "no credentials to hold requests against",
            hint="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to any pair",
        )
    return Credentials(key, secret, os.environ.get("AWS_SESSION_TOKEN") or None)


def _endpoint() -> str:
    found = os.environ.get("AWS_ENDPOINT_URL")
    if not found:
        raise ConfigError("--forward needs an endpoint to hand requests on to", hint="set AWS_ENDPOINT_URL")
    return found


def _lake(options: ServeOptions, region: str) -> Lake:
    if (options.folder is None) == (options.catalog is None):
        raise ConfigError("one of --lake DIR and --catalog glue is wanted")
    if options.folder is not None:
        return open_directory(options.folder)
    from lake.opening import open_aws

    return open_aws(AwsOptions(region=region), database=DEFAULT_DATABASE, engine="duckdb")


def _output(lake: Lake, options: ServeOptions, region: str) -> Output:
    """Write to S3; a lake in a folder has its own storage where no endpoint of S3's is named."""
    named = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if options.folder is not None and named is None:
        return LakeOutput(lake.storage)
    return S3Output(AwsConnection(AwsOptions(region=region)).client("s3"))


@contextmanager
def _temporary() -> Iterator[ResultFolder]:
    with tempfile.TemporaryDirectory(prefix="lake-serve-", ignore_cleanup_errors=True) as folder:
        yield ResultFolder(Path(folder))


def _warm(lake: Lake) -> None:
    """Load what the first query would wait for."""
    with suppress(LakeError):
        lake.plan("SELECT 1")
