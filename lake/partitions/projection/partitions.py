"""Partitions that a table declares by rule instead of registering them: Athena's partition projection.

docs.aws.amazon.com/athena/latest/ug/partition-projection.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lake.errors import ConfigError
from lake.interfaces import Storage
from lake.model import Partition, Table
from lake.partitions.layouts.layout import TEMPLATE, as_prefix, table_parameters
from lake.partitions.projection.domains import Domain, Projected, domain_of

ENABLED = "projection.enabled"
_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")

Candidates = Mapping[str, Sequence[Projected]]


@dataclass(frozen=True, slots=True)
class Projection:
    """`texts` stand around and between the keys of `places`: the location of a partition, in order."""

    table: Table
    domains: Mapping[str, Domain]
    texts: tuple[str, ...]
    places: tuple[str, ...]

    def partitions(self, storage: Storage, candidates: Candidates) -> Iterator[Partition]:
        """Yield the partitions made of the candidates that have a folder. Folders that cannot matter are not listed."""
        folders = _Folders(storage, _folder(self.texts[0]))
        for location, values in self._walk(folders, candidates, 0, self.texts[0], {}):
            key_values = tuple(values[key.name] for key in self.table.partition_keys)
            yield Partition(key_values, location, self.table.descriptor)

    def _walk(
        self, folders: _Folders, candidates: Candidates, place: int, before: str, chosen: dict[str, Projected]
    ) -> Iterator[tuple[str, dict[str, str]]]:
        if place == len(self.places):
            yield before, {name: each.value for name, each in chosen.items()}
            return
        name, after = self.places[place], self.texts[place + 1]
        # A location ends with its folder, also where its template does not say so.
        after += "/" if place + 1 == len(self.places) and not after.endswith("/") else ""
        for each in [chosen[name]] if name in chosen else candidates[name]:
            location = f"{before}{each.text}{after}"
            if folders.has(_folder(location)):
                yield from self._walk(folders, candidates, place + 1, location, {**chosen, name: each})


class _Folders:
    """Which folders there are, level by level, each listed once."""

    def __init__(self, storage: Storage, root: str) -> None:
        self._storage = storage
        self._known = {root: True}
        self._listed: dict[str, frozenset[str]] = {}

    def has(self, folder: str) -> bool:
        known = self._known.get(folder)
        if known is None:
            above = folder[: folder.rfind("/", 0, -1) + 1]
            known = len(above) < len(folder) and self.has(above) and folder in self._below(above)
            self._known[folder] = known
        return known

    def _below(self, folder: str) -> frozenset[str]:
        if folder not in self._listed:
            self._listed[folder] = frozenset(self._storage.list_prefixes(folder))
        return self._listed[folder]


def is_projected(table: Table) -> bool:
    return bool(table.partition_keys) and table_parameters(table).get(ENABLED, "").strip().lower() == "true"


def projection_of(table: Table) -> Projection:
    """Raise ConfigError where a key's values or the location's template are not declared as Athena wants them."""
    parameters = table_parameters(table)
    assert table.location is not None
    location = as_prefix(table.location)
    names = [key.name for key in table.partition_keys]
    template = parameters.get(TEMPLATE) or "".join(f"{name}=${{{name}}}/" for name in names)
    if "://" not in template:
        template = location + template.removeprefix("/")
    parts = _PLACEHOLDER.split(template)
    places = tuple(name.strip().lower() for name in parts[1::2])
    for name in places:
        if name not in names:
            raise ConfigError(f"{TEMPLATE} {template!r} names {name!r}, which is no partition key")
    for name in names:
        if name not in places:
            raise ConfigError(f"{TEMPLATE} {template!r} leaves out the partition key {name!r}")
    domains = {key.name: domain_of(key, parameters) for key in table.partition_keys}
    return Projection(table, domains, tuple(parts[0::2]), places)


def _folder(location: str) -> str:
    return location[: location.rfind("/") + 1]
