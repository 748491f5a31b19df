"""Partition management: say what is not in order, then put it in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lake.clock import Clock
    from lake.interfaces import Catalog, Storage
    from lake.model import Partition, Table, TableName
    from lake.partitions.plan import PartitionPlan
    from lake.partitions.repair import RepairReport


class Partitions:
    """What `db.partitions` is. `resolve` turns `readings` or `web.clicks` into a table, or raises TableNotFound.

    `sweep` clears away what killed writes left of a table, and what its overwritten partitions no longer need.
    """

    def __init__(
        self,
        catalog: Catalog,
        storage: Storage,
        clock: Clock,
        resolve: Callable[[str], Table],
        sweep: Callable[[TableName], object] = lambda table: None,
    ) -> None:
        self._catalog = catalog
        self._storage = storage
        self._clock = clock
        self._resolve = resolve
        self._sweep = sweep

    def list(self, table: str, *, where: Mapping[str, str] | None = None) -> Iterator[Partition]:
        """Yield the registered partitions by value, those with the given key values: `where={"dt": "2026-01-31"}`.

        Raise UsageError for a key that the table does not have.
        """
        from lake.partitions.selection import select

        return select(self._catalog, self._resolve(table), where or {})

    def plan_repair(self, table: str) -> PartitionPlan:
        """Say what would make the catalog agree with storage. Reads only."""
        from lake.partitions.diff import plan_repair

        return plan_repair(self._catalog, self._storage, self._resolve(table), clock=self._clock)

    def apply(self, plan: PartitionPlan) -> RepairReport:
        """Do what a plan says; what the catalog refused is in the report."""
        from lake.partitions.repair import apply

        self._sweep(plan.table)
        return apply(self._catalog, plan)

    def repair(self, table: str) -> RepairReport:
        """Plan and apply."""
        return self.apply(self.plan_repair(table))
