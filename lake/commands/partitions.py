"""tap-lake partitions"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from lake.commands.console.amounts import counted
from lake.commands.console.completion import TableNameType
from lake.commands.console.grouping import LakeGroup
from lake.commands.console.session import Session, pass_session
from lake.errors import LakeError, UsageError

if TYPE_CHECKING:
    from lake.lake import Lake
    from lake.model import Partition
    from lake.partitions.plan import Change, PartitionPlan
    from lake.partitions.repair import RepairReport

CHANGES = (("change", "varchar"), ("values", "varchar"), ("location", "varchar"), ("reason", "varchar"))


@click.group("partitions", cls=LakeGroup)
def command() -> None:
    """The partitions of a table: list, repair."""


@command.command("list")
@click.argument("table", type=TableNameType())
@click.option(
    "--where", "conditions", multiple=True, metavar="KEY=VALUE", help="Only those with this value; repeatable."
)
@pass_session
def list_partitions(session: Session, table: str, conditions: Sequence[str]) -> None:
    """List the registered partitions of TABLE, a column a key."""
    where = dict(_condition(text) for text in conditions)
    with session.lake() as lake:
        found = lake.table(table)
        if not found.partition_keys:
            raise UsageError(f"{str(found.full_name)!r} is not partitioned")
        columns = [(key.name, "varchar") for key in found.partition_keys]
        columns += [("location", "varchar"), ("created", "timestamp(3)")]
        session.output.rows(columns, map(_partition_row, lake.partitions.list(table, where=where)))


@command.command("repair")
@click.argument("table", type=TableNameType())
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
@pass_session
def repair(session: Session, table: str, dry_run: bool) -> None:
    """Register the partitions of TABLE that hold data and are not in the catalog.

    What is odd is told and left as it is: values with data at two places, folders that fit no partition. Events that wait
    in the spool for TABLE are delivered first.
    """
    with session.lake() as lake:
        if not dry_run:
            _deliver_first(session, lake, table)
        plan = lake.partitions.plan_repair(table)
        report = None if dry_run else lake.partitions.apply(plan)
        session.output.rows(CHANGES, _change_rows(plan, report))
    session.output.say(_summary(plan, report))
    if report is not None and report.refused:
        click.get_current_context().exit(1)


def _deliver_first(session: Session, lake: Lake, table: str) -> None:
    if lake.table_name(table) != lake.readings or not lake.has_undelivered:
        return
    try:
        done = lake.deliver()
    except LakeError as error:
        session.output.say(f"events stay in the spool: {error.message}")
        return
    session.output.say(f"{counted(done.new, 'event')} delivered first")
    for problem in done.problems:
        session.output.say(problem)


def _condition(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise UsageError(f"--where {text!r} is not KEY=VALUE", hint="--where dt=2026-01-31")
    return key.strip(), value


def _partition_row(partition: Partition) -> tuple[Any, ...]:
    from lake.model import NULL_PARTITION

    values = (None if value == NULL_PARTITION else value for value in partition.values)
    created = partition.created_at.replace(tzinfo=None) if partition.created_at else None
    return *values, partition.location, created


def _change_rows(plan: PartitionPlan, report: RepairReport | None) -> Iterator[tuple[str, str, str, str]]:
    from lake.partitions.names import partition_text

    refused = {refusal.values: refusal.message for refusal in report.refused} if report else {}

    def row(change: Change) -> tuple[str, str, str, str]:
        kind, reason = str(change.kind), change.reason
        if change.values in refused:
            kind, reason = "refused", refused[change.values]
        return kind, partition_text(plan.keys, change.values), change.location, reason

    yield from map(row, plan.changes)
    for change in plan.skipped:
        yield str(change.kind), partition_text(plan.keys, change.values), change.location, change.reason


def _summary(plan: PartitionPlan, report: RepairReport | None) -> str:
    if report is None:
        parts = [f"{counted(len(plan.changes), 'partition')} would be added"]
    else:
        parts = [f"{counted(len(report.added), 'partition')} added"]
        parts += [f"{len(report.already_there)} there by now"] if report.already_there else []
        parts += [f"{len(report.refused)} refused"] if report.refused else []
    parts += [f"{len(plan.skipped)} left for you to look at"] if plan.skipped else []
    return f"{plan.table}: {', '.join(parts)}; {plan.registered:,} were registered before"
