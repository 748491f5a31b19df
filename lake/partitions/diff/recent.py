"""Plans from what can have changed lately: partitions of the last days, and only their prefixes in storage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from lake.errors import UsageError
from lake.interfaces import Catalog, Storage
from lake.model import Partition, Table
from lake.partitions.diff.expected import LOOK_BACK, Expectation
from lake.partitions.diff.full import make_plan
from lake.partitions.diff.judging import Judge
from lake.partitions.diff.window import Window, window_of
from lake.partitions.layouts.inference import FirstPages, layouts_of
from lake.partitions.layouts.layout import Layout
from lake.partitions.layouts.of_table import Layouts, Place
from lake.partitions.layouts.template import Step
from lake.partitions.layouts.times import days_between
from lake.partitions.survey.folders import UNLISTED, Survey, tally
from lake.partitions.survey.registered import OWN, Registered
from lake.partitions.survey.side_by_side import side_by_side

if TYPE_CHECKING:
    from lake.clock import Clock
    from lake.partitions.diff.plan import PartitionPlan

AHEAD = timedelta(days=1)


def recent_window(storage: Storage, table: Table, *, now: datetime, since: datetime | None = None) -> Window | None:
    """Return the days from `since` (48 hours ago) to tomorrow as a table writes them; None where no key tells time."""
    pages: Any = FirstPages(storage)
    layouts = layouts_of(pages, table, newest=True)
    return window_of(pages, layouts, days_between(since or now - LOOK_BACK, now + AHEAD))


def plan_recent(
    catalog: Catalog, storage: Storage, table: Table, *, clock: Clock, since: datetime | None = None
) -> PartitionPlan:
    """Say what is to be added or moved among the partitions from `since` (48 hours ago) to tomorrow.

    Nothing older is looked at, and nothing is judged gone. Raise UsageError for a table without a key that tells time.
    """
    window = recent_window(storage, table, now=clock.now(), since=since)
    if window is None:
        raise UsageError(
            f"no partition key of {str(table.full_name)!r} tells time", hint="leave --since out: all is listed then"
        )
    seen = survey_window(catalog, storage, table, window)
    return plan_of(table, seen, clock.now())


class Seen(NamedTuple):
    """What a window showed: storage's side, the catalog's, and the layouts' places in it, not all of which hold data.

    What is registered at its own place is taken to hold data, and is not looked at.
    """

    survey: Survey
    registered: Registered
    places: Sequence[Place]


def survey_window(catalog: Catalog, storage: Storage, table: Table, window: Window) -> Seen:
    """Look at the days of a window; what cannot be listed is in the survey's `unknown`."""
    layouts = window.layouts
    registered = Registered(layouts)
    listed = catalog.list_partitions(table, window.bounds(), columns=False, ordered=False)
    registered.take(_within(listed, window), None)
    survey = Survey(layouts, registered)
    walked = (place for layout in layouts.layouts for place in _walk(storage, layout, window, window.days))
    places = list(dict.fromkeys(walked))
    _look(storage, survey, _unsettled(registered, places))
    _look(storage, survey, _elsewhere(layouts, registered, survey))
    return Seen(survey, registered, places)


def plan_of(table: Table, seen: Seen, now: datetime) -> PartitionPlan:
    """Judge what was seen: `newest` is not known, as what is registered was not looked at."""
    judge = Judge(seen.registered, seen.survey, Expectation(seen.registered, now=now), partial=True)
    return make_plan(table, judge, now, partial=True)


def _within(partitions: Iterable[Partition], window: Window) -> Iterator[Partition]:
    return (partition for partition in partitions if window.admits(partition.values))


def _unsettled(registered: Registered, places: Iterable[Place]) -> Iterator[str]:
    """Yield the places that have to be looked at; those that are registered hold data unless a full run says otherwise."""
    for place in places:
        number = registered.at.get(place.location)
        if number is not None and registered.place[number] == OWN:
            registered.note(number, data=True)
        else:
            yield place.location


def _elsewhere(layouts: Layouts, registered: Registered, survey: Survey) -> Iterator[str]:
    """Yield where partitions are registered that have data at their own place too."""
    found = registered.find({layouts.identity(place.values) for place, _ in survey.places.values()})
    for numbers in found.values():
        for number in numbers:
            if not registered.has_data(number):
                yield registered.locations[number]


def _look(storage: Storage, survey: Survey, locations: Iterable[str]) -> None:
    def look(location: str) -> None:
        try:
            tally(storage.list_keys(location), survey.take)
        except UNLISTED as error:
            survey.note_unknown(location, error)

    for _ in side_by_side(storage, look, list(dict.fromkeys(locations))):
        pass


class _Node(NamedTuple):
    prefix: str
    level: int
    caught: tuple[str, ...]
    days: tuple[datetime, ...]


@dataclass(frozen=True)
class _Walk:
    storage: Storage
    layout: Layout
    window: Window

    def below(self, node: _Node) -> list[_Node]:
        """Return what is one step below: known without asking where the step is text or a day, else what is listed."""
        step = self.layout.steps[node.level]
        if step.literal is not None:
            return [_Node(f"{node.prefix}{step.literal}/", node.level + 1, node.caught, node.days)]
        written = self._written(step, node)
        if written is not None:
            return written
        found = []
        for prefix in self.storage.list_prefixes(node.prefix):
            match = step.pattern.fullmatch(prefix, len(node.prefix), len(prefix) - 1)
            if match is not None:
                days = self.window.narrowed(self.layout, step, match.groups(), node.days)
                if days:
                    found.append(_Node(prefix, node.level + 1, node.caught + match.groups(), days))
        return found

    def _written(self, step: Step, node: _Node) -> list[_Node] | None:
        by_text: dict[str, list[datetime]] = {}
        for day in node.days:
            text = self.window.text(self.layout, step, day)
            if text is None:
                return None
            by_text.setdefault(text, []).append(day)
        nodes = []
        for text, days in by_text.items():
            match = step.pattern.fullmatch(text)
            if match is None:
                return None
            nodes.append(_Node(f"{node.prefix}{text}/", node.level + 1, node.caught + match.groups(), tuple(days)))
        return nodes


def _walk(storage: Storage, layout: Layout, window: Window, days: Sequence[datetime]) -> Iterator[Place]:
    """Yield the layout's places in the window, whether they hold data or not; a level after the other, side by side."""
    walk = _Walk(storage, layout, window)
    nodes = [_Node(layout.root, 0, (), tuple(days))]
    for _ in layout.steps:
        nodes = [node for below in side_by_side(storage, walk.below, nodes) for node in below]
    for node in nodes:
        values = layout.read(node.caught)
        if values is not None and window.admits(values):
            yield Place(node.prefix, values)
