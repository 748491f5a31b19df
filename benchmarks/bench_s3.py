"""S3 keys listed for each second of the processor that the client takes, beside boto3's paginator."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from benchmarks.measure import Benchmark, at_least
from lake.aws.connection import AwsConnection, AwsOptions
from lake.storage.s3 import ObjectStorage

KEYS = 30_000
SERVER = Path(__file__).with_name("s3_pages.py")
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}


@contextmanager
def server() -> Iterator[None]:
    """An S3 in another process, whose time does not count."""
    argv = [sys.executable, "-I", str(SERVER), str(KEYS)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            os.environ.update(CREDENTIALS, BENCH_S3=f"http://127.0.0.1:{process.stdout.readline().strip()}")
            yield
        finally:
            process.terminate()


@cache
def storage(url: str) -> ObjectStorage:
    return ObjectStorage(AwsConnection(AwsOptions(endpoint_url=url, region="us-east-1")))


def ours() -> float:
    listed = storage(os.environ["BENCH_S3"])
    started = time.process_time()
    assert sum(1 for _ in listed.list_keys("s3://bucket/events/")) == KEYS
    return time.process_time() - started


def boto3_paginator() -> float:
    pages = storage(os.environ["BENCH_S3"]).client.get_paginator("list_objects_v2")
    started = time.process_time()
    assert sum(len(page["Contents"]) for page in pages.paginate(Bucket="bucket", Prefix="events/")) == KEYS
    return time.process_time() - started


BENCHMARKS = [
    Benchmark("S3 keys listed a CPU second", at_least(15), ours=ours, peer=boto3_paginator, setup=server),
]
