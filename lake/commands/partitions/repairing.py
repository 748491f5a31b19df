"""tap-lake partitions repair"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lake.commands.console.amounts import Seconds, counted
from lake.commands.console.completion import TableNameType
from lake.commands.console.grouping import LakeCommand
from lake.commands.console.session import Session, pass_session
from lake.commands.partitions.options import RepairOptions, Since, check_given, max_drop_share
from lake.commands.partitions.shown import (
    Failure,
    applied_rows,
    change_columns,
    each_table,
    inventory_of,
    inventory_option,
    leave,
    partitioned_tables,
    say_calls,
)
from lake.commands.partitions.telling import Outcome, tell
from lake.errors import LakeError, UsageError

if TYPE_CHECKING:
    from lake.lake import Lake
    from lake.partitions.diff.plan import PartitionPlan
    from lake.partitions.repair.apply import RepairReport


@click.command("repair", cls=LakeCommand)
@click.argument("tables", type=TableNameType(), nargs=-1, metavar="TABLE...")
@click.option("--all", "every", is_flag=True, help="All partitioned tables.")
@click.option("--drop", is_flag=True, help="Also drop partitions whose data are gone.")
@max_drop_share
@click.option("--cascade", is_flag=True, help="Also give partitions the table's columns, where that is safe.")
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
@click.option(
    "--plan", "plan_file", type=click.Path(path_type=Path), metavar="FILE", help="Save the plan, change nothing."
)
@click.option(
    "--apply",
    "applied",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Apply a saved plan, looking again first.",
)
@click.option("--undo", "undone", metavar="FILE", help="Take back what a run did.")
@click.option("--since", type=Since(), metavar="WHEN", help="Look only at partitions since 48h, 2d ago or an instant.")
@inventory_option
@click.option("--due", is_flag=True, help="For schedules: all tables unless named, in bounded time, a row each.")
@click.option(
    "--deadline",
    type=Seconds(),
    default="15m",
    show_default="15m",
    metavar="SPAN",
    help="With --due: begin nothing later.",
)
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", help="With --due: how progress is told."
)
@pass_session
def repair(session: Session, /, tables: Sequence[str], every: bool, **given: Any) -> None:
    """Bring the catalog in line with storage: add and move partitions of TABLE, and drop them where asked.

    What is odd is told and left as it is: values with data at two places, objects in no partition. Data are never touched.
    Events that wait in the spool for TABLE are delivered first. Each run that changes something writes an undo file.
    """
    check_given(click.get_current_context())
    options = RepairOptions(**given)
    if options.due:
        from lake.commands.partitions.scheduled import repair_due_tables
        from lake.partitions.due import DueOptions

        chosen = DueOptions(drop=options.drop, share=options.share)
        repair_due_tables(session, tables, every or not tables, options.deadline, chosen, options.log_format)
        return
    with session.lake() as lake:
        if options.undone:
            _take_back(session, lake, options.undone)
            return
        outcomes, failures = _run(session, lake, tables, every, options)
        say_calls(session, lake)
        rows = (row for plan, report in outcomes for row in applied_rows(session, plan, report))
        session.output.rows(change_columns(session, applied=True), rows)
    tell(session, outcomes, failures)


def _run(
    session: Session, lake: Lake, tables: Sequence[str], every: bool, options: RepairOptions
) -> tuple[list[Outcome], list[Failure]]:
    from lake.partitions.diff.plan import PartitionPlan

    if options.applied:
        plan = PartitionPlan.from_json(_read(options.applied))
        return [(plan, _apply(lake, plan, options, recheck=True))], []
    names = partitioned_tables(lake, tables, every=every)
    if options.plan_file and len(names) > 1:
        raise UsageError("--plan saves the plan of one table", hint="name one table")
    return each_table(names, lambda name: _repair(session, lake, name, options))


def _repair(session: Session, lake: Lake, table: str, options: RepairOptions) -> Outcome:
    changes_nothing = options.dry_run or options.plan_file is not None
    if not changes_nothing:
        _deliver_first(session, lake, table)
    since = options.earliest(lake.clock.now())
    if since is None:
        plan = lake.partitions.plan_repair(table, inventory=inventory_of(lake, options.inventory))
    else:
        plan = lake.partitions.plan_recent(table, since=since)
    if options.plan_file:
        _save(options.plan_file, plan)
        session.output.say(f"saved in {options.plan_file}; --apply does what it says")
    return plan, None if changes_nothing else _apply(lake, plan, options)


def _apply(lake: Lake, plan: PartitionPlan, options: RepairOptions, *, recheck: bool = False) -> RepairReport | None:
    from lake.partitions.repair.apply import ApplyOptions

    if options.dry_run:
        return None
    chosen = ApplyOptions(drop=options.drop, cascade=options.cascade, share=options.share, recheck=recheck)
    return lake.partitions.apply(plan, options=chosen)


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _save(file: Path, plan: PartitionPlan) -> None:
    from lake.storage.new_file import NewFile

    with NewFile(str(file)).opened() as stream:
        stream.write(plan.to_json().encode())


def _take_back(session: Session, lake: Lake, place: str) -> None:
    from lake.partitions.layouts.names import partition_text
    from lake.partitions.repair.undo import Undo

    undo = Undo.from_json(lake.storage.get_range(place) if "://" in place else _read(Path(place)))
    report = lake.partitions.undo(undo)
    names = [key.name for key in lake.catalog.get_table(undo.table).partition_keys]
    columns = (("partition", "varchar"), ("reason", "varchar"))
    rows = [(partition_text(names, refusal.values), refusal.message) for refusal in report.refused]
    session.output.rows(columns, rows)
    session.output.say(
        f"{undo.table}: {counted(report.removed, 'partition')} removed, {report.put_back:,} put back, "
        f"{len(report.refused):,} refused"
    )
    leave(1 if report.refused else 0)


def _deliver_first(session: Session, lake: Lake, table: str) -> None:
    if not lake.has_undelivered or lake.table_name(table) != lake.readings:
        return
    try:
        done = lake.deliver()
    except LakeError as error:
        session.output.say(f"events stay in the spool: {error.message}")
        return
    session.output.say(f"{counted(done.new, 'event')} delivered first")
    for problem in done.problems:
        session.output.say(problem)
