"""Hive's names for partitions (`dt=2026-01-01/hour=07`) and the escapes in them, as org.apache.hadoop.hive's FileUtils."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lake.model import NULL_PARTITION

_ESCAPED_CHARACTERS = frozenset([*map(chr, range(0x20)), *"\"#%'*/:=?\\\x7f{[]^"])
_TO_ESCAPE = re.compile("[" + re.escape("".join(sorted(_ESCAPED_CHARACTERS))) + "]")
_ESCAPES = re.compile("((?:%[89A-Fa-f][0-9A-Fa-f])+)|%([0-7][0-9A-Fa-f])")


def escape(text: str) -> str:
    """Write a key or a value as one step of a path; the empty text is NULL, as it is to Hive."""
    if not text:
        return NULL_PARTITION
    return _TO_ESCAPE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return percent(match[0])


def percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


def unescape(text: str) -> str:
    """Undo `escape` once: a `%` without two hexadecimal digits stands for itself.

    Hive escapes ASCII alone. A run of other bytes is UTF-8, as Arrow, pandas and DuckDB write it, else one character each.
    """
    if "%" not in text:
        return text
    return _ESCAPES.sub(_unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    if match[2] is not None:
        return chr(int(match[2], 16))
    run = bytes.fromhex(match[1].replace("%", ""))
    try:
        return run.decode()
    except UnicodeDecodeError:
        return run.decode("latin-1")


def partition_text(keys: Iterable[str], values: Iterable[str]) -> str:
    """Name a partition as SHOW PARTITIONS and Hive's messages do: `dt=2026-01-01/hour=07`, escaped."""
    return "/".join(f"{escape(key.lower())}={escape(value)}" for key, value in zip(keys, values, strict=True))


def hive_path(keys: Iterable[str], values: Iterable[str]) -> str:
    """Say where Hive puts a partition below its table's location: `dt=2026-01-01/hour=07/`."""
    return partition_text(keys, values) + "/"
