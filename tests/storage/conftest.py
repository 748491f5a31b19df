"""The storages that every behaviour is held against."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from lake.interfaces import Storage
from lake.storage.files import FileStorage

BUCKET = "bucket"


def file_storage(folder: Path) -> AbstractContextManager[Storage]:
    (folder / "data").mkdir()
    return nullcontext(FileStorage(folder / "data", bucket=BUCKET))


STORAGES: dict[str, Callable[[Path], AbstractContextManager[Storage]]] = {"files": file_storage}


@pytest.fixture(params=STORAGES)
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """An empty storage of the bucket `bucket`."""
    with STORAGES[request.param](tmp_path) as storage:
        yield storage
