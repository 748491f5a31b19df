"""Compares what storage holds with what the catalog says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from lake.collector import collector_held
from lake.interfaces import Catalog, Storage
from lake.model import StoredObject, Table
from lake.partitions.diff.expected import LOOK_BACK, Expectation
from lake.partitions.diff.judging import Judge
from lake.partitions.diff.plan import Change, ChangeKind, PartitionPlan
from lake.partitions.diff.schema import compare_columns
from lake.partitions.layouts.inference import layouts_of
from lake.partitions.layouts.times import TimeKeys
from lake.partitions.survey.discovery import is_data
from lake.partitions.survey.folders import UNLISTED, Survey, survey_everything, tally
from lake.partitions.survey.registered import Registered
from lake.partitions.survey.side_by_side import side_by_side

if TYPE_CHECKING:
    from lake.clock import Clock


@dataclass(frozen=True)
class DiffOptions:
    """How to look. `objects` gives all keys below some roots instead of storage, as of `objects_at`; `look_back` is how late
    data may come; with `newest` the plan says when the latest period with data ended, which costs some seconds a million.
    """

    objects: Callable[[Collection[str]], Iterable[StoredObject]] | None = None
    objects_at: datetime | None = None
    look_back: timedelta = LOOK_BACK
    newest: bool = False


EVERYTHING = DiffOptions()


def plan_repair(
    catalog: Catalog, storage: Storage, table: Table, *, clock: Clock, options: DiffOptions = EVERYTHING
) -> PartitionPlan:
    """Say what would make the catalog agree with storage. Reads only, and looks at everything.

    A place without data objects counts as absent. Raise UsageError when the table is not partitioned, TableNotFound when it
    is gone from the catalog, StorageFailed or AccessDenied when its own location cannot be listed.
    """
    # What is made here is kept until the end, and a million of it is not worth being looked through again and again.
    with collector_held():
        return _plan(catalog, storage, table, clock, options)


def _plan(catalog: Catalog, storage: Storage, table: Table, clock: Clock, options: DiffOptions) -> PartitionPlan:
    layouts = layouts_of(storage, table)
    made_at = clock.now()
    registered = Registered(layouts, as_of=options.objects_at)
    registered.take(catalog.list_partitions(table, ordered=False), table.descriptor)
    survey = Survey(layouts, registered)
    if options.objects is None:
        survey_everything(storage, survey)
    else:
        tally(options.objects(layouts.roots), survey.take)
    look_outside(storage, registered, survey)
    judge = Judge(registered, survey, Expectation(registered, now=made_at, look_back=options.look_back))
    plan = make_plan(table, judge, made_at, schema=schema_changes(table, registered))
    newest = newest_period(registered, survey) if options.newest else None
    notes = tuple(_age_notes(registered, options))
    return replace(plan, notes=notes, newest=newest, objects_at=options.objects_at)


def _age_notes(registered: Registered, options: DiffOptions) -> Iterator[str]:
    made, newest = options.objects_at, registered.newest
    if made is not None and newest is not None and newest > made:
        yield (
            f"the inventory is of {made:%Y-%m-%d %H:%M} UTC, older than the newest partition, which was registered "
            f"{newest:%Y-%m-%d %H:%M}; {len(registered.fresh):,} registered since are not judged"
        )


def make_plan(
    table: Table, judge: Judge, made_at: datetime, *, schema: Iterable[Change] = (), partial: bool = False
) -> PartitionPlan:
    """Put findings in order: by kind as they are applied, then by value."""
    changes, skipped = judge.findings()
    leaving = {change.values for change in changes if change.kind == ChangeKind.DROP}
    changes += (change for change in schema if change.values not in leaving)
    return PartitionPlan(
        table=table.full_name,
        keys=judge.survey.layouts.names,
        made_at=made_at,
        changes=tuple(sorted(changes, key=_by_values)),
        skipped=tuple(sorted(skipped, key=_by_values)),
        registered=len(judge.registered),
        unknown=tuple(sorted(judge.survey.unknown.items())),
        objects=judge.survey.objects,
        partial=partial,
    )


def newest_period(registered: Registered, survey: Survey) -> datetime | None:
    """Return the end of the latest period that holds data; None where no key tells time."""
    layout = survey.layouts.layouts[0]
    times = TimeKeys(layout.names, layout.keys)
    held = (values for number, values in enumerate(registered.values) if registered.has_data(number))
    found = (place.values for place, _ in survey.places.values())
    spans = map(times.span, chain(held, found))
    return max((span.end for span in spans if span is not None), default=None)


def look_outside(storage: Storage, registered: Registered, survey: Survey) -> None:
    """See what partitions hold that are registered outside the layouts' roots, each by a listing of its own."""
    locations = dict.fromkeys(registered.locations[number] for number in registered.outside)

    def look(location: str) -> None:
        number = registered.at[location]
        try:
            for stored in storage.list_keys(location):
                data = is_data(stored, location)
                registered.note(number, data=data)
                if data:
                    return
        except UNLISTED as error:
            survey.note_unknown(location, error)

    for _ in side_by_side(storage, look, list(locations)):
        pass


def schema_changes(table: Table, registered: Registered) -> Iterator[Change]:
    """Yield the partitions whose columns are not the table's; columns are compared once for all that share them."""
    for descriptor, numbers in registered.descriptors.values():
        drift = compare_columns(descriptor.columns, table.columns)
        if drift is not None:
            for number in numbers:
                yield Change(
                    ChangeKind.SCHEMA,
                    registered.values[number],
                    registered.locations[number],
                    reason=drift.reason,
                    safe=drift.safe,
                )


def _by_values(change: Change) -> tuple[tuple[str, ...], str]:
    return change.values, change.location
