"""A lake of each kind for each module of logs, which fills it once; queries see noon of 2026-02-03, but for Athena's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

import lake
from lake.clock import FixedClock
from tests.lakes import ATHENA, FOLDER, GLUE, Cloud

pytest.register_assert_rewrite("tests.sql.logs.files")

from tests.sql.logs.files import BUCKET  # noqa: E402 - after it is known as one that asserts

CLOCK = FixedClock(datetime(2026, 2, 3, 12, tzinfo=UTC))
KINDS = [FOLDER, pytest.param(GLUE, marks=pytest.mark.slow), pytest.param(ATHENA, marks=pytest.mark.slow)]


@pytest.fixture(scope="module", params=KINDS)
def logs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[lake.Lake]:
    opened = _in_folder(tmp_path_factory.mktemp("logs")) if request.param == FOLDER else _on_aws(request)
    with opened as db:
        request.module.fill(db)
        yield db


@contextmanager
def _in_folder(folder: Path) -> Iterator[lake.Lake]:
    lake.create_lake(folder / "lake", bucket=BUCKET, clock=CLOCK)
    with lake.connect(folder / "lake", clock=CLOCK) as db:
        yield db


def _on_aws(request: pytest.FixtureRequest) -> AbstractContextManager[lake.Lake]:
    cloud: Cloud = request.getfixturevalue("cloud_process")
    cloud.reset()
    cloud.connection.client("s3").create_bucket(Bucket=BUCKET)
    return cloud.lake("duckdb" if request.param == GLUE else "athena", CLOCK)
