"""Tables of every format, the same in any lake, and views over them."""

import gzip
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.orc as orc
import pyarrow.parquet as pq

import lake
from tests.lakes import put

INT_LISTS = [[1, None, 3], [], None, [7]]
KINDS = pa.table(
    {
        "id": pa.array([1, 2, 3, 4], pa.int32()),
        "tiny": pa.array([127, -128, None, 0], pa.int8()),
        "small": pa.array([32767, None, -1, 0], pa.int16()),
        "big": pa.array([2**63 - 1, -(2**63), None, 0], pa.int64()),
        "yes": pa.array([True, False, None, True]),
        "single": pa.array([1.5, float("nan"), None, -0.0], pa.float32()),
        "twice": pa.array([0.1, float("inf"), None, 1e-300], pa.float64()),
        "money": pa.array([Decimal("12.50"), Decimal("-0.05"), None, Decimal("9999999.99")], pa.decimal128(9, 2)),
        "exact": pa.array([Decimal("0.0000000001"), None, Decimal(-(10**27)), Decimal(0)], pa.decimal128(38, 10)),
        "text": pa.array(["plain", "", None, 'q"uo,te\nnext \U0001f327']),
        "short": pa.array(["ab", "", None, "abcde"]),
        "day": pa.array([date(2026, 1, 31), date(1969, 12, 31), None, date(9999, 12, 31)], pa.date32()),
        "at": pa.array([datetime(2026, 1, 31, 7, 0, 0, 123000), datetime(1969, 12, 31), None, None], pa.timestamp("ms")),  # noqa: DTZ001
        "raw": pa.array([b"\x00\xff", b"", None, b"hi"]),
        "whole": pa.array(INT_LISTS, pa.list_(pa.int32())),
        "pairs": pa.array([[(1, 1.5), (2, None)], [], None, [(0, 0.0)]], pa.map_(pa.int32(), pa.float64())),
        "inner": pa.array([{"a": 1, "b": True}, {"a": None, "b": None}, None, {"a": 0, "b": False}]),
    }
)  # fmt: skip
COLUMNS = (
    "id int, tiny tinyint, small smallint, big bigint, yes boolean, single float, twice double, money decimal(9,2), "
    "exact decimal(38,10), text string, short varchar(5), day date, `at` timestamp, raw binary, whole array<int>, "
    "pairs map<int,double>, `inner` struct<a:bigint,b:boolean>"
)
TEXT_ROWS = b"1,one,1.5,2026-01-31\n2,,x,\n3,\\N,,1969-12-31\n"
TEXT_COLUMNS = "(n int, name string, v double, d date)"
JSON_ROWS = b"""{"n": 1, "name": "one", "tags": [1, 2], "deep": {"a": 1}}
{"n": 2, "name": "", "tags": [], "deep": null}
{"name": null, "deep": {"a": null}}
"""
DELIMITED = "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','"
OPENX = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
OPENCSV = "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'"
HOURS = [("2026-01-30", 7), ("2026-01-30", 12), ("2026-01-31", 7)]

STATEMENTS = [
    f"CREATE EXTERNAL TABLE kinds ({COLUMNS}) STORED AS PARQUET LOCATION 's3://lake/kinds/'",
    f"CREATE EXTERNAL TABLE ork ({COLUMNS}) STORED AS ORC LOCATION 's3://lake/ork/'",
    f"CREATE EXTERNAL TABLE lines {TEXT_COLUMNS} {DELIMITED} LOCATION 's3://lake/lines/'",
    f"CREATE EXTERNAL TABLE packed {TEXT_COLUMNS} {DELIMITED} LOCATION 's3://lake/packed/'",
    f"CREATE EXTERNAL TABLE quoted (a string, b string) {OPENCSV} LOCATION 's3://lake/quoted/'",
    f"CREATE EXTERNAL TABLE docs (n int, name string, tags array<int>, deep struct<a:int>) {OPENX} LOCATION 's3://lake/docs/'",
    "CREATE EXTERNAL TABLE hours (n bigint) PARTITIONED BY (dt string, hour int) STORED AS PARQUET LOCATION 's3://lake/hours/'",
    "MSCK REPAIR TABLE hours",
    "ALTER TABLE hours ADD PARTITION (dt='late', hour=0) LOCATION 's3://lake/elsewhere/'",
    "CREATE EXTERNAL TABLE nothing (n bigint, s string, l array<int>) STORED AS PARQUET LOCATION 's3://lake/nothing/'",
    "CREATE VIEW sums AS SELECT dt, sum(n) AS total, count(*) AS many FROM hours GROUP BY dt",
    "CREATE VIEW over_sums AS SELECT dt, total * 1.5e0 AS more, CAST(many AS decimal(10,3)) AS d FROM sums",
    "CREATE DATABASE other",
    "CREATE VIEW other.ids AS SELECT id, text FROM default.kinds",
]


def fill(db: lake.Lake) -> None:
    put(db, "kinds/a.parquet", _parquet(KINDS))
    out = pa.BufferOutputStream()
    orc.write_table(_for_orc(), out)
    put(db, "ork/a.orc", out.getvalue().to_pybytes())
    put(db, "lines/a.csv", TEXT_ROWS)
    put(db, "packed/a.csv.gz", gzip.compress(TEXT_ROWS))
    put(db, "packed/b.csv", b"4,four,4,2026-02-04\n")
    put(db, "quoted/a.csv", b'"a,1","say ""hi"""\n"",x\n')
    put(db, "docs/a.json", JSON_ROWS)
    for place, (day, hour) in enumerate(HOURS):
        rows = pa.table({"n": pa.array([10 * place, 10 * place + 1], pa.int64())})
        put(db, f"hours/dt={day}/hour={hour}/a.parquet", _parquet(rows))
    put(db, "elsewhere/z.parquet", _parquet(pa.table({"n": pa.array([99], pa.int64())})))
    for statement in STATEMENTS:
        db.query(statement).close()


def _parquet(table: pa.Table) -> bytes:
    out = pa.BufferOutputStream()
    pq.write_table(table, out)
    return bytes(out.getvalue())


def _for_orc() -> pa.Table:
    """ORC's writer knows moments by the nanosecond alone, which do not reach to the year 9999."""
    place = KINDS.column_names.index("at")
    return KINDS.set_column(place, "at", KINDS["at"].cast(pa.timestamp("ns")))
