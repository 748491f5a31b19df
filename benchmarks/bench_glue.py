"""All of a table's 100,000 partitions out of Glue, 30 ms a call: where each lies. Glue is the tests' fake, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import awswrangler
import boto3

from benchmarks.measure import Benchmark, at_least
from lake.aws.connection import AwsConnection, AwsOptions
from lake.catalog.glue import GlueCatalog
from lake.model import TableName
from tests.servers import CREDENTIALS, REGION

ROOT = Path(__file__).resolve().parent.parent
PARTITIONS = 100_000
LATENCY_SECONDS = 0.03

endpoint = ""


@contextmanager
def setup() -> Iterator[None]:
    """Serve the table until the end; ask for it once, since the fake keeps the answers that it has written."""
    global endpoint  # noqa: PLW0603 - what is measured takes no arguments
    argv = [sys.executable, "-m", "tests.catalog.fake_glue", "--partitions", str(PARTITIONS)]
    argv += ["--latency", str(LATENCY_SECONDS)]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        endpoint = process.stdout.readline().strip()
        os.environ.update(CREDENTIALS, AWS_DEFAULT_REGION=REGION)
        awswrangler.config.glue_endpoint_url = endpoint
        try:
            ours()
            peer()
            yield
        finally:
            process.terminate()


@cache
def catalog() -> GlueCatalog:
    return GlueCatalog(AwsConnection(AwsOptions(region=REGION, endpoint_url=endpoint)))


@cache
def session() -> Any:
    return boto3.Session(region_name=REGION)


def ours() -> None:
    table = catalog().get_table(TableName("web", "clicks"))
    found = {each.location: each.values for each in catalog().list_partitions(table, columns=False, ordered=False)}
    assert len(found) == PARTITIONS


def peer() -> None:
    found = awswrangler.catalog.get_partitions("web", "clicks", boto3_session=session())
    assert len(found) == PARTITIONS


BENCHMARKS = [Benchmark("100,000 Glue partitions", at_least(6), ours=ours, peer=peer, setup=setup)]
