"""How a table's paths and its partition values stand for each other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lake.errors import UsageError
from lake.model import NULL_PARTITION, Table
from lake.partitions.layouts.bare_times import BareTimes
from lake.partitions.layouts.keys import DateKey, Key, is_null, key_of
from lake.partitions.layouts.names import hive_path, partition_text, unescape
from lake.partitions.layouts.template import Slot, Step, hive_steps, is_hive_named, template_steps
from lake.partitions.layouts.times import TimeKeys

__all__ = ["Layout", "hive_path", "layout_of", "partition_text"]

TEMPLATE = "storage.location.template"
_FURTHER = re.compile(re.escape(TEMPLATE) + r"\.([0-9]+)")

TEXTS_KNOWN = 10_000
"""Of a key's values, whose identities are kept for the next partition that has them."""

Values = tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """Where partitions lie below `root` (a URL ending with `/`): one step of the path after the other."""

    root: str
    names: tuple[str, ...]
    keys: tuple[Key, ...]
    steps: tuple[Step, ...]
    template: str = ""

    @property
    def depth(self) -> int:
        """How many steps lie between the root and a partition's objects."""
        return len(self.steps)

    @property
    def formats(self) -> dict[str, str]:
        """The date patterns of keys, by their names."""
        pairs = zip(self.names, self.keys, strict=True)
        return {name: key.format.pattern for name, key in pairs if isinstance(key, DateKey)}

    def path(self, values: Sequence[str]) -> str:
        """Say where a partition belongs, relative to the root and ending with `/`.

        Raise UsageError when a value cannot be written in this layout, such as `soon` as yyyy/MM/dd.
        """
        texts: dict[Slot, str] = {}
        for step in self.steps:
            for slot in step.slots:
                if slot not in texts:
                    texts[slot] = self._write(slot.key, values[slot.key])[slot.part]
        return "".join(step.write(texts) + "/" for step in self.steps)

    def location(self, values: Sequence[str]) -> str:
        return self.root + self.path(values)

    def values(self, path: str) -> Values | None:
        """Read a path relative to the root, with or without its last `/`; None when it is not of this layout.

        The values fit the path's form, not yet the keys' types: see `fault`.
        """
        found = self._matcher.fullmatch(path if path.endswith("/") else path + "/")
        return None if found is None else self.read(found.groups())

    def find(self, folder: str) -> tuple[str, Values] | None:
        """Return the place that a folder (a URL ending with `/`) is, or lies in, and its values; None when it is in none."""
        if not folder.startswith(self.root):
            return None
        found = self._matcher.match(folder, len(self.root))
        values = None if found is None else self.read(found.groups())
        return None if found is None or values is None else (folder[: found.end()], values)

    def fitting(self, folder: str) -> int:
        """Return up to where a folder below the root fits the steps: after the root, after a step, or after the last."""
        position = len(self.root)
        for step in self.steps:
            end = folder.find("/", position)
            if end < 0 or step.pattern.fullmatch(folder, position, end) is None:
                break
            position = end + 1
        return position

    def read(self, groups: Sequence[str]) -> Values | None:
        """Read what the steps' patterns caught, in order; None when one key stands for two values."""
        if self._order is not None:
            return tuple([self._read_one(index, groups[place]) for index, place in enumerate(self._order)])
        texts: dict[tuple[int, int], str] = {}
        slots = (slot for step in self.steps for slot in step.slots)
        for slot, group in zip(slots, groups, strict=True):
            text = unescape(group)
            if texts.setdefault((slot.key, slot.part), text) != text:
                return None
        values = []
        for index, key in enumerate(self.keys):
            parts = [texts[index, part] for part in range(len(key.steps))]
            nulls = parts.count(NULL_PARTITION)
            if 0 < nulls < len(parts):
                return None
            values.append(NULL_PARTITION if nulls else key.read(parts))
        return tuple(values)

    def identity(self, values: Sequence[str]) -> Values:
        """Return one tuple for all texts of the same values: an integer's `05` is `5`, a string's is not."""
        found = []
        for key, known, value in zip(self.keys, self._identities, values, strict=True):
            text = known.get(value)
            if text is None:
                text = NULL_PARTITION if is_null(value) else key.identity(value)
                if len(known) >= TEXTS_KNOWN:
                    known.clear()
                known[value] = text
            found.append(text)
        return tuple(found)

    def fault(self, values: Sequence[str]) -> str | None:
        """Say which value is none of its key's type, or return None."""
        for name, key, value in zip(self.names, self.keys, values, strict=True):
            reason = None if is_null(value) else key.fault(value)
            if reason is not None:
                return f"{name}: {reason}"
        return self._bare_times.fault(values)

    @cached_property
    def _bare_times(self) -> BareTimes:
        named = {slot.key for step in self.steps for slot in step.named}
        return BareTimes(
            TimeKeys(tuple("" if index in named else name for index, name in enumerate(self.names)), self.keys)
        )

    @cached_property
    def _identities(self) -> tuple[dict[str, str], ...]:
        return tuple({} for _ in self.keys)

    @cached_property
    def _matcher(self) -> re.Pattern[str]:
        return re.compile("".join(f"{step.pattern.pattern}/" for step in self.steps), re.DOTALL)

    @cached_property
    def _order(self) -> tuple[int, ...] | None:
        """Where each key's only text stands among those caught; None when a key has several or stands twice."""
        slots = [(slot.key, slot.part) for step in self.steps for slot in step.slots]
        if len(slots) != len(self.keys) or len(set(slots)) < len(slots) or any(part for _, part in slots):
            return None
        return tuple(slots.index((index, 0)) for index in range(len(self.keys)))

    def _read_one(self, index: int, group: str) -> str:
        text = unescape(group)
        return text if text == NULL_PARTITION else self.keys[index].read((text,))

    def _write(self, index: int, value: str) -> list[str]:
        key = self.keys[index]
        if is_null(value):
            return [NULL_PARTITION] * len(key.steps)
        try:
            return key.write(value)
        except ValueError as error:
            raise UsageError(f"partition key {self.names[index]!r}: {error}") from error


