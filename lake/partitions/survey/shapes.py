"""The templates that keys in storage follow, with counts; and how a table declares them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lake.errors import ConfigError, UsageError
from lake.interfaces import Catalog, Storage
from lake.model import Table
from lake.partitions.layouts.dates import DateFormat
from lake.partitions.layouts.guess import guess_template
from lake.partitions.layouts.inference import layouts_of
from lake.partitions.layouts.layout import TEMPLATE, Layout, make_layout, require_partitioned
from lake.partitions.layouts.of_table import Layouts, Place, declared_layouts
from lake.partitions.survey.discovery import FOLDER_MARKER
from lake.partitions.survey.folders import Survey, Tally, survey_everything
from lake.partitions.survey.registered import Registered

__all__ = ["FOLDER_MARKER", "Shape", "declare", "shapes_of"]

_INLINE = re.compile(r"\$\{([^{}:]+):([^{}]+)\}")
_DECLARED = re.compile(re.escape(TEMPLATE) + r"(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Shape:
    """One template: how many places with data follow it, and one of them. `template` is None for objects of no partition.

    `formats` are the date patterns of its keys, whether they are declared or were found out.
    """

    template: str | None
    formats: Mapping[str, str]
    declared: bool
    places: int
    files: int
    bytes: int
    example: str | None

    @property
    def settable(self) -> str | None:
        """The template with its formats in it, as `declare` takes it."""
        if self.template is None:
            return None
        return re.sub(
            r"\$\{([^{}]+)\}",
            lambda match: f"${{{match[1]}:{self.formats[match[1]]}}}" if match[1] in self.formats else match[0],
            self.template,
        )


def shapes_of(storage: Storage, table: Table) -> list[Shape]:
    """List everything and return the templates in the order of how many places follow them, declared ones always."""
    layouts = layouts_of(storage, table)
    survey = Survey(layouts, Registered(layouts))
    survey_everything(storage, survey)
    counted: list[tuple[int, Tally, str | None]] = [(0, Tally(), None) for _ in layouts.layouts]
    faulty: dict[str, Tally] = {}
    for location, (place, tally) in survey.places.items():
        if layouts.fault(place) is not None:
            faulty[location] = tally
            continue
        index = _index(layouts, place)
        count, total, example = counted[index]
        total.add(tally.files, tally.bytes)
        counted[index] = (count + 1, total, min(location, example or location))
    shapes = [
        Shape(
            _shown(table, layout),
            layout.formats,
            layouts.declared,
            count,
            total.files,
            total.bytes,
            example,
        )
        for layout, (count, total, example) in zip(layouts.layouts, counted, strict=True)
        if count or layouts.declared
    ]
    shapes.sort(key=lambda shape: -shape.places)
    return shapes + _undeclared(table, layouts, survey.strays, faulty)


def _index(layouts: Layouts, place: Place) -> int:
    layout = layouts.layout_at(place.location)
    return layouts.layouts.index(layout) if layout is not None else 0


def _shown(table: Table, layout: Layout) -> str:
    """Write a template below the table's location, or as a whole URL."""
    return layout.template if layout.root == require_partitioned(table) else layout.root + layout.template


def _undeclared(
    table: Table, layouts: Layouts, strays: Mapping[str, Tally], faulty: Mapping[str, Tally]
) -> list[Shape]:
    """Tell of objects in no partition: by the template that they would follow, if there is one that is not known."""
    found: dict[tuple[str, ...], Shape] = {}
    for location, tally in sorted({**strays, **faulty}.items()):
        layout = None if location in faulty else _follows(table, layouts, location)
        new = (
            Shape(None, {}, False, 0, 0, 0, location)
            if layout is None
            else Shape(_shown(table, layout), layout.formats, False, 0, 0, 0, location)
        )
        key = () if new.settable is None else (new.settable,)
        shape = found.setdefault(key, new)
        found[key] = replace(
            shape,
            places=shape.places + (layout is not None),
            files=shape.files + tally.files,
            bytes=shape.bytes + tally.bytes,
        )
    return list(found.values())


def _follows(table: Table, layouts: Layouts, location: str) -> Layout | None:
    """Return a layout, none of the table's, that a location follows on its own."""
    root = require_partitioned(table)
    steps = location.removeprefix(root).removesuffix("/").split("/") if location.startswith(root) else [""]
    guess = guess_template(steps, table) if steps != [""] else None
    if guess is None:
        return None
    layout = make_layout(table, guess.template, guess.formats)
    place = layout.find(location)
    return layout if place is not None and layout.fault(place[1]) is None and layout not in layouts.layouts else None


def declare(catalog: Catalog, storage: Storage, table: Table, templates: Sequence[str]) -> Table:
    """Have a table declare these templates, in order, and return it as it is then; none at all takes them away.

    `${dt:yyyy/MM/dd}` also declares the format of a key, in the place of an earlier one. Nothing is stored for what cannot
    be: raise UsageError for a template given twice, ConfigError for one that cannot be read back, what `storage` raises for
    one that it cannot reach, CatalogChanged when someone was faster.
    """
    require_partitioned(table)
    formats = _inlined(templates)
    texts = list(dict.fromkeys(_whole(table, text) for text in _bare(table, templates, formats)))
    new = {TEMPLATE if number == 1 else f"{TEMPLATE}.{number}": text for number, text in enumerate(texts, start=1)}
    for key, pattern in formats.items():
        new |= {f"projection.{key}.format": pattern, f"projection.{key}.type": "date"}
    kept = {
        name: text
        for name, text in table.parameters.items()
        if name.lower() not in new and not _DECLARED.fullmatch(name.lower())
    }
    changed = replace(table, parameters=kept | new)
    layouts = declared_layouts(changed)
    for root in layouts.roots if layouts is not None else ():
        next(iter(storage.list_prefixes(root)), None)
    catalog.replace_table(changed, expected=table)
    return changed


def _inlined(templates: Iterable[str]) -> dict[str, str]:
    """Return the formats in templates by key; of two of which one reads all that the other does, that one."""
    formats: dict[str, str] = {}
    for key, pattern in (pair for template in templates for pair in _formats_in(template)):
        known = formats.setdefault(key, pattern)
        if DateFormat.parse(pattern).covers(DateFormat.parse(known)):
            formats[key] = pattern
        elif not DateFormat.parse(known).covers(DateFormat.parse(pattern)):
            raise ConfigError(f"key {key!r} would have two formats, {known} and {pattern}", hint="a key has one format")
    return formats


def _formats_in(template: str) -> Iterator[tuple[str, str]]:
    return ((name.strip().lower(), pattern) for name, pattern in _INLINE.findall(template))


def _bare(table: Table, templates: Iterable[str], formats: Mapping[str, str]) -> Iterator[str]:
    """Yield templates without the formats in them."""
    seen = set()
    for template in templates:
        text = _INLINE.sub(r"${\1}", template)
        meaning = (_whole(table, text), frozenset((dict(formats) | dict(_formats_in(template))).items()))
        if meaning in seen:
            raise UsageError(f"template {template!r} is given twice", hint="a key has one format in all templates")
        seen.add(meaning)
        yield text


def _whole(table: Table, template: str) -> str:
    """Write a template as Athena wants it, a whole URL."""
    whole = template if "://" in template else require_partitioned(table) + template.removeprefix("/")
    return whole if whole.endswith("/") else whole + "/"
