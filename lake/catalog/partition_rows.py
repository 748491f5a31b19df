"""Rows of the catalog's file as partitions, and the statements on them. All run on a connection that is given."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from lake.catalog.keys import (
    INVALID,
    SEPARATOR,
    KeyRange,
    Narrowing,
    already_there,
    decode,
    encode,
    is_storable,
    not_found,
    values_fault,
)
from lake.catalog.locations import Locations
from lake.catalog.rows import Descriptors, Row, from_micros, parameters_from_text, parameters_to_text
from lake.errors import UsageError
from lake.model import (
    CHANGED,
    NOTHING,
    Column,
    Partition,
    Refusal,
    StorageDescriptor,
    Table,
)

PAGE = 10_000

PartitionRow = tuple[str, str, StorageDescriptor, str | None]


@dataclass(frozen=True, slots=True)
class PartitionReader:
    """Makes partitions of one table from its rows, all with the table's own descriptor object where they are equal."""

    table: Table
    locations: Locations
    find_descriptor: Callable[[int], StorageDescriptor]

    def read(self, rows: Iterable[Row], narrowing: Narrowing) -> list[Partition]:
        width = len(self.table.partition_keys)
        descriptors: dict[int, StorageDescriptor] = {}
        shown = self.locations.shown
        partitions: list[Partition] = []
        for key, location, descriptor_id, parameters, created in rows:
            values = decode(key)
            if len(values) != width:
                raise ValueError(f"partition {values} has {len(values)} values, its table {width} keys")
            if narrowing.rest and not narrowing.admits(values):
                continue
            descriptor = descriptors.get(descriptor_id)
            if descriptor is None:
                descriptor = descriptors[descriptor_id] = self._shared(descriptor_id)
            given = NOTHING if parameters is None else parameters_from_text(parameters)
            partitions.append(Partition(values, shown(location), descriptor, given, from_micros(created)))
        return partitions

    def _shared(self, descriptor_id: int) -> StorageDescriptor:
        own = self.table.descriptor
        found = self.find_descriptor(descriptor_id)
        return own if found == own else found


def encode_rows(
    partitions: Sequence[Partition], keys: Sequence[Column], locations: Locations
) -> tuple[list[PartitionRow], list[Refusal]]:
    """Turn partitions into what is stored of them; refuse those that do not fit a table with such keys."""
    rows: list[PartitionRow] = []
    refused: list[Refusal] = []
    for partition in partitions:
        reason = values_fault(partition.values, keys)
        try:
            location = locations.stored(partition.location)
        except UsageError as error:
            reason = reason or error.message
        if reason is not None:
            refused.append(Refusal(partition.values, INVALID, reason))
        else:
            text = parameters_to_text(partition.parameters)
            rows.append((encode(partition.values), location, partition.descriptor, text))
    return rows, refused


def select_page(connection: sqlite3.Connection, table_id: int, span: KeyRange) -> list[Row]:
    sql = """SELECT key, location, descriptor, parameters, created_at FROM partitions
        WHERE table_id = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?"""
    return connection.execute(sql, (table_id, span.low, span.high, PAGE)).fetchall()


def insert(connection: sqlite3.Connection, table_id: int, rows: Iterable[PartitionRow], now: int) -> list[Refusal]:
    sql = "INSERT OR IGNORE INTO partitions VALUES (?, ?, ?, ?, ?, ?)"
    known: dict[int, int] = {}
    refused: list[Refusal] = []
    for key, location, descriptor, parameters in rows:
        descriptor_id = known.get(id(descriptor))
        if descriptor_id is None:
            descriptor_id = known[id(descriptor)] = Descriptors.put(connection, table_id, descriptor)
        if connection.execute(sql, (table_id, key, location, descriptor_id, parameters, now)).rowcount == 0:
            refused.append(already_there(decode(key)))
    return refused


def replace(
    connection: sqlite3.Connection, table_id: int, row: PartitionRow, expected: Partition, reader: PartitionReader
) -> Refusal | None:
    key, location, descriptor, parameters = row
    found = select_page(connection, table_id, KeyRange(key, key + SEPARATOR))
    if not found:
        return not_found(decode(key))
    stored = reader.read(found, Narrowing((), ()))[0]
    if (stored.location, stored.descriptor, stored.parameters) != (
        expected.location,
        expected.descriptor,
        expected.parameters,
    ):
        return Refusal(stored.values, CHANGED, "the partition was changed meanwhile")
    connection.execute(
        "UPDATE partitions SET location = ?, descriptor = ?, parameters = ? WHERE table_id = ? AND key = ?",
        (location, Descriptors.put(connection, table_id, descriptor), parameters, table_id, key),
    )
    return None


def delete(connection: sqlite3.Connection, table_id: int, values: Collection[tuple[str, ...]]) -> list[Refusal]:
    sql = "DELETE FROM partitions WHERE table_id = ? AND key = ?"
    return [
        not_found(given)
        for given in values
        if not all(map(is_storable, given)) or connection.execute(sql, (table_id, encode(given))).rowcount == 0
    ]


def has_any(connection: sqlite3.Connection, table_id: int) -> bool:
    return connection.execute("SELECT 1 FROM partitions WHERE table_id = ? LIMIT 1", (table_id,)).fetchone() is not None
