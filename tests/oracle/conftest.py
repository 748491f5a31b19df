from collections.abc import Iterator

import pytest

import lake
from tests.conformance.adapter import Asker
from tests.oracle.client import Trino, trino


@pytest.fixture(scope="session")
def oracle() -> Iterator[Trino]:
    with trino() as oracle:
        yield oracle


@pytest.fixture(scope="session")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    folder = tmp_path_factory.mktemp("oracle") / "lake"
    lake.create_lake(folder)
    with Asker({None: folder}) as asker:
        yield asker
