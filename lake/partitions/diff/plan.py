"""What is not in order between storage and catalog, as a value that can be shown, saved and applied."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lake.errors import NewerFormat, UsageError
from lake.model import TableName
from lake.partitions import fields
from lake.partitions.fields import Fields

VERSION = 1


class ChangeKind(StrEnum):
    """What to do about a partition: `schema` only where it is safe; the last three are told and left to a person."""

    ADD = "add"
    DROP = "drop"
    MOVE = "move"
    SCHEMA = "schema"
    EMPTY = "empty"
    DUPLICATE = "duplicate"
    STRAY = "stray"


@dataclass(frozen=True, slots=True)
class Change:
    """One finding. `values` is empty where objects are in no partition, `registered_location` where it is `location`,
    `files` and `bytes` when not counted, `safe` but for `schema`.
    """

    kind: ChangeKind
    values: tuple[str, ...]
    location: str
    registered_location: str | None = None
    reason: str = ""
    files: int | None = None
    bytes: int | None = None
    safe: bool | None = None


@dataclass(frozen=True)
class PartitionPlan:
    """`changes` can be applied, `skipped` are only told; `registered` counts the catalog's partitions when it was made.

    `unknown` are prefixes that could not be listed, and why: of partitions there nothing is said. `objects` counts what the
    listing showed, so that an empty one is known for what it is. `partial` plans looked only at what can have changed.
    `newest` is the end of the latest period that holds data, where keys tell time. `notes` are what a reader should know.
    `objects_at` is how old what it was made of is, where storage itself was not listed.
    """

    table: TableName
    keys: tuple[str, ...]
    made_at: datetime
    changes: tuple[Change, ...] = ()
    skipped: tuple[Change, ...] = ()
    registered: int = 0
    unknown: tuple[tuple[str, str], ...] = ()
    objects: int = 0
    partial: bool = False
    newest: datetime | None = None
    notes: tuple[str, ...] = ()
    objects_at: datetime | None = None

    @property
    def counts(self) -> Mapping[ChangeKind, int]:
        """How many findings of each kind, the skipped ones included; kinds without any are absent."""
        return Counter(change.kind for change in (*self.changes, *self.skipped))

    def of_kind(self, kind: ChangeKind) -> Iterator[Change]:
        return (change for change in self.changes if change.kind == kind)

    def to_json(self) -> str:
        document = {
            "version": VERSION,
            "table": str(self.table),
            "keys": self.keys,
            "made_at": self.made_at.isoformat(),
            "registered": self.registered,
            "objects": self.objects,
            "partial": self.partial,
            "notes": self.notes,
            "newest": self.newest.isoformat() if self.newest else None,
            "objects_at": self.objects_at.isoformat() if self.objects_at else None,
            "unknown": [{"prefix": prefix, "reason": reason} for prefix, reason in self.unknown],
            "changes": [_to_fields(change) for change in self.changes],
            "skipped": [_to_fields(change) for change in self.skipped],
        }
        return json.dumps(document, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> PartitionPlan:
        """Raise UsageError for a text that is no plan, NewerFormat for one of a later version."""
        try:
            document = fields.document(text)
            version = fields.needed(document, "version", int)
            if version > VERSION:
                raise NewerFormat(f"the plan has version {version}, and this tap-lake reads up to {VERSION}")
            if version < 1:
                raise ValueError(f"version is {version}")
            return _from_document(document)
        except fields.UNREADABLE as error:
            raise UsageError(
                f"this is no partition plan: {error}", hint="plans are made by partitions repair"
            ) from error


def _to_fields(change: Change) -> dict[str, Any]:
    return {
        "change": change.kind,
        "values": change.values,
        "location": change.location,
        "registered_location": change.registered_location,
        "reason": change.reason,
        "files": change.files,
        "bytes": change.bytes,
        "safe": change.safe,
    }


def _from_document(document: Fields) -> PartitionPlan:
    keys = fields.texts(document, "keys")
    newest, objects_at = (fields.instant(document, name) if document.get(name) else None for name in _INSTANTS)
    plan = PartitionPlan(
        table=fields.table_name(document),
        keys=keys,
        made_at=fields.instant(document, "made_at"),
        changes=tuple(map(_from_fields, fields.records(document, "changes"))),
        skipped=tuple(map(_from_fields, fields.records(document, "skipped"))),
        registered=fields.needed(document, "registered", int),
        unknown=tuple(
            (fields.needed(each, "prefix", str), fields.needed(each, "reason", str))
            for each in fields.records(document, "unknown")
        ),
        objects=fields.optional(document, "objects", int) or 0,
        partial=fields.optional(document, "partial", bool) or False,
        notes=fields.texts(document, "notes") if "notes" in document else (),
        newest=newest,
        objects_at=objects_at,
    )
    for change in plan.changes:
        if len(change.values) != len(keys):
            raise ValueError(f"{len(change.values)} values stand for {len(keys)} keys")
    return plan


def _from_fields(change: Fields) -> Change:
    return Change(
        kind=ChangeKind(change["change"]),
        values=fields.texts(change, "values"),
        location=fields.needed(change, "location", str),
        registered_location=fields.optional(change, "registered_location", str),
        reason=fields.needed(change, "reason", str),
        files=fields.optional(change, "files", int),
        bytes=fields.optional(change, "bytes", int),
        safe=fields.optional(change, "safe", bool),
    )


_INSTANTS = ("newest", "objects_at")
