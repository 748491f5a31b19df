"""A lake in a folder with a writer."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lake.clock import FixedClock
from tests.write.place import Place


@pytest.fixture
def place(tmp_path: Path, clock: FixedClock) -> Iterator[Place]:
    place = Place(tmp_path / "lake", clock)
    yield place
    place.close()
    shutil.rmtree(tmp_path / "lake")
