"""What stops drops: too many of them, the last partition, or a listing that shows nothing."""

from __future__ import annotations

from typing import NamedTuple

from lake.partitions.diff.plan import ChangeKind, PartitionPlan


class Guard(NamedTuple):
    """Why none of a plan's drops is made, and what to do about it."""

    reason: str
    hint: str


def drop_guard(plan: PartitionPlan, share: float) -> Guard | None:
    """Say what stands against the drops of a plan of now."""
    drops = sum(1 for _ in plan.of_kind(ChangeKind.DROP))
    if not plan.objects:
        return Guard(
            f"nothing is listed below {str(plan.table)!r}: that never means that all partitions are gone",
            hint="look at its location; partitions drop forgets them by hand",
        )
    return share_guard(str(plan.table), drops, plan.registered, share)


def share_guard(name: str, dropped: int, registered: int, share: float) -> Guard | None:
    """Say what stands against dropping so many of a table's partitions."""
    if dropped >= registered:
        return Guard(
            f"no partition of {name!r} would be left: {dropped:,} of {registered:,} would be dropped",
            hint="look at its location; the last partition is never dropped, DROP TABLE forgets all",
        )
    if dropped > registered * share:
        return Guard(
            f"{dropped:,} of the {registered:,} partitions of {name!r} would be dropped, more than {share * 100:g}%",
            hint="look at it by diff; --max-drop-share SHARE allows more, never the last one",
        )
    return None
