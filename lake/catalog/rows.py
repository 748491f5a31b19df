"""Rows of the catalog's file as databases, tables and storage descriptors."""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from lake.catalog import codec
from lake.catalog.locations import Locations
from lake.model import NOTHING, Database, Parameters, StorageDescriptor, Table

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DESCRIPTORS_KEPT = 4096

Row = tuple[Any, ...]


def to_micros(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1)


@lru_cache(maxsize=1024)
def from_micros(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def parameters_to_text(parameters: Parameters) -> str | None:
    return codec.to_json(dict(parameters)) if parameters else None


def parameters_from_text(text: str | None) -> Parameters:
    return codec.frozen(codec.from_json(text)) if text is not None else NOTHING


def database_from_row(row: Row, locations: Locations) -> Database:
    name, location, description, parameters, created = row
    return Database(
        name=name,
        description=description,
        location=None if location is None else locations.shown(location),
        parameters=parameters_from_text(parameters),
        created_at=from_micros(created),
    )


class Descriptors:
    """Storage descriptors by their identifier, each read once and shared by all that refer to it."""

    def __init__(self) -> None:
        self._known: dict[int, StorageDescriptor] = {}

    def from_row(self, identifier: int, body: str) -> StorageDescriptor:
        descriptor = self._known.get(identifier)
        if descriptor is None:
            descriptor = codec.descriptor_from_glue(codec.from_json(body))
            if len(self._known) >= DESCRIPTORS_KEPT:
                self._known.clear()
            self._known[identifier] = descriptor
        return descriptor

    def find(self, identifier: int, connection: sqlite3.Connection) -> StorageDescriptor:
        if identifier in self._known:
            return self._known[identifier]
        row = connection.execute("SELECT body FROM descriptors WHERE id = ?", (identifier,)).fetchone()
        if row is None:
            raise LookupError(f"descriptor {identifier} is gone")
        return self.from_row(identifier, row[0])

    @staticmethod
    def put(connection: sqlite3.Connection, table_id: int, descriptor: StorageDescriptor) -> int:
        """Store a descriptor among those of its table, unless an equal one is there; return its identifier."""
        body = codec.to_json(codec.descriptor_to_glue(descriptor), canonical=True)
        digest = hashlib.sha256(body.encode()).digest()
        found = connection.execute("SELECT id FROM descriptors WHERE table_id = ? AND hash = ?", (table_id, digest))
        row = found.fetchone()
        if row is not None:
            return int(row[0])
        inserted = connection.execute(
            "INSERT INTO descriptors (table_id, hash, body) VALUES (?, ?, ?)", (table_id, digest, body)
        )
        assert inserted.lastrowid is not None
        return inserted.lastrowid


def table_from_row(row: Row, locations: Locations, descriptors: Descriptors) -> Table:
    """Read the columns of `TABLE_COLUMNS`."""
    database, name, location, body, created, updated, descriptor_id, descriptor_body = row
    return codec.table_from_glue(
        codec.from_json(body),
        database=database,
        name=name,
        descriptor=descriptors.from_row(descriptor_id, descriptor_body),
        location=None if location is None else locations.shown(location),
        instants=(from_micros(created), from_micros(updated)),
    )


TABLE_COLUMNS = """tables.database, tables.name, tables.location, tables.body, tables.created_at, tables.updated_at,
    descriptors.id, descriptors.body FROM tables LEFT JOIN descriptors ON descriptors.id = tables.descriptor"""
