"""How partitions and findings are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lake.commands.console.amounts import counted
from lake.commands.console.output import Columns
from lake.commands.console.session import Session
from lake.errors import LakeError, UsageError

if TYPE_CHECKING:
    from lake.lake import Lake
    from lake.model import Partition
    from lake.partitions.diff.plan import Change, PartitionPlan
    from lake.partitions.repair.apply import RepairReport

Row = tuple[Any, ...]
Failure = tuple[str, LakeError]
Made = TypeVar("Made")

NESTING = frozenset({"json", "jsonl", "parquet", "arrow"})
"""Formats that show values as a list; the others have Hive's text, `dt=2026-01-31/hour=07`."""

CHANGES = (
    ("change", "varchar"),
    ("values", "varchar"),
    ("location", "varchar"),
    ("registered_location", "varchar"),
    ("reason", "varchar"),
    ("files", "bigint"),
    ("bytes", "bigint"),
    ("safe", "boolean"),
    ("table", "varchar"),
)


def change_columns(session: Session, *, applied: bool = False) -> Columns:
    values = "array(varchar)" if nests(session) else "varchar"
    columns = [(name, values if name == "values" else type_) for name, type_ in CHANGES]
    return [*columns, ("applied", "boolean")] if applied else columns


def nests(session: Session) -> bool:
    return session.output.format in NESTING


def change_rows(session: Session, plan: PartitionPlan, report: RepairReport | None = None) -> Iterator[Row]:
    """Give a row a finding; what the catalog refused is a change `refused` with the reason that it gave."""
    refused = {refusal.values: refusal.message for refusal in report.refused} if report else {}
    done = set(map(id, (*report.added, *report.moved, *report.dropped, *report.cascaded))) if report else set()
    settled = done.union(map(id, (*report.already_there, *report.held, *plan.skipped))) if report else done
    listed = nests(session)
    for change in (*plan.changes, *plan.skipped):
        kind, reason = str(change.kind), change.reason
        if change.values in refused and id(change) not in settled:
            kind, reason = "refused", refused[change.values]
        row = (
            kind,
            shown_values(plan.keys, change, listed=listed),
            change.location,
            change.registered_location,
            reason,
            change.files,
            change.bytes,
            change.safe,
            str(plan.table),
        )
        yield row if report is None else (*row, id(change) in done)


def applied_rows(session: Session, plan: PartitionPlan, report: RepairReport | None) -> Iterator[Row]:
    """Give a row a finding, and whether it was done; without a report nothing was."""
    from lake.partitions.repair.outcome import RepairReport

    return change_rows(session, plan, report or RepairReport(plan.table, held=plan.changes))


def shown_values(keys: Sequence[str], change: Change, *, listed: bool) -> Any:
    from lake.partitions.layouts.names import partition_text

    if not change.values:
        return None
    return list(change.values) if listed else partition_text(keys, change.values)


def partition_row(partition: Partition) -> Row:
    from lake.model import NULL_PARTITION

    values = (None if value == NULL_PARTITION else value for value in partition.values)
    created = partition.created_at.replace(tzinfo=None) if partition.created_at else None
    return *values, partition.location, created


inventory_option = click.option(
    "--inventory",
    metavar="URL|TABLE",
    help="Instead of listing, read this manifest.json of S3 Inventory, or ask a table of S3 Metadata (s3-metadata: the bucket's own).",
)


def inventory_of(lake: Lake, text: str | None) -> str | None:
    """Return where a manifest lies, and the name of a table as it is."""
    from lake.partitions import MANIFEST

    return lake.resolve_location(text) if text and text.endswith(MANIFEST) else text


def say_notes(session: Session, plan: PartitionPlan) -> None:
    """Tell what a reader should know, and which prefixes could not be listed, so that nothing is said of their partitions."""
    for note in plan.notes:
        session.output.say(f"{plan.table}: {note}")
    for prefix, reason in plan.unknown:
        session.output.say(f"{plan.table}: partitions below {prefix} are unknown: {reason}")


def say_calls(session: Session, lake: Lake) -> None:
    """Tell, with --verbose, how many calls were made."""
    if session.settings.verbose:
        session.output.say(f"calls: {lake.partitions.calls}")


def plan_summary(plan: PartitionPlan) -> str:
    counts = {str(kind): number for kind, number in plan.counts.items()}
    found = ", ".join(f"{number:,} {kind}" for kind, number in sorted(counts.items())) or "all in order"
    return f"{plan.table}: {found}; {counted(plan.registered, 'partition')} registered"


def partitioned_tables(lake: Lake, names: Sequence[str], *, every: bool) -> list[str]:
    """Return the tables that a command is for; raise UsageError for none, or for both ways at once."""
    if every == bool(names):
        raise UsageError("name tables, or give --all" if not names else "--all takes no tables", hint="--all or TABLE…")
    if not every:
        return list(names)
    found = [table for table in lake.tables() if table.partition_keys and table.location and not table.is_view]
    return [str(table.full_name) for table in found]


def each_table(names: Sequence[str], work: Callable[[str], Made]) -> tuple[list[Made], list[Failure]]:
    """Do something with one table after the other; with several, one that fails does not stop the others."""
    made: list[Made] = []
    failures: list[Failure] = []
    for name in names:
        try:
            made.append(work(name))
        except LakeError as error:
            if len(names) == 1:
                raise
            failures.append((name, error))
    return made, failures


def say_failures(session: Session, failures: Sequence[Failure]) -> None:
    for name, error in failures:
        session.output.say(f"{name}: {error.message}")


def leave(code: int) -> None:
    if code:
        click.get_current_context().exit(code)
