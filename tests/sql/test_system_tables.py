"""Tables that the lake itself fills are asked as any others."""

from datetime import date

import pyarrow as pa
import pytest

import lake
from lake.errors import TableNotFound
from lake.model import NULL_PARTITION


@pytest.fixture
def described(db: lake.Lake) -> lake.Lake:
    db.query(
        "CREATE EXTERNAL TABLE events (id string, n int COMMENT 'how many') PARTITIONED BY (dt date, h int) LOCATION 's3://lake/e/'"
    )
    db.query("ALTER TABLE events ADD PARTITION (dt = '2026-01-01', h = 3) PARTITION (dt = '2026-01-02', h = 4)")
    db.query(f"ALTER TABLE events ADD PARTITION (dt = '2026-01-03', h = '{NULL_PARTITION}')")
    db.query("CREATE VIEW counts AS SELECT count(*) AS c, CAST(1.5 AS decimal(10, 2)) AS d FROM events")
    return db


def test_partitions_are_rows_of_the_keys_types(described: lake.Lake) -> None:
    result = described.query('SELECT * FROM "events$partitions" ORDER BY dt')
    assert [str(type_) for type_ in result.column_types] == ["date", "integer"]
    assert result.fetch_all() == [(date(2026, 1, 1), 3), (date(2026, 1, 2), 4), (date(2026, 1, 3), None)]
    assert described.query(
        "SELECT max(h) FROM default.\"events$partitions\" WHERE dt < DATE '2026-01-02'"
    ).fetch_all() == [(3,)]


def test_a_table_without_partitions_has_no_table_of_them(described: lake.Lake) -> None:
    described.query("CREATE EXTERNAL TABLE flat (a int) LOCATION 's3://lake/flat/'")
    for name in ("flat$partitions", "nothing$partitions"):
        with pytest.raises(TableNotFound):
            described.query(f'SELECT * FROM "{name}"')


def test_information_schema_lists_what_the_catalog_holds(described: lake.Lake) -> None:
    rows = described.query(
        "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'default' ORDER BY 1"
    )
    assert rows.fetch_all() == [("counts", "VIEW"), ("events", "BASE TABLE")]
    columns = described.query(
        "SELECT column_name, ordinal_position, data_type, comment, extra_info FROM information_schema.columns "
        "WHERE table_name IN ('events', 'counts') ORDER BY table_name DESC, ordinal_position"
    )
    assert columns.fetch_all() == [
        ("id", 1, "varchar", None, None),
        ("n", 2, "integer", "how many", None),
        ("dt", 3, "date", None, "partition key"),
        ("h", 4, "integer", None, "partition key"),
        ("c", 1, "bigint", None, None),
        ("d", 2, "decimal(10,2)", None, None),
    ]
    assert (
        described.query("SELECT view_definition FROM information_schema.views")
        .fetch_all()[0][0]
        .startswith("SELECT count(*)")
    )
    assert ("default",) in described.query("SELECT schema_name FROM information_schema.schemata").fetch_all()
    assert described.query("SELECT count(*) FROM columns", database="information_schema").fetch_all()[0][0] == 6


def test_what_information_schema_lacks_is_not_found(db: lake.Lake) -> None:
    with pytest.raises(TableNotFound, match="line 1:15: "):
        db.query("SELECT * FROM information_schema.routines")


def test_hidden_columns_tell_where_a_row_lies(described: lake.Lake) -> None:
    described.write(pa.table({"n": [1, 2], "dt": ["2026-01-01", "a/b"]}), "parted", partition_by=["dt"])
    rows = described.query('SELECT n, "$partition", "$path", "$file_size" > 0 FROM parted ORDER BY n').fetch_all()
    assert [(n, partition, large) for n, partition, _, large in rows] == [
        (1, "dt=2026-01-01", True),
        (2, "dt=a%2Fb", True),
    ]
    assert all(path.startswith("s3://") for _, _, path, _ in rows)
    [(kind,)] = described.query('SELECT DISTINCT typeof("$file_modified_time") FROM parted').fetch_all()
    assert kind == "timestamp(3) with time zone"
