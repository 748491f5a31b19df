"""All that `test_readers.py` says of files in a folder, said of the same files in S3."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import lake
from tests.engine.s3_lake import s3_lake
from tests.engine.test_readers import *  # noqa: F403 - the tests run here once more, with the lake below
from tests.servers import Server

# Thousands of objects, a call each: what it is about is the text that DuckDB is given, which is the same.
test_reading_many_partitions_takes_time_by_their_number = None


@pytest.fixture
def db(s3: Server, tmp_path: Path, clock: lake.clock.FixedClock) -> Iterator[lake.Lake]:
    with s3_lake(tmp_path / "lake", clock) as db:
        yield db
