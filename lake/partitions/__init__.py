"""Partition management: say what is not in order, then put it in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING

from lake.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from lake.clock import Clock
    from lake.interfaces import Catalog, Storage
    from lake.model import Partition, Table, TableName
    from lake.partitions.diff.full import DiffOptions
    from lake.partitions.diff.plan import PartitionPlan
    from lake.partitions.repair.apply import ApplyOptions, RepairReport
    from lake.partitions.repair.lease import Lease
    from lake.partitions.repair.undo import Undo, UndoReport
    from lake.partitions.survey.metadata_table import Ask
    from lake.partitions.survey.shapes import Shape

MANIFEST = ".json"
"""How the name of an S3 Inventory's manifest ends."""


class Partitions:
    """What `db.partitions` is. `resolve` turns `readings` or `web.clicks` into a table, or raises TableNotFound.

    `lock` keeps a table's writers out while partitions are dropped or moved; without one, a lease in storage keeps out other
    repairs. `ask` runs a query, for tables that tell of objects. `calls` counts what was asked of catalog and storage so far:
    as `counts` has it, which somebody else keeps, or as services would count.
    """

    def __init__(
        self,
        catalog: Catalog,
        storage: Storage,
        clock: Clock,
        resolve: Callable[[str], Table],
        lock: Callable[[TableName], AbstractContextManager[object]] | None = None,
        ask: Ask | None = None,
        counts: Counter[str] | None = None,
    ) -> None:
        from lake.partitions.counting import Calls, CountedCatalog, CountedStorage

        self.calls = Calls(counts=counts)
        self._catalog: Catalog = catalog if counts is not None else CountedCatalog(catalog, self.calls)
        self._storage: Storage = storage if counts is not None else CountedStorage(storage, self.calls)
        self._clock = clock
        self._resolve = resolve
        self._lock = lock
        self._ask = ask
        self._planned: tuple[PartitionPlan, Table] | None = None

    def list(self, table: str, *, where: Mapping[str, str] | Sequence[str] = ()) -> Iterator[Partition]:
        """Yield the registered partitions by value, those with the given key values: `where={"dt": "2026-01-31"}`, or
        those that satisfy conditions: `where=["dt >= '2026-01-01'"]`.

        Raise UsageError for a key that the table does not have.
        """
        from lake.partitions.selection import select

        return select(self._catalog, self._resolve(table), where)

    def layout(self, table: str) -> Sequence[Shape]:
        """Return the templates that keys in storage follow, with counts. Lists everything."""
        from lake.partitions.survey.shapes import shapes_of

        return shapes_of(self._storage, self._resolve(table))

    def declare_layout(self, table: str, templates: Sequence[str]) -> Table:
        """Have a table declare its templates: `["${dt:yyyy/MM/dd}/${hour}"]`. Looks at where they lead before it stores them."""
        from lake.partitions.survey.shapes import declare

        return declare(self._catalog, self._storage, self._resolve(table), templates)

    def plan_repair(self, table: str, *, inventory: str | None = None, footers: bool = False) -> PartitionPlan:
        """Say what would make the catalog agree with storage. Reads only.

        `inventory` is read instead of listing: where the `….json` manifest of an S3 Inventory lies, or the name of a table of
        S3 Metadata, `s3-metadata` for the bucket's own. `footers` also compares the columns of one Parquet file a partition.
        """
        from lake.partitions.diff.full import EVERYTHING, plan_repair

        found, options = self._resolve(table), EVERYTHING
        if inventory is not None:
            options = self._instead_of_listing(inventory)
        plan = plan_repair(self._catalog, self._storage, found, clock=self._clock, options=options)
        if footers:
            from lake.partitions.diff.footers import with_footers

            plan = with_footers(self._catalog, self._storage, found, plan)
        return plan

    def _instead_of_listing(self, inventory: str) -> DiffOptions:
        from lake.partitions.diff.full import DiffOptions

        if inventory.endswith(MANIFEST):
            from lake.partitions.survey.inventory import open_inventory

            manifest = open_inventory(self._storage, inventory)
            return DiffOptions(partial(manifest.objects, self._storage), manifest.made_at)
        from lake.partitions.survey.metadata_table import open_metadata_table

        if self._ask is None:
            raise UsageError("no engine is at hand to ask a table")
        table = open_metadata_table(self._ask, inventory, self._clock.now())
        return DiffOptions(table.objects, table.made_at)

    def plan_recent(self, table: str, *, since: datetime | None = None) -> PartitionPlan:
        """As `plan_repair`, of partitions from `since` (48 hours ago) to tomorrow, which alone are looked at.

        Raise UsageError for a table without a key that tells time.
        """
        from lake.partitions.diff.recent import plan_recent

        found = self._resolve(table)
        plan = plan_recent(self._catalog, self._storage, found, clock=self._clock, since=since)
        self._planned = (plan, found)
        return plan

    def apply(self, plan: PartitionPlan, *, options: ApplyOptions | None = None) -> RepairReport:
        """Do what a plan says; what the catalog refused is in the report."""
        from lake.partitions.repair.apply import ADD_AND_MOVE, apply

        return apply(
            self._catalog,
            self._storage,
            plan,
            clock=self._clock,
            options=options or ADD_AND_MOVE,
            lease=self.lease(),
            table=self._planned[1] if self._planned is not None and self._planned[0] is plan else None,
        )

    def repair(self, table: str, *, options: ApplyOptions | None = None) -> RepairReport:
        """Plan and apply."""
        return self.apply(self.plan_repair(table), options=options)

    def plan_add(self, table: str, values: Mapping[str, str], *, location: str | None = None) -> PartitionPlan:
        """Plan to register one partition, at its own place unless a location is given; `apply` does."""
        from lake.partitions.repair.hand import plan_addition

        found = self._resolve(table)
        return plan_addition(self._catalog, self._storage, found, values, location, self._clock)

    def plan_drop(self, table: str, *, where: Mapping[str, str] | Sequence[str]) -> PartitionPlan:
        """Plan to forget partitions whatever they hold; `drop` applies it."""
        from lake.partitions.repair.hand import plan_removal

        return plan_removal(self._catalog, self._resolve(table), where, self._clock)

    def drop(self, plan: PartitionPlan, *, share: float = 0.1) -> RepairReport:
        """Forget the partitions of a plan of `plan_drop`; more than that share of the table's is refused."""
        from lake.partitions.repair.apply import ApplyOptions

        return self.apply(plan, options=ApplyOptions(drop=True, share=share, by_hand=True))

    def undo(self, undo: Undo) -> UndoReport:
        """Take back what a run did, as far as nobody has changed it since."""
        from lake.partitions.repair.undo import take_back

        return take_back(self._catalog, undo, lease=self.lease())

    def lease(self) -> Lease:
        """Return what keeps others out of a table while its partitions are dropped or moved."""
        from lake.partitions.repair.lease import LockLease, StorageLease

        lock = self._lock
        if lock is None:
            return StorageLease(self._storage, self._clock)
        return LockLease(lambda table: lock(table.full_name))
