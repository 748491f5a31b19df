"""Records whose names are not those of an event: columns renamed, and a wide record taken apart into one a metric."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isnan
from typing import Any, TypeAlias, TypeVar

from lake.ingest.events import MISSING, Event, Reason, Rejected

T = TypeVar("T")
Outcomes: TypeAlias = "dict[str, Event | Rejected]"
"""What became of a record, by the melted column; by "" where it is not taken apart."""


@dataclass(frozen=True)
class FieldMap:
    """`names` maps a column to the name that it has in the event, or to "" where it is left out.

    Each column of `melt` becomes a record of its own: its name is the metric, what it holds is the value, and where it holds
    nothing there is no record. The other columns go into every one of them. Those that are `taken` have become events
    before, of records that are read again, and are as if they were not there.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    melt: tuple[str, ...] = ()
    taken: frozenset[str] = frozenset()

    @property
    def is_plain(self) -> bool:
        return not self.names and not self.melt and not self.taken

    @cached_property
    def columns(self) -> frozenset[str]:
        """The names that it knows; that one of them is in no record at all is most likely a slip."""
        return frozenset((*self.names, *self.melt))

    def records(self, record: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Return the records that one record stands for, by the melted column; raise Rejected if it has none of these."""
        renamed = self.renamed(record)
        if not self.melt:
            return {"": renamed}
        values = {metric: record[metric] for metric in self.melted(record)}
        if not values:
            raise Rejected(Reason.NOT_WIDE)
        return {
            metric: renamed | {"metric": metric, "value": value}
            for metric, value in values.items()
            if not is_missing(value)
        }

    def melted(self, record: Mapping[str, object]) -> list[str]:
        """Return which columns of a record become records of their own."""
        return [name for name in self.melt if name in record and name not in self.taken]

    def renamed(self, record: Mapping[str, T]) -> dict[str, T]:
        """Return what every record that one stands for has of it; of two columns of one name the later one counts."""
        return {
            self.names.get(name, name): value
            for name, value in record.items()
            if self.names.get(name, name) and name not in self.melt and name not in self.taken
        }


def read_parts(record: object, mapping: FieldMap, reader: Callable[[Any], Event]) -> Outcomes:
    """Say what becomes of each record that one record stands for."""
    parts: Mapping[str, object] = {"": record}
    if isinstance(record, Mapping) and not mapping.is_plain:
        try:
            parts = mapping.records(record)
        except Rejected as rejected:
            return {"": rejected}
    return {column: _read(part, reader) for column, part in parts.items()}


def taken_columns(outcomes: Outcomes) -> frozenset[str]:
    """Return the melted columns that became events."""
    return frozenset(column for column, outcome in outcomes.items() if column and isinstance(outcome, Event))


def _read(record: object, reader: Callable[[Any], Event]) -> Event | Rejected:
    try:
        return reader(record)
    except Rejected as rejected:
        return rejected


def is_missing(value: object) -> bool:
    if isinstance(value, float):
        return isnan(value)
    return value is None or (isinstance(value, str) and value in MISSING)
