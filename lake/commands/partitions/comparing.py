"""tap-lake partitions diff"""

from __future__ import annotations

from collections.abc import Sequence

import click

from lake.commands.console.completion import TableNameType
from lake.commands.console.grouping import LakeCommand
from lake.commands.console.session import Session, pass_session
from lake.commands.partitions.shown import (
    change_columns,
    change_rows,
    each_table,
    inventory_of,
    inventory_option,
    leave,
    partitioned_tables,
    plan_summary,
    say_calls,
    say_failures,
    say_notes,
)

DRIFT = 6


@click.command("diff", cls=LakeCommand)
@click.argument("tables", type=TableNameType(), nargs=-1, metavar="TABLE...")
@click.option("--all", "every", is_flag=True, help="All partitioned tables.")
@click.option("--exit-code", is_flag=True, help="End with 6 when anything is not in order.")
@click.option("--footers", is_flag=True, help="Also compare the columns of a Parquet file a partition.")
@inventory_option
@pass_session
def diff(
    session: Session, tables: Sequence[str], every: bool, exit_code: bool, footers: bool, inventory: str | None
) -> None:
    """Show what is not in order between the catalog and storage. Changes nothing.

    add, drop and move are what repair does; schema are columns other than the table's; empty, duplicate and stray are for
    you to look at.
    """
    with session.lake() as lake:
        names = partitioned_tables(lake, tables, every=every)
        instead = inventory_of(lake, inventory)
        plans, failures = each_table(
            names, lambda name: lake.partitions.plan_repair(name, inventory=instead, footers=footers)
        )
        say_calls(session, lake)
        session.output.rows(change_columns(session), (row for plan in plans for row in change_rows(session, plan)))
    for plan in plans:
        say_notes(session, plan)
        session.output.say(plan_summary(plan))
    say_failures(session, failures)
    if failures or any(plan.unknown for plan in plans):
        leave(1)
    elif exit_code and any(plan.counts for plan in plans):
        leave(DRIFT)
