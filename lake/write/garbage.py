"""Files that a write has replaced: listed then, deleted after a period of grace, in which running queries read on.

What an overwrite replaced lies in locations that are none any more. What a merge replaced lies beside its successor, so it is
hidden from whoever lists the table, and goes as soon as no query runs that may have listed it before.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lake.catalog.connections import SqliteFile
from lake.catalog.locations import Locations
from lake.catalog.rows import to_micros
from lake.catalog.sqlite import SqliteCatalog
from lake.model import TableName
from lake.partitions.layouts.names import escape
from lake.write.disk import remove_empty
from lake.write.places import as_folder

PREFIX = "garbage/"
REPLACED, MERGED = "garbage", "merged"
NAMES_AT_ONCE = 500

# The location of a partitioned table is no place of data: its partitions' are.
USED_LOCATIONS = (
    "SELECT location FROM partitions WHERE location IN ({marks})",
    "SELECT location FROM tables WHERE location IN ({marks}) AND body NOT LIKE '%\"PartitionKeys\":[%'",
)


@dataclass(frozen=True)
class Retired:
    """Locations that hold no valid data any more; folders that become empty go too, up to the location `base`."""

    base: str
    locations: tuple[str, ...]


class Garbage:
    """Rows of the catalog's table `journal`, one a write that replaced files; `state` says when its files may go."""

    def __init__(self, catalog: SqliteCatalog, file: SqliteFile, path_of: Callable[[str], Path], bucket: str) -> None:
        self._catalog = catalog
        self._file = file
        self._path_of = path_of
        self._locations = Locations(bucket)

    def note(
        self,
        connection: sqlite3.Connection,
        name: TableName,
        write_id: str,
        retired: Retired,
        *,
        now: datetime,
        due: datetime,
    ) -> None:
        """Remember the files that lie below the old locations now; whatever comes there later is not touched."""
        files = {location: self._files_below(location) for location in retired.locations}
        self._note(connection, REPLACED, f"{PREFIX}{escape(str(name))}/{write_id}", retired.base, files, now, due)

    def note_merged(
        self,
        connection: sqlite3.Connection,
        name: TableName,
        write_id: str,
        base: str,
        files: Mapping[str, Sequence[str]],
        *,
        now: datetime,
        due: datetime,
    ) -> None:
        """Remember the names of files, by the location that they lie in and that goes on to be one."""
        self._note(connection, MERGED, f"{PREFIX}{escape(str(name))}/{write_id}", base, files, now, due)

    def hidden(self, *, except_of: Collection[str]) -> list[str]:
        """Return the names of merged files of all tables that are still there, but of no write of `except_of`."""
        with self._file.reading() as connection:
            rows = connection.execute("SELECT id, body FROM journal WHERE kind = ?", (MERGED,)).fetchall()
        bodies = [json.loads(body) for identifier, body in rows if identifier.rpartition("/")[2] not in except_of]
        return [file for body in bodies for files in body["files"].values() for file in files]

    def is_due(self, name: TableName, now: datetime) -> bool:
        return bool(self._read_due(name, now, unread=False))

    def sweep(self, name: TableName, now: datetime, *, unread: bool = False) -> int:
        """Delete what is due and in no use again; return how many files. The caller holds the table's lock alone.

        `unread` says that no query runs that began before: merged files are due then.
        """
        deleted = 0
        for identifier, kind, body in self._read_due(name, now, unread=unread):
            noted = json.loads(body)
            base = self._path_of(self._locations.shown(noted["base"]))
            folders = {self._locations.shown(location): files for location, files in noted["files"].items()}
            used = self._used(folders) if kind == REPLACED else set()
            for location, files in folders.items():
                deleted += self._delete(location, files, used, base)
            with self._catalog.transaction() as connection:
                connection.execute("DELETE FROM journal WHERE id = ?", (identifier,))
        return deleted

    def _note(
        self,
        connection: sqlite3.Connection,
        kind: str,
        identifier: str,
        base: str,
        files: Mapping[str, Sequence[str]],
        now: datetime,
        due: datetime,
    ) -> None:
        found = {self._locations.stored(location): list(names) for location, names in files.items() if names}
        if found:
            body = json.dumps({"base": self._locations.stored(base), "files": found})
            row = (identifier, kind, _due(due), body, to_micros(now))
            connection.execute("INSERT INTO journal (id, kind, state, body, created_at) VALUES (?, ?, ?, ?, ?)", row)

    def _files_below(self, location: str) -> list[str]:
        """Return the names, relative to the location, of what an engine would read there."""
        root = self._path_of(as_folder(location))
        found = []
        for folder, folders, files in os.walk(root):
            folders[:] = [each for each in folders if not each.startswith(("_", "."))]
            shown = [each for each in files if not each.startswith(("_", "."))]
            found += [Path(folder, each).relative_to(root).as_posix() for each in shown]
        return sorted(found)

    def _read_due(self, name: TableName, now: datetime, *, unread: bool) -> list[tuple[str, str, str]]:
        sql = "SELECT id, kind, body FROM journal WHERE id >= ? AND id < ? AND (state <= ? OR kind = ?)"
        with self._file.reading() as connection:
            due = (*_identifiers_of(name), _due(now), MERGED if unread else "")
            return connection.execute(sql, due).fetchall()

    def _delete(self, location: str, files: Sequence[str], used: set[str], base: Path) -> int:
        root = self._path_of(as_folder(location))
        kept = base if base in root.parents else root
        deleted = 0
        for file in files:
            if used.isdisjoint(_folders_of(location, file)):
                path = root / file
                path.unlink(missing_ok=True)
                deleted += 1
                remove_empty(path.parent, below=kept)
        return deleted

    def _used(self, folders: dict[str, list[str]]) -> set[str]:
        """Return which of the folders that the files lie in, at any height, hold the data of a table or partition."""
        above = {each for location, files in folders.items() for file in files for each in _folders_of(location, file)}
        stored = sorted(self._locations.stored(folder) for folder in above)
        spelled = [text for folder in stored for text in (folder, folder.removesuffix("/"))]
        used: set[str] = set()
        with self._file.reading() as connection:
            for start in range(0, len(spelled), NAMES_AT_ONCE):
                some = spelled[start : start + NAMES_AT_ONCE]
                for sql in USED_LOCATIONS:
                    marked = sql.format(marks=", ".join("?" * len(some)))
                    used.update(row[0] for row in connection.execute(marked, some))
        return {as_folder(self._locations.shown(location)) for location in used}


def _folders_of(location: str, file: str) -> set[str]:
    """Every folder above a file, as locations that end with a slash; the bucket's root is the highest."""
    steps = (as_folder(location) + file).split("/")
    return {"/".join(steps[:depth]) + "/" for depth in range(3 if steps[2] else 4, len(steps))}


def _identifiers_of(name: TableName) -> tuple[str, str]:
    first = f"{PREFIX}{escape(str(name))}"
    return f"{first}/", f"{first}0"


def _due(instant: datetime) -> str:
    return f"due {instant:%Y-%m-%dT%H:%M:%S.%f}"
