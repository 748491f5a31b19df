"""What each value should read as, one value at a time and from Python's own means: shares no code with the project."""

import json
import math
import struct
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa


def java_double(value: float) -> str:
    """Double.toString, from the shortest digits that repr gives."""
    special = _not_finite(value)
    if special is not None:
        return special
    two_digits = f"{Decimal(value):.1E}"
    return _java_notation(value, _of_least_two(repr(value), two_digits, float(two_digits) == value))


def java_float(value: float) -> str:
    """Float.toString of a value that is a float32."""
    special = _not_finite(value)
    if special is not None:
        return special
    shortest = next(text for digits in range(1, 18) if _as_float32(float(text := f"{value:.{digits}g}")) == value)
    two_digits = f"{Decimal(value):.1E}"
    return _java_notation(value, _of_least_two(shortest, two_digits, _as_float32(float(two_digits)) == value))


def _not_finite(value: float) -> str | None:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return None


def _as_float32(value: float) -> float:
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.inf


def _of_least_two(shortest: str, two_digits: str, two_suffice: bool) -> Decimal:
    """Java looks among the texts of two digits when one digit would do."""
    exact = Decimal(shortest)
    return Decimal(two_digits) if len(exact.normalize().as_tuple().digits) == 1 and two_suffice else exact


def _java_notation(value: float, exact: Decimal) -> str:
    sign = "-" if math.copysign(1, value) < 0 else ""
    if value == 0:
        return f"{sign}0.0"
    digits = "".join(map(str, exact.normalize().as_tuple().digits))
    exponent = exact.adjusted()
    if exponent in range(7) or exponent in (-1, -2, -3):
        plain = f"{abs(exact):f}"
        whole, _, fraction = plain.partition(".")
        return f"{sign}{whole}.{fraction.rstrip('0') or '0'}"
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exponent}"


def athena_text(value: Any, kind: pa.DataType) -> str | None:
    """The text of a value outside of others; inside, None is written null."""
    if value is None:
        return None
    if pa.types.is_list(kind):
        return f"[{', '.join(_inner(item, kind.value_type) for item in value)}]"
    if pa.types.is_map(kind):
        pairs = sorted(value, key=lambda pair: _map_order(pair[0]))
        return f"{{{', '.join(f'{_inner(k, kind.key_type)}={_inner(v, kind.item_type)}' for k, v in pairs)}}}"
    if pa.types.is_struct(kind):
        return f"{{{', '.join(f'{field.name}={_inner(value[field.name], field.type)}' for field in kind)}}}"
    if isinstance(value, bytes):
        return " ".join(f"{byte:02x}" for byte in value)
    if isinstance(value, datetime):
        text = value.replace(tzinfo=None).isoformat(sep=" ", timespec=_precision(value))
        return text if value.tzinfo is None else f"{text} UTC"
    if isinstance(value, time):
        return value.isoformat(timespec=_precision(value))
    return _scalar(value, kind)


def _scalar(value: Any, kind: pa.DataType) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if pa.types.is_float32(kind):
        return java_float(value)
    if isinstance(value, float):
        return java_double(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _inner(value: Any, kind: pa.DataType) -> str:
    text = athena_text(value, kind)
    return "null" if text is None else text


def _map_order(key: Any) -> Any:
    return key.encode() if isinstance(key, str) else key


def _precision(value: datetime | time) -> str:
    return "milliseconds" if value.microsecond % 1000 == 0 else "microseconds"


def json_value(value: Any, kind: pa.DataType) -> Any:
    """What `json.loads` should give, with every number left as its text."""
    if value is None or isinstance(value, bool | str):
        return value
    if pa.types.is_list(kind):
        return [json_value(item, kind.value_type) for item in value]
    if pa.types.is_map(kind):
        return {_json_key(k, kind.key_type): json_value(v, kind.item_type) for k, v in value}
    if pa.types.is_struct(kind):
        return {field.name: json_value(value[field.name], field.type) for field in kind}
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        local = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
        return local.isoformat(timespec=_precision(value)) + ("" if value.tzinfo is None else "Z")
    return athena_text(value, kind)


def _json_key(key: Any, kind: pa.DataType) -> str:
    inner = json_value(key, kind)
    return inner if isinstance(inner, str) else json.dumps(inner)
