"""Casts from JSON: a reader of each type (io.trino.util.JsonUtil)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

from lake.sql.compiler.runtime import json, plain_json
from lake.sql.compiler.runtime.errors import TrinoError
from lake.types import DataType
from lake.types.datatype import ARRAY, MAP, ROW

Reader = Callable[[Any], Any]
BITS = {"tinyint": 8, "smallint": 16, "integer": 32, "bigint": 64}
WHOLE = re.compile(r"[+-]?\d+\Z", re.ASCII)
FLOAT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?\Z", re.ASCII)
WORDS = {"NaN": "NaN", "Infinity": "Infinity", "+Infinity": "Infinity", "-Infinity": "-Infinity"}
TRUTHS = {"t": True, "true": True, "1": True, "f": False, "false": False, "0": False}
VARCHAR = DataType("varchar")
DECIMALS = Context(prec=400)
LARGEST = 10**308


class NoCast(ValueError):
    """What a value of JSON cannot be cast to."""


def from_json(type_: DataType) -> Callable[[str], Any]:
    """Return the cast of a JSON text to a type; a real or double number is given as text, as DuckDB loses NaN else."""
    read, exact = reader_of(type_, is_certain=False), reader_of(type_)
    parsed = plain_json.reader()

    def cast(text: str) -> Any:
        try:
            return read(parsed(text))
        except ValueError:
            return _cast_exactly(text, exact, type_)

    return cast


def lists_from_json(type_: DataType) -> Callable[[str], Any]:
    """Return the cast to a map, which gives its keys and its values."""
    cast, parsed = from_json(type_), plain_json.reader()
    element = reader_of(type_.value, is_certain=False)
    keys_are_texts = type_.key == VARCHAR

    def lists(text: str) -> tuple[list[Any], list[Any]] | None:
        if keys_are_texts:
            try:
                members = parsed(text)
                if type(members) is dict:
                    return list(members), [element(each) for each in members.values()]
            except ValueError:
                pass
        found = cast(text)
        return None if found is None else (found["key"], found["value"])

    return lists


def _cast_exactly(text: str, reader: Reader, type_: DataType) -> Any:
    try:
        return reader(json.read(text))
    except NoCast as error:
        message = f"Cannot cast to {type_.athena}. {error}" if type_.is_nested else f"'{text}' to {type_.athena}"
        raise TrinoError("INVALID_CAST_ARGUMENT", message if type_.is_nested else f"Cannot cast {message}") from error
    except ValueError as error:
        raise TrinoError("INVALID_CAST_ARGUMENT", f"Cannot cast '{text}' to {type_.athena}") from error


def reader_of(type_: DataType, *, is_certain: bool = True) -> Reader:
    """Return what brings a value of JSON to a type; it raises Doubtful where the value must be certain and is not."""
    name = type_.name
    if name == "json":
        if is_certain:
            return lambda value: json.write(value, in_order=True)
        return lambda value: json.write(plain_json.certain_all(value), in_order=True)
    if name == ARRAY:
        return _array(reader_of(type_.element, is_certain=is_certain))
    if name == MAP:
        return _map(reader_of(type_.key, is_certain=is_certain), reader_of(type_.value, is_certain=is_certain))
    if name == ROW:
        return _row(type_, [reader_of(field.type, is_certain=is_certain) for field in type_.fields])
    return _scalar(type_, is_certain=is_certain)


def _scalar(type_: DataType, *, is_certain: bool) -> Reader:
    reader = _scalar_reader(type_)

    def read(value: Any) -> Any:
        kind = type(value)
        if kind is str or kind is int:
            return reader(value)
        if value is None:
            return None
        if kind is dict or kind is list:
            raise NoCast(f"Unexpected token when cast to {type_.name}: {json.write(value)}")
        return reader(value if is_certain else plain_json.certain(value))

    return read


def _scalar_reader(type_: DataType) -> Reader:
    if type_.name in BITS:
        return _whole_reader(BITS[type_.name])
    if type_.name == "decimal":
        return _decimal_reader(*type_.parameters)
    if type_.name == "varchar":
        return (lambda value: _fitting(text_of(value), type_)) if type_.parameters else text_of
    return {"boolean": _boolean, "double": _float, "real": _float}[type_.name]


def text_of(value: Any) -> str:
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.double_text(value) if isinstance(value, float) else str(value)


def _fitting(text: str, type_: DataType) -> str:
    if type_.parameters and len(text) > type_.parameters[0]:
        raise NoCast(f"Value {text} cannot be represented as {type_.athena}")
    return text


def _boolean(value: Any) -> bool:
    if isinstance(value, str):
        found = TRUTHS.get(value.lower())
        if found is None:
            raise NoCast(f"Cannot cast '{value}' to BOOLEAN")
        return found
    return bool(value != 0)


def _whole_reader(bits: int) -> Reader:
    fitting = range(-(2 ** (bits - 1)), 2 ** (bits - 1))
    return lambda value: value if type(value) is int and value in fitting else _whole(value, bits)


def _whole(value: Any, bits: int) -> int:
    if isinstance(value, float | Decimal):
        if not math.isfinite(value):
            raise NoCast(f"{value} is no whole number")
        value = Decimal(value).to_integral_value(ROUND_HALF_UP)
    elif isinstance(value, str):
        if not WHOLE.match(value):
            raise NoCast(f"Cannot cast '{value}' to a whole number")
        value = int(value)
    number = int(value)
    if not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
        raise NoCast(f"{number} is out of range")
    return number


def _float(value: Any) -> str:
    if isinstance(value, str):
        text = value.strip()
        if text in WORDS:
            return WORDS[text]
        if not FLOAT.match(text):
            raise NoCast(f"Cannot cast '{value}' to a number")
        return text.rstrip("dDfF")
    return repr(float(value)) if abs(value) < LARGEST else str(value)


def _decimal_reader(precision: int, scale: int) -> Reader:
    unit, limit = Decimal(1).scaleb(-scale), Decimal(10) ** (precision - scale)

    def read(value: Any) -> Decimal:
        try:
            exact = Decimal(repr(value) if isinstance(value, float) else value)
            found = exact.quantize(unit, ROUND_HALF_UP, DECIMALS)
        except InvalidOperation as error:
            raise NoCast(f"Cannot cast '{value}' to a decimal") from error
        if found.copy_abs() >= limit:
            raise NoCast(f"{value} does not fit DECIMAL({precision},{scale})")
        return found

    return read


def _array(element: Reader) -> Reader:
    def read(value: Any) -> list[Any] | None:
        if value is None:
            return None
        if not isinstance(value, list):
            raise NoCast(f"Expected a json array, but got {json.write(value)}")
        return [element(each) for each in value]

    return read


def _map(key: Reader, element: Reader) -> Reader:
    def read(value: Any) -> dict[str, list[Any]] | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise NoCast(f"Expected a json object, but got {json.write(value)}")
        keys = [key(each) for each in value]
        if len(set(keys)) < len(keys):
            raise NoCast("Duplicate keys are not allowed")
        return {"key": keys, "value": [element(each) for each in value.values()]}

    return read


def _row(type_: DataType, readers: list[Reader]) -> Reader:
    names = [field.name for field in type_.fields]
    pairs = [(name or "", reader) for name, reader in zip(names, readers, strict=True)]
    known = set(names)

    def read(value: Any) -> tuple[Any, ...] | None:
        if value is None:
            return None
        if isinstance(value, list):
            if len(value) != len(readers):
                raise NoCast(f"Expected a json array of {len(readers)} elements, but got {json.write(value)}")
            return tuple([reader(each) for reader, each in zip(readers, value, strict=True)])
        if not isinstance(value, dict):
            raise NoCast(f"Expected a json array or object, but got {json.write(value)}")
        if None in known:
            raise NoCast("Cannot cast a JSON object to anonymous row type. Input must be a JSON array.")
        members: dict[str, Any] = {}
        for key, each in value.items():
            name = key.lower()
            if name in members and name in known:
                raise NoCast(f"Duplicate field: {name}")
            members[name] = each
        return tuple([reader(members.get(name)) for name, reader in pairs])

    return read
