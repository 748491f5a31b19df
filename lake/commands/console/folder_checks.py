"""What `doctor` looks at in a lake that is a folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain, islice
from pathlib import Path

from lake.clock import SystemClock
from lake.commands.console.amounts import counted, show_bytes
from lake.commands.console.checks import FAIL, OK, WARN, Check, how_chosen, run_checks
from lake.config import DirectoryChoice
from lake.directory import open_lake
from lake.directory_parts import DirectoryParts
from lake.errors import LakeError
from lake.model import Table

LITTLE_SPACE, TOO_LITTLE_SPACE = 5 * 10**9, 200 * 10**6
LISTED = 20


def check_folder(choice: DirectoryChoice) -> Iterator[Check]:
    clock = SystemClock()
    with closing(DirectoryParts(open_lake(choice.path, clock=clock), clock)) as parts:
        database = choice.database or parts.directory.settings.database
        yield Check("lake", OK, f"{choice.path}, {how_chosen(choice.source)}; database {database}")
        yield from run_checks(CHECKS, parts)


def check_format(parts: DirectoryParts) -> Iterator[Check]:
    from lake.catalog.migrations import FORMAT

    yield Check("format", OK, f"{parts.directory.settings.format}; this tap-lake writes {FORMAT}")


def check_file_system(parts: DirectoryParts) -> Iterator[Check]:
    """A network file system is refused when the lake is opened; what is left to see here is which one it is."""
    from lake.storage.mounts import MOUNTS, mount_of, parse_mounts

    if not MOUNTS.exists():
        yield Check("file system", WARN, "unknown on this system", "keep the lake on a local disk")
        return
    mounts = parse_mounts(os.fsdecode(MOUNTS.read_bytes()))
    mount = mount_of(os.path.realpath(parts.directory.path), mounts)
    yield Check("file system", OK, f"{mount.kind} at {mount.point}" if mount else "unknown")


def check_writable(parts: DirectoryParts) -> Iterator[Check]:
    places = (parts.directory.control, parts.directory.catalog_db, parts.directory.data)
    closed = [str(place) for place in places if place.exists() and not os.access(place, os.W_OK)]
    if closed or parts.catalog.read_only:
        detail = f"{', '.join(closed) or parts.directory.catalog_db} may not be written"
        yield Check("writable", WARN, detail, "queries work; to change the lake, give this user write permission")
        return
    yield Check("writable", OK, "catalog and data")


def check_catalog(parts: DirectoryParts) -> Iterator[Check]:
    faults = parts.catalog.check_integrity()
    if faults:
        remedy = f"restore {parts.directory.catalog_db} from a backup"
        yield Check("catalog", FAIL, f"{counted(len(faults), 'fault')}, the first: {faults[0]}", remedy)
        return
    tables = list(_tables(parts))
    views = sum(table.is_view for table in tables)
    yield Check("catalog", OK, f"whole; {counted(len(tables) - views, 'table')}, {counted(views, 'view')}")


def check_locations(parts: DirectoryParts) -> Iterator[Check]:
    """A table may be made before its data, so a folder that is missing is no failure."""
    missing = [
        f"{table.full_name} ({table.location})"
        for table in _tables(parts)
        if table.location and not _exists(parts, table.location)
    ]
    if not missing:
        yield Check("locations", OK, "every table's folder exists")
    for found in islice(missing, LISTED):
        yield Check("locations", WARN, f"nothing is at the location of {found}", "put its data there, or DROP TABLE")
    if len(missing) > LISTED:
        yield Check("locations", WARN, f"{len(missing) - LISTED} more tables without data")


def check_spool(parts: DirectoryParts) -> Iterator[Check]:
    """Events wait there without a process that writes them when one was killed, or could not deliver them."""
    from lake.ingest.delivered import Delivered
    from lake.ingest.spool import Spool
    from lake.ingest.waiting import what_waits

    with closing(Delivered(parts.catalog, parts.clock)) as delivered:
        found = what_waits(Spool(parts.directory.spool, parts.clock), delivered)
    told, remedies = [], []
    if found.segments:
        verb = "waits" if found.segments == 1 else "wait"
        told.append(f"{counted(found.segments, 'segment')} with {counted(found.events, 'event')} {verb} for delivery")
        remedies.append("tap-lake deliver puts them into their table")
    if found.rejected:
        told.append(f"{counted(found.rejected, 'rejected record')} kept")
        remedies.append("tap-lake ingest --rejected lists what is no event")
    status = WARN if told else OK
    yield Check("spool", status, "; ".join(told) or "nothing waits in it", "; ".join(remedies) or None)


def check_space(parts: DirectoryParts) -> Iterator[Check]:
    places = {"lake": parts.directory.path, "temporary files": _existing(parts.directory.tmp)}
    seen: set[int] = set()
    for name, place in places.items():
        device = place.stat().st_dev
        if device in seen:
            continue
        seen.add(device)
        usage = shutil.disk_usage(place)
        status = FAIL if usage.free < TOO_LITTLE_SPACE else WARN if usage.free < LITTLE_SPACE else OK
        remedy = None if status == OK else f"free some space under {place}"
        yield Check("disk space", status, f"{show_bytes(usage.free)} free for the {name} ({place})", remedy)


def check_engine(parts: DirectoryParts) -> Iterator[Check]:
    settings = parts.directory.settings.engine
    spill = settings.max_temp_size or "90% of the free space"
    detail = f"memory {settings.memory_limit}, {counted(settings.threads, 'thread')}, spills to {parts.directory.tmp} ({spill})"
    yield Check("engine limits", OK, detail)


CHECKS: dict[str, Callable[[DirectoryParts], Iterator[Check]]] = {
    "format": check_format,
    "file system": check_file_system,
    "writable": check_writable,
    "catalog": check_catalog,
    "locations": check_locations,
    "spool": check_spool,
    "disk space": check_space,
    "engine limits": check_engine,
}


def _exists(parts: DirectoryParts, location: str) -> bool:
    try:
        return parts.storage.path(location).exists()
    except LakeError:
        return False


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _tables(parts: DirectoryParts) -> Iterator[Table]:
    databases = list(parts.catalog.list_databases())
    return chain.from_iterable(parts.catalog.list_tables(database.name) for database in databases)
