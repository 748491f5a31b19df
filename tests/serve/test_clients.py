"""Clients that we did not write, with only the variables that they know."""

import os
import subprocess
import sys

import pyarrow as pa
import pytest

import lake
from tests.servers import serve

AWSWRANGLER = """
import awswrangler as wr

wr.config.athena_query_wait_polling_delay = 0.05
place = {"database": "web", "s3_output": "s3://results/wr/"}
found = wr.athena.read_sql_query("SELECT n, s FROM visits WHERE n < :most ORDER BY n", params={"most": 3}, ctas_approach=False, **place)
assert found["n"].tolist() == [0, 1, 2], found
assert found["s"].isna().tolist() == [False, True, True], found
assert wr.athena.describe_table(table="visits", **place)["Type"].tolist() == ["bigint", "string"]
assert wr.athena.show_create_table(table="visits", **place).startswith("CREATE EXTERNAL TABLE `web`.`visits`(")
try:
    wr.athena.read_sql_query("SELECT * FROM nope", ctas_approach=False, **place)
except wr.exceptions.QueryFailed as error:
    assert "TABLE_NOT_FOUND" in str(error)
name = wr.athena.start_query_execution("SELECT count(*) FROM visits", wait=False, **place)
assert wr.athena.wait_query(name)["Status"]["State"] == "SUCCEEDED"
assert wr.athena.list_query_executions()[0] == name
"""


@pytest.mark.clients
def test_awswrangler_reads_and_describes(tmp_path, moto):
    moto.client("s3").create_bucket(Bucket="results")
    moto.client("glue").create_database(DatabaseInput={"Name": "web"})
    lake.create_lake(tmp_path / "lake")
    with lake.connect(tmp_path / "lake") as db:
        db.query("CREATE DATABASE web")
        visits = pa.table({"n": range(300), "s": [None if n % 3 else f"visit {n}" for n in range(300)]})
        db.write(visits, "web.visits")
    with serve("--lake", tmp_path / "lake", "--forward", behind=moto) as server:
        argv = [sys.executable, "-c", AWSWRANGLER]
        done = subprocess.run(argv, env=os.environ | server.environment(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
