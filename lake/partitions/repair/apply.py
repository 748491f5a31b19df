"""Applies a plan to the catalog: moves, additions, columns, and drops where they are asked for."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from lake.clock import Clock
from lake.errors import CatalogChanged
from lake.interfaces import Catalog, Storage
from lake.model import ALREADY_EXISTS, CHANGED, Partition, Refusal, Table
from lake.partitions.diff.full import plan_repair
from lake.partitions.diff.plan import Change, ChangeKind, PartitionPlan
from lake.partitions.layouts.layout import Values, as_prefix
from lake.partitions.repair.guards import Guard, drop_guard
from lake.partitions.repair.lease import Lease, NoLease
from lake.partitions.repair.lookup import Pace, look_up, look_up_many, replace_all
from lake.partitions.repair.outcome import ADD_AND_MOVE, ApplyOptions, RepairReport
from lake.partitions.repair.recheck import Fault, Recheck
from lake.partitions.repair.undo import Undo
from lake.partitions.repair.undo_file import UndoFile, forget_old

__all__ = ["ADD_AND_MOVE", "ApplyOptions", "RepairReport", "apply"]

logger = logging.getLogger(__name__)

ADDED_AT_ONCE = 10_000
LEASED = (ChangeKind.MOVE, ChangeKind.DROP, ChangeKind.SCHEMA)
"""Kinds of changes to what is registered, which one run makes at a time."""
REPLACED = (ChangeKind.MOVE, ChangeKind.SCHEMA)
LEASED_AT_ONCE = 250
"""Between a look at partitions and their change lies a batch of these."""

Changes = Mapping[ChangeKind, Sequence[Change]]


def apply(
    catalog: Catalog,
    storage: Storage,
    plan: PartitionPlan,
    *,
    clock: Clock,
    options: ApplyOptions = ADD_AND_MOVE,
    lease: Lease | None = None,
    table: Table | None = None,
) -> RepairReport:
    """Register what the plan adds, with the table's columns and format, and move, drop and cascade as `options` say.

    Applying twice changes nothing more. A partition that is as it should be by now is `already_there`; one that was changed
    otherwise is refused and stays as it is. Partitions are looked at again just before they are moved or dropped.
    `table` spares a look at the catalog where it was just looked up. Refusals are in the report, also those of changes that
    another run's lease stood against; raise TableNotFound when the table is gone.
    """
    table = table or catalog.get_table(plan.table)
    return Application(catalog, storage, table, plan, options, clock, lease or NoLease()).run()


@dataclass
class Application:
    """A plan being applied to its table. `report` is what has become of it so far, also where `run` has failed."""

    catalog: Catalog
    storage: Storage
    table: Table
    plan: PartitionPlan
    options: ApplyOptions
    clock: Clock
    lease: Lease
    done: dict[ChangeKind, list[Change]] = field(default_factory=lambda: {kind: [] for kind in ChangeKind})
    already_there: list[Change] = field(default_factory=list)
    recheck: Recheck = field(init=False)
    fresh: PartitionPlan | None = None
    refused: dict[Values, Refusal] = field(default_factory=dict)
    held: tuple[Change, ...] = ()
    guard: Guard | None = None
    undo: UndoFile = field(init=False)

    def __post_init__(self) -> None:
        self.undo = UndoFile(self.storage, self.table, self.clock)

    def run(self) -> RepairReport:
        names = tuple(column.name for column in self.table.partition_keys)
        if names == self.plan.keys:
            self._run()
        else:
            message = f"the table is partitioned by {', '.join(names) or 'nothing'} since the plan was made"
            for change in self.plan.changes:
                self._refuse(change, CHANGED, message)
        return self.report

    def _run(self) -> None:
        self.recheck = Recheck(self.storage, self.table, self.clock.now())
        chosen = self._chosen()
        asked = {id(change) for changes in chosen.values() for change in changes}
        if self.options.recheck:
            self.fresh = plan_repair(self.catalog, self.storage, self.table, clock=self.clock)
            chosen = {kind: self._current(changes) for kind, changes in chosen.items()}
        now = self.fresh or self.plan
        if chosen[ChangeKind.DROP] and now.counts[ChangeKind.DROP]:
            self.guard = drop_guard(now, self.options.share)
        if self.guard:
            asked -= {id(change) for change in chosen[ChangeKind.DROP]}
            chosen[ChangeKind.DROP] = []
        self.held = tuple(change for change in self.plan.changes if id(change) not in asked)
        if self.plan.objects_at is not None:
            chosen[ChangeKind.ADD] = self._still(chosen[ChangeKind.ADD], self.recheck.addition)
        self._make(chosen)

    def _make(self, chosen: Changes) -> None:
        """Make the changes, between an undo file of what is meant to be done and one of what was."""
        replacing = [change for kind in LEASED for change in chosen[kind]]
        before = self._before(replacing)
        self.undo.write_ahead(self._undo_of(chosen, before), must=bool(replacing))
        if self.undo.place is not None and not self.plan.partial:
            forget_old(self.storage, self.table, self.clock.now())
        try:
            self._add(chosen[ChangeKind.ADD])
            if replacing:
                self._replace_all(chosen)
        except BaseException:
            if self.undo.place is not None:
                logger.warning("what was done until then is taken back by the undo file %s", self.undo.place)
            raise
        if self.refused or self.already_there:
            self.undo.write_outcome(self._undo_of(self.done, before))

    @property
    def report(self) -> RepairReport:
        return RepairReport(
            self.plan.table,
            added=tuple(self.done[ChangeKind.ADD]),
            already_there=tuple(self.already_there),
            refused=tuple(self.refused.values()),
            moved=tuple(self.done[ChangeKind.MOVE]),
            dropped=tuple(self.done[ChangeKind.DROP]),
            cascaded=tuple(self.done[ChangeKind.SCHEMA]),
            held=self.held,
            guard=self.guard.reason if self.guard else None,
            hint=self.guard.hint if self.guard else None,
            undo=self.undo.place,
        )

    def _chosen(self) -> dict[ChangeKind, list[Change]]:
        options, of_kind = self.options, self.plan.of_kind
        return {
            ChangeKind.ADD: list(of_kind(ChangeKind.ADD)),
            ChangeKind.MOVE: list(of_kind(ChangeKind.MOVE)) if options.move else [],
            ChangeKind.DROP: list(of_kind(ChangeKind.DROP)) if options.drop else [],
            ChangeKind.SCHEMA: [change for change in of_kind(ChangeKind.SCHEMA) if change.safe and options.cascade],
        }

    def _replace_all(self, chosen: Changes) -> None:
        """Make the changes to what is registered; where another run has the lease, or takes it, the rest is refused."""
        makers = ((ChangeKind.MOVE, self._move), (ChangeKind.SCHEMA, self._cascade), (ChangeKind.DROP, self._drop))
        waiting = [(make, batch) for kind, make in makers for batch in _cut(chosen[kind])]
        try:
            with self.lease.held(self.table) as renew:
                while waiting:
                    renew()
                    make, batch = waiting[0]
                    make(batch)
                    del waiting[0]
        except CatalogChanged as error:
            for change in (change for _, batch in waiting for change in batch):
                self._refuse(change, CHANGED, error.message)

    # The undo file

    def _before(self, changes: Sequence[Change]) -> dict[Values, Partition]:
        """Look up how the partitions are that are to change."""
        wanted = [change.values for change in changes]
        return look_up_many(self.catalog, self.table, wanted, self.plan.registered) if wanted else {}

    def _undo_of(self, changes: Changes, before: dict[Values, Partition]) -> Undo:
        became = {
            change.values: before[change.values]
            for kind in REPLACED
            for change in changes[kind]
            if change.values in before
        }
        replaced = [before[values] for values in became]
        for change in changes[ChangeKind.MOVE]:
            became[change.values] = replace(became[change.values], location=change.location)
        for change in changes[ChangeKind.SCHEMA]:
            became[change.values] = self._with_columns(became[change.values])
        return Undo(
            self.plan.table,
            self.clock.now(),
            added=[self._new(change) for change in changes[ChangeKind.ADD]],
            replaced=replaced,
            became=list(became.values()),
            dropped=[before[change.values] for change in changes[ChangeKind.DROP] if change.values in before],
        )

    def _with_columns(self, partition: Partition) -> Partition:
        return replace(partition, descriptor=replace(partition.descriptor, columns=self.table.columns))

    # The changes

    def _add(self, changes: Sequence[Change]) -> None:
        def add(batch: list[Change]) -> list[Refusal]:
            return self.catalog.add_partitions(self.plan.table, map(self._new, batch))

        for batch, refusals, was_tried in Pace(ADDED_AT_ONCE).run(changes, add):
            refused = {refusal.values: refusal for refusal in refusals}
            taken = [values for values, refusal in refused.items() if refusal.reason == ALREADY_EXISTS]
            there = look_up(self.catalog, self.table, taken)
            for change in batch:
                refusal = refused.get(change.values)
                if refusal is None:
                    self.done[ChangeKind.ADD].append(change)
                    continue
                partition = there.get(change.values)
                if partition is not None and as_prefix(partition.location) == as_prefix(change.location):
                    # What was there when it was tried anew, this run has made at the first attempt.
                    (self.done[ChangeKind.ADD] if was_tried else self.already_there).append(change)
                elif partition is not None:
                    self._refuse(change, refusal.reason, f"it is registered at {partition.location}")
                else:
                    self.refused[change.values] = refusal

    def _new(self, change: Change) -> Partition:
        return Partition(change.values, change.location, self.table.descriptor)

    def _move(self, batch: list[Change]) -> None:
        current = look_up(self.catalog, self.table, [change.values for change in batch])
        moving = [change for change in batch if self._is_as_planned(change, current, target=change.location)]
        pairs = []
        for change in self._still(moving, self.recheck.move):
            now = current[change.values]
            pairs.append((replace(now, location=change.location), now))
        self._replace(ChangeKind.MOVE, batch, pairs)

    def _cascade(self, batch: list[Change]) -> None:
        current = look_up(self.catalog, self.table, [change.values for change in batch])
        pairs = []
        for change in batch:
            location = self._moved_to.get(change.values, change.location)
            if self._is_as_planned(replace(change, location=location), current):
                now = current[change.values]
                pairs.append((self._with_columns(now), now))
        self._replace(ChangeKind.SCHEMA, batch, pairs)

    @cached_property
    def _moved_to(self) -> dict[Values, str]:
        """Where partitions have been moved, asked for once that is done."""
        return {change.values: change.location for change in self.done[ChangeKind.MOVE]}

    def _replace(self, kind: ChangeKind, batch: Sequence[Change], pairs: Sequence[tuple[Partition, Partition]]) -> None:
        refusals = {refusal.values: refusal for refusal in replace_all(self.catalog, self.plan.table, pairs)}
        self.refused.update(refusals)
        replaced = {new.values for new, _ in pairs} - refusals.keys()
        self.done[kind] += [change for change in batch if change.values in replaced]

    def _drop(self, batch: list[Change]) -> None:
        current = look_up(self.catalog, self.table, [change.values for change in batch])
        leaving = []
        for change in batch:
            if change.values not in current:
                self.already_there.append(change)
            elif self._is_as_planned(change, current):
                leaving.append(change)
        if not self.options.by_hand:
            leaving = self._still(leaving, lambda change: self.recheck.drop(change, current[change.values]))
        dropped = self.catalog.drop_partitions(self.plan.table, [change.values for change in leaving])
        refusals = {refusal.values: refusal for refusal in dropped}
        self.refused.update(refusals)
        self.done[ChangeKind.DROP] += [change for change in leaving if change.values not in refusals]

    def _is_as_planned(self, change: Change, current: dict[Values, Partition], *, target: str | None = None) -> bool:
        """Say whether a partition is registered where the plan saw it; else say why not."""
        now = current.get(change.values)
        if now is None:
            self._refuse(change, CHANGED, "it is not registered any more")
        elif target is not None and as_prefix(now.location) == target:
            self.already_there.append(change)
        elif as_prefix(now.location) != as_prefix(change.registered_location or change.location):
            self._refuse(change, CHANGED, f"it is registered at {now.location} by now")
        else:
            return True
        return False

    def _still(self, changes: Sequence[Change], fault_of: Fault) -> list[Change]:
        """Return the changes that storage still speaks for; the others are refused."""
        kept = []
        for change, fault in self.recheck.each(changes, fault_of):
            if fault is None:
                kept.append(change)
            else:
                self._refuse(change, CHANGED, fault)
        return kept

    def _current(self, changes: list[Change]) -> list[Change]:
        """Return the changes that a plan of now says too, or that are made by now; the others are refused."""
        assert self.fresh is not None
        said = {(each.kind, each.values, each.location, each.registered_location) for each in self.fresh.changes}
        doubtful = [
            each for each in changes if (each.kind, each.values, each.location, each.registered_location) not in said
        ]
        now = look_up(self.catalog, self.table, [change.values for change in doubtful])
        stale = {change.values for change in doubtful if not _is_made(change, now.get(change.values))}
        for change, fault in self.recheck.each([each for each in doubtful if each.values in stale], self._reason(now)):
            self._refuse(change, CHANGED, fault or "it is not so any more")
        return [change for change in changes if change.values not in stale]

    def _reason(self, now: dict[Values, Partition]) -> Fault:
        def reason(change: Change) -> str | None:
            partition = now.get(change.values)
            if change.kind == ChangeKind.ADD:
                return self.recheck.addition(change)
            if change.kind == ChangeKind.DROP and partition is not None:
                return self.recheck.drop(change, partition)
            return self.recheck.move(change) if change.kind == ChangeKind.MOVE else None

        return reason

    def _refuse(self, change: Change, reason: str, message: str) -> None:
        self.refused[change.values] = Refusal(change.values, reason, message)


def _is_made(change: Change, now: Partition | None) -> bool:
    """Say whether a partition is already as a change would have it."""
    if change.kind == ChangeKind.DROP:
        return now is None
    return now is not None and change.kind != ChangeKind.SCHEMA and as_prefix(now.location) == change.location


def _cut(changes: Sequence[Change]) -> Iterator[list[Change]]:
    for start in range(0, len(changes), LEASED_AT_ONCE):
        yield list(changes[start : start + LEASED_AT_ONCE])
