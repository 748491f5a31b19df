"""Services start, answer, and are gone afterwards; one that is absent never passes for one that was tested."""

import os
import sys
import urllib.request

import pytest

from tests.servers import dynamodb_local, moto_server, reset_moto, running


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_moto_answers_glue_is_reset_and_is_gone_afterwards():
    with moto_server() as server:
        glue = server.client("glue")
        glue.create_database(DatabaseInput={"Name": "analytics"})
        assert [database["Name"] for database in glue.get_databases()["DatabaseList"]] == ["analytics"]
        reset_moto(server)
        assert glue.get_databases()["DatabaseList"] == []
        assert is_alive(server.pid)
    assert not is_alive(server.pid)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(server.endpoint_url, timeout=5)


def test_a_process_with_only_the_exported_variables_reaches_the_service(moto, monkeypatch):
    for name, value in moto.environment().items():
        monkeypatch.setenv(name, value)
    import boto3

    boto3.client("s3").create_bucket(Bucket="lake")
    assert [bucket["Name"] for bucket in moto.client("s3").list_buckets()["Buckets"]] == ["lake"]


def test_a_service_that_ends_at_once_fails_with_what_it_said():
    argv = [sys.executable, "-c", "print('port {port} is not to my taste')"]
    with pytest.raises(AssertionError, match="not to my taste"), running(argv, name="picky", environment={}):
        pass


def test_a_service_is_ended_when_the_test_fails():
    with pytest.raises(ZeroDivisionError), moto_server() as server:
        raise ZeroDivisionError
    assert not is_alive(server.pid)


@pytest.mark.slow
def test_dynamodb_local_answers_and_is_gone_afterwards():
    with dynamodb_local() as server:
        assert server.client("dynamodb").list_tables()["TableNames"] == []
    assert not is_alive(server.pid)


def test_without_java_a_test_is_skipped_with_the_reason_and_in_ci_it_fails(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="needs Java"), dynamodb_local():
        pass
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match="needs Java"), dynamodb_local():
        pass