def layout_of(table: Table) -> Layout:
    """Return the layout that a table declares first, where new partitions belong; else Hive's.

    Raise UsageError when it has no partition keys or no location, ConfigError when its template cannot be read.
    """
    templates = declared_templates(table)
    return make_layout(table, templates[0] if templates else None, {}, one_of_several=len(templates) > 1)


def declared_templates(table: Table) -> list[str]:
    """Return `storage.location.template`, then `.2`, `.3` … by number; empty when the first is not declared."""
    parameters = table_parameters(table)
    if TEMPLATE not in parameters:
        return []
    further = sorted(
        (int(match[1]), text) for name, text in parameters.items() if (match := _FURTHER.fullmatch(name)) is not None
    )
    return [parameters[TEMPLATE], *(text for _, text in further)]


def require_partitioned(table: Table) -> str:
    """Return a table's location; raise UsageError when it has none, or no partition keys."""
    if not table.partition_keys or table.location is None:
        raise UsageError(f"{str(table.full_name)!r} is not partitioned", hint="only tables with PARTITIONED BY are")
    return as_prefix(table.location)


def make_layout(
    table: Table, template: str | None, formats: Mapping[str, str], *, one_of_several: bool = False
) -> Layout:
    """Return the layout of one template, Hive's when it is None; `formats` adds to what the table declares of its keys.

    Beside other templates Hive's names have plain values: a date pattern of several steps is meant for the others.
    """
    location = require_partitioned(table)
    parameters = {**table_parameters(table), **{f"projection.{key}.format": text for key, text in formats.items()}}
    names = tuple(column.name for column in table.partition_keys)
    if one_of_several and (template is None or is_hive_named(template)):
        for name in names:
            if "/" in parameters.get(f"projection.{name}.format", ""):
                del parameters[f"projection.{name}.format"]
    keys = tuple(key_of(column, parameters) for column in table.partition_keys)
    if template is None:
        shown = "/".join(f"{name}=${{{name}}}" for name in names)
        return Layout(location, names, keys, tuple(hive_steps(names, keys)), shown)
    root, below = _below(location, template)
    return Layout(root, names, keys, tuple(template_steps(below, names, keys)), below.removesuffix("/"))


def table_parameters(table: Table) -> dict[str, str]:
    """Return a table's parameters, names in lower case, as Athena reads them."""
    return {name.lower(): value for name, value in table.parameters.items()}


def as_prefix(location: str) -> str:
    """Write a location so that it covers what lies below it and nothing beside it."""
    return location if location.endswith("/") else location + "/"


def _below(location: str, template: str) -> tuple[str, str]:
    """Split a template into its root and the rest; Athena writes it as a whole URL, even one outside the table's."""
    if template.startswith(location):
        return location, template.removeprefix(location)
    if "://" not in template:
        return location, template.removeprefix("/")
    fixed = template.partition("${")[0]
    root = fixed[: fixed.rfind("/") + 1]
    return root, template.removeprefix(root)
