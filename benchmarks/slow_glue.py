"""The tests' fake Glue in a process of its own, where every call takes its time, for ours and for awswrangler."""

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

from lake.aws.connection import AwsConnection, AwsOptions
from lake.catalog.glue import GlueCatalog
from tests.servers import CREDENTIALS, REGION

ROOT = Path(__file__).resolve().parent.parent
LATENCY_SECONDS = 0.03


@contextmanager
def slow_glue(*options: str) -> Iterator[None]:
    """Have `slow_catalog` and awswrangler's `slow_session` ask a fake Glue, started with these options, until the end."""
    argv = [sys.executable, "-m", "tests.catalog.fake_glue", "--latency", str(LATENCY_SECONDS), *options]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        os.environ.update(CREDENTIALS, AWS_DEFAULT_REGION=REGION)
        awswrangler.config.glue_endpoint_url = process.stdout.readline().strip()
        try:
            yield
        finally:
            process.terminate()


def slow_catalog() -> GlueCatalog:
    return _catalog(awswrangler.config.glue_endpoint_url)


@cache
def _catalog(endpoint_url: str) -> GlueCatalog:
    return GlueCatalog(AwsConnection(AwsOptions(region=REGION, endpoint_url=endpoint_url)))


@cache
def slow_session() -> Any:
    return boto3.Session(region_name=REGION)
