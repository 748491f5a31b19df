"""What stops drops: too many of them, the last partition, or a listing that shows nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lake.interfaces import Catalog
from lake.model import Table
from lake.partitions.plan import Change, PartitionPlan

if TYPE_CHECKING:
    from lake.partitions.repair import ApplyOptions


def drop_guard(
    catalog: Catalog, table: Table, plan: PartitionPlan, drops: Sequence[Change], options: ApplyOptions
) -> str | None:
    """Say why a plan's drops must not be made, or return None. A plan of earlier is held against the catalog of now."""
    if not plan.objects:
        return f"nothing is listed below {table.location}: that never means that all partitions are gone"
    registered = plan.registered
    if options.recheck:
        registered = sum(1 for _ in catalog.list_partitions(table, columns=False, ordered=False))
    return share_guard(str(table.full_name), len(drops), registered, options.share)


def share_guard(name: str, dropped: int, registered: int, share: float) -> str | None:
    """Say why so many of a table's partitions must not be dropped, or return None."""
    if dropped >= registered:
        return f"no partition of {name!r} would be left: {dropped:,} of {registered:,} would be dropped"
    if dropped > registered * share:
        return f"{dropped:,} of the {registered:,} partitions of {name!r} would be dropped, more than {share:.0%}"
    return None
