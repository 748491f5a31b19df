"""The process: where it listens, when it is ready, how it ends; S3 and other services behind it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

import lake
from tests.serve.conftest import UNENDING, Served, texts
from tests.servers import CREDENTIALS, Server, serve


@pytest.fixture
def folder(tmp_path):
    lake.create_lake(tmp_path / "lake")
    return tmp_path / "lake"


def start(*options, environment=CREDENTIALS):
    argv = [sys.executable, "-m", "lake.serve", *map(str, options)]
    return subprocess.Popen(
        argv, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_ends_on_a_signal_with_its_queries_stopped(folder, number):
    process = start("--lake", folder)
    try:
        line = process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:")
        url = line.split()[-1]
        client = Server(url, process.pid).client("athena")
        name = client.start_query_execution(QueryString=UNENDING, ResultConfiguration={"OutputLocation": "s3://lake/r"})
        assert name["QueryExecutionId"]
        time.sleep(0.5)
        begun = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        assert time.monotonic() - begun < 4
        assert (process.returncode, out, err) == (0, "", "")
    finally:
        process.kill()
        process.wait()
    with lake.connect(folder) as db:
        states = db.query("SELECT state FROM history.queries WHERE sql LIKE '%CROSS JOIN%' AND sql NOT LIKE '%LIKE%'")
        assert states.fetch_all() == [("CANCELLED",)]


@pytest.mark.parametrize(
    ("options", "environment", "said"),
    [
        (["--host", "0.0.0.0"], CREDENTIALS, "0.0.0.0 is no loopback address"),
        (["--host", "example.org"], CREDENTIALS, "example.org is no loopback address"),
        ([], {}, "no credentials to hold requests against"),
        (["--forward"], CREDENTIALS, "--forward needs an endpoint to hand requests on to"),
    ],
    ids=["everybody", "a name", "no credentials", "no endpoint"],
)
def test_what_it_will_not_do_it_says_in_a_line(folder, options, environment, said):
    process = start("--lake", folder, *options, environment=environment)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 2
    assert out == ""
    assert err.startswith(f"lake.serve: {said}\n")


def test_a_port_that_is_taken_is_said(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start("--lake", folder, "--port", port)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 3
    assert err == f"lake.serve: cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_results_go_to_s3_and_other_services_are_reached_through_it(folder, moto):
    moto.client("s3").create_bucket(Bucket="results")
    with serve("--lake", folder, "--forward", "--output-location", "s3://results/own/", behind=moto) as server:
        s3, glue, athena = (server.client(service) for service in ("s3", "glue", "athena"))
        served = Served(server, folder, athena)
        name = athena.start_query_execution(QueryString="SELECT 1 AS x, NULL AS y")["QueryExecutionId"]
        location = served.wait(name)["ResultConfiguration"]["OutputLocation"]
        assert location == f"s3://results/own/{name}.csv"
        found = s3.get_object(Bucket="results", Key=f"own/{name}.csv")
        assert found["Body"].read() == b'"x","y"\n"1",\n'
        assert found["ContentType"] == "application/octet-stream"
        shown = athena.start_query_execution(QueryString="SHOW DATABASES")["QueryExecutionId"]
        served.wait(shown)
        found = s3.get_object(Bucket="results", Key=f"own/{shown}.txt")
        assert (found["Body"].read(), found["ContentType"]) == (b"default", "binary/octet-stream")
        glue.create_database(DatabaseInput={"Name": "through"})
        assert [database["Name"] for database in moto.client("glue").get_databases()["DatabaseList"]] == ["through"]
        content = os.urandom(9_000_000)
        s3.put_object(Bucket="results", Key="a b/ü+%2F.bin", Body=content, Metadata={"of": "mine"})
        there = moto.client("s3").get_object(Bucket="results", Key="a b/ü+%2F.bin")
        assert (there["Body"].read(), there["Metadata"]) == (content, {"of": "mine"})
        part = s3.get_object(Bucket="results", Key="a b/ü+%2F.bin", Range="bytes=10-19")
        assert (part["Body"].read(), part["ContentRange"]) == (content[10:20], "bytes 10-19/9000000")
        assert s3.head_object(Bucket="results", Key="a b/ü+%2F.bin")["ContentLength"] == 9_000_000
        with pytest.raises(s3.exceptions.NoSuchKey):
            s3.get_object(Bucket="results", Key="absent")
        assert server.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_an_encrypted_result_is_written_so(folder, moto):
    moto.client("s3").create_bucket(Bucket="results")
    with serve("--lake", folder, behind=moto) as server:
        served = Served(server, folder, server.client("athena"))
        settings = {"OutputLocation": "s3://results/", "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}}
        name = served.run("SELECT 1 AS x", ResultConfiguration=settings)["QueryExecutionId"]
        assert moto.client("s3").head_object(Bucket="results", Key=f"{name}.csv")["ServerSideEncryption"] == "AES256"
        assert texts(served.client.get_query_results(QueryExecutionId=name)) == [["x"], ["1"]]


def test_a_result_that_cannot_be_written_fails_the_query(folder, moto):
    s3 = moto.client("s3")
    s3.create_bucket(Bucket="results")
    with serve("--lake", folder, behind=moto) as server:
        served = Served(server, folder, server.client("athena"))
        settings = {"OutputLocation": "s3://results/"}
        assert served.run("SELECT 1", ResultConfiguration=settings)["Status"]["State"] == "SUCCEEDED"
        for listed in s3.list_objects_v2(Bucket="results")["Contents"]:
            s3.delete_object(Bucket="results", Key=listed["Key"])
        s3.delete_bucket(Bucket="results")
        status = served.run("SELECT 2", ResultConfiguration=settings)["Status"]
        assert status["State"] == "FAILED"
        assert "NoSuchBucket" in status["AthenaError"]["ErrorMessage"]
        assert status["AthenaError"]["ErrorCategory"] == 1


def test_an_endpoint_behind_that_is_down_is_said_to_be(folder):
    gone = Server("http://127.0.0.1:9", 0)
    with serve("--lake", folder, "--forward", behind=gone) as server:
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{server.endpoint_url}/bucket/key")
        with caught.value as answer:
            assert answer.code == 502
            assert answer.read().startswith(b"no answer from http://127.0.0.1:9: ")
        assert server.client("athena").list_work_groups()["WorkGroups"]
