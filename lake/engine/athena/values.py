"""Texts of Athena's values to Arrow, a whole column at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lake.types.zoned import STORAGE, ZonedTimestamps

SPACE = ord(" ")
NANOS = {"hours": 3_600_000_000_000, "minutes": 60_000_000_000, "seconds": 1_000_000_000, "millis": 1_000_000}
INTERVAL = np.dtype([("months", "<i4"), ("days", "<i4"), ("nanos", "<i8")])


def binary(texts: pa.Array) -> pa.Array:
    """Read `31 32 ff`."""
    raw, offsets = buffers(texts)
    lengths = np.diff(offsets)
    digits = _digits(raw[raw != SPACE])
    data = (digits[0::2] << 4) | digits[1::2]
    ends = np.concatenate([[0], np.cumsum((lengths + 1) // 3)]).astype(np.int32)
    return from_buffers(pa.binary(), ends, data.astype(np.uint8), texts)


def _digits(characters: np.ndarray) -> np.ndarray:
    letters = characters >= ord("A")
    return np.where(letters, (characters | 0x20) - (ord("a") - 10), characters - ord("0"))


def zoned(texts: pa.Array) -> pa.Array:
    """Read `2026-01-31 07:00:00.123 Europe/Berlin`; of the two moments that a text may mean in autumn, the earlier."""
    parts = pc.extract_regex(texts, r"(?s)^(?P<local>\S+ \S+) (?P<zone>.+)$")
    if parts.null_count > texts.null_count:
        raise pa.ArrowInvalid("a timestamp with time zone is written in an unknown way")
    local, names = pc.struct_field(parts, "local"), pc.struct_field(parts, "zone")
    moments = careful_timestamp(local)
    instants = pa.nulls(len(texts), STORAGE[0].type)
    for name in pc.unique(names).to_pylist():
        if name is not None:
            here = pc.equal(names, name)
            own = pc.assume_timezone(moments, name, ambiguous="earliest", nonexistent="latest")
            instants = pc.if_else(here, own.cast(STORAGE[0].type), instants)
    storage = pa.StructArray.from_arrays([instants, names], fields=list(STORAGE), mask=pc.is_null(texts))
    return pa.ExtensionArray.from_storage(ZonedTimestamps(), storage)


def days(texts: pa.Array) -> pa.Array:
    """Read an interval day to second, `-2 03:04:05.678`."""
    pattern = r"^(?P<sign>-?)(?P<days>\d+) (?P<hours>\d+):(?P<minutes>\d+):(?P<seconds>\d+)\.(?P<millis>\d+)$"
    parts = _parts(texts, pattern)
    sign = _sign(parts)
    nanos = sum(_numbers(parts, name) * factor for name, factor in NANOS.items())
    return _intervals(texts, days=sign * _numbers(parts, "days"), nanos=sign * nanos)


def months(texts: pa.Array) -> pa.Array:
    """Read an interval year to month, `-1-3`."""
    parts = _parts(texts, r"^(?P<sign>-?)(?P<years>\d+)-(?P<months>\d+)$")
    return _intervals(texts, months=_sign(parts) * (_numbers(parts, "years") * 12 + _numbers(parts, "months")))


INTERVALS: dict[str, Callable[[pa.Array], pa.Array]] = {
    "interval day to second": days,
    "interval year to month": months,
}


def _parts(texts: pa.Array, pattern: str) -> pa.Array:
    parts = pc.extract_regex(texts, pattern)
    if parts.null_count > texts.null_count:
        raise pa.ArrowInvalid("an interval is written in an unknown way")
    return parts


def _sign(parts: pa.Array) -> np.ndarray:
    return np.where(pc.equal(pc.struct_field(parts, "sign"), "-").fill_null(False).to_numpy(False), -1, 1)


def _numbers(parts: pa.Array, name: str) -> np.ndarray:
    numbers: np.ndarray = pc.struct_field(parts, name).cast(pa.int64()).fill_null(0).to_numpy(False)
    return numbers


def _intervals(texts: pa.Array, **parts: np.ndarray) -> pa.Array:
    data = np.zeros(len(texts), INTERVAL)
    for name, numbers in parts.items():
        data[name] = numbers
    kind = pa.month_day_nano_interval()
    return pa.Array.from_buffers(kind, len(texts), [validity(texts), pa.py_buffer(data.tobytes())])


def careful(arrow: pa.DataType) -> Callable[[pa.Array], pa.Array] | None:
    """Return how to read texts of moments that Arrow does not take; None for types that have no such texts."""
    return {"timestamp[us]": careful_timestamp, "date32[day]": _careful_date}.get(str(arrow))


def careful_timestamp(texts: pa.Array) -> pa.Array:
    """Leave out digits behind microseconds."""
    try:
        return texts.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return _moments(pc.replace_substring_regex(texts, r"(\.\d{6})\d+$", r"\1"), "us", pa.timestamp("us"))


def _careful_date(texts: pa.Array) -> pa.Array:
    try:
        return texts.cast(pa.date32())
    except pa.ArrowInvalid:
        return _moments(texts, "D", pa.timestamp("s")).cast(pa.timestamp("s")).cast(pa.date32())


def _moments(texts: pa.Array, unit: str, arrow: pa.DataType) -> pa.Array:
    """Read years beyond four digits, which NumPy does."""
    try:
        moments = np.array(texts.fill_null("1970-01-01").to_pylist(), dtype=f"datetime64[{unit}]")
    except ValueError as error:
        raise pa.ArrowInvalid(str(error)) from error
    numbers = moments.astype("datetime64[s]" if unit == "D" else f"datetime64[{unit}]").astype(np.int64)
    return pa.array(numbers, pa.int64(), mask=pc.is_null(texts).to_numpy(False)).cast(arrow)


def buffers(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Return the bytes of an array of strings and the offsets of its values in them; a NULL has no bytes."""
    if texts.null_count:
        texts = texts.fill_null("")
    _, offsets, data = texts.buffers()
    places = np.frombuffer(offsets, np.int32, len(texts) + 1, texts.offset * 4) if len(texts) else np.zeros(1, np.int32)
    start, end = int(places[0]), int(places[-1])
    raw = np.frombuffer(data, np.uint8, end - start, start) if end > start else np.zeros(0, np.uint8)
    return raw, places - start


def from_buffers(kind: pa.DataType, offsets: np.ndarray, data: np.ndarray, like: pa.Array) -> pa.Array:
    """Make an array of strings or bytes, NULL where `like` is."""
    parts = [validity(like), pa.py_buffer(offsets.astype(np.int32).tobytes()), pa.py_buffer(data.tobytes())]
    return pa.Array.from_buffers(kind, len(like), parts)


def validity(like: pa.Array) -> pa.Buffer | None:
    """Return the bits that say which values are there; None where all are."""
    if not like.null_count:
        return None
    return pc.is_valid(like).buffers()[1]
