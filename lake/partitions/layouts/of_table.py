"""All templates of a table together: two generations of a layout may lie side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lake.errors import ConfigError, UsageError
from lake.model import Table
from lake.partitions.layouts.keys import DateKey, TextKey
from lake.partitions.layouts.layout import Layout, Values, declared_templates, make_layout


class Place(NamedTuple):
    """A prefix where a layout puts a partition."""

    location: str
    values: Values


@dataclass(frozen=True)
class Layouts:
    """A table's layouts, tried in order; a path is of the first that reads it without fault. `declared` is False where they
    were inferred.
    """

    layouts: tuple[Layout, ...]
    declared: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return self.layouts[0].names

    @property
    def roots(self) -> tuple[str, ...]:
        """Where to look: the roots of all layouts, none below another one."""
        found = sorted({layout.root for layout in self.layouts})
        return tuple(root for root in found if not any(root != above and root.startswith(above) for above in found))

    @property
    def has_spellings(self) -> bool:
        """Say whether one value may be written in two ways, as the integers 5 and 05."""
        return any(not _is_plain(layout, index) for layout in self.layouts for index in range(len(layout.keys)))

    def find(self, folder: str) -> Place | None:
        """Return the place that a folder is, or lies in."""
        found = self._reading(folder)
        return None if found is None else found[1]

    def layout_at(self, location: str) -> Layout | None:
        found = self._reading(location)
        return None if found is None else found[0]

    def _reading(self, folder: str) -> tuple[Layout, Place] | None:
        """Return the first layout that reads a folder without fault, else the first that reads it."""
        first = None
        for layout in self.layouts:
            found = layout.find(folder)
            if found is not None:
                reading = layout, Place(*found)
                if len(self.layouts) == 1 or layout.fault(found[1]) is None:
                    return reading
                first = first or reading
        return first

    def identity(self, values: Values) -> Values:
        return self.layouts[0].identity(values)

    def fault(self, place: Place) -> str | None:
        """Say which value at a place is none of its key's type, or return None."""
        layout = self.layout_at(place.location) or self.layouts[0]
        return layout.fault(place.values)

    def own_places(self, values: Values) -> Iterator[str]:
        """Yield where the layouts put a partition, as far as they can write its values."""
        for layout in self.layouts:
            try:
                yield layout.location(values)
            except UsageError:
                continue


def _is_plain(layout: Layout, index: int) -> bool:
    key = layout.keys[index]
    return isinstance(key, TextKey) and not key.has_spellings


def declared_layouts(table: Table) -> Layouts | None:
    """Return what a table declares, or None; raise ConfigError for a template that cannot be read back."""
    templates = declared_templates(table)
    several = len(templates) > 1
    return _checked(make_layout(table, text, {}, one_of_several=several) for text in templates) if templates else None


def inferred_layouts(
    table: Table, others: Iterable[tuple[str, Mapping[str, str]]] = (), *, hive_last: bool = False
) -> Layouts:
    """Return Hive's layout and others that were found, each with the formats of its keys."""
    found = [make_layout(table, text, formats) for text, formats in others]
    hive = make_layout(table, None, {}, one_of_several=hive_last and bool(found))
    return _checked((*found, hive) if hive_last else (hive, *found), declared=False)


def _checked(layouts: Iterable[Layout], *, declared: bool = True) -> Layouts:
    """Raise ConfigError where several places would be one value's: the hours of a date."""
    made = tuple(layouts)
    for layout in made:
        for name, key in zip(layout.names, layout.keys, strict=True):
            if isinstance(key, DateKey) and key.loses_time:
                raise ConfigError(
                    f"date format {key.format.pattern!r} tells more than key {name!r} of type date can hold",
                    hint="a timestamp or a string holds the hour, or a key of its own",
                )
    return Layouts(made, declared)
