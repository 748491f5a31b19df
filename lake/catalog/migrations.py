"""The format of a lake's catalog: how it is made, and how an older one becomes the present one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from lake.catalog.connections import BUSY_SECONDS, SqliteFile
from lake.catalog.faults import damaged, translated
from lake.errors import CatalogFailed, NewerFormat

FORMAT = 1
APPLICATION_ID = 0x5441504C  # "TAPL", by which `file` and we tell the catalog from any other SQLite file

Step = Callable[[sqlite3.Connection], None]

STEPS: Mapping[int, Step] = {}
"""STEPS[n] turns format n into n + 1, inside a transaction that it neither begins nor ends."""

# Identifiers are never given twice, so that whoever holds one reads its own table or none.
SCHEMA = (
    """CREATE TABLE databases (
        name TEXT PRIMARY KEY,
        location TEXT,
        description TEXT,
        parameters TEXT,
        created_at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE tables (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        database TEXT NOT NULL REFERENCES databases,
        name TEXT NOT NULL,
        location TEXT,
        descriptor INTEGER REFERENCES descriptors,
        body TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        UNIQUE (database, name)
    )""",
    """CREATE TABLE descriptors (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        table_id INTEGER NOT NULL REFERENCES tables,
        hash BLOB NOT NULL,
        body TEXT NOT NULL,
        UNIQUE (table_id, hash)
    )""",
    """CREATE TABLE partitions (
        table_id INTEGER NOT NULL REFERENCES tables,
        key TEXT NOT NULL,
        location TEXT NOT NULL,
        descriptor INTEGER NOT NULL REFERENCES descriptors,
        parameters TEXT,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (table_id, key)
    ) WITHOUT ROWID""",
    """CREATE TABLE journal (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        body TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) WITHOUT ROWID""",
)


def create_catalog_file(path: Path) -> None:
    """Make an empty catalog at `path`, where nothing is."""
    with translated(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={FORMAT}")
        connection.execute("COMMIT")


def read_format(connection: sqlite3.Connection, path: Path) -> int:
    """Raise DamagedCatalog for a file that is no catalog, an empty one included."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise damaged(path, "it is no tap-lake catalog")
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found


def check_format(connection: sqlite3.Connection, path: Path) -> None:
    """Raise unless the file has the present format."""
    found = read_format(connection, path)
    if found > FORMAT:
        raise newer_format(found, FORMAT)
    if found < FORMAT:
        raise CatalogFailed(
            f"{path} has format {found}, not yet {FORMAT}",
            hint=f"write `format = {found}` into lake.toml beside it, and it is migrated when the lake is next opened",
        )


def newer_format(found: int, known: int) -> NewerFormat:
    return NewerFormat(
        f"this lake has format {found}, this tap-lake reads up to {known}",
        hint="upgrade tap-lake: pip install -U tap-lake",
    )


def migrate(
    path: Path,
    back_up: Callable[[int], None],
    *,
    steps: Mapping[int, Step] = STEPS,
    target: int = FORMAT,
) -> int:
    """Bring the catalog to format `target`, a transaction a step; return the format it had.

    `back_up` is called once with that format, before the first step. Any number of processes may call this at once,
    and a process that is killed leaves whole steps.
    """
    with closing(SqliteFile(path)) as file:
        with file.reading() as connection:
            first = read_format(connection, path)
        if first > target:
            raise newer_format(first, target)
        if first < target:
            back_up(first)
        for version in range(first, target):
            with file.transaction() as connection:
                if read_format(connection, path) == version:
                    steps[version](connection)
                    connection.execute(f"PRAGMA user_version={version + 1}")
    return first


def back_up_database(path: Path, copy: Path) -> None:
    """Copy a SQLite file that may be in use, whole, to where nothing is."""
    source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
    with translated(path), closing(source), closing(sqlite3.connect(copy)) as target:
        source.backup(target)
