"""tap-lake describe"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import click

from lake.commands.console.completion import TableNameType
from lake.commands.console.grouping import LakeCommand
from lake.commands.console.session import Session, pass_session

if TYPE_CHECKING:
    from lake.lake import Lake
    from lake.model import Table

COLUMNS = (("column", "varchar"), ("type", "varchar"), ("partition_key", "boolean"), ("comment", "varchar"))
FORMATS = {
    "ParquetHiveSerDe": "Parquet",
    "LazySimpleSerDe": "delimited text",
    "OpenCSVSerde": "CSV",
    "JsonSerDe": "JSON",
    "RegexSerDe": "text by a regular expression",
    "OrcSerde": "ORC",
    "AvroSerDe": "Avro",
}
COUNTED_PARTITIONS = 100_000


@click.command("describe", cls=LakeCommand)
@click.argument("table", type=TableNameType())
@pass_session
def command(session: Session, table: str) -> None:
    """Show the columns of TABLE; on a terminal also where and how it lies.

    TABLE is table or database.table. SHOW CREATE TABLE as a query shows all that is known.
    """
    with session.lake() as lake:
        found = lake.table(table)
        session.output.rows(COLUMNS, _rows(found))
        if session.output.is_table_for_people:
            session.output.text("".join(f"{name + ':':12}{value}\n" for name, value in _facts(lake, found)))


def _rows(table: Table) -> Iterator[tuple[str, str, bool, str | None]]:
    for columns, is_key in ((table.columns, False), (table.partition_keys, True)):
        for column in columns:
            yield column.name, _shown_type(column.type), is_key, column.comment


def _shown_type(text: str) -> str:
    """Write a type as Athena does in queries; one that cannot be read, as it is in the catalog."""
    from lake.errors import InvalidSql
    from lake.types import parse_type

    try:
        return parse_type(text).athena
    except InvalidSql:
        return text


def _facts(lake: Lake, table: Table) -> Iterator[tuple[str, str]]:
    yield "table", str(table.full_name)
    if table.description:
        yield "comment", table.description
    if table.location:
        yield "location", table.location
    if table.descriptor.serde.library:
        yield "format", _format(table)
    if table.partition_keys:
        count = sum(
            1 for _ in islice(lake.catalog.list_partitions(table, columns=False, ordered=False), COUNTED_PARTITIONS)
        )
        yield "partitions", f"{count:,}" + (" or more" if count == COUNTED_PARTITIONS else "")
    if table.created_at:
        yield "created", f"{table.created_at:%Y-%m-%d %H:%M:%S} UTC"


def _format(table: Table) -> str:
    library = (table.descriptor.serde.library or "").rpartition(".")[2]
    return FORMATS.get(library, library)
