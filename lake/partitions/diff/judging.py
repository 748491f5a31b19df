"""The rules of a comparison: what each registered partition, and each place with data, means."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from lake.partitions.diff.expected import Expectation
from lake.partitions.diff.plan import Change, ChangeKind
from lake.partitions.layouts.layout import Values
from lake.partitions.survey.folders import Survey, Tally
from lake.partitions.survey.registered import FOREIGN, OWN, Registered

NOT_REGISTERED = "holds data and is not registered"
TWO_PLACES = "these values have data at more than one place"
TWO_VALUES = "this place is registered under other values"
TWICE = "the same values are registered twice, spelled otherwise"
GONE = "nothing is there any more"
ONLY_MARKERS = "holds markers and no data"
NO_PARTITION = "objects in no partition"
MOVED = "is registered where nothing is, and has its data here"
MOVED_FROM_OTHER = "is registered at the place of other values, and has its data here"


class Judge:
    """Judges once. `partial` says that the survey shows only some places, so that none is judged absent."""

    def __init__(
        self, registered: Registered, survey: Survey, expectation: Expectation, *, partial: bool = False
    ) -> None:
        self._partial = partial
        self.registered = registered
        self.survey = survey
        self._layouts = survey.layouts
        self._expectation = expectation
        self._changes: list[Change] = []
        self._skipped: list[Change] = []
        self._faulty: set[Values] = set()
        self._told: set[tuple[str, Values | None]] = set()
        self._unknown = tuple(sorted(survey.unknown))

    def findings(self) -> tuple[list[Change], list[Change]]:
        """Return what can be applied, and what is only told."""
        candidates = self._candidates()
        holders = self.registered.find(set(candidates))
        moving = self._moving(candidates, holders)
        for identity, places in candidates.items():
            self._judge_places(identity, places, holders.get(identity, []), moving)
        self._judge_registered(candidates, moving)
        for location, counted in self.survey.strays.items():
            self._skip(ChangeKind.STRAY, (), location, NO_PARTITION, counted)
        return self._changes, self._skipped

    def _candidates(self) -> dict[Values, list[str]]:
        """Return by identity the places with data that are not registered under their own values."""
        found: dict[Values, list[str]] = {}
        for location, (place, counted) in self.survey.places.items():
            fault = self._layouts.fault(place)
            if fault is not None:
                self._faulty.add(self._layouts.identity(place.values))
                if location not in self.registered.at:
                    self._skip(ChangeKind.STRAY, place.values, location, fault, counted)
                continue
            found.setdefault(self._layouts.identity(place.values), []).append(location)
        return found

    def _moving(self, candidates: dict[Values, list[str]], holders: dict[Values, list[int]]) -> dict[int, str]:
        """Return the partitions to be moved, and where to: none to a place that stays another one's."""
        moving = {
            numbers[0]: candidates[identity][0]
            for identity, numbers in holders.items()
            if len(candidates[identity]) == len(numbers) == 1 and self._may_move(numbers[0])
        }
        movers = {target: number for number, target in moving.items()}
        stuck = [number for number, target in moving.items() if self._occupied(target, moving)]
        while stuck:
            number = stuck.pop()
            del moving[number]
            # Who was to move where this one stays is stuck too.
            location = self.registered.locations[number]
            follower = movers.get(location)
            if follower in moving and self._occupied(location, moving):
                stuck.append(follower)
        return moving

    def _may_move(self, number: int) -> bool:
        if self._is_unknown(self.registered.locations[number]):
            return False
        return self.registered.place[number] == FOREIGN or not self.registered.has_data(number)

    def _occupied(self, location: str, moving: dict[int, str]) -> bool:
        number = self.registered.at.get(location)
        return number is not None and number not in moving

    def _judge_places(self, identity: Values, places: list[str], numbers: list[int], moving: dict[int, str]) -> None:
        if not numbers and len(places) == 1 and not self._occupied(places[0], moving):
            self._change(ChangeKind.ADD, places[0], NOT_REGISTERED)
            return
        if not numbers:
            for location in places:
                occupied = len(places) == 1
                self._duplicate(location, TWO_VALUES if occupied else TWO_PLACES)
            return
        if numbers[0] in moving:
            return
        if any(self._is_elsewhere(number) for number in numbers):
            return
        for location in places:
            occupied = len(places) == 1 and self._occupied(location, moving)
            self._duplicate(location, TWO_VALUES if occupied else TWO_PLACES, self.registered.locations[numbers[0]])

    def _is_elsewhere(self, number: int) -> bool:
        """Say whether a partition is to be left alone: it holds data outside the layout, or nobody can say."""
        registered = self.registered
        if self._is_unknown(registered.locations[number]):
            return True
        return registered.place[number] not in (OWN, FOREIGN) and registered.has_data(number)

    def _judge_registered(self, candidates: dict[Values, list[str]], moving: dict[int, str]) -> None:
        for number, target in moving.items():
            foreign = self.registered.place[number] == FOREIGN and self.registered.has_data(number)
            self._change(ChangeKind.MOVE, target, MOVED_FROM_OTHER if foreign else MOVED, number)
        for number in self.registered.sharing:
            if number not in moving and self.registered.has_data(number):
                self._tell(number, TWO_VALUES)
        for number in self._without_place():
            if number in moving:
                continue
            values = self.registered.values[number]
            if self.registered.has_data(number):
                self._tell(number, TWO_VALUES)
            elif not self._holds(candidates, values):
                self._judge_absent(number, values)
        twins = self.registered.twins()
        for numbers in self.registered.find(twins).values():
            for number in numbers:
                self._tell(number, TWICE)

    def _holds(self, candidates: dict[Values, list[str]], values: Values) -> bool:
        """Say whether there are data at a place of the values, though they may be none of their keys' types."""
        identity = self._layouts.identity(values)
        return identity in candidates or identity in self._faulty

    def _without_place(self) -> Iterator[int]:
        """Yield partitions that hold nothing, or the data of another one's place."""
        registered = self.registered
        for number, place in enumerate(registered.place):
            if not registered.has_data(number) or place == FOREIGN:
                yield number

    def _judge_absent(self, number: int, values: Values) -> None:
        location = self.registered.locations[number]
        own = [location, *self._layouts.own_places(values)]
        if self._partial or any(map(self._is_unknown, own)) or self._expectation.holds(number, values):
            return
        marked = location if self.registered.has_marker(number) else self._marked.get(self._layouts.identity(values))
        if marked is not None:
            self._skip(ChangeKind.EMPTY, values, marked, ONLY_MARKERS, Tally(), location)
            return
        self._changes.append(Change(ChangeKind.DROP, values, location, reason=GONE, files=0, bytes=0))

    @cached_property
    def _marked(self) -> dict[Values, str]:
        """Where there are markers, by identity."""
        return {self._layouts.identity(place.values): place.location for place in self.survey.marked.values()}

    def _is_unknown(self, location: str) -> bool:
        """Say whether a location lies below what could not be listed, or above it."""
        if not self._unknown:
            return False
        at = bisect_left(self._unknown, location)
        following = self._unknown[at : at + 1]
        return location.startswith(self._unknown) or any(each.startswith(location) for each in following)

    def _change(self, kind: ChangeKind, location: str, reason: str, number: int | None = None) -> None:
        place, counted = self.survey.places[location]
        values = place.values if number is None else self.registered.values[number]
        before = None if number is None else self.registered.locations[number]
        self._changes.append(Change(kind, values, location, before, reason, counted.files, counted.bytes))

    def _duplicate(self, location: str, reason: str, elsewhere: str | None = None) -> None:
        place, counted = self.survey.places[location]
        self._told.add((location, None))
        self._skip(ChangeKind.DUPLICATE, place.values, location, reason, counted, elsewhere)

    def _tell(self, number: int, reason: str) -> None:
        location = self.registered.locations[number]
        values = self.registered.values[number]
        if self._told.isdisjoint({(location, None), (location, values)}):
            self._skip(ChangeKind.DUPLICATE, values, location, reason)

    def _skip(
        self,
        kind: ChangeKind,
        values: Values,
        location: str,
        reason: str,
        counted: Tally | None = None,
        elsewhere: str | None = None,
    ) -> None:
        self._told.add((location, values))
        files, size = (None, None) if counted is None else (counted.files, counted.bytes)
        self._skipped.append(
            Change(kind, values, location, None if elsewhere == location else elsewhere, reason, files, size)
        )
