"""A field of Hive's delimited text as a value of any type; nested ones are split level by level."""

from __future__ import annotations

from collections.abc import Sequence

from lake.engine.readers.literals import text
from lake.engine.readers.scalars import scalar_value
from lake.types import DataType

SEPARATORS = tuple(chr(level) for level in range(1, 9))
"""Hive's default separators: fields, collection items, map keys, then one a level."""


def simple_value(raw: str, type_: DataType, separators: Sequence[str], level: int) -> str:
    """Return the expression that reads `raw`, a text, as `type_`; text that is no such value is NULL, as in Hive."""
    e = f"e{level}"
    if type_.name == "array":
        item = simple_value(e, type_.element, separators, level + 1)
        return f"list_transform({_split(raw, separators[level])}, lambda {e}: {item})"
    if type_.name == "map":
        key = simple_value(f"split_part({e}, {text(separators[level + 1])}, 1)", type_.key, separators, level + 2)
        rest = f"substr({e}, instr({e}, {text(separators[level + 1])}) + 1)"
        value = simple_value(rest, type_.value, separators, level + 2)
        entries = f"list_transform({_split(raw, separators[level])}, lambda {e}: {{'k': {key}, 'v': {value}}})"
        return f"map_from_entries({entries})"
    if type_.name == "row":
        fields = ", ".join(
            f"{text(name)}: {simple_value(f'{_split(raw, separators[level])}[{place + 1}]', field.type, separators, level + 1)}"
            for place, (name, field) in enumerate(zip(type_.field_names, type_.fields, strict=True))
        )
        return f"CASE WHEN {raw} IS NOT NULL THEN {{{fields}}} END"
    return scalar_value(raw, type_)


def _split(raw: str, separator: str) -> str:
    return f"CASE WHEN {raw} = '' THEN [] ELSE string_split({raw}, {text(separator)}) END"
