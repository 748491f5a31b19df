"""Finds out from keys in storage which templates they follow, where a table declares none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from lake.errors import AccessDenied, StorageFailed
from lake.interfaces import Storage
from lake.model import NULL_PARTITION, Table
from lake.partitions.layouts.belief import believed
from lake.partitions.layouts.guess import SHORT, YEAR, key_name
from lake.partitions.layouts.layout import as_prefix
from lake.partitions.layouts.of_table import Layouts, declared_layouts, inferred_layouts
from lake.partitions.survey.discovery import is_data

PREFIXES_SEEN = 1000
"""Of a level: what one page of a listing holds."""
KINDS_FOLLOWED = 8
LEVELS = 12
LOOKS = 64

FAILURES = frozenset({"processing-failed", "format-conversion-failed"})
"""Where Firehose puts what it cannot deliver."""


def layouts_of(storage: Storage, table: Table, *, newest: bool = False) -> Layouts:
    """Return the layouts that a table declares, else Hive's and those that a few looks into storage find; fewer looks, where
    the `newest` prefixes are enough.

    Raise UsageError for a table that is not partitioned, ConfigError for a template that cannot be read back.
    """
    declared = declared_layouts(table)
    if declared is not None:
        return declared
    hive = inferred_layouts(table)
    assert table.location is not None
    root = as_prefix(table.location)
    if newest and _is_plainly_hive(storage, root, hive.names):
        return hive
    paths = list(sample_folders(storage, root, hive, newest=newest))
    is_hive = any(hive.find(f"{root}{'/'.join(path)}/") is not None for path in paths)

    def look(place: Sequence[str]) -> Iterator[tuple[str, ...]]:
        return folders_of_data(storage, f"{root}{'/'.join(place)}/")

    return inferred_layouts(table, believed(table, paths, look, is_hive=is_hive), hive_last=not is_hive)


def folders_of_data(storage: Storage, place: str) -> Iterator[tuple[str, ...]]:
    """Yield the folders below a place, as their steps, in which the first data lie; the place itself has none."""
    try:
        for stored in islice(storage.list_keys(place), PREFIXES_SEEN):
            if is_data(stored, place):
                yield tuple(stored.location[len(place) :].split("/")[:-1])
    except (StorageFailed, AccessDenied):
        yield ()


def _is_plainly_hive(storage: Storage, root: str, names: Sequence[str]) -> bool:
    """Say whether all below the root, of which one page is looked at, are values of the first key by its name."""
    found = [below[len(root) : -1] for below in islice(storage.list_prefixes(root), PREFIXES_SEEN)]
    shown = [name for name in found if name[:1] not in ("_", ".")]
    return bool(shown) and all(key_name(name, names[:1]) is not None for name in shown)


class FirstPages:
    """A storage whose prefixes are looked at more than once: of each, one page is listed, once."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known: dict[str, list[str]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def list_prefixes(self, prefix: str) -> Iterator[str]:
        if prefix not in self._known:
            self._known[prefix] = list(islice(self._storage.list_prefixes(prefix), PREFIXES_SEEN))
        return iter(self._known[prefix])


def sample_folders(storage: Storage, root: str, hive: Layouts, *, newest: bool = False) -> Iterator[list[str]]:
    """Yield paths below `root` as their steps, some of each kind of name at each level; not below what is Hive's."""
    waiting: list[tuple[str, list[str]]] = [(root, [])]
    looks = 0
    while waiting and looks < LOOKS:
        prefix, steps = waiting.pop()
        if hive.find(prefix) is not None:
            yield steps
            continue
        looks += 1
        try:
            below = _representatives(storage, prefix, hive.names, newest=newest) if len(steps) < LEVELS else []
        except (StorageFailed, AccessDenied):
            if not steps:
                raise
            below = []
        if not below and steps:
            yield steps
        waiting.extend((f"{prefix}{name}/", [*steps, name]) for name in below)


def _representatives(storage: Storage, prefix: str, names: Collection[str], *, newest: bool) -> list[str]:
    """Return the first and the last name of each kind below a prefix, or only the greatest; hidden ones are left out."""
    kinds: dict[str, list[str]] = {}
    for below in islice(storage.list_prefixes(prefix), PREFIXES_SEEN):
        name = below[len(prefix) : -1]
        if (name[:1] in ("", "_", ".") and name != NULL_PARTITION) or name in FAILURES:
            continue
        kind = _kind(name, names)
        if kind in kinds:
            kinds[kind][0 if newest else 1 :] = [max(name, *kinds[kind]) if newest else name]
        elif len(kinds) < KINDS_FOLLOWED:
            kinds[kind] = [name]
    return [name for found in kinds.values() for name in found]


def _kind(name: str, names: Collection[str]) -> str:
    key = key_name(name, names)
    if key is not None:
        return f"{key}="
    if YEAR.fullmatch(name) or SHORT.fullmatch(name):
        return f"#{len(name)}"
    return "=" if any(map(str.isdigit, name)) else name
