"""Applies a plan to the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lake.interfaces import Catalog
from lake.model import ALREADY_EXISTS, CHANGED, KeyBounds, Partition, Refusal, Table, TableName
from lake.partitions.keys import INTEGER_BITS
from lake.partitions.layout import as_prefix
from lake.partitions.plan import Change, ChangeKind, PartitionPlan

# docs.aws.amazon.com/glue/latest/webapi/API_BatchCreatePartition.html
PARTITIONS_PER_CALL = 100


@dataclass(frozen=True)
class RepairReport:
    """What became of a plan's changes, in the plan's order."""

    table: TableName
    added: tuple[Change, ...] = ()
    already_there: tuple[Change, ...] = ()
    refused: tuple[Refusal, ...] = ()


def apply(catalog: Catalog, plan: PartitionPlan) -> RepairReport:
    """Register what the plan adds, with the table's columns and format. Applying twice changes nothing more.

    A partition that is there by now at the same location is `already_there`; at another it is refused and stays as it
    is. Refusals are in the report; raise TableNotFound when the table is gone.
    """
    additions = tuple(plan.of_kind(ChangeKind.ADD))
    table = catalog.get_table(plan.table)
    names = tuple(column.name for column in table.partition_keys)
    if names != plan.keys:
        message = f"the table is partitioned by {', '.join(names) or 'nothing'} since the plan was made"
        return RepairReport(plan.table, refused=tuple(Refusal(change.values, CHANGED, message) for change in additions))
    refused: dict[tuple[str, ...], Refusal] = {}
    for batch in _batches(additions):
        refusals = catalog.add_partitions(plan.table, [_partition(table, change) for change in batch])
        refused.update((refusal.values, refusal) for refusal in refusals)
    taken = [change for change in additions if _is_taken(refused.get(change.values))]
    locations = _registered_locations(catalog, table, taken)
    already_there = tuple(c for c in taken if locations.get(c.values) == as_prefix(c.location))
    added = tuple(change for change in additions if change.values not in refused)
    for change in already_there:
        del refused[change.values]
    explained = tuple(_explained(refusal, locations) for refusal in refused.values())
    return RepairReport(plan.table, added, already_there, explained)


def _partition(table: Table, change: Change) -> Partition:
    return Partition(change.values, change.location, table.descriptor)


def _batches(changes: Iterable[Change]) -> Iterator[Sequence[Change]]:
    remaining = iter(changes)
    while batch := list(islice(remaining, PARTITIONS_PER_CALL)):
        yield batch


def _is_taken(refusal: Refusal | None) -> bool:
    return refusal is not None and refusal.reason == ALREADY_EXISTS


def _registered_locations(catalog: Catalog, table: Table, taken: Sequence[Change]) -> dict[tuple[str, ...], str]:
    """Look up, in one listing, where the partitions lie that the catalog had already."""
    if not taken:
        return {}
    wanted = {change.values for change in taken}
    bounds = [
        KeyBounds(key.name, values=frozenset(values[index] for values in wanted))
        for index, key in enumerate(table.partition_keys)
        if key.type.lower() not in INTEGER_BITS  # bounds compare as text, and an integer has several
    ]
    listed = catalog.list_partitions(table, bounds, columns=False, ordered=False)
    return {partition.values: as_prefix(partition.location) for partition in listed if partition.values in wanted}


def _explained(refusal: Refusal, locations: dict[tuple[str, ...], str]) -> Refusal:
    location = locations.get(refusal.values)
    if location is None:
        return refusal
    return Refusal(refusal.values, refusal.reason, f"it is registered at {location}")
