"""The table that events are delivered to, and the view that has each of them once."""

from __future__ import annotations

from collections.abc import Callable

from lake.errors import LakeError, TableNotFound, WriteRefused
from lake.ingest.periods import PERIODS, Period
from lake.interfaces import Catalog
from lake.model import Table, TableName
from lake.types import parse_type

NAME = "readings"
DISTINCT = "readings_distinct"
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
KEY_COMMENTS = {"dt": "the day of ts, yyyy-MM-dd", "hour": "its hour, 00 to 23"}
TABLE_SQL = f"""CREATE EXTERNAL TABLE IF NOT EXISTS {NAME} (
  id {TYPES["id"]} COMMENT 'what was observed',
  ts {TYPES["ts"]} COMMENT 'when, UTC, to the millisecond',
  metric {TYPES["metric"]} COMMENT 'which of its quantities',
  value {TYPES["value"]},
  event_id {TYPES["event_id"]} COMMENT 'tells two observations of one moment apart',
  attributes {TYPES["attributes"]}
)
PARTITIONED BY ({{keys}})
STORED AS PARQUET
LOCATION '{{location}}'
TBLPROPERTIES ('classification' = 'parquet')"""

DISTINCT_SQL = f"""CREATE OR REPLACE VIEW {DISTINCT} AS
SELECT {", ".join(TYPES)}, {{keys}} FROM (
  SELECT *, row_number() OVER (PARTITION BY {{keys}}, {", ".join(IDENTITY)} ORDER BY value) AS copy FROM {NAME}
) WHERE copy = 1"""


def period_of(table: Table) -> Period:
    """Say what a partition of the table spans; raise WriteRefused for one that events cannot go to."""
    from lake.write.target import check_writable

    check_writable(table)
    name = str(table.full_name)
    hint = f"events wait in the spool until {name} is as the lake makes it: drop that table, or give it another name"
    keys = tuple(key.name for key in table.partition_keys)
    period = next((period for period in PERIODS.values() if period.keys == keys), None)
    if period is None:
        known = " or by ".join(", ".join(period.keys) for period in PERIODS.values())
        raise WriteRefused(
            name, None, f"it is partitioned by {', '.join(keys) or 'nothing'}, not by {known}", hint=hint
        )
    for column in TYPES:
        if column not in [each.name for each in table.columns]:
            raise WriteRefused(name, column, "the table has no such column, and events have it", hint=hint)
    for each in table.all_columns:
        wanted = "string" if each.name in keys else TYPES.get(each.name, each.type)
        if parse_type(each.type) != parse_type(wanted):
            raise WriteRefused(name, each.name, f"its type is {each.type}, and events need {wanted}", hint=hint)
    return period


def make_missing(catalog: Catalog, run: Callable[[str], object], database: str, period: Period) -> tuple[str, ...]:
    """Run what makes the table, of this period, and its view; return what keeps the view from being as it should.

    Raises WriteRefused as `period_of` does, and what making the table raises.
    """
    table = _find(catalog, TableName(database, NAME))
    if table is None:
        keys = ", ".join(f"{key} string COMMENT '{KEY_COMMENTS[key]}'" for key in period.keys)
        run(TABLE_SQL.format(location=f"{database}/{NAME}/", keys=keys))
    else:
        period = period_of(table)
    view = TableName(database, DISTINCT)
    try:
        if _is_missing(_find(catalog, view), period):
            run(DISTINCT_SQL.format(keys=", ".join(period.keys)))
    except LakeError as error:
        return (f"view {str(view)!r} could not be made: {error.message}",)
    return ()


def _is_missing(view: Table | None, period: Period) -> bool:
    """Say whether there is no view, or that of a table by another period; one that a user has made is left alone."""
    if view is None:
        return True
    others = [[*TYPES, *other.keys] for other in PERIODS.values() if other != period]
    return view.is_view and [column.name for column in view.columns] in others


def _find(catalog: Catalog, name: TableName) -> Table | None:
    try:
        return catalog.get_table(name)
    except TableNotFound:
        return None
