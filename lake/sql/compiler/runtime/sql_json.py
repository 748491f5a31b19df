"""json_exists, json_value, json_query, json_object: what is done with the items that a path finds."""

from __future__ import annotations

import json as standard
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lake.sql.compiler.runtime import json, plain_json
from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.json_path_items import Context, Path, PathError
from lake.sql.compiler.runtime.json_values import reader_of
from lake.types import DataType

DECIMALS = standard.JSONDecoder(parse_float=Decimal)
EMPTY = {"NULL": None, "EMPTY ARRAY": "[]", "EMPTY OBJECT": "{}"}
TRUTHS = {"TRUE": True, "FALSE": False, "UNKNOWN": None}


@dataclass(frozen=True, slots=True)
class Variable:
    """A null that is no JSON is the item null; one that is formatted as JSON is no item."""

    name: str
    is_json: bool
    is_decimal: bool

    def items(self, text: str | None) -> list[Any]:
        if text is None:
            return [] if self.is_json else [None]
        return [DECIMALS.decode(text) if self.is_decimal else _input(text)]


@dataclass(frozen=True, slots=True)
class Search:
    """A path that only goes down looks at no values, of which some would have to be read exactly."""

    path: Path
    variables: tuple[Variable, ...]
    only_goes_down: bool = False

    def items(self, document: str, passed: tuple[str | None, ...]) -> list[Any]:
        if self.only_goes_down and not passed:
            try:
                found = self.path(Context(plain_json.reader()(document), {}))
                plain_json.certain_all(found)
            except (ValueError, RecursionError):
                pass
            else:
                return found
        root = _input(document)
        variables = {each.name: each.items(text) for each, text in zip(self.variables, passed, strict=True)}
        try:
            return self.path(Context(root, variables))
        except (PathError, RecursionError) as error:
            raise TrinoError("PATH_EVALUATION_ERROR", f"path evaluation failed: {error}") from error


def _input(text: str) -> Any:
    try:
        return plain_json.certain_all(plain_json.reader()(text))
    except (ValueError, RecursionError):
        pass
    try:
        return json.read(text)
    except ValueError as error:
        raise TrinoError("JSON_INPUT_CONVERSION_ERROR", "conversion to JSON failed: ") from error


def format_json(text: str) -> str:
    return json.write(_input(text), in_order=True)


def exists_body(search: Search, on_error: str) -> Callable[..., bool | None]:
    def body(document: str | None, *passed: str | None) -> bool | None:
        if document is None:
            return None
        try:
            return bool(search.items(document, passed))
        except TrinoError:
            if on_error == "ERROR":
                raise
            return TRUTHS[on_error]

    return body


def value_body(search: Search, type_: DataType, on_empty: str, on_error: str) -> Callable[..., Any]:
    """The body takes the defaults behind the document."""
    reader = reader_of(type_)

    def body(document: str | None, empty_default: Any, error_default: Any, *passed: str | None) -> Any:
        if document is None:
            return None
        try:
            items = search.items(document, passed)
            if items:
                return reader(_scalar(items))
        except (TrinoError, ValueError) as error:
            if on_error == "ERROR":
                raise error if isinstance(error, TrinoError) else _no_value(str(error)) from error
            return error_default
        if on_empty == "ERROR":
            raise _no_value("JSON path found no items")
        return empty_default

    return body


def _scalar(items: list[Any]) -> Any:
    if len(items) > 1:
        raise _no_value("JSON path found multiple items")
    if isinstance(items[0], list | dict):
        raise _no_value("JSON path found an item that cannot be converted to an SQL value")
    return items[0]


def _no_value(reason: str) -> TrinoError:
    return TrinoError("JSON_VALUE_RESULT_ERROR", f"cannot extract SQL scalar from JSON: {reason}")


@dataclass(frozen=True, slots=True)
class QueryOptions:
    wrapper: str | None
    omits_quotes: bool
    on_empty: str
    on_error: str


def query_body(search: Search, options: QueryOptions) -> Callable[..., str | None]:
    def body(document: str | None, *passed: str | None) -> str | None:
        if document is None:
            return None
        try:
            items = search.items(document, passed)
            if items:
                return _result(items, options)
        except TrinoError:
            if options.on_error == "ERROR":
                raise
            return EMPTY[options.on_error]
        if options.on_empty == "ERROR":
            raise _no_result("JSON path found no items")
        return EMPTY[options.on_empty]

    return body


def _result(items: list[Any], options: QueryOptions) -> str:
    is_one = len(items) == 1
    is_whole = is_one and isinstance(items[0], list | dict)
    if options.wrapper == "UNCONDITIONAL" or (options.wrapper == "CONDITIONAL" and not is_whole):
        return json.write(items, in_order=True)
    if not is_one:
        raise _no_result("JSON path found multiple items")
    if options.omits_quotes and isinstance(items[0], str):
        return items[0]
    return json.write(items[0], in_order=True)


def _no_result(reason: str) -> TrinoError:
    return TrinoError("JSON_OUTPUT_CONVERSION_ERROR", f"conversion from JSON failed: {reason}")


def json_object(keys: list[str | None], values: list[str | None], absent_on_null: bool, unique_keys: bool) -> str:
    """Make an object of values that are JSON; the last of equal keys stays."""
    members: dict[str, str] = {}
    for key, value in zip(keys, values, strict=True):
        if key is None:
            raise TrinoError(
                "INVALID_FUNCTION_ARGUMENT", "null value passed for JSON object key to JSON_OBJECT function"
            )
        if value is None and absent_on_null:
            continue
        if unique_keys and key in members:
            message = f"duplicate key passed to JSON_OBJECT function: {key}"
            raise TrinoError("INVALID_FUNCTION_ARGUMENT", message)
        members[key] = "null" if value is None else value
    return f"{{{','.join(f'{json.quoted_text(key)}:{value}' for key, value in members.items())}}}"
