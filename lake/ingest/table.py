"""The table that events are delivered to, and the view that has each of them once."""

from __future__ import annotations

from lake.errors import TableNotFound
from lake.interfaces import Catalog
from lake.model import TableName

NAME = "readings"
DISTINCT = "readings_distinct"
KEY = "dt"
IDENTITY = ("id", "ts", "metric", "event_id")
"""Two rows that agree in these are one event."""

TABLE_SQL = f"""CREATE EXTERNAL TABLE IF NOT EXISTS {NAME} (
  id string COMMENT 'what was observed',
  ts timestamp COMMENT 'when, UTC, to the millisecond',
  metric string COMMENT 'which of its quantities',
  value double,
  event_id string COMMENT 'tells two observations of one moment apart',
  attributes map<string,string>
)
PARTITIONED BY ({KEY} string COMMENT 'the day of ts, yyyy-MM-dd')
STORED AS PARQUET
LOCATION '{{location}}'
TBLPROPERTIES ('classification' = 'parquet')"""

DISTINCT_SQL = f"""CREATE OR REPLACE VIEW {DISTINCT} AS
SELECT id, ts, metric, value, event_id, attributes, {KEY} FROM (
  SELECT *, row_number() OVER (PARTITION BY {KEY}, {", ".join(IDENTITY)} ORDER BY value) AS copy FROM {NAME}
) WHERE copy = 1"""


def missing_statements(catalog: Catalog, database: str) -> list[str]:
    """Return what is still to be run for the table and its view to be there."""
    wanted = ((NAME, TABLE_SQL.format(location=f"{database}/{NAME}/")), (DISTINCT, DISTINCT_SQL))
    return [sql for name, sql in wanted if not _is_there(catalog, TableName(database, name))]


def _is_there(catalog: Catalog, name: TableName) -> bool:
    try:
        catalog.get_table(name)
    except TableNotFound:
        return False
    return True
