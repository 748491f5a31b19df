"""What storage holds, counted by prefix: streamed from any listing, in any order, one step a folder and not one a key."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from lake.errors import AccessDenied, LakeError, StorageFailed
from lake.interfaces import Storage
from lake.model import NULL_PARTITION, StoredObject
from lake.partitions.layouts.of_table import Layouts, Place
from lake.partitions.survey.discovery import FOLDER_MARKER, OWN_FOLDER
from lake.partitions.survey.registered import OWN, Registered
from lake.partitions.survey.side_by_side import side_by_side

NULL_SHOWN = "-" * len(NULL_PARTITION)
"""NULL is nobody's hidden name, though it begins with `_`."""

FLAT_KEYS = 20_000
"""A listing of fewer keys than this is not worth being split into lanes."""
MOST_SPLITS = 1000

UNLISTED = (StorageFailed, AccessDenied)
"""What makes the partitions below a prefix unknown, instead of gone."""

Group = tuple[str, int, int, int]
"""A folder, how many data objects of how many bytes lie in it, and how many other objects."""

Take = Callable[[str, int, int, int], None]
"""Takes what a group is made of."""


class Tally:
    """Data objects and their bytes."""

    __slots__ = ("bytes", "files")

    def __init__(self, files: int = 0, size: int = 0) -> None:
        self.files = files
        self.bytes = size

    def add(self, files: int, size: int) -> None:
        self.files += files
        self.bytes += size


class Survey:
    """Sorts folders: into registered partitions, places that are not, and what is in no partition."""

    def __init__(self, layouts: Layouts, registered: Registered) -> None:
        self._layouts = layouts
        self._registered = registered
        self._lock = threading.Lock()
        self.places: dict[str, tuple[Place, Tally]] = {}
        self.strays: dict[str, Tally] = {}
        self.marked: dict[str, Place] = {}
        self.unknown: dict[str, str] = {}
        self.objects = 0

    @property
    def layouts(self) -> Layouts:
        return self._layouts

    def forget(self) -> None:
        """Begin anew."""
        self.places.clear()
        self.strays.clear()
        self.marked.clear()
        self._registered.forget()
        self.objects = 0

    def note_unknown(self, prefix: str, error: LakeError) -> None:
        """Keep in mind that nobody can say what lies below a prefix, and why."""
        self.unknown[prefix] = error.message

    def take(self, folder: str, files: int, size: int, others: int) -> None:
        with self._lock:
            # What partition management itself keeps there shows nothing of the table.
            self.objects += 0 if f"/{OWN_FOLDER}" in folder else files + others
            registered = self._registered
            number = registered.at.get(folder)
            if number is not None:
                registered.note(number, data=files > 0)
                if registered.place[number] == OWN and not registered.odd:
                    return
            self._sort(folder, files, size)

    def _sort(self, folder: str, files: int, size: int) -> None:
        place = self._layouts.find(folder)
        registered = self._registered
        covered = bool(registered.odd) and self._cover(folder, files)
        if place is None:
            if files and not covered and folder not in registered.at:
                self._stray(folder, files, size)
            return
        if files and place.location != folder and is_hidden(folder, len(place.location)):
            files = 0
        number = registered.at.get(place.location)
        if number is not None:
            registered.note(number, data=files > 0)
            if registered.place[number] == OWN:
                return
        if not files:
            self.marked[place.location] = place
        elif place.location in self.places:
            self.places[place.location][1].add(files, size)
        else:
            self.places[place.location] = (place, Tally(files, size))

    def _cover(self, folder: str, files: int) -> bool:
        """Note what lies below registered locations that are no places; say whether any is above the folder."""
        covered = False
        end = len(folder) - 1
        while (end := folder.rfind("/", 0, end)) > 0:
            number = self._registered.at.get(folder[: end + 1])
            if number is not None:
                covered = True
                self._registered.note(number, data=files > 0 and not is_hidden(folder, end + 1))
        return covered

    def _stray(self, folder: str, files: int, size: int) -> None:
        top = self._top(folder)
        if top is not None:
            self.strays.setdefault(top, Tally()).add(files, size)

    def _top(self, folder: str) -> str | None:
        """Return the first prefix on the way to a folder that leads to no partition; None where engines do not look."""
        for layout in self._layouts.layouts:
            if folder.startswith(layout.root):
                break
        else:
            return folder
        start = len(layout.root)
        if is_hidden(folder.replace(NULL_PARTITION, NULL_SHOWN), start):
            return None
        ends = [layout.fitting(folder) for layout in self._layouts.layouts if folder.startswith(layout.root)]
        fitting = max(ends)
        end = folder.find("/", fitting) if fitting < len(folder) else -1
        return folder if end < 0 else folder[: end + 1]


