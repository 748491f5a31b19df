"""Records whose names are not those of an event: columns renamed, and a wide record taken apart into one a metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isnan
from typing import Any, TypeVar

from lake.ingest.events import MISSING

T = TypeVar("T")


@dataclass(frozen=True)
class FieldMap:
    """`names` maps a column to the name that it has in the event, or to "" where it is left out.

    Each column of `melt` becomes a record of its own: its name is the metric, what it holds is the value, and where it holds
    nothing there is no record. The other columns go into every one of them.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    melt: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        return not self.names and not self.melt

    @cached_property
    def columns(self) -> frozenset[str]:
        """The names that it knows; that one of them is in no record at all is most likely a slip."""
        return frozenset((*self.names, *self.melt))

    def records(self, record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the records that one record stands for."""
        renamed = self.renamed(record)
        if not self.melt:
            yield renamed
        for metric in self.melt:
            value = record.get(metric)
            if not is_missing(value):
                yield renamed | {"metric": metric, "value": value}

    def renamed(self, record: Mapping[str, T]) -> dict[str, T]:
        """Return what every record that one stands for has of it; of two columns of one name the later one counts."""
        return {
            self.names.get(name, name): value
            for name, value in record.items()
            if self.names.get(name, name) and name not in self.melt
        }


def is_missing(value: object) -> bool:
    if isinstance(value, float):
        return isnan(value)
    return value is None or (isinstance(value, str) and value in MISSING)
