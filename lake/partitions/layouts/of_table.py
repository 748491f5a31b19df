"""All templates of a table together: two generations of a layout may lie side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lake.errors import UsageError
from lake.model import Table
from lake.partitions.layouts.keys import INTEGER_BITS, DateKey
from lake.partitions.layouts.layout import TEMPLATE, Layout, Values, make_layout, table_parameters

_FURTHER = re.compile(re.escape(TEMPLATE) + r"\.([0-9]+)")


class Place(NamedTuple):
    """A prefix where a layout puts a partition."""

    location: str
    values: Values


@dataclass(frozen=True)
class Layouts:
    """A table's layouts, tried in order; a path is of the first that reads it. `declared` is False where they were inferred.

    `formats` are the date patterns of keys, by the position of their layout, that the table does not declare itself.
    """

    layouts: tuple[Layout, ...]
    declared: bool = True
    formats: tuple[Mapping[str, str], ...] = field(default=(), hash=False)

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
        for layout in self.layouts:
            found = layout.find(folder)
            if found is not None:
                return Place(*found)
        return None

    def layout_at(self, location: str) -> Layout | None:
        return next((layout for layout in self.layouts if layout.find(location) is not None), None)

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
    kind = getattr(key, "type", "")
    return not isinstance(key, DateKey) and kind not in INTEGER_BITS and getattr(key, "digits", None) is None


def declared_templates(table: Table) -> list[str]:
    """Return `storage.location.template`, then `.2`, `.3` … by number; empty when the first is not declared."""
    parameters = table_parameters(table)
    if TEMPLATE not in parameters:
        return []
    further = sorted(
        (int(match[1]), text) for name, text in parameters.items() if (match := _FURTHER.fullmatch(name)) is not None
    )
    return [parameters[TEMPLATE], *(text for _, text in further)]


def declared_layouts(table: Table) -> Layouts | None:
    """Return what a table declares, or None; raise ConfigError for a template that cannot be read back."""
    templates = declared_templates(table)
    return Layouts(tuple(make_layout(table, text, {}) for text in templates)) if templates else None


def inferred_layouts(
    table: Table, others: Iterable[tuple[str, Mapping[str, str]]] = (), *, hive_last: bool = False
) -> Layouts:
    """Return Hive's layout and others that were found, each with the formats of its keys."""
    found: list[tuple[str | None, Mapping[str, str]]] = list(others)
    found.insert(len(found) if hive_last else 0, (None, {}))
    layouts = tuple(make_layout(table, text, formats) for text, formats in found)
    return Layouts(layouts, declared=False, formats=tuple(formats for _, formats in found))
