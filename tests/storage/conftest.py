"""The storages that every behaviour is held against."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lake.aws.connection import AwsConnection, AwsOptions
from lake.interfaces import Storage
from lake.storage.files import FileStorage
from lake.storage.s3 import ObjectStorage
from tests.servers import Server

BUCKET = "bucket"


def file_storage(request: pytest.FixtureRequest) -> Storage:
    data: Path = request.getfixturevalue("tmp_path") / "data"
    data.mkdir()
    return FileStorage(data, bucket=BUCKET)


def object_storage(request: pytest.FixtureRequest) -> Storage:
    storage: Storage = request.getfixturevalue("objects")
    return storage


STORAGES: dict[str, Callable[[pytest.FixtureRequest], Storage]] = {"files": file_storage, "s3": object_storage}


@pytest.fixture(params=STORAGES)
def storage(request: pytest.FixtureRequest) -> Storage:
    """An empty storage of the bucket `bucket`."""
    return STORAGES[request.param](request)


@pytest.fixture
def objects(moto: Server, monkeypatch: pytest.MonkeyPatch) -> ObjectStorage:
    """Moto's S3, found by the environment alone."""
    for name, value in moto.environment().items():
        monkeypatch.setenv(name, value)
    moto.client("s3").create_bucket(Bucket=BUCKET)
    return ObjectStorage(AwsConnection(AwsOptions()))
