"""The catalog of a lake in a directory: one SQLite file, shared by threads and processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import TracebackType

from lake.catalog import codec, partition_rows
from lake.catalog.connections import SqliteFile
from lake.catalog.faults import damaged, decoding
from lake.catalog.keys import SEPARATOR, KeyRange, narrow
from lake.catalog.locations import Locations
from lake.catalog.migrations import check_format, create_catalog_file
from lake.catalog.partition_rows import PAGE, PartitionReader
from lake.catalog.rows import (
    TABLE_COLUMNS,
    Descriptors,
    Row,
    database_from_row,
    parameters_to_text,
    table_from_row,
    to_micros,
)
from lake.clock import Clock, SystemClock
from lake.errors import AlreadyExists, CatalogChanged, CatalogFailed, DatabaseNotFound, GuardRefused, TableNotFound
from lake.model import Database, KeyBounds, Partition, Refusal, StorageDescriptor, Table, TableName


class SqliteCatalog:
    """Implements `lake.interfaces.Catalog`. `created_at` and `updated_at` are the catalog's own, whatever is given.

    Nothing is opened before it is needed, and no read or lock is held between two steps of a listing, which may thus
    show some changes made meanwhile and not others. Within `transaction` it shows one state.
    """

    def __init__(self, path: Path, *, bucket: str, clock: Clock | None = None) -> None:
        self.path = path
        self._file = SqliteFile(path, on_open=lambda connection: check_format(connection, path))
        self._locations = Locations(bucket)
        self._clock = clock or SystemClock()
        self._descriptors = Descriptors()

    @classmethod
    def create(cls, path: Path, *, bucket: str, clock: Clock | None = None) -> SqliteCatalog:
        """Make an empty catalog where nothing is."""
        create_catalog_file(path)
        return cls(path, bucket=bucket, clock=clock)

    def __enter__(self) -> SqliteCatalog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    @property
    def read_only(self) -> bool:
        """True where the file or its folder may not be written; changes then raise ReadOnlyLake."""
        return self._file.read_only

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """Make all changes of this thread until the end one change: all of them durable, or none.

        Other writers wait meanwhile, up to 30 s, so keep it short. The connection is for rows that belong to the
        change (table `journal`); it may neither commit nor be kept.
        """
        return self._file.transaction()

    def check_integrity(self) -> list[str]:
        """Return what SQLite finds wrong in the whole file, each a line; reads all of it."""
        with self._file.reading() as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check").fetchall()]
        return [] if found == ["ok"] else found

    # Databases

    def list_databases(self) -> Iterator[Database]:
        sql = "SELECT name, location, description, parameters, created_at FROM databases ORDER BY name"
        with self._file.reading() as connection:
            rows = connection.execute(sql).fetchall()
        with decoding(self.path):
            databases = [database_from_row(row, self._locations) for row in rows]
        yield from databases

    def create_database(self, database: Database) -> None:
        location = None if database.location is None else self._locations.stored(database.location)
        parameters = parameters_to_text(database.parameters)
        row = (database.name, location, database.description, parameters, self._now())
        with self._file.transaction() as connection:
            if connection.execute("INSERT OR IGNORE INTO databases VALUES (?, ?, ?, ?, ?)", row).rowcount == 0:
                raise AlreadyExists(f"database {database.name!r} already exists")

    def drop_database(self, name: str, *, cascade: bool = False) -> None:
        name = name.lower()
        with self._file.transaction() as connection:
            self._require_database(connection, name)
            found = connection.execute("SELECT id FROM tables WHERE database = ?", (name,))
            tables = [row[0] for row in found.fetchall()]
            if tables and not cascade:
                raise GuardRefused(
                    f"database {name!r} holds {len(tables)} table{'s' if len(tables) > 1 else ''}",
                    hint=f"drop them first, or all at once: DROP DATABASE {name} CASCADE (data stay)",
                )
            for table_id in tables:
                _forget_table(connection, table_id)
            connection.execute("DELETE FROM databases WHERE name = ?", (name,))

    # Tables

    def list_tables(self, database: str) -> Iterator[Table]:
        database = database.lower()
        with self._file.reading() as connection:
            self._require_database(connection, database)
        last = ""
        while True:
            sql = (
                f"SELECT {TABLE_COLUMNS} WHERE tables.database = ? AND tables.name > ? ORDER BY tables.name LIMIT 1000"
            )
            with self._file.reading() as connection:
                rows = connection.execute(sql, (database, last)).fetchall()
            if not rows:
                return
            with decoding(self.path):
                tables = [table_from_row(row, self._locations, self._descriptors) for row in rows]
            yield from tables
            last = tables[-1].name

    def get_table(self, name: TableName) -> Table:
        with self._file.reading() as connection:
            return self._get_table(connection, name)

    def create_table(self, table: Table) -> None:
        location = None if table.location is None else self._locations.stored(table.location)
        body = codec.to_json(codec.table_to_glue(table))
        now = self._now()
        with self._file.transaction() as connection:
            self._require_database(connection, table.database)
            sql = """INSERT OR IGNORE INTO tables (database, name, location, body, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?)"""
            inserted = connection.execute(sql, (table.database, table.name, location, body, now, now))
            if inserted.rowcount == 0:
                raise AlreadyExists(f"table {str(table.full_name)!r} already exists")
            assert inserted.lastrowid is not None
            table_id = inserted.lastrowid
            descriptor = Descriptors.put(connection, table_id, table.descriptor)
            connection.execute("UPDATE tables SET descriptor = ? WHERE id = ?", (descriptor, table_id))

    def replace_table(self, table: Table, *, expected: Table | None = None) -> None:
        location = None if table.location is None else self._locations.stored(table.location)
        body = codec.to_json(codec.table_to_glue(table))
        with self._file.transaction() as connection:
            stored = self._get_table(connection, table.full_name)
            if expected is not None and _timeless(stored) != _timeless(expected):
                raise CatalogChanged(
                    f"table {str(table.full_name)!r} was changed meanwhile", hint="look again, then repeat"
                )
            table_id = self._table_id(connection, table.full_name)
            if len(table.partition_keys) != len(stored.partition_keys) and partition_rows.has_any(connection, table_id):
                raise CatalogFailed(
                    f"table {str(table.full_name)!r} has partitions, so their keys stay {len(stored.partition_keys)}",
                    hint="drop its partitions first",
                )
            descriptor = Descriptors.put(connection, table_id, table.descriptor)
            connection.execute(
                "UPDATE tables SET location = ?, body = ?, descriptor = ?, updated_at = ? WHERE id = ?",
                (location, body, descriptor, self._now(), table_id),
            )

    def drop_table(self, name: TableName) -> None:
        with self._file.transaction() as connection:
            _forget_table(connection, self._table_id(connection, name))

    # Partitions

    def list_partitions(
        self, table: Table, where: Iterable[KeyBounds] = (), *, columns: bool = True, ordered: bool = True
    ) -> Iterator[Partition]:
        """Give columns and order always: neither costs anything here."""
        narrowing = narrow([key.name for key in table.partition_keys], where)
        with self._file.reading() as connection:
            table_id = self._table_id(connection, table.full_name)
        reader = self._reader(table)
        pages = 0
        for span in narrowing.ranges:
            for rows in self._pages(table_id, span):
                with decoding(self.path):
                    partitions = reader.read(rows, narrowing)
                yield from partitions
                pages += 1
        if pages > 1:
            # A table dropped meanwhile must not look like one with fewer partitions.
            with self._file.reading() as connection:
                if self._table_id(connection, table.full_name) != table_id:
                    raise TableNotFound(str(table.full_name))

    def add_partitions(self, name: TableName, partitions: Iterable[Partition]) -> list[Refusal]:
        """Commit 10,000 at a time, so that others can write meanwhile; within a `transaction`, all at once."""
        refused: list[Refusal] = []
        keys = self.get_table(name).partition_keys
        source = iter(partitions)
        while chunk := list(islice(source, PAGE)):
            rows, unfit = partition_rows.encode_rows(chunk, keys, self._locations)
            refused += unfit
            with self._file.transaction() as connection:
                table_id = self._table_id(connection, name)
                refused += partition_rows.insert(connection, table_id, rows, self._now())
        return refused

    def replace_partition(self, name: TableName, new: Partition, *, expected: Partition) -> Refusal | None:
        with self._file.transaction() as connection:
            table = self._get_table(connection, name)
            rows, unfit = partition_rows.encode_rows([new], table.partition_keys, self._locations)
            if unfit:
                return unfit[0]
            table_id = self._table_id(connection, name)
            with decoding(self.path):
                return partition_rows.replace(connection, table_id, rows[0], expected, self._reader(table))

    def drop_partitions(self, name: TableName, values: Collection[tuple[str, ...]]) -> list[Refusal]:
        with self._file.transaction() as connection:
            return partition_rows.delete(connection, self._table_id(connection, name), values)

    # Beneath

    def _now(self) -> int:
        return to_micros(self._clock.now())

    def _reader(self, table: Table) -> PartitionReader:
        return PartitionReader(table, self._locations, self._find_descriptor)

    def _find_descriptor(self, identifier: int) -> StorageDescriptor:
        with self._file.reading() as connection:
            return self._descriptors.find(identifier, connection)

    def _pages(self, table_id: int, span: KeyRange) -> Iterator[list[Row]]:
        while True:
            with self._file.reading() as connection:
                rows = partition_rows.select_page(connection, table_id, span)
            yield rows
            if len(rows) < PAGE:
                return
            span = KeyRange(rows[-1][0] + SEPARATOR, span.high)

    def _get_table(self, connection: sqlite3.Connection, name: TableName) -> Table:
        sql = f"SELECT {TABLE_COLUMNS} WHERE tables.database = ? AND tables.name = ?"
        row = connection.execute(sql, (name.database, name.name)).fetchone()
        if row is None:
            raise self._table_not_found(connection, name)
        with decoding(self.path):
            return table_from_row(row, self._locations, self._descriptors)

    def _table_id(self, connection: sqlite3.Connection, name: TableName) -> int:
        sql = "SELECT id FROM tables WHERE database = ? AND name = ?"
        row = connection.execute(sql, (name.database, name.name)).fetchone()
        if row is None:
            raise self._table_not_found(connection, name)
        return int(row[0])

    def _table_not_found(self, connection: sqlite3.Connection, name: TableName) -> TableNotFound:
        self._require_database(connection, name.database)
        self._require_intact(connection)
        return TableNotFound(str(name))

    def _require_database(self, connection: sqlite3.Connection, name: str) -> None:
        if connection.execute("SELECT 1 FROM databases WHERE name = ?", (name,)).fetchone() is None:
            self._require_intact(connection)
            raise DatabaseNotFound(name)

    def _require_intact(self, connection: sqlite3.Connection) -> None:
        """Raise DamagedCatalog where damage may be why a name is not found. Partitions, which are many, are not read."""
        for table in ("databases", "tables"):
            found = str(connection.execute(f"PRAGMA integrity_check({table})").fetchone()[0])
            if found != "ok":
                raise damaged(self.path, found)


def _forget_table(connection: sqlite3.Connection, table_id: int) -> None:
    for statement in (
        "DELETE FROM partitions WHERE table_id = ?",
        "DELETE FROM descriptors WHERE table_id = ?",
        "DELETE FROM tables WHERE id = ?",
    ):
        connection.execute(statement, (table_id,))


def _timeless(table: Table) -> Table:
    return replace(table, created_at=None, updated_at=None)
