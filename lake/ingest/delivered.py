"""Which segments are in the table already: rows of the catalog's table `journal`, written with the commit that put them there."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from lake.catalog.connections import SqliteFile
from lake.catalog.rows import to_micros
from lake.catalog.sqlite import SqliteCatalog

KIND = "delivered"
PREFIX = f"{KIND}/"


class Delivered:
    """A row goes when its segment has gone, so a segment with a row is to be removed, and is never delivered again."""

    def __init__(self, catalog: SqliteCatalog) -> None:
        self._catalog = catalog
        self._file = SqliteFile(catalog.path)

    def close(self) -> None:
        self._file.close()

    def note(self, connection: sqlite3.Connection, names: Sequence[str], now: datetime) -> None:
        rows = [(f"{PREFIX}{name}", KIND, "committed", "{}", to_micros(now)) for name in names]
        connection.executemany("INSERT INTO journal (id, kind, state, body, created_at) VALUES (?, ?, ?, ?, ?)", rows)

    def names(self) -> list[str]:
        with self._file.reading() as connection:
            rows = connection.execute("SELECT id FROM journal WHERE kind = ?", (KIND,)).fetchall()
        return [row[0].removeprefix(PREFIX) for row in rows]

    def forget(self, names: Sequence[str]) -> None:
        with self._catalog.transaction() as connection:
            connection.executemany("DELETE FROM journal WHERE id = ?", [(f"{PREFIX}{name}",) for name in names])
