"""tap-lake partitions repair"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lake.commands.console.amounts import Seconds, counted
from lake.commands.console.completion import TableNameType
from lake.commands.console.grouping import LakeCommand
from lake.commands.console.param_type import ParamType
from lake.commands.console.session import Session, pass_session
from lake.commands.partitions.shown import (
    change_columns,
    change_rows,
    inventory_of,
    inventory_option,
    leave,
    partitioned_tables,
    say_calls,
    say_notes,
)
from lake.errors import GuardRefused, LakeError, UsageError

if TYPE_CHECKING:
    from lake.lake import Lake
    from lake.partitions.diff.plan import PartitionPlan
    from lake.partitions.repair.apply import RepairReport

Outcome = tuple["PartitionPlan", "RepairReport | None"]


@dataclass(frozen=True)
class RepairOptions:
    """What the command's own options say."""

    drop: bool
    share: float
    cascade: bool
    dry_run: bool
    plan_file: Path | None
    applied: Path | None
    undone: str | None
    since: timedelta | datetime | None
    inventory: str | None
    due: bool
    deadline: float
    log_format: str

    def check(self, tables: Sequence[str], *, every: bool) -> None:
        if sum(map(bool, (self.plan_file, self.applied, self.undone))) > 1:
            raise UsageError("--plan, --apply and --undo exclude each other", hint="give one of them")
        if (self.applied or self.undone) and (tables or every):
            raise UsageError("the file says which table is meant", hint="leave TABLE and --all out")
        if self.since and self.inventory:
            raise UsageError("--since lists little, --inventory nothing", hint="give one of them")
        if self.due and (
            self.plan_file
            or self.applied
            or self.undone
            or self.dry_run
            or self.since
            or self.cascade
            or self.inventory
        ):
            raise UsageError(
                "--due plans and applies by itself", hint="it takes --drop, --max-drop-share and --deadline"
            )


class Share(ParamType):
    """A share as people write it: 0.1 or 10%."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).strip()
        try:
            share = float(text[:-1]) / 100 if text.endswith("%") else float(text)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            self.fail(f"{text!r} is no share between 0 and 1, or 0% and 100%.", param, ctx)
        return share


class Since(ParamType):
    """A span back from now, 48h or 2d, or an instant, 2026-01-31T07:00."""

    name = "when"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta | datetime:
        text = str(value).strip()
        if match := re.fullmatch(r"(\d+)\s*([hd])", text):
            return timedelta(hours=int(match[1]) * (24 if match[2] == "d" else 1))
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{text!r} is neither a span (48h, 2d) nor an instant (2026-01-31T07:00).", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


max_drop_share = click.option(
    "--max-drop-share",
    "share",
    type=Share(),
    default=0.1,
    show_default="10%",
    metavar="SHARE",
    help="Refuse to drop more of a table.",
)


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
    options = RepairOptions(**given)
    options.check(tables, every=every)
    if options.due:
        from lake.commands.partitions.scheduled import repair_due_tables
        from lake.partitions.due import DueOptions

        chosen = DueOptions(drop=options.drop, share=options.share)
        repair_due_tables(session, tables, options.deadline, chosen, options.log_format)
        return
    with session.lake() as lake:
        if options.undone:
            _take_back(session, lake, options.undone)
            return
        outcomes, failures = _run(session, lake, tables, every, options)
        say_calls(session, lake)
        session.output.rows(
            change_columns(session, applied=True),
            (
                row if report else (*row, False)
                for plan, report in outcomes
                for row in change_rows(session, plan, report)
            ),
        )
    _tell(session, outcomes, failures)


def _run(
    session: Session, lake: Lake, tables: Sequence[str], every: bool, options: RepairOptions
) -> tuple[list[Outcome], list[tuple[str, LakeError]]]:
    """Repair one table after the other; with several, one that fails does not stop the others."""
    from lake.partitions.diff.plan import PartitionPlan

    if options.applied:
        plan = PartitionPlan.from_json(_read(options.applied))
        return [(plan, _apply(lake, plan, options, recheck=True))], []
    names = partitioned_tables(lake, tables, every=every)
    if options.plan_file and len(names) > 1:
        raise UsageError("--plan saves the plan of one table", hint="name one table")
    outcomes: list[Outcome] = []
    failures: list[tuple[str, LakeError]] = []
    for name in names:
        try:
            outcomes.append(_repair(session, lake, name, options))
        except LakeError as error:
            if len(names) == 1:
                raise
            failures.append((name, error))
    return outcomes, failures


def _repair(session: Session, lake: Lake, table: str, options: RepairOptions) -> Outcome:
    changes_nothing = options.dry_run or options.plan_file is not None
    if not changes_nothing:
        _deliver_first(session, lake, table)
    if options.since is None:
        plan = lake.partitions.plan_repair(table, inventory=inventory_of(lake, options.inventory))
    else:
        since = options.since
        since = since if isinstance(since, datetime) else lake.clock.now() - since
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


def _tell(session: Session, outcomes: Sequence[Outcome], failures: Sequence[tuple[str, LakeError]]) -> None:
    """Say on standard error what was done, and end with the code that fits: a guard's goes before a refusal's."""
    for plan, report in outcomes:
        say_notes(session, plan)
        session.output.say(_summary(plan, report))
        if report is not None and report.undo:
            session.output.say(f"undo: {report.undo}")
    for name, error in failures:
        session.output.say(f"{name}: {error.message}")
    guards = [report.guard for _, report in outcomes if report is not None and report.guard]
    if guards:
        raise GuardRefused(guards[0], hint="look at it by diff; --max-drop-share SHARE allows more, never the last one")
    refused = any(report is not None and report.refused for _, report in outcomes)
    leave(1 if failures or refused or any(plan.unknown for plan, _ in outcomes) else 0)


def _summary(plan: PartitionPlan, report: RepairReport | None) -> str:
    counts = {str(kind): number for kind, number in plan.counts.items()}
    left = len(plan.skipped)
    if report is None:
        parts = [f"{counted(counts.get('add', 0), 'partition')} would be added"]
        parts += [f"{counts['move']:,} moved"] if "move" in counts else []
        parts += [f"{counts['drop']:,} dropped with --drop"] if "drop" in counts else []
        parts += [f"{counts['schema']:,} have other columns"] if "schema" in counts else []
    else:
        parts = [f"{counted(len(report.added), 'partition')} added"]
        parts += [f"{len(report.moved):,} moved"] if report.moved else []
        parts += [f"{len(report.dropped):,} dropped"] if report.dropped else []
        parts += [f"{len(report.cascaded):,} given the table's columns"] if report.cascaded else []
        parts += [f"{len(report.already_there):,} there by now"] if report.already_there else []
        parts += [f"{len(report.refused):,} refused"] if report.refused else []
        gone = sum(change.kind == "drop" for change in report.held)
        parts += [f"{gone:,} not dropped" if report.guard else f"{gone:,} gone and kept without --drop"] if gone else []
    parts += [f"{left:,} left for you to look at"] if left else []
    return f"{plan.table}: {', '.join(parts)}; {plan.registered:,} were registered before"


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
