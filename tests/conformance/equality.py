"""Trino's notion of equality, between the values of a `Result` and those that were recorded as JSON.

A value has to be of the right kind: a double is no bigint, whatever it holds.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from lake.types import DataType
from tests.conformance import moments
from tests.conformance.floats import FLOATS, REAL_TOLERANCE, close, is_number
from tests.conformance.text import text_of

INTEGERS = frozenset({"tinyint", "smallint", "integer", "bigint"})
NUMBERS = INTEGERS | {"real", "double", "decimal"}
APPROXIMATE = NUMBERS - {"tinyint", "smallint"}


class WrongKind(Exception):
    def __init__(self, expected: str, value: object) -> None:
        super().__init__(f"{expected} expected, got {type(value).__name__}")


def same_type(expected: DataType, found: DataType) -> bool:
    """The length of a varchar and the names of a row's fields are free."""
    if expected.name == "unknown":
        return True
    if expected.name != found.name or len(expected.fields) != len(found.fields):
        return False
    pairs = zip(expected.fields, found.fields, strict=True)
    if not all(same_type(left.type, right.type) for left, right in pairs):
        return False
    return expected.name == "varchar" or expected.parameters == found.parameters


@dataclass(frozen=True)
class Equality:
    """How a case compares.

    `lenient`: its answer came from another engine, which has fewer types. `tolerance` is that of an approximation.
    `bag`: the elements of arrays are in no order.
    """

    lenient: bool = False
    tolerance: float = 0.0
    bag: bool = False

    def equal(self, kind: DataType, expected: Any, value: Any) -> bool:
        """Raises WrongKind."""
        if expected is None or value is None:
            return expected is None and value is None
        name = kind.name
        if is_number(value) and self.tolerance and name in APPROXIMATE:
            return close(_float(expected), float(value), self.tolerance)
        if is_number(value) and self.lenient and name in NUMBERS:
            return close(_float(expected), float(value))
        if self.lenient and name in ("varchar", "char") and not isinstance(value, str):
            return text_of(value) == str(expected)
        if name in NESTED:
            return NESTED[name](self, kind, expected, value)
        if name not in SCALARS:
            raise WrongKind(str(kind), value)
        types, equals = SCALARS[name]
        if type(value) not in types:
            raise WrongKind(name, value)
        return equals(expected, value)

    def array(self, kind: DataType, expected: Sequence[Any], value: Any) -> bool:
        if not isinstance(value, list):
            raise WrongKind("array", value)
        if self.bag:
            return self._same_bag(kind.element, expected, value)
        return len(value) == len(expected) and all(map(self._of(kind.element), expected, value))

    def map(self, kind: DataType, expected: Sequence[tuple[Any, Any]], value: Any) -> bool:
        if not isinstance(value, dict | list):
            raise WrongKind("map", value)
        left = list(value.items()) if isinstance(value, dict) else list(value)
        if len(left) != len(expected):
            return False
        for key, item in expected:
            place = next((n for n, pair in enumerate(left) if self.equal(kind.key, key, pair[0])), None)
            if place is None or not self.equal(kind.value, item, left.pop(place)[1]):
                return False
        return True

    def row(self, kind: DataType, expected: Sequence[Any], value: Any) -> bool:
        if not isinstance(value, tuple):
            raise WrongKind("row", value)
        kinds = [field.type for field in kind.fields]
        return len(value) == len(expected) and all(map(self.equal, kinds, expected, value))

    def _of(self, kind: DataType) -> Callable[[Any, Any], bool]:
        return lambda expected, value: self.equal(kind, expected, value)

    def _same_bag(self, kind: DataType, expected: Sequence[Any], value: Sequence[Any]) -> bool:
        left = list(value)
        for item in expected:
            place = next((n for n, other in enumerate(left) if self.equal(kind, item, other)), None)
            if place is None:
                return False
            left.pop(place)
        return not left


NESTED = {"array": Equality.array, "map": Equality.map, "row": Equality.row}


def _float(recorded: Any) -> float:
    return FLOATS[recorded] if recorded in FLOATS else float(recorded)


def _date(expected: str, value: str | date) -> bool:
    text = value if isinstance(value, str) else value.isoformat()
    if not moments.is_date(text):
        raise WrongKind("date", value)
    return moments.moment(expected) == moments.moment(text)


def _timestamp(expected: str, value: str | datetime) -> bool:
    found = moments.moment(value)
    if found.zone is not None:
        raise WrongKind("timestamp", value)
    return moments.moment(expected) == found


def _timestamp_with_zone(expected: str, value: str | datetime) -> bool:
    found = moments.moment(value)
    if found.zone is None:
        raise WrongKind("timestamp with time zone", value)
    return moments.moment(expected).instant == found.instant


def _time(expected: str, value: str | time) -> bool:
    return moments.time_of_day(expected)[:2] == moments.time_of_day(value)[:2]


def _time_with_zone(expected: str, value: str | time) -> bool:
    found = moments.time_of_day(value)
    if found.offset is None:
        raise WrongKind("time with time zone", value)
    return moments.time_of_day(expected).instant == found.instant


class _Object(tuple[tuple[str, Any], ...]):
    """The pairs of a JSON object by key; a key may come twice."""


def _json(expected: str, value: str) -> bool:
    try:
        return _same_json(_parsed(expected), _parsed(value))
    except ValueError:
        return expected == value


def _parsed(text: str) -> Any:
    return json.loads(text, object_pairs_hook=lambda pairs: _Object(sorted(pairs, key=lambda pair: pair[0])))


def _same_json(left: Any, right: Any) -> bool:
    if is_number(left) and is_number(right):
        return close(float(left), float(right))
    if type(left) is not type(right):
        return False
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(_same_json, left, right))
    return bool(left == right)


def _ip_address(expected: str, value: str) -> bool:
    try:
        return _as_version_6(value) == _as_version_6(expected)
    except ValueError:
        return False


def _as_version_6(text: str) -> ipaddress.IPv6Address:
    address = ipaddress.ip_address(text)
    return address if address.version == 6 else ipaddress.IPv6Address(f"::ffff:{address}")


SCALARS: dict[str, tuple[tuple[type, ...], Callable[[Any, Any], bool]]] = {
    **{name: ((int,), lambda expected, value: expected == value) for name in INTEGERS},
    "unknown": ((), lambda expected, value: False),
    "boolean": ((bool,), lambda expected, value: expected is value),
    "double": ((float,), lambda expected, value: close(_float(expected), value)),
    "real": ((float,), lambda expected, value: close(_float(expected), value, REAL_TOLERANCE)),
    "decimal": ((Decimal,), lambda expected, value: Decimal(expected) == value),
    "varchar": ((str,), lambda expected, value: expected == value),
    "char": ((str,), lambda expected, value: expected.rstrip(" ") == value.rstrip(" ")),
    "varbinary": ((bytes,), lambda expected, value: bytes.fromhex(expected) == value),
    "json": ((str,), _json),
    "uuid": ((str,), lambda expected, value: expected.lower() == value.lower()),
    "ipaddress": ((str,), _ip_address),
    "date": ((str, date), _date),
    "time": ((str, time), _time),
    "time with time zone": ((str, time), _time_with_zone),
    "timestamp": ((str, datetime), _timestamp),
    "timestamp with time zone": ((str, datetime), _timestamp_with_zone),
    "interval day to second": ((str,), lambda expected, value: expected == moments.milliseconds(value)),
    "interval year to month": ((str,), lambda expected, value: expected == moments.months(value)),
}
