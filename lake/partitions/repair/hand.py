"""Partitions that a person adds or drops by name, as plans that are applied like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lake.clock import Clock
from lake.errors import GuardRefused, UsageError
from lake.interfaces import Catalog, Storage
from lake.model import NULL_PARTITION, Table
from lake.partitions.diff.plan import Change, ChangeKind, PartitionPlan
from lake.partitions.layouts.inference import layouts_of
from lake.partitions.layouts.keys import is_null
from lake.partitions.layouts.layout import as_prefix
from lake.partitions.selection import select
from lake.partitions.survey.discovery import holds_data

BY_HAND = "asked for by hand"
NO_DATA_YET = "asked for by hand; holds no data yet"


def plan_addition(
    catalog: Catalog, storage: Storage, table: Table, given: Mapping[str, str], location: str | None, clock: Clock
) -> PartitionPlan:
    """Plan one partition; where no location is given, at its own place in the table's first layout that data follow.

    Raise UsageError for keys and values that are none of the table's, GuardRefused where the values are registered in
    another spelling, or the location for other values.
    """
    layouts = layouts_of(storage, table)
    names = layouts.names
    by_name = {name.lower(): value for name, value in given.items()}
    for name in by_name:
        if name not in names:
            raise UsageError(f"{name!r} is no partition key of {str(table.full_name)!r}", hint=_hint(names))
    missing = [name for name in names if name not in by_name]
    if missing:
        raise UsageError(f"no value is given for {', '.join(missing)}", hint=_hint(names))
    values = tuple(NULL_PARTITION if is_null(by_name[name]) else by_name[name] for name in names)
    fault = layouts.layouts[0].fault(values)
    if fault is not None:
        raise UsageError(fault)
    place = as_prefix(location) if location else next(iter(layouts.own_places(values)), None)
    if place is None:
        raise UsageError(f"the layout of {str(table.full_name)!r} cannot write {values}", hint="give --location")
    for partition in select(catalog, table, by_name, columns=False):
        if partition.values != values:
            raise GuardRefused(f"these values are registered already, spelled {partition.values}")
    if location:
        _check_free(catalog, table, place, values)
    data = holds_data(storage, place)
    change = Change(ChangeKind.ADD, values, place, reason=BY_HAND if data else NO_DATA_YET)
    return PartitionPlan(table.full_name, names, clock.now(), (change,), objects=1)


def plan_removal(
    catalog: Catalog, table: Table, where: Sequence[str] | Mapping[str, str], clock: Clock
) -> PartitionPlan:
    """Plan to forget the partitions that satisfy conditions, whatever they hold. Data stay."""
    chosen = list(select(catalog, table, where, columns=False))
    registered = sum(1 for _ in catalog.list_partitions(table, columns=False, ordered=False)) if chosen else 0
    changes = tuple(
        Change(ChangeKind.DROP, partition.values, as_prefix(partition.location), reason=BY_HAND) for partition in chosen
    )
    names = tuple(key.name for key in table.partition_keys)
    return PartitionPlan(table.full_name, names, clock.now(), changes, registered=registered, objects=1)


def _check_free(catalog: Catalog, table: Table, place: str, values: tuple[str, ...]) -> None:
    """Raise GuardRefused where engines would read the same data for two partitions."""
    root = as_prefix(table.location or "")
    if root.startswith(place):
        raise GuardRefused(f"all of {str(table.full_name)!r} lies in {place}", hint="give a place of its own")
    for partition in catalog.list_partitions(table, columns=False, ordered=False):
        held = as_prefix(partition.location)
        if partition.values != values and (held.startswith(place) or place.startswith(held)):
            where = place if held == place else f"{held}, of which {place} is a part or which is a part of it,"
            raise GuardRefused(f"{where} is registered for {partition.values}", hint="one place is one partition's")


def _hint(names: Sequence[str]) -> str:
    return f"give {' '.join(f'{name}=…' for name in names)}"
