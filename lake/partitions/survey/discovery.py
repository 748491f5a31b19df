"""What engines would read below one location, and what they pass over."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from lake.interfaces import Storage
from lake.model import StoredObject

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
    at_once = min(storage.listings_at_once, len(locations))
    if at_once < 2:
        yield from (list_data(storage, location, passed_over) for location in locations)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(at_once, thread_name_prefix="tap-lake-list") as pool:
        try:
            yield from pool.map(lambda location: list_data(storage, location, passed_over), locations)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


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
