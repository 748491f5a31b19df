"""The templates that keys in storage follow, with counts; and how a table declares them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lake.errors import ConfigError
from lake.interfaces import Catalog, Storage
from lake.model import Table
from lake.partitions.layouts.inference import infer_template, layouts_of
from lake.partitions.layouts.layout import TEMPLATE, as_prefix, make_layout, table_parameters
from lake.partitions.layouts.of_table import Layouts, Place, declared_templates
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
    strays = list(survey.strays.items())
    for location, (place, tally) in survey.places.items():
        if layouts.fault(place) is not None:
            strays.append((location, tally))
            continue
        index = _index(layouts, place)
        count, total, example = counted[index]
        total.add(tally.files, tally.bytes)
        counted[index] = (count + 1, total, min(location, example or location))
    shapes = [
        Shape(
            layout.template,
            _formats(table, layouts, index),
            layouts.declared,
            count,
            total.files,
            total.bytes,
            example,
        )
        for index, (layout, (count, total, example)) in enumerate(zip(layouts.layouts, counted, strict=True))
        if count or layouts.declared
    ]
    shapes.sort(key=lambda shape: -shape.places)
    return shapes + _undeclared(table, layouts, strays)


def _index(layouts: Layouts, place: Place) -> int:
    layout = layouts.layout_at(place.location)
    return layouts.layouts.index(layout) if layout is not None else 0


def _formats(table: Table, layouts: Layouts, index: int) -> dict[str, str]:
    declared = table_parameters(table)
    found = dict(layouts.formats[index]) if layouts.formats else {}
    template = layouts.layouts[index].template
    for name in layouts.names:
        text = declared.get(f"projection.{name}.format")
        if text is not None and f"${{{name}}}" in template:
            found[name] = text
    return found


def _undeclared(table: Table, layouts: Layouts, strays: Iterable[tuple[str, Tally]]) -> list[Shape]:
    """Tell of objects in no partition: by the template that they would follow, if there is one."""
    found: dict[str, Shape] = {}
    assert table.location is not None
    root = as_prefix(table.location)
    for location, tally in sorted(strays, key=lambda each: each[0]):
        steps = location.removeprefix(root).removesuffix("/").split("/") if location.startswith(root) else []
        inferred = infer_template(steps, table) if steps and steps != [""] else None
        template, formats = inferred or (None, {})
        shape = found.get(str(template)) or Shape(template, formats, False, 0, 0, 0, location)
        found[str(template)] = replace(
            shape,
            places=shape.places + (template is not None),
            files=shape.files + tally.files,
            bytes=shape.bytes + tally.bytes,
        )
    return list(found.values())


def declare(catalog: Catalog, table: Table, templates: Iterable[str]) -> Table:
    """Have a table declare these templates, in order, and return it as it is then; none at all takes them away.

    `${dt:yyyy/MM/dd}` also declares the format of a key. Raise ConfigError for a template that cannot be read back,
    CatalogChanged when someone was faster.
    """
    parameters = {name: text for name, text in table.parameters.items() if not _DECLARED.fullmatch(name.lower())}
    texts = []
    for template in templates:
        for name, pattern in _INLINE.findall(template):
            key = name.strip().lower()
            declared = parameters.get(f"projection.{key}.format", pattern)
            if f"projection.{key}.format" in parameters and declared != pattern:
                raise ConfigError(
                    f"key {key!r} would have two formats, {declared} and {pattern}",
                    hint="one format a key: what is padded with zeros is also read by the pattern that is not",
                )
            parameters |= {f"projection.{key}.format": pattern, f"projection.{key}.type": "date"}
        texts.append(_whole(table, _INLINE.sub(r"${\1}", template)))
    for number, text in enumerate(texts, start=1):
        parameters[TEMPLATE if number == 1 else f"{TEMPLATE}.{number}"] = text
    changed = replace(table, parameters=parameters)
    for text in declared_templates(changed):
        make_layout(changed, text, {})
    catalog.replace_table(changed, expected=table)
    return changed


def _whole(table: Table, template: str) -> str:
    """Write a template as Athena wants it, a whole URL."""
    assert table.location is not None
    whole = template if "://" in template else as_prefix(table.location) + template.removeprefix("/")
    return whole if whole.endswith("/") else whole + "/"
