"""JSON as Trino's functions read and write it (io.trino.operator.scalar.JsonFunctions, JsonExtract).

A path is followed without reading what is behind its end, so an answer may come from a text that is no whole JSON.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from json.decoder import scanstring  # type: ignore[attr-defined]
from json.encoder import encode_basestring
from typing import Any, NoReturn

from lake.sql.compiler.runtime.errors import TrinoError

SPACE = re.compile(r"[ \t\n\r]*")
UNQUOTED_STEP = re.compile(r"\.([\w:]+)|\[(\w+)\]|\[\"((?:[^\"\\]|\\[\"\\])*)\"\]")
ESCAPE = re.compile(r"\\(u[0-9a-f]{4}|.)")
LARGEST_PLAIN, LEAST_PLAIN = 1e7, 1e-3


class Written(str):
    """A number by its own text."""

    __slots__ = ()


class WrittenFloat(Written):
    __slots__ = ()


class _Pairs(list[tuple[str, Any]]):
    """An object with its keys in order, and those that occur twice."""


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


DOCUMENTS = json.JSONDecoder(parse_constant=_constant)
PAIRS = json.JSONDecoder(parse_constant=_constant, object_pairs_hook=_Pairs)
WRITTEN = json.JSONDecoder(parse_constant=_constant, parse_int=Written, parse_float=WrittenFloat)


def read(text: str) -> Any:
    """Read a whole document; raise ValueError for anything else."""
    try:
        return DOCUMENTS.decode(text)
    except RecursionError as error:
        raise ValueError("the document is nested too deeply") from error


def write(value: Any, *, in_order: bool = False) -> str:
    """Write a value as canonical text; the keys of an object are sorted unless `in_order`."""
    writer = WRITERS.get(type(value))
    if writer is not None:
        return writer(value)
    if isinstance(value, _Pairs):
        return _object([(key, write(each, in_order=True)) for key, each in value])
    if isinstance(value, dict):
        keys = value if in_order else _sorted(value)
        return _object([(key, write(value[key], in_order=in_order)) for key in keys])
    if isinstance(value, list):
        return f"[{','.join([write(each, in_order=in_order) for each in value])}]"
    return str(value)


def _sorted(keys: dict[str, Any]) -> list[str]:
    return sorted(keys) if "".join(keys).isascii() else sorted(keys, key=java_order)


def _object(members: list[tuple[str, str]]) -> str:
    return f"{{{','.join([f'{quoted_text(key)}:{text}' for key, text in members])}}}"


def java_order(text: str) -> bytes:
    """Java compares texts by the halves of UTF-16."""
    return text.encode("utf-16-be", "surrogatepass")


def whole_characters(text: str) -> str:
    """Put another sign for each half of a character that stands alone."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def quoted_text(text: str) -> str:
    written: str = encode_basestring(whole_characters(text))
    if "\\u" not in written:
        return written
    return ESCAPE.sub(lambda found: "\\" + (f"u{found[1][1:].upper()}" if len(found[1]) > 1 else found[1]), written)


def json_of_float(value: float) -> str:
    if LEAST_PLAIN <= value < LARGEST_PLAIN:
        return repr(value)
    text = java_float(repr(value), value)
    return text if math.isfinite(value) else f'"{text}"'


def java_float(shortest: str, value: float) -> str:
    """Write a number as Double.toString does: 1.0E7, but 123.0."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    sign, digits, exponent = _digits(shortest)
    if LEAST_PLAIN <= abs(value) < LARGEST_PLAIN:
        plain = f"{Decimal((sign, digits, exponent)):f}"
        return plain if "." in plain else f"{plain}.0"
    return _scientific(sign, digits, exponent)


def double_text(value: float) -> str:
    """Write a number as Trino's cast to text does: 1.0E0."""
    if not math.isfinite(value) or value == 0:
        return java_float("0", value) + ("" if value else "E0")
    return _scientific(*_digits(repr(value)))


def _digits(shortest: str) -> tuple[int, tuple[int, ...], int]:
    sign, digits, exponent = Decimal(shortest).normalize().as_tuple()
    assert isinstance(exponent, int)
    return sign, digits, exponent


def _scientific(sign: int, digits: tuple[int, ...], exponent: int) -> str:
    first, *rest = map(str, digits)
    return f"{'-' if sign else ''}{first}.{''.join(rest) or 0}E{exponent + len(rest)}"


WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "null",
    bool: lambda value: "true" if value else "false",
    int: int.__repr__,
    str: quoted_text,
    float: json_of_float,
    Decimal: str,
}

# Documents


def parse_json(text: str) -> str:
    try:
        return write(read(text))
    except ValueError as error:
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", f"Cannot convert value to JSON: '{text}'") from error


def is_json_scalar(text: str) -> bool:
    try:
        return not isinstance(read(text), dict | list)
    except ValueError as error:
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", f"Invalid JSON value: {text}") from error


# Paths


