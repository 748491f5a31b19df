"""The account that docs/aws.md is about: a bucket of visits, the last day of which Glue has not been told of."""

import io
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.lakes import Cloud
from tests.servers import CREDENTIALS

BUCKET, RESULTS = "acme-lake", "acme-athena-results"
DAYS = ("2026-01-29", "2026-01-30", "2026-01-31")
PAGES = ("/", "/cart", "/help")
ROWS = 300
TABLE = f"""CREATE EXTERNAL TABLE web.visits (visitor bigint, page string, seconds double)
PARTITIONED BY (day string) STORED AS PARQUET LOCATION 's3://{BUCKET}/web/visits/'"""


def make_account(cloud: Cloud, home: Path) -> Mapping[str, str]:
    """Fill the account; return what leads a shell of one of its users there."""
    s3 = cloud.connection.client("s3")
    for bucket in (BUCKET, RESULTS):
        s3.create_bucket(Bucket=bucket)
    location = f"s3://{BUCKET}/web/"
    cloud.connection.client("glue").create_database(DatabaseInput={"Name": "web", "LocationUri": location})
    for number, day in enumerate(DAYS):
        s3.put_object(Bucket=BUCKET, Key=f"web/visits/day={day}/visits.parquet", Body=_visits(number))
    known = " ".join(f"PARTITION (day='{day}')" for day in DAYS[:-1])
    with cloud.lake("duckdb") as db:
        for sql in (TABLE, f"ALTER TABLE web.visits ADD {known}"):
            db.query(sql).close()
        db.query("CREATE VIEW web.pages AS SELECT page, count(*) AS visits FROM web.visits GROUP BY page").close()
    (home / ".aws").mkdir()
    keys = "\n".join(f"{name.lower()} = {value}" for name, value in CREDENTIALS.items())
    (home / ".aws" / "credentials").write_text(f"[analytics]\n{keys}\n")
    return {"AWS_ENDPOINT_URL": cloud.server.endpoint_url}


def _visits(number: int) -> bytes:
    visits = pa.table(
        {
            "visitor": pa.array([1000 * number + row for row in range(ROWS)], pa.int64()),
            "page": [PAGES[row % (number + 1)] for row in range(ROWS)],
            "seconds": [float(row % 60) for row in range(ROWS)],
        }
    )
    out = io.BytesIO()
    pq.write_table(visits, out)
    return out.getvalue()
