"""What a committed write has still to do: rows of the catalog's table `journal`.

A row is written in the transaction that makes a write valid, and goes when everything is done. Until then whoever takes
the table's lock next does the rest. `_staging/<write id>` exists as long as a write is not finished:

    folder and row      committed: to be rolled forward
    folder, no row      not committed: to be swept once its process is gone
    no folder           finished
"""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lake.catalog.connections import SqliteFile
from lake.catalog.locations import Locations
from lake.catalog.rows import to_micros
from lake.catalog.sqlite import SqliteCatalog
from lake.model import TableName
from lake.partitions.layouts.names import escape
from lake.storage.files import sync_folder
from lake.write.disk import make_folders, remove_folders
from lake.write.places import staging_folder

logger = logging.getLogger(__name__)

APPEND, OVERWRITE = "append", "overwrite"
PREFIX = "write/"


@dataclass(frozen=True)
class Move:
    """A staged file's name and the location of the folder that it belongs into."""

    file: str
    folder: str


@dataclass(frozen=True)
class Entry:
    """`base` is the location that `_staging` lies in. `moves` are empty for an overwrite, whose files lie in place."""

    name: TableName
    write_id: str
    kind: str
    base: str
    moves: tuple[Move, ...] = ()


class Journal:
    """`file` is the catalog's own, opened apart so that readers wait for no writer."""

    def __init__(self, catalog: SqliteCatalog, file: SqliteFile, path_of: Callable[[str], Path], bucket: str) -> None:
        self._catalog = catalog
        self._file = file
        self._path_of = path_of
        self._locations = Locations(bucket)

    def note(self, connection: sqlite3.Connection, entry: Entry, now: datetime) -> None:
        body = {
            "base": self._locations.stored(entry.base),
            "moves": [[move.file, self._locations.stored(move.folder)] for move in entry.moves],
        }
        row = (identifier_of(entry.name, entry.write_id), entry.kind, "committed", json.dumps(body), to_micros(now))
        connection.execute("INSERT INTO journal (id, kind, state, body, created_at) VALUES (?, ?, ?, ?, ?)", row)

    def unfinished(self, name: TableName, kind: str = "%") -> list[str]:
        """Return the identifiers of committed writes that are not done."""
        sql = "SELECT id FROM journal WHERE id >= ? AND id < ? AND kind LIKE ?"
        with self._file.reading() as connection:
            rows = connection.execute(sql, (*identifiers_of(name), kind)).fetchall()
        return [row[0].rpartition("/")[2] for row in rows]

    def unfinished_anywhere(self, kind: str) -> list[str]:
        """Return the identifiers of committed writes of all tables that are not done: two tables may lie in one place."""
        sql = "SELECT id FROM journal WHERE id LIKE ? AND kind = ?"
        with self._file.reading() as connection:
            rows = connection.execute(sql, (f"{PREFIX}%", kind)).fetchall()
        return [row[0].rpartition("/")[2] for row in rows]

    def is_committed(self, write_id: str) -> bool:
        """Say whether a write of any table awaits its completion."""
        with self._file.reading() as connection:
            found = connection.execute("SELECT 1 FROM journal WHERE id LIKE ?", (f"{PREFIX}%/{write_id}",))
            return found.fetchone() is not None

    def roll_forward(self, name: TableName) -> None:
        """Finish what others left unfinished. The caller holds the table's lock alone."""
        for write_id in self.unfinished(name):
            entry = self._read(name, write_id)
            if entry is not None:
                logger.info("finishing write %s of %s", entry.write_id, name)
                self.finish(entry)

    def finish(self, entry: Entry) -> None:
        """Put the files in place, durably, then forget the entry. Repeating it changes nothing."""
        staging = staging_folder(self._path_of(entry.base), entry.write_id)
        if staging.is_dir():
            self._move(entry, staging)
            shutil.rmtree(staging)
            # Before the row goes: a folder that came back after a power failure would look uncommitted.
            sync_folder(staging.parent)
            remove_folders([staging.parent])
        with self._catalog.transaction() as connection:
            connection.execute("DELETE FROM journal WHERE id = ?", (identifier_of(entry.name, entry.write_id),))

    def _move(self, entry: Entry, staging: Path) -> None:
        folders = {move.folder: self._path_of(move.folder) for move in entry.moves}
        make_folders(folders.values())
        for move in entry.moves:
            source, target = staging / move.file, folders[move.folder] / move.file
            try:
                source.rename(target)
            except FileNotFoundError:
                if not target.exists():
                    logger.warning("%s of write %s is gone", target, entry.write_id)
        for folder in set(folders.values()):
            sync_folder(folder)

    def _read(self, name: TableName, write_id: str) -> Entry | None:
        sql = "SELECT kind, body FROM journal WHERE id = ?"
        with self._file.reading() as connection:
            row = connection.execute(sql, (identifier_of(name, write_id),)).fetchone()
        if row is None:
            return None
        body = json.loads(row[1])
        moves = tuple(Move(file, self._locations.shown(folder)) for file, folder in body["moves"])
        return Entry(name, write_id, row[0], self._locations.shown(body["base"]), moves)


def identifier_of(name: TableName, write_id: str) -> str:
    return f"{PREFIX}{escape(str(name))}/{write_id}"


def identifiers_of(name: TableName) -> tuple[str, str]:
    """The range of a table's identifiers: 0 is the character after the slash."""
    return f"{PREFIX}{escape(str(name))}/", f"{PREFIX}{escape(str(name))}0"
