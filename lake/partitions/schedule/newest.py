"""When data came last: a look at the last days, and at a few places more to say which is the newest with data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from lake.interfaces import Catalog, Storage
from lake.model import Table
from lake.partitions.diff.plan import PartitionPlan
from lake.partitions.diff.recent import Seen, plan_of, survey_window
from lake.partitions.diff.window import Window
from lake.partitions.layouts.of_table import Layouts, Place
from lake.partitions.layouts.template import Step
from lake.partitions.survey.discovery import holds_data
from lake.partitions.survey.folders import UNLISTED
from lake.partitions.survey.registered import FOREIGN, OWN

LOOKS = 24
"""So many registered places are looked at for the newest that holds data, each by one listing."""


@dataclass(frozen=True)
class Look:
    """What a window showed, and the plan made of it. `newest` is the place of the latest period that was seen to hold data,
    `sample` the same, or where nothing in the window holds any, the last place by name before it.

    `ended` is when that period ended; the beginning of the window where nothing in it holds data, so that data ended then or
    earlier; None where nobody can tell.
    """

    plan: PartitionPlan
    seen: Seen
    newest: Place | None = None
    sample: Place | None = None
    ended: datetime | None = None


def look_at_window(catalog: Catalog, storage: Storage, table: Table, window: Window, *, now: datetime) -> Look:
    """Plan from the days of a window, and find the latest period with data. Reads only."""
    seen = survey_window(catalog, storage, table, window)
    search = _Search(storage, window, seen)
    newest = search.find()
    end = None if newest is None else search.end_of(newest)
    plan = replace(plan_of(table, seen, now), newest=end)
    sample = newest or last_place(storage, window.layouts)
    return Look(plan, seen, newest, sample, end or (window.days[0] if search.is_certain else None))


def last_place(storage: Storage, layouts: Layouts) -> Place | None:
    """Return the last place by name of the first layout that has any, found by one listing a level."""
    for layout in layouts.layouts:
        prefix: str | None = layout.root
        for step in layout.steps:
            prefix = None if prefix is None else _last_below(storage, prefix, step)
        found = None if prefix is None else layout.find(prefix)
        if found is not None:
            return Place(*found)
    return None


def _last_below(storage: Storage, prefix: str, step: Step) -> str | None:
    try:
        return max(
            (
                below
                for below in storage.list_prefixes(prefix)
                if step.pattern.fullmatch(below, len(prefix), len(below) - 1) is not None
            ),
            default=None,
        )
    except UNLISTED:
        return None


class _Search:
    """Looks for the place of the latest period with data. `is_certain` says that nothing later can hold any."""

    def __init__(self, storage: Storage, window: Window, seen: Seen) -> None:
        self._storage = storage
        self._window = window
        self._survey = seen.survey
        self._registered = seen.registered
        self._walked = {place.location for place in seen.places}
        self.is_certain = not seen.survey.unknown

    def find(self) -> Place | None:
        known = [place for place, _ in self._survey.places.values() if self._window.admits(place.values)]
        unsure: list[Place] = []
        for number, place in enumerate(map(Place, self._registered.locations, self._registered.values)):
            if self._is_unsure(number):
                unsure.append(place)
            elif self._registered.has_data(number) and self._registered.place[number] != FOREIGN:
                known.append(place)
        best = max(known, key=self.end_of, default=None)
        later = [place for place in unsure if best is None or self.end_of(place) > self.end_of(best)]
        later.sort(key=self.end_of, reverse=True)
        found = self._first_with_data(later[:LOOKS])
        if found is None and len(later) > LOOKS:
            self.is_certain = False
            return None
        return found or best

    def end_of(self, place: Place) -> datetime:
        span = self._window.times.span(place.values)
        assert span is not None
        return span.end

    def _is_unsure(self, number: int) -> bool:
        """Say whether only a look can tell what is at a partition's location: its own, which was taken to hold data, or one
        that no layout writes. What the layouts do write, and the walk has not met, is not there.
        """
        location, kind = self._registered.locations[number], self._registered.place[number]
        if kind == OWN:
            own = self._window.layouts.own_places(self._registered.values[number])
            return location in self._walked or location not in own
        return kind != FOREIGN and not self._registered.has_data(number)

    def _first_with_data(self, places: Iterable[Place]) -> Place | None:
        for place in places:
            try:
                if holds_data(self._storage, place.location):
                    return place
            except UNLISTED as error:
                self._survey.note_unknown(place.location, error)
                self.is_certain = False
        return None
