"""Which events are in the table already: rows of the catalog's table `journal`, written with the commit that put them there.

delivered/<segment>    all of it
delivering/<segment>   what lies before byte `until` of it
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from lake.catalog.connections import SqliteFile
from lake.catalog.rows import to_micros
from lake.catalog.sqlite import SqliteCatalog
from lake.clock import Clock

WHOLE, PART = "delivered", "delivering"


class Delivered:
    """A row goes when its segment has gone: one that is delivered is to be removed, and is never delivered again."""

    def __init__(self, catalog: SqliteCatalog, clock: Clock) -> None:
        self._catalog = catalog
        self._clock = clock
        self._file = SqliteFile(catalog.path)

    def close(self) -> None:
        self._file.close()

    def note(self, connection: sqlite3.Connection, until: Mapping[str, int | None]) -> None:
        """Say how far segments are delivered: up to a byte, or to the end."""
        _delete(connection, until)
        now = to_micros(self._clock.now())
        rows = [
            (f"{WHOLE}/{name}", WHOLE, "committed", "{}", now)
            if place is None
            else (f"{PART}/{name}", PART, "committed", json.dumps({"until": place}), now)
            for name, place in until.items()
        ]
        connection.executemany("INSERT INTO journal (id, kind, state, body, created_at) VALUES (?, ?, ?, ?, ?)", rows)

    def names(self) -> list[str]:
        """Return the segments that are delivered to the end."""
        return list(self._bodies(WHOLE))

    def until(self) -> dict[str, int]:
        """Return of the others up to which byte they are delivered, where they have been begun."""
        return {name: json.loads(body)["until"] for name, body in self._bodies(PART).items()}

    def forget(self, names: Iterable[str]) -> None:
        with self._catalog.transaction() as connection:
            _delete(connection, names)

    def _bodies(self, kind: str) -> dict[str, str]:
        with self._file.reading() as connection:
            rows = connection.execute("SELECT id, body FROM journal WHERE kind = ?", (kind,)).fetchall()
        return {identifier.removeprefix(f"{kind}/"): body for identifier, body in rows}


def _delete(connection: sqlite3.Connection, names: Iterable[str]) -> None:
    rows = [(f"{kind}/{name}",) for name in names for kind in (WHOLE, PART)]
    connection.executemany("DELETE FROM journal WHERE id = ?", rows)
