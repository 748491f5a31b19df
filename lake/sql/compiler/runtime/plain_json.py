"""JSON of the usual kind by orjson, many times as fast; each says where the exact functions are to be asked.

orjson makes a double of a whole number that has no room in 64 bits, and refuses halves of characters.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from lake.sql.compiler.runtime import json

LEAST_DOUBTFUL = 2.0**63
"""A double from here on may have been a whole number."""


class Doubtful(ValueError):
    """A value that may have been another in the text."""


@cache
def reader() -> Callable[[str], Any]:
    """Return what reads a whole document; it raises ValueError for more texts than are no JSON."""
    import orjson

    return orjson.loads


@cache
def _writer() -> Callable[[str], str]:
    import orjson

    option = orjson.OPT_SORT_KEYS
    return lambda text: orjson.dumps(orjson.loads(text), option=option).decode()


def canonical(text: str) -> str:
    """Return the canonical text of a document of which no number, escape or sign is unusual; else it is asked for elsewhere."""
    try:
        return _writer()(text)
    except (ValueError, TypeError, RecursionError):
        return json.parse_json(text)


def certain(value: Any) -> Any:
    """Return a value, but raise Doubtful where it may have been another."""
    if type(value) is float and not -LEAST_DOUBTFUL < value < LEAST_DOUBTFUL:
        raise Doubtful
    return value


def certain_all(value: Any) -> Any:
    """Return a value all of whose parts are certain."""
    if type(value) is list:
        for each in value:
            certain_all(each)
    elif type(value) is dict:
        for each in value.values():
            certain_all(each)
    return certain(value)


def json_array_contains(text: str, wanted: Any) -> bool | None:
    if isinstance(wanted, float) and not abs(wanted) < LEAST_DOUBTFUL:
        return json.json_array_contains(text, wanted)
    try:
        elements = reader()(text)
    except ValueError:
        return json.json_array_contains(text, wanted)
    if type(elements) is not list:
        return None
    if wanted not in elements:
        return False
    kind = type(wanted)
    return any(type(element) is kind and element == wanted for element in elements)
