"""tap-lake tables"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from lake.commands.console.completion import DatabaseName
from lake.commands.console.grouping import LakeCommand
from lake.commands.console.session import Session, pass_session

if TYPE_CHECKING:
    from lake.model import Table

COLUMNS = (
    ("database", "varchar"),
    ("name", "varchar"),
    ("type", "varchar"),
    ("partition_keys", "varchar"),
    ("location", "varchar"),
    ("comment", "varchar"),
)
ATHENAS_COMMENT = "Presto View"
"""What Athena itself writes on every view."""


@click.command("tables", cls=LakeCommand)
@click.argument("database", required=False, type=DatabaseName())
@pass_session
def command(session: Session, database: str | None) -> None:
    """List tables and views, all or those of DATABASE."""
    with session.lake() as lake:
        session.output.rows(COLUMNS, map(_row, lake.tables(database or session.settings.database)))


def _row(table: Table) -> tuple[Any, ...]:
    keys = ", ".join(key.name for key in table.partition_keys)
    kind = "view" if table.is_view else "table"
    comment = table.description or table.parameters.get("comment")
    if table.is_view and comment == ATHENAS_COMMENT:
        comment = None
    return table.database, table.name, kind, keys or None, table.location, comment
