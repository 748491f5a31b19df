"""The table that events are delivered to, and the view that has each of them once."""

from __future__ import annotations

from lake.errors import TableNotFound, WriteRefused
from lake.interfaces import Catalog
from lake.model import Table, TableName
from lake.types import parse_type

NAME = "readings"
DISTINCT = "readings_distinct"
KEY = "dt"
IDENTITY = ("id", "ts", "metric", "event_id")
"""Two rows that agree in these are one event."""

TYPES = {
    "id": "string",
    "ts": "timestamp",
    "metric": "string",
    "value": "double",
    "event_id": "string",
    "attributes": "map<string,string>",
}
TABLE_SQL = f"""CREATE EXTERNAL TABLE IF NOT EXISTS {NAME} (
  id {TYPES["id"]} COMMENT 'what was observed',
  ts {TYPES["ts"]} COMMENT 'when, UTC, to the millisecond',
  metric {TYPES["metric"]} COMMENT 'which of its quantities',
  value {TYPES["value"]},
  event_id {TYPES["event_id"]} COMMENT 'tells two observations of one moment apart',
  attributes {TYPES["attributes"]}
)
PARTITIONED BY ({KEY} string COMMENT 'the day of ts, yyyy-MM-dd')
STORED AS PARQUET
LOCATION '{{location}}'
TBLPROPERTIES ('classification' = 'parquet')"""

DISTINCT_SQL = f"""CREATE OR REPLACE VIEW {DISTINCT} AS
SELECT id, ts, metric, value, event_id, attributes, {KEY} FROM (
  SELECT *, row_number() OVER (PARTITION BY {KEY}, {", ".join(IDENTITY)} ORDER BY value) AS copy FROM {NAME}
) WHERE copy = 1"""


def check_table(table: Table) -> None:
    """Raise WriteRefused for a table that somebody else has made otherwise, so that events cannot go there."""
    from lake.write.target import check_writable

    check_writable(table)
    name = str(table.full_name)
    hint = f"events wait in the spool until {name} is as the lake makes it: drop that table, or give it another name"
    keys = [key.name for key in table.partition_keys]
    if keys != [KEY]:
        raise WriteRefused(name, None, f"it is partitioned by {', '.join(keys) or 'nothing'}, not by {KEY}", hint=hint)
    for column in IDENTITY:
        if column not in [each.name for each in table.columns]:
            raise WriteRefused(name, column, "the table has no such column, by which events are told apart", hint=hint)
    for each in table.columns:
        wanted = TYPES.get(each.name, each.type)
        if parse_type(each.type) != parse_type(wanted):
            raise WriteRefused(name, each.name, f"its type is {each.type}, and events need {wanted}", hint=hint)


def missing_statements(catalog: Catalog, database: str) -> list[str]:
    """Return what is still to be run for the table and its view to be there; raise WriteRefused as `check_table` does."""
    table = _find(catalog, TableName(database, NAME))
    statements = []
    if table is None:
        statements.append(TABLE_SQL.format(location=f"{database}/{NAME}/"))
    else:
        check_table(table)
    if _find(catalog, TableName(database, DISTINCT)) is None:
        statements.append(DISTINCT_SQL)
    return statements


def _find(catalog: Catalog, name: TableName) -> Table | None:
    try:
        return catalog.get_table(name)
    except TableNotFound:
        return None
