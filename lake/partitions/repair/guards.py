"""What stops drops: too many of them, the last partition, or a listing that shows nothing."""

from __future__ import annotations

from lake.partitions.diff.plan import ChangeKind, PartitionPlan


def drop_guard(plan: PartitionPlan, share: float) -> str | None:
    """Say why none of the drops of a plan of now must be made, or return None."""
    drops = sum(1 for _ in plan.of_kind(ChangeKind.DROP))
    if not plan.objects:
        return f"nothing is listed below {str(plan.table)!r}: that never means that all partitions are gone"
    return share_guard(str(plan.table), drops, plan.registered, share)


def share_guard(name: str, dropped: int, registered: int, share: float) -> str | None:
    """Say why so many of a table's partitions must not be dropped, or return None."""
    if dropped >= registered:
        return f"no partition of {name!r} would be left: {dropped:,} of {registered:,} would be dropped"
    if dropped > registered * share:
        return f"{dropped:,} of the {registered:,} partitions of {name!r} would be dropped, more than {share:.0%}"
    return None