def is_hidden(folder: str, start: int) -> bool:
    """Say whether a step of a folder after `start` begins with `_` or `.`, as engines pass over."""
    return folder[start : start + 1] in ("_", ".") or folder.find("/_", start) >= 0 or folder.find("/.", start) >= 0


def tally(objects: Iterable[StoredObject], take: Take) -> int:
    """Count objects by folder and return how many there were; a folder may be taken several times."""
    folder, files, size, others, total = "", 0, 0, 0, 0
    for stored in objects:
        location = stored.location
        cut = location.rfind("/") + 1
        if cut != len(folder) or not location.startswith(folder):
            if files or others:
                take(folder, files, size, others)
                total += files + others
            folder, files, size, others = location[:cut], 0, 0, 0
        length = stored.size
        # An empty name is that of a folder's own marker, and the empty text is in every text.
        if length <= 0 or location[cut : cut + 1] in "_.":
            others += 1
            if location.endswith(FOLDER_MARKER) and len(location) - cut > len(FOLDER_MARKER):
                take(location[: -len(FOLDER_MARKER)] + "/", 0, 0, 1)
        elif location.endswith(FOLDER_MARKER):
            others += 1
            take(location[: -len(FOLDER_MARKER)] + "/", 0, 0, 1)
        else:
            files += 1
            size += length
    if files or others:
        take(folder, files, size, others)
    return total + files + others


def survey_everything(storage: Storage, survey: Survey) -> None:
    """List all below the layouts' roots. What cannot be listed goes into `unknown`; raise what a root itself fails with."""
    try:
        for root in survey.layouts.roots:
            if storage.listings_at_once > 1:
                _list_in_lanes(storage, root, survey)
            else:
                tally(storage.list_keys(root), survey.take)
    except UNLISTED:
        # What was counted may be half of it, so one prefix after the other is counted anew, and hides no other.
        survey.forget()
        for root in survey.layouts.roots:
            _list_below(storage, root, survey)


def list_whole(storage: Storage, prefix: str, survey: Survey) -> None:
    """List all below a prefix, which counts once it is whole; where it fails, go down to where it does."""
    groups: list[Group] = []
    try:
        tally(storage.list_keys(prefix), lambda *group: groups.append(group))
    except UNLISTED as error:
        _go_down(storage, prefix, survey, error)
    else:
        _take_all(survey, groups)


def _take_all(survey: Survey, groups: Iterable[Group]) -> None:
    for group in groups:
        survey.take(*group)


def _go_down(storage: Storage, prefix: str, survey: Survey, error: LakeError) -> None:
    try:
        if survey.layouts.find(prefix) is None:
            _list_below(storage, prefix, survey)
            return
    except UNLISTED as deeper:
        error = deeper
    survey.note_unknown(prefix, error)


def _list_below(storage: Storage, prefix: str, survey: Survey) -> None:
    """List what lies directly at a prefix, and each prefix below it on its own."""
    prefixes, direct = _level(storage, prefix)
    _take_all(survey, direct)
    for below in prefixes:
        list_whole(storage, below, survey)


def _level(storage: Storage, prefix: str, most: int | None = None) -> tuple[list[str], list[Group]]:
    """Return the prefixes one level below, and what lies at that level itself; with `most`, no more than one beyond it."""
    prefixes: list[str] = []
    groups: list[Group] = []

    def objects() -> Iterator[StoredObject]:
        for found in storage.list_level(prefix):
            if not isinstance(found, str):
                yield found
                continue
            prefixes.append(found)
            if most is not None and len(prefixes) > most:
                return

    tally(objects(), lambda *group: groups.append(group))
    return prefixes, groups


def _list_in_lanes(storage: Storage, root: str, survey: Survey) -> None:
    """List prefix by prefix, side by side, what is too much for one listing after the other."""
    objects = iter(storage.list_keys(root))
    begun = list(islice(objects, FLAT_KEYS))
    flat = sum("/" not in stored.location[len(root) :] for stored in begun)
    is_deep = len(begun) == FLAT_KEYS and flat < FLAT_KEYS / 2
    prefixes, direct = _level(storage, root, MOST_SPLITS) if is_deep else ([], [])
    if not 1 < len(prefixes) <= MOST_SPLITS:
        tally(chain(begun, objects), survey.take)
        return
    del begun, objects
    _take_all(survey, direct)
    for _ in side_by_side(storage, lambda prefix: list_whole(storage, prefix, survey), prefixes):
        pass
