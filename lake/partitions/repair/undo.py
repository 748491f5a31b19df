"""What a run changed, in a file beside the table's data, and how it is taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lake.catalog.codec import descriptor_from_glue, descriptor_to_glue
from lake.errors import NewerFormat, UsageError
from lake.interfaces import Catalog
from lake.model import ALREADY_EXISTS, CHANGED, NOT_FOUND, Partition, Refusal, StorageDescriptor, Table, TableName
from lake.partitions import fields
from lake.partitions.fields import Fields
from lake.partitions.layouts.layout import Values, as_prefix
from lake.partitions.repair.lease import Lease, NoLease
from lake.partitions.repair.lookup import look_up, replace_all

VERSION = 1


@dataclass(frozen=True)
class Undo:
    """`added` as they were registered; `replaced` and `dropped` as they were before; `became` what those replaced were then."""

    table: TableName
    made_at: datetime
    added: Sequence[Partition] = ()
    replaced: Sequence[Partition] = ()
    became: Sequence[Partition] = ()
    dropped: Sequence[Partition] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.replaced or self.dropped)

    def to_json(self) -> str:
        descriptors: list[StorageDescriptor] = []

        def saved(partition: Partition) -> dict[str, Any]:
            if partition.descriptor not in descriptors[-1:]:
                descriptors.append(partition.descriptor)
            return {
                "values": partition.values,
                "location": partition.location,
                "parameters": dict(partition.parameters),
                "descriptor": len(descriptors) - 1,
            }

        document = {
            "undo": VERSION,
            "table": str(self.table),
            "made_at": self.made_at.isoformat(),
            "added": [saved(partition) for partition in self.added],
            "replaced": [saved(partition) for partition in self.replaced],
            "became": [saved(partition) for partition in self.became],
            "dropped": [saved(partition) for partition in self.dropped],
        }
        document["descriptors"] = [descriptor_to_glue(each) for each in descriptors]
        return json.dumps(document, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str | bytes) -> Undo:
        """Raise UsageError for a text that is no undo file, NewerFormat for one of a later version."""
        try:
            document = fields.document(text)
            version = fields.needed(document, "undo", int)
            if version > VERSION:
                raise NewerFormat(f"the undo file has version {version}, and this tap-lake reads {VERSION}")
            return _from_document(document)
        except (*fields.UNREADABLE, AttributeError, IndexError) as error:
            raise UsageError(
                f"this is no undo file: {error}", hint="partitions repair says where it wrote one"
            ) from None


def _from_document(document: Fields) -> Undo:
    descriptors = [descriptor_from_glue(each) for each in fields.records(document, "descriptors")]

    def partition(saved: Fields) -> Partition:
        values, location = _values(saved), fields.needed(saved, "location", str)
        parameters = {str(name): str(value) for name, value in fields.needed(saved, "parameters", dict).items()}
        made = Partition(values, location, descriptors[fields.needed(saved, "descriptor", int)])
        return replace(made, parameters=parameters) if parameters else made

    undo = Undo(
        fields.table_name(document),
        fields.instant(document, "made_at"),
        *([partition(each) for each in fields.records(document, part)] for part in _PARTS),
    )
    if [each.values for each in undo.replaced] != [each.values for each in undo.became]:
        raise ValueError("replaced and became are not of the same partitions")
    return undo


_PARTS = ("added", "replaced", "became", "dropped")


def _values(saved: Fields) -> Values:
    values = fields.texts(saved, "values")
    if not values:
        raise ValueError("a partition has no values")
    return values


@dataclass(frozen=True)
class UndoReport:
    table: TableName
    removed: int = 0
    put_back: int = 0
    refused: tuple[Refusal, ...] = ()


def take_back(catalog: Catalog, undo: Undo, *, lease: Lease | None = None) -> UndoReport:
    """Undo what a run did, as far as nobody has changed it since; doing it twice changes nothing more.

    Data are never touched. Raise TableNotFound when the table is gone.
    """
    table = catalog.get_table(undo.table)
    with (lease or NoLease()).held(table):
        refused: list[Refusal] = []
        dropped = _put_back_dropped(catalog, table, undo.dropped, refused)
        replaced = _put_back_replaced(catalog, table, undo, refused)
        removed = _remove_added(catalog, table, undo.added, refused)
    return UndoReport(undo.table, removed, dropped + replaced, tuple(refused))


def _put_back_dropped(catalog: Catalog, table: Table, dropped: Sequence[Partition], refused: list[Refusal]) -> int:
    refusals = catalog.add_partitions(table.full_name, dropped) if dropped else []
    taken = {refusal.values for refusal in refusals if refusal.reason == ALREADY_EXISTS}
    current = look_up(catalog, table, taken)
    before = {partition.values: partition.location for partition in dropped}
    for refusal in refusals:
        now = current.get(refusal.values)
        if now is None:
            refused.append(refusal)
        elif as_prefix(now.location) != as_prefix(before[refusal.values]):
            refused.append(Refusal(refusal.values, CHANGED, f"it is registered at {now.location} by now"))
    return len(dropped) - len(refusals)


def _put_back_replaced(catalog: Catalog, table: Table, undo: Undo, refused: list[Refusal]) -> int:
    current = look_up(catalog, table, [partition.values for partition in undo.replaced])
    pairs: list[tuple[Partition, Partition]] = []
    for before, became in zip(undo.replaced, undo.became, strict=True):
        now = current.get(before.values)
        if now is None:
            refused.append(Refusal(before.values, NOT_FOUND, "it is not registered any more"))
        elif _same(now, before):
            continue
        elif _is_between(before, now, became):
            pairs.append((before, now))
        else:
            refused.append(_changed(now, became))
    refusals = replace_all(catalog, table.full_name, pairs)
    refused += refusals
    return len(pairs) - len(refusals)


def _remove_added(catalog: Catalog, table: Table, added: Sequence[Partition], refused: list[Refusal]) -> int:
    current = look_up(catalog, table, [partition.values for partition in added])
    leaving: list[Values] = []
    for partition in added:
        now = current.get(partition.values)
        if now is None:
            continue
        if _same(now, partition):
            leaving.append(partition.values)
        else:
            refused.append(_changed(now, partition))
    gone = _drop(catalog, table, leaving)
    refused += gone
    return len(leaving) - len(gone)


def _drop(catalog: Catalog, table: Table, values: Iterable[Values]) -> list[Refusal]:
    wanted = list(values)
    refusals = catalog.drop_partitions(table.full_name, wanted) if wanted else []
    return [refusal for refusal in refusals if refusal.reason != NOT_FOUND]


def _same(one: Partition, other: Partition) -> bool:
    return _substance(one) == _substance(other)


def _is_between(before: Partition, now: Partition, became: Partition) -> bool:
    """Say whether a partition is on the way that a run took, which was perhaps broken off: each part as before or after."""
    parts = zip(_substance(now), _substance(before), _substance(became), strict=True)
    return all(found in (old, new) for found, old, new in parts)


def _substance(partition: Partition) -> tuple[object, ...]:
    return as_prefix(partition.location), partition.descriptor, partition.parameters


def _changed(now: Partition, was: Partition) -> Refusal:
    moved = as_prefix(now.location) != as_prefix(was.location)
    message = f"it is registered at {now.location} by now" if moved else "its columns or parameters were changed since"
    return Refusal(now.values, CHANGED, message)
