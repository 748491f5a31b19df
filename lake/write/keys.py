"""Partition values as Hive writes them into paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from lake.errors import WriteRefused
from lake.model import NULL_PARTITION, Column
from lake.partitions.layouts.names import escape
from lake.types import parse_type
from lake.types.datatype import INTEGERS

Values = tuple[str, ...]

REFUSED_KEYS = frozenset({"real", "double", "varbinary", "array", "map", "row"})
PATH_STEP_BYTES = 255
"""File systems take no longer name; S3 would take 1,024 for the whole key."""

ZERO_PADDED_WIDTHS = range(2, 5)


def check_key_types(keys: Iterable[Column], table: str) -> None:
    for key in keys:
        if parse_type(key.type).name in REFUSED_KEYS:
            raise WriteRefused(table, key.name, f"a {key.type} cannot be a partition key")


def value_text(value: object, key: str, table: str) -> str:
    """Write one value of a key; raise WriteRefused for one that could not be read back as it is."""
    text = _plain_text(value)
    if text == "":
        reason = "an empty text cannot be a partition value: it would be read back as NULL"
        raise WriteRefused(table, key, reason, hint="write NULL, or a word that stands for none")
    if len(f"{key}={escape(text)}".encode()) > PATH_STEP_BYTES:
        raise WriteRefused(table, key, f"the partition value {text[:40]!r}… is too long for a folder's name")
    return text


def _plain_text(value: object) -> str:
    if value is None:
        return NULL_PARTITION
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        text = value.isoformat(" ", timespec="microseconds" if value.microsecond else "seconds")
        return text.rstrip("0") if value.microsecond else text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def spellings(values: Values, keys: Sequence[Column]) -> list[tuple[str, ...]]:
    """By key, the texts that a registered partition may have for the same value: `7`, and `07` as Firehose's hours are."""
    return [
        (text, *_padded(text)) if parse_type(key.type).name in INTEGERS else (text,)
        for text, key in zip(values, keys, strict=True)
    ]


def _padded(text: str) -> list[str]:
    return [text.zfill(width) for width in ZERO_PADDED_WIDTHS if len(text) < width and text.isdigit()]
