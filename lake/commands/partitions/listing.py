"""tap-lake partitions list, layout"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from lake.commands.console.completion import TableNameType
from lake.commands.console.grouping import LakeCommand
from lake.commands.console.session import Session, pass_session
from lake.commands.partitions.shown import Row, nests, partition_row
from lake.errors import UsageError

if TYPE_CHECKING:
    from lake.interfaces import Storage
    from lake.lake import Lake
    from lake.model import Partition
    from lake.partitions.survey.shapes import Shape

LISTED_AT_ONCE = 1000
"""Partitions whose files are counted before the first of them is shown."""

SHAPES = (
    ("template", "varchar"),
    ("places", "bigint"),
    ("files", "bigint"),
    ("bytes", "bigint"),
    ("declared", "boolean"),
    ("example", "varchar"),
)


@click.command("list", cls=LakeCommand)
@click.argument("table", type=TableNameType())
@click.option(
    "--where", "conditions", multiple=True, metavar="EXPR", help='Only those: dt=2026-01-31, "hour BETWEEN 7 AND 9".'
)
@click.option("--stats", is_flag=True, help="Also count files and bytes.")
@pass_session
def list_partitions(session: Session, table: str, conditions: Sequence[str], stats: bool) -> None:
    """List the registered partitions of TABLE, a column a key."""
    with session.lake() as lake:
        found = lake.table(table)
        if not found.partition_keys:
            raise UsageError(f"{str(found.full_name)!r} is not partitioned", hint="tap-lake describe shows its columns")
        columns = [("values", "array(varchar)")] if nests(session) else []
        columns += [(key.name, "varchar") for key in found.partition_keys]
        columns += [("location", "varchar"), ("created", "timestamp(3)")]
        columns += [("files", "bigint"), ("bytes", "bigint")] if stats else []
        session.output.rows(columns, _rows(session, lake, table, conditions, stats=stats))


def _rows(session: Session, lake: Lake, table: str, conditions: Sequence[str], *, stats: bool) -> Iterator[Row]:
    listed = nests(session)
    partitions = lake.partitions.list(table, where=conditions)
    counted = _with_stats(lake.storage, partitions) if stats else ((partition, ()) for partition in partitions)
    for partition, counts in counted:
        row = (*partition_row(partition), *counts)
        yield (list(partition.values), *row) if listed else row


def _with_stats(storage: Storage, partitions: Iterator[Partition]) -> Iterator[tuple[Partition, Row]]:
    """Yield each partition with the number of its files and their bytes, many listings at once."""
    from lake.partitions.repair.lookup import batches
    from lake.partitions.survey.discovery import list_data_of_all

    for batch in batches(partitions, LISTED_AT_ONCE):
        found = list_data_of_all(storage, [partition.location for partition in batch])
        for partition, data in zip(batch, found, strict=True):
            yield partition, (len(data), sum(stored.size for stored in data))


@click.command("layout", cls=LakeCommand)
@click.argument("table", type=TableNameType())
@click.argument("further", nargs=-1, metavar="[TEMPLATE...]")
@click.option(
    "--set",
    "templates",
    multiple=True,
    metavar="TEMPLATE",
    help="Declare this one, as ${dt:yyyy/MM/dd}/${hour}, and further ones in order.",
)
@pass_session
def layout(session: Session, table: str, further: Sequence[str], templates: Sequence[str]) -> None:
    """Show which templates the keys of TABLE in storage follow, with counts, or declare them."""
    if further and not templates:
        raise UsageError(f"{further[0]} is no option", hint="--set TEMPLATE… declares templates")
    with session.lake() as lake:
        if templates:
            lake.partitions.declare_layout(table, [*templates, *further])
        session.output.rows(SHAPES, [_shape_row(shape) for shape in lake.partitions.layout(table)])


def _shape_row(shape: Shape) -> Row:
    return shape.settable, shape.places, shape.files, shape.bytes, shape.declared, shape.example
