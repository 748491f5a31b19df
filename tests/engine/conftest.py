import pytest

from tests.engine.s3_lake import BUCKET
from tests.servers import Server


@pytest.fixture
def s3(moto: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Moto's S3 with one empty bucket, found by the environment alone."""
    for name, value in moto.environment().items():
        monkeypatch.setenv(name, value)
    moto.client("s3").create_bucket(Bucket=BUCKET)
    return moto
