"""Finds out from keys in storage which templates they follow, where a table declares none."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from lake.errors import AccessDenied, StorageFailed
from lake.interfaces import Storage
from lake.model import NULL_PARTITION, Table
from lake.partitions.layouts.keys import INTEGER_BITS, is_null, key_of
from lake.partitions.layouts.layout import as_prefix, table_parameters
from lake.partitions.layouts.names import unescape
from lake.partitions.layouts.of_table import Layouts, declared_layouts, inferred_layouts

PREFIXES_SEEN = 1000
"""Of a level: what one page of a listing holds."""
KINDS_FOLLOWED = 8
LEVELS = 12
LOOKS = 64

_YEAR = re.compile(r"[12][0-9]{3}")
_SHORT = re.compile(r"[0-9]{1,2}")
_FIXED = re.compile(r"/[^/$]+(?:/|\Z)")
FAILURES = frozenset({"processing-failed", "format-conversion-failed"})
"""Where Firehose puts what it cannot deliver."""
_LITERAL = re.compile(r"[^${}]+")
_DAY_OF = ("date", "timestamp", "string", "varchar")


class Inferred(NamedTuple):
    """A template below the table's location, and the date patterns of its keys."""

    template: str
    formats: Mapping[str, str]


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
    found: dict[str, Inferred] = {}
    for path in paths:
        inferred = infer_template(path, table)
        if inferred is not None and inferred.template != hive.layouts[0].template:
            found.setdefault(f"{inferred.template} {sorted(inferred.formats.items())}", inferred)
    is_hive = any(hive.find(f"{root}{'/'.join(path)}/") is not None for path in paths)
    # What is padded with zeros also reads as what is not, so it comes first.
    others = sorted(_believed(found.values(), is_hive=is_hive), key=lambda each: _looseness(each.formats))
    return inferred_layouts(table, others, hive_last=not is_hive)


def _is_plainly_hive(storage: Storage, root: str, names: Sequence[str]) -> bool:
    """Say whether all below the root, of which one page is looked at, are values of the first key by its name."""
    found = [below[len(root) : -1] for below in islice(storage.list_prefixes(root), PREFIXES_SEEN)]
    shown = [name for name in found if name[:1] not in ("_", ".")]
    return bool(shown) and all(_key_name(name, names[:1]) is not None for name in shown)


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


def _believed(found: Collection[Inferred], *, is_hive: bool) -> list[Inferred]:
    """Leave out what may be a slip: fixed steps beside keys that have none; anything but dates beside Hive's own names."""
    if is_hive:
        return [
            each for each in found if each.template.startswith("${") and (each.formats or each.template.count("${") > 2)
        ]
    bare = [each for each in found if _FIXED.search(f"/{each.template}") is None]
    return bare or list(found)


def _looseness(formats: Mapping[str, str]) -> int:
    return sum("/M/" in text for text in formats.values())


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
    key = _key_name(name, names)
    if key is not None:
        return f"{key}="
    if _YEAR.fullmatch(name) or _SHORT.fullmatch(name):
        return f"#{len(name)}"
    return "=" if any(map(str.isdigit, name)) else name


def _key_name(name: str, names: Collection[str]) -> str | None:
    key, equals, value = name.partition("=")
    text = unescape(key).lower()
    return text if equals and value and text in names else None


def infer_template(steps: Sequence[str], table: Table) -> Inferred | None:
    """Return the template that one path follows, or None when not every key has a place in it."""
    names = [key.name for key in table.partition_keys]
    parts: list[str | None] = [None] * len(steps)
    named: set[str] = set()
    for place, step in enumerate(steps):
        key = _key_name(step, names)
        if key is not None and key not in named:
            named.add(key)
            parts[place] = f"{step.partition('=')[0]}=${{{key}}}"
    bare = [name for name in names if name not in named]
    formats: dict[str, str] = {}
    if bare and not _place_dates(steps, parts, bare, table, formats) and not _place_bare(steps, parts, bare, table):
        return None
    last = max(place for place, part in enumerate(parts) if part is not None)
    texts = [part if part is not None else steps[place] for place, part in enumerate(parts[: last + 1]) if part != ""]
    literals = [steps[place] for place in range(last + 1) if parts[place] is None]
    return Inferred("/".join(texts), formats) if all(map(_LITERAL.fullmatch, literals)) else None


def _place_dates(
    steps: Sequence[str], parts: list[str | None], bare: Sequence[str], table: Table, formats: dict[str, str]
) -> bool:
    """Give keys without a name in the path the steps of a date, as Firehose's `2026/01/31/07`; say whether all have some."""
    start, length = _date_run(steps, parts)
    types = {key.name: key.type.strip().lower().partition("(")[0] for key in table.partition_keys}
    declared = table_parameters(table)
    padded = all(len(step) == 2 for step in steps[start + 1 : start + length])
    first = types[bare[0]]
    if len(bare) in (3, 4) and length >= len(bare):
        for offset, name in enumerate(bare):
            parts[start + offset] = f"${{{name}}}"
        return True
    spans = {1: 4 if first in ("timestamp", "string", "varchar") and length == 4 else 3, 2: 3}.get(len(bare), 0)
    needed = spans + len(bare) - 1
    if not spans or length < needed or first not in _DAY_OF:
        return False
    if f"projection.{bare[0]}.format" not in declared:
        formats[bare[0]] = "/".join((("yyyy", "MM", "dd", "HH") if padded else ("yyyy", "M", "d", "H"))[:spans])
    parts[start] = f"${{{bare[0]}}}"
    for place in range(start + 1, start + spans):
        parts[place] = ""
    if len(bare) == 2:
        parts[start + spans] = f"${{{bare[1]}}}"
    return True


def _date_run(steps: Sequence[str], parts: Sequence[str | None]) -> tuple[int, int]:
    """Return where year, month, day and perhaps hour stand, one after the other, and how many they are."""
    for start, step in enumerate(steps):
        if parts[start] is None and _YEAR.fullmatch(step):
            length = 1
            while (
                length < 4
                and start + length < len(steps)
                and parts[start + length] is None
                and _SHORT.fullmatch(steps[start + length])
            ):
                length += 1
            if length >= 3:
                return start, length
    return 0, 0


def _place_bare(steps: Sequence[str], parts: list[str | None], bare: Sequence[str], table: Table) -> bool:
    """Give keys the unnamed steps in order, where a number or a date among them shows that they are values."""
    free = [place for place, part in enumerate(parts) if part is None]
    columns = {key.name: key for key in table.partition_keys}
    typed = [name for name in bare if columns[name].type.strip().lower() in (*INTEGER_BITS, "date")]
    if not typed or len(free) < len(bare):
        return False
    for skipped in range(len(free) - len(bare) + 1):
        places = free[skipped : skipped + len(bare)]
        values = {name: unescape(steps[place]) for name, place in zip(bare, places, strict=True)}
        if all(_fits(values[name], table, name) for name in bare):
            for name, place in zip(bare, places, strict=True):
                parts[place] = f"${{{name}}}"
            return True
    return False


def _fits(value: str, table: Table, name: str) -> bool:
    column = next(key for key in table.partition_keys if key.name == name)
    return is_null(value) or key_of(column, table_parameters(table)).fault(value) is None
