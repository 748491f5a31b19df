"""The same API over Glue and S3: what is made by one is seen by the other."""

import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.serve.conftest import Served, texts
from tests.servers import moto_server, serve

LAYOUT = "PARTITIONED BY (day string) STORED AS PARQUET LOCATION 's3://data/visits/'"
DAYS = ("2026-01-01", "2026-01-02", "2026-01-03")


@pytest.fixture(scope="module")
def behind():
    with moto_server() as moto:
        s3 = moto.client("s3")
        for bucket in ("data", "lake"):
            s3.create_bucket(Bucket=bucket)
        yield moto


@pytest.fixture(scope="module")
def cloud(behind) -> Iterator[Served]:
    """A server over Glue and S3; table `web.visits` has a file a day, and the last day is not registered."""
    for day in DAYS:
        content = io.BytesIO()
        pq.write_table(pa.table({"n": range(1000), "name": [f"{day} {n}" for n in range(1000)]}), content)
        behind.client("s3").put_object(Bucket="data", Key=f"visits/day={day}/a.parquet", Body=content.getvalue())
    with serve("--catalog", "glue", "--forward", behind=behind) as server:
        served = Served(server, Path(), server.client("athena"))
        for sql in (
            "CREATE DATABASE web",
            f"CREATE EXTERNAL TABLE web.visits (n bigint, name string) {LAYOUT}",
            f"ALTER TABLE web.visits ADD PARTITION (day='{DAYS[0]}') PARTITION (day='{DAYS[1]}')",
        ):
            execution = served.run(sql)
            assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        yield served


def test_what_sql_makes_is_in_glue(cloud):
    glue = cloud.server.client("glue")
    table = glue.get_table(DatabaseName="web", Name="visits")["Table"]
    assert table["StorageDescriptor"]["Location"] == "s3://data/visits/"
    partitions = glue.get_partitions(DatabaseName="web", TableName="visits")["Partitions"]
    assert sorted(partition["Values"] for partition in partitions) == [[day] for day in DAYS[:2]]
    assert texts(cloud.results("SHOW PARTITIONS web.visits")) == [[f"day={day}"] for day in DAYS[:2]]


def test_a_query_reads_the_partitions_that_it_needs_and_no_other(cloud):
    one = cloud.run(f"SELECT count(*) AS c, min(name) AS m FROM web.visits WHERE day = '{DAYS[1]}'")
    assert one["Status"]["State"] == "SUCCEEDED", one["Status"]
    results = cloud.client.get_query_results(QueryExecutionId=one["QueryExecutionId"])
    assert texts(results) == [["c", "m"], ["1000", f"{DAYS[1]} 0"]]
    both = cloud.run("SELECT count(*) AS c FROM web.visits")
    assert 0 < one["Statistics"]["DataScannedInBytes"] * 2 == both["Statistics"]["DataScannedInBytes"]


def test_the_result_is_an_object_in_s3(cloud):
    execution = cloud.run("SELECT n, name FROM web.visits WHERE n = 7 ORDER BY name")
    bucket, _, key = execution["ResultConfiguration"]["OutputLocation"].removeprefix("s3://").partition("/")
    found = cloud.server.client("s3").get_object(Bucket=bucket, Key=key)
    assert found["Body"].read().decode() == f'"n","name"\n"7","{DAYS[0]} 7"\n"7","{DAYS[1]} 7"\n'


def test_what_glue_is_told_sql_sees(cloud):
    glue = cloud.server.client("glue")
    table = glue.get_table(DatabaseName="web", Name="visits")["Table"]
    descriptor = {**table["StorageDescriptor"], "Location": f"s3://data/visits/day={DAYS[2]}/"}
    glue.create_table(DatabaseName="web", TableInput={"Name": "third", "StorageDescriptor": descriptor})
    assert texts(cloud.results("SELECT count(*) AS c FROM web.third")) == [["c"], ["1000"]]
    assert texts(cloud.results("SHOW TABLES IN web 't*'")) == [["third"]]
    assert cloud.client.get_table_metadata(CatalogName="AwsDataCatalog", DatabaseName="web", TableName="third")
    cloud.results("DROP TABLE web.third")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_table(DatabaseName="web", Name="third")


def test_what_is_absent_is_said_as_everywhere(cloud):
    status = cloud.run("SELECT * FROM web.nope")["Status"]
    assert status["StateChangeReason"] == "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.web.nope' does not exist"


def test_repair_registers_what_s3_has(cloud):
    cloud.results(f"CREATE EXTERNAL TABLE web.found (n bigint) {LAYOUT}")
    lines = [row[0] for row in texts(cloud.results("MSCK REPAIR TABLE web.found"))]
    assert sorted(lines[1:]) == [f"Repair: Added partition to metastore found:day={day}" for day in DAYS]
    assert texts(cloud.results("SELECT count(*) AS c FROM web.found")) == [["c"], ["3000"]]


def test_a_server_that_has_run_nothing_lists_nothing(behind):
    with serve("--catalog", "glue", behind=behind) as server:
        assert server.client("athena").list_query_executions()["QueryExecutionIds"] == []
