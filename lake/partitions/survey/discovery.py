"""What engines would read below one location, and what they pass over."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from lake.interfaces import Storage
from lake.model import StoredObject
from lake.partitions.survey.side_by_side import side_by_side

FOLDER_MARKER = "_$folder$"

OWN_FOLDER = "_tap_lake/"
"""Below a table's location: what its partitions' management keeps there, where no engine looks."""


def holds_data(storage: Storage, location: str) -> bool:
    """Say whether an engine would find anything to read below `location`, stopping at the first such object."""
    return any(is_data(stored, location) for stored in storage.list_keys(location))


def list_data(storage: Storage, location: str, passed_over: Collection[str] = ()) -> list[StoredObject]:
    """Return what an engine reads below `location`, by name, but for names that begin with one of `passed_over`."""
    folder = location if location.endswith("/") else location + "/"
    beginnings = tuple(passed_over)
    found = [
        stored
        for stored in storage.list_keys(folder)
        if is_data(stored, folder) and not (beginnings and stored.location.rpartition("/")[2].startswith(beginnings))
    ]
    return sorted(found, key=lambda stored: stored.location)


def list_data_of_all(
    storage: Storage, locations: Sequence[str], passed_over: Collection[str] = ()
) -> Iterator[list[StoredObject]]:
    """Yield what `list_data` returns for each location, in their order, as many listings at once as the storage likes."""
    return side_by_side(storage, lambda location: list_data(storage, location, passed_over), locations)


def is_data(stored: StoredObject, location: str) -> bool:
    """Pass over what engines pass over: empty objects, folder markers, names that begin with `_` or `.` at any level."""
    key = stored.location[len(location) :]
    return (
        stored.size > 0
        and key != ""
        and not key.endswith(("/", FOLDER_MARKER))
        and not key.startswith(("_", "."))
        and "/_" not in key
        and "/." not in key
    )
