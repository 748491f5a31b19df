"""Fixtures: a lake as the demo makes it, without what came live."""

from collections.abc import Iterator

import pytest

import lake
from lake.demo.weather import FILE, METRICS, NAMES, SKIPPED


@pytest.fixture(scope="session")
def weather_lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[lake.Lake]:
    """A lake that holds the shipped readings as `analytics.readings`; no test changes it."""
    folder = tmp_path_factory.mktemp("weather")
    lake.create_lake(folder, database="analytics")
    with lake.connect(folder) as db:
        db.ingest(FILE, names=NAMES | dict.fromkeys(SKIPPED, ""), melt=METRICS)
        yield db
