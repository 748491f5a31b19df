"""What tap-lake partitions repair says of what it did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lake.commands.console.amounts import counted
from lake.commands.console.session import Session
from lake.commands.partitions.shown import Failure, leave, say_failures, say_notes
from lake.errors import GuardRefused

if TYPE_CHECKING:
    from lake.partitions.diff.plan import PartitionPlan
    from lake.partitions.repair.apply import RepairReport

Outcome = tuple["PartitionPlan", "RepairReport | None"]


def tell(session: Session, outcomes: Sequence[Outcome], failures: Sequence[Failure]) -> None:
    """Say on standard error what was done, and end with the code that fits: that of tables that failed, of a guard, of
    refusals.
    """
    for plan, report in outcomes:
        say_notes(session, plan)
        session.output.say(_summary(plan, report))
        if report is not None and report.undo:
            session.output.say(f"undo: {report.undo}")
    say_failures(session, failures)
    guarded = [report for _, report in outcomes if report is not None and report.guard]
    if guarded and not failures:
        for report in guarded[1:]:
            session.output.say(f"{report.guard}")
        raise GuardRefused(guarded[0].guard or "", hint=guarded[0].hint)
    for report in guarded:
        session.output.say(f"{report.guard}")
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
