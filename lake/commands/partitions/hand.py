"""tap-lake partitions add, drop"""

from __future__ import annotations

from collections.abc import Sequence

import click

from lake.commands.console.amounts import counted
from lake.commands.console.completion import TableNameType
from lake.commands.console.grouping import LakeCommand
from lake.commands.console.session import Session, pass_session
from lake.commands.partitions.options import max_drop_share
from lake.commands.partitions.shown import applied_rows, change_columns, leave
from lake.errors import GuardRefused, UsageError


@click.command("add", cls=LakeCommand)
@click.argument("table", type=TableNameType())
@click.argument("values", nargs=-1, required=True, metavar="KEY=VALUE...")
@click.option("--location", metavar="URL", help="Where it lies, if not at its own place.")
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
@pass_session
def add(session: Session, table: str, values: Sequence[str], location: str | None, dry_run: bool) -> None:
    """Register one partition of TABLE by hand, at its own place in the layout unless told otherwise."""
    given = _assignments(values)
    with session.lake() as lake:
        place = lake.resolve_location(location) if location else None
        plan = lake.partitions.plan_add(table, given, location=place)
        report = None if dry_run else lake.partitions.apply(plan)
        session.output.rows(change_columns(session, applied=True), applied_rows(session, plan, report))
    if report is None:
        return
    if report.already_there:
        session.output.say(f"{report.table}: it is registered there already")
    if report.undo:
        session.output.say(f"undo: {report.undo}")
    leave(1 if report.refused else 0)


@click.command("drop", cls=LakeCommand)
@click.argument("table", type=TableNameType())
@click.option(
    "--where", "conditions", multiple=True, required=True, metavar="EXPR", help="Which: dt=2026-01-31, \"dt < '2020'\"."
)
@max_drop_share
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
@pass_session
def drop(session: Session, table: str, conditions: Sequence[str], share: float, dry_run: bool) -> None:
    """Forget partitions of TABLE by hand, whatever they hold. Data stay where they are."""
    with session.lake() as lake:
        plan = lake.partitions.plan_drop(table, where=conditions)
        report = None if dry_run else lake.partitions.drop(plan, share=share)
        session.output.rows(change_columns(session, applied=True), applied_rows(session, plan, report))
    if report is None:
        session.output.say(f"{plan.table}: {counted(len(plan.changes), 'partition')} would be dropped")
        return
    session.output.say(f"{plan.table}: {counted(len(report.dropped), 'partition')} dropped")
    if report.undo:
        session.output.say(f"undo: {report.undo}")
    if report.guard:
        raise GuardRefused(report.guard, hint=report.hint)
    leave(1 if report.refused else 0)


def _assignments(texts: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for key, value in map(_assignment, texts):
        if key.lower() in map(str.lower, given):
            raise UsageError(f"{key} is given twice", hint="one partition at a time")
        given[key] = value
    return given


def _assignment(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise UsageError(f"{text!r} is not KEY=VALUE", hint="dt=2026-01-31")
    return key.strip(), value
