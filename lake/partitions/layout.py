"""How a table's paths and its partition values stand for each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lake.errors import UsageError
from lake.model import NULL_PARTITION, Table
from lake.partitions.keys import Key, is_null, key_of
from lake.partitions.names import hive_path, partition_text, unescape
from lake.partitions.template import Slot, Step, hive_steps, template_steps

__all__ = ["Layout", "hive_path", "layout_of", "partition_text"]

TEMPLATE = "storage.location.template"

Values = tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """Where partitions lie below `root` (a URL ending with `/`): one step of the path after the other."""

    root: str
    names: tuple[str, ...]
    keys: tuple[Key, ...]
    steps: tuple[Step, ...]

    @property
    def depth(self) -> int:
        """How many steps lie between the root and a partition's objects."""
        return len(self.steps)

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
        names = path.removesuffix("/").split("/")
        if len(names) != len(self.steps):
            return None
        groups: list[str] = []
        for step, name in zip(self.steps, names, strict=True):
            found = step.pattern.fullmatch(name)
            if found is None:
                return None
            groups.extend(found.groups())
        return self.read(groups)

    def read(self, groups: Sequence[str]) -> Values | None:
        """Read what the steps' patterns caught, in order; None when one key stands for two values."""
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
        return tuple(
            NULL_PARTITION if is_null(value) else key.identity(value)
            for key, value in zip(self.keys, values, strict=True)
        )

    def fault(self, values: Sequence[str]) -> str | None:
        """Say which value is none of its key's type, or return None."""
        for name, key, value in zip(self.names, self.keys, values, strict=True):
            reason = None if is_null(value) else key.fault(value)
            if reason is not None:
                return f"{name}: {reason}"
        return None

    def _write(self, index: int, value: str) -> list[str]:
        key = self.keys[index]
        if is_null(value):
            return [NULL_PARTITION] * len(key.steps)
        try:
            return key.write(value)
        except ValueError as error:
            raise UsageError(f"partition key {self.names[index]!r}: {error}") from error


def layout_of(table: Table) -> Layout:
    """Return the layout that a table declares, else Hive's.

    Raise UsageError when it has no partition keys or no location, ConfigError when its template cannot be read.
    """
    if not table.partition_keys or table.location is None:
        raise UsageError(f"{str(table.full_name)!r} is not partitioned")
    parameters = {name.lower(): value for name, value in table.parameters.items()}
    names = tuple(column.name for column in table.partition_keys)
    keys = tuple(key_of(column, parameters) for column in table.partition_keys)
    location = as_prefix(table.location)
    declared = parameters.get(TEMPLATE)
    if declared is None:
        return Layout(location, names, keys, tuple(hive_steps(names, keys)))
    root, template = _below(location, declared)
    return Layout(root, names, keys, tuple(template_steps(template, names, keys)))


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
