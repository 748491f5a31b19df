"""A lake for each module of logs, which fills it once; queries see noon of 2026-02-03."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

import lake
from lake.clock import FixedClock

pytest.register_assert_rewrite("tests.sql.logs.files")

from tests.sql.logs.files import BUCKET  # noqa: E402 - after it is known as one that asserts


@pytest.fixture(scope="module")
def logs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[lake.Lake]:
    clock = FixedClock(datetime(2026, 2, 3, 12, tzinfo=UTC))
    folder = tmp_path_factory.mktemp("logs") / "lake"
    lake.create_lake(folder, bucket=BUCKET, clock=clock)
    with lake.connect(folder, clock=clock) as db:
        request.module.fill(db)
        yield db
