"""What `doctor` looks at, one after the other; a check that fails does not keep the others from being made."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from lake.commands.console.amounts import counted, show_bytes
from lake.commands.console.session import Session
from lake.errors import LakeError

if TYPE_CHECKING:
    from lake.lake import Lake

OK, WARN, FAIL = "ok", "warn", "FAIL"
PACKAGES = ("duckdb", "pyarrow", "sqlglot", "click")
LITTLE_SPACE, TOO_LITTLE_SPACE = 5 * 10**9, 200 * 10**6
LISTED = 20


@dataclass(frozen=True, slots=True)
class Check:
    """`status` is OK, WARN or FAIL; `remedy` what to do when it is not OK."""

    name: str
    status: str
    detail: str
    remedy: str | None = None


def check_all(session: Session) -> Iterator[Check]:
    yield check_versions()
    try:
        choice = session.choose()
        lake = session.lake()
    except LakeError as error:
        yield _failed("lake", error)
        return
    how = f"found from {choice.source}" if choice.source.startswith("/") else f"chosen by {choice.source}"
    yield Check("lake", OK, f"{choice.path}, {how}; database {lake.database}")
    with lake:
        for name, check in LAKE_CHECKS.items():
            try:
                yield from check(lake)
            except LakeError as error:
                yield _failed(name, error)


def check_versions() -> Check:
    from importlib.metadata import version

    from lake import __version__

    versions = [f"tap-lake {__version__}", f"python {platform.python_version()}", f"sqlite {sqlite3.sqlite_version}"]
    versions += [f"{package} {version(package)}" for package in PACKAGES]
    return Check("versions", OK, ", ".join(versions))


def check_format(lake: Lake) -> Iterator[Check]:
    from lake.catalog.migrations import FORMAT

    yield Check("format", OK, f"{lake.directory.settings.format}; this tap-lake writes {FORMAT}")


def check_file_system(lake: Lake) -> Iterator[Check]:
    """A network file system is refused when the lake is opened; what is left to see here is which one it is."""
    from lake.storage.mounts import MOUNTS, mount_of, parse_mounts

    if not MOUNTS.exists():
        yield Check("file system", WARN, "unknown on this system", "keep the lake on a local disk")
        return
    mounts = parse_mounts(os.fsdecode(MOUNTS.read_bytes()))
    mount = mount_of(os.path.realpath(lake.directory.path), mounts)
    yield Check("file system", OK, f"{mount.kind} at {mount.point}" if mount else "unknown")


def check_writable(lake: Lake) -> Iterator[Check]:
    places = (lake.directory.control, lake.directory.catalog_db, lake.directory.data)
    closed = [str(place) for place in places if place.exists() and not os.access(place, os.W_OK)]
    if closed or lake.catalog.read_only:
        detail = f"{', '.join(closed) or lake.directory.catalog_db} may not be written"
        yield Check("writable", WARN, detail, "queries work; to change the lake, give this user write permission")
        return
    yield Check("writable", OK, "catalog and data")


def check_catalog(lake: Lake) -> Iterator[Check]:
    faults = lake.catalog.check_integrity()
    if faults:
        remedy = f"restore {lake.directory.catalog_db} from a backup"
        yield Check("catalog", FAIL, f"{counted(len(faults), 'fault')}, the first: {faults[0]}", remedy)
        return
    tables = list(lake.tables())
    views = sum(table.is_view for table in tables)
    yield Check("catalog", OK, f"whole; {counted(len(tables) - views, 'table')}, {counted(views, 'view')}")


def check_locations(lake: Lake) -> Iterator[Check]:
    """A table may be made before its data, so a folder that is missing is no failure."""
    missing = [
        f"{table.full_name} ({table.location})"
        for table in lake.tables()
        if table.location and not _exists(lake, table.location)
    ]
    if not missing:
        yield Check("locations", OK, "every table's folder exists")
    for found in islice(missing, LISTED):
        yield Check("locations", WARN, f"nothing is at the location of {found}", "put its data there, or DROP TABLE")
    if len(missing) > LISTED:
        yield Check("locations", WARN, f"{len(missing) - LISTED} more tables without data")


def check_spool(lake: Lake) -> Iterator[Check]:
    """Events wait there without a process that writes them when one was killed, or could not deliver them."""
    from lake.ingest.delivered import Delivered
    from lake.ingest.spool import Spool
    from lake.ingest.waiting import what_waits

    with closing(Delivered(lake.catalog, lake.clock)) as delivered:
        found = what_waits(Spool(lake.directory.spool, lake.clock), delivered)
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


def check_space(lake: Lake) -> Iterator[Check]:
    places = {"lake": lake.directory.path, "temporary files": _existing(lake.directory.tmp)}
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


def check_engine(lake: Lake) -> Iterator[Check]:
    settings = lake.directory.settings.engine
    spill = settings.max_temp_size or "90% of the free space"
    detail = f"memory {settings.memory_limit}, {counted(settings.threads, 'thread')}, spills to {lake.directory.tmp} ({spill})"
    yield Check("engine limits", OK, detail)


LAKE_CHECKS: dict[str, Callable[[Lake], Iterator[Check]]] = {
    "format": check_format,
    "file system": check_file_system,
    "writable": check_writable,
    "catalog": check_catalog,
    "locations": check_locations,
    "spool": check_spool,
    "disk space": check_space,
    "engine limits": check_engine,
}


def _failed(name: str, error: LakeError) -> Check:
    return Check(name, FAIL, error.message, error.hint)


def _exists(lake: Lake, location: str) -> bool:
    try:
        return lake.storage.path(location).exists()
    except LakeError:
        return False


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())
