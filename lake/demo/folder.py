"""The folder that the demo works in: whether it may, and what it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lake.errors import UsageError
from lake.model import TableName

if TYPE_CHECKING:
    from lake.lake import Lake

DATABASE = "analytics"
TABLE = TableName(DATABASE, "readings")
COLUMNS = ("id", "ts", "metric", "value", "event_id", "attributes", "dt")


def has_forgotten_files(lake: Lake) -> bool:
    """Say whether `readings` has data of which the catalog knows no partition, as after DROP TABLE, which keeps them."""
    return bool(lake.partitions.plan_repair(str(TABLE)).changes)


def refuse_foreign(folder: Path) -> None:
    """Raise UsageError unless `folder` is absent, empty or a lake that the demo made or could have made."""
    from lake.finding import CONTROL, is_lake
    from lake.opening import open_directory

    elsewhere = "name a new folder: tap-lake demo DIR"
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file", hint=elsewhere)
    if not is_lake(folder):
        # A demo that was killed while it made the lake leaves these two.
        others = [path for path in folder.glob("*") if path.name != "data" and not path.name.startswith(CONTROL)]
        if others:
            raise UsageError(f"{folder} holds something else ({others[0].name})", hint=elsewhere)
        return
    with open_directory(folder) as lake:
        if lake.database != DATABASE:
            raise UsageError(f"{folder} is a lake of your own, which the demo leaves alone", hint=elsewhere)
        tables = {table.full_name: table for table in lake.tables(DATABASE)}
        found = tables.get(TABLE)
        if found is not None and tuple(column.name for column in found.all_columns) != COLUMNS:
            raise UsageError(f"{folder} has a table {str(TABLE)!r} of your own", hint=elsewhere)