@lru_cache(maxsize=512)
def path_steps(path: str) -> tuple[str, ...]:
    """Split a path into keys; an index is a key that is a number."""
    place = 1
    steps: list[str] = []
    while path.startswith("$") and place < len(path):
        found = UNQUOTED_STEP.match(path, place)
        if found is None:
            break
        steps.append(re.sub(r"\\(.)", r"\1", found[found.lastindex or 0]) if found.lastindex else "")
        place = found.end()
    if not path.startswith("$") or place < len(path):
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", f"Invalid JSON path: '{path}'")
    return tuple(steps)


def json_extract(text: str, path: str) -> str | None:
    steps = path_steps(path)
    try:
        place = _follow(text, steps)
        return None if place is None else write(PAIRS.raw_decode(text, place)[0], in_order=True)
    except (ValueError, RecursionError):
        return None


def json_extract_scalar(text: str, path: str) -> str | None:
    """Give a number as it is written."""
    steps = path_steps(path)
    try:
        place = _follow(text, steps)
        return None if place is None or text[place : place + 1] in "{[" else _scalar_text(_value(text, place)[0])
    except (ValueError, RecursionError):
        return None


def json_size(text: str, path: str) -> int | None:
    steps = path_steps(path)
    try:
        place = _follow(text, steps)
        found = None if place is None else PAIRS.raw_decode(text, place)[0]
    except (ValueError, RecursionError):
        return None
    if place is None:
        return None
    return len(found) if isinstance(found, list) else 0


def _scalar_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else whole_characters(str(value))


def _value(text: str, place: int) -> tuple[Any, int]:
    found: tuple[Any, int] = WRITTEN.raw_decode(text, place)
    return found


def _skip_space(text: str, place: int) -> int:
    found = SPACE.match(text, place)
    return found.end() if found else place


def _follow(text: str, steps: tuple[str, ...]) -> int | None:
    """Return where the value at the end of a path begins, or None where there is none."""
    place = _skip_space(text, 0)
    for step in steps:
        opening = text[place : place + 1]
        if opening == "{":
            found = next((start for key, start in _members(text, place) if key == step), None)
        elif opening == "[":
            found = next((start for index, start in enumerate(_elements(text, place)) if str(index) == step), None)
        else:
            return None
        if found is None:
            return None
        place = found
    return place


def _members(text: str, place: int) -> Iterator[tuple[str, int]]:
    place = _skip_space(text, place + 1)
    while text[place : place + 1] != "}":
        _require(text, place, '"')
        key, place = scanstring(text, place + 1, True)
        place = _skip_space(text, place)
        _require(text, place, ":")
        start = _skip_space(text, place + 1)
        yield key, start
        place = _behind(text, start, "}")


def _elements(text: str, place: int) -> Iterator[int]:
    place = _skip_space(text, place + 1)
    while text[place : place + 1] != "]":
        yield place
        place = _behind(text, place, "]")


def _behind(text: str, start: int, closing: str) -> int:
    """Return where the next element begins, or where the closing bracket is."""
    place = _skip_space(text, _value(text, start)[1])
    if text[place : place + 1] == closing:
        return place
    _require(text, place, ",")
    place = _skip_space(text, place + 1)
    if text[place : place + 1] == closing:
        raise ValueError("a comma is behind the last element")
    return place


def _require(text: str, place: int, character: str) -> None:
    if text[place : place + 1] != character:
        raise ValueError(f"{character!r} is wanted at {place}")


# Arrays


def _array(text: str) -> Iterator[int] | None:
    place = _skip_space(text, 0)
    return _elements(text, place) if text[place : place + 1] == "[" else None


def json_array_length(text: str) -> int | None:
    try:
        elements = _array(text)
        return None if elements is None else sum(1 for _ in elements)
    except (ValueError, RecursionError):
        return None


def json_array_get(text: str, index: int) -> str | None:
    """Give an element's text, a string without its quotes; a negative index counts from the end."""
    try:
        elements = _array(text)
        if elements is None:
            return None
        if index < 0:
            places = list(elements)
            found = places[index] if -index <= len(places) else None
        else:
            found = next((place for count, place in enumerate(elements) if count == index), None)
        return None if found is None else _element_text(text, found)
    except (ValueError, RecursionError):
        return None


def _element_text(text: str, place: int) -> str | None:
    if text[place : place + 1] in "{[":
        return write(DOCUMENTS.raw_decode(text, place)[0], in_order=True)
    return _scalar_text(_value(text, place)[0])


def json_array_contains(text: str, wanted: Any) -> bool | None:
    if isinstance(wanted, float) and not math.isfinite(wanted):
        return False
    try:
        elements = _array(text)
        if elements is None:
            return None
        return any(_is(DOCUMENTS.raw_decode(text, place)[0], wanted) for place in elements)
    except (ValueError, RecursionError):
        return None


def _is(element: Any, wanted: Any) -> bool:
    """Only values of one kind are equal: 1 is not 1.0, and infinite numbers are equal to none."""
    if type(element) is not type(wanted):
        return False
    return bool(element == wanted) and (not isinstance(element, float) or math.isfinite(element))
