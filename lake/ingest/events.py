"""What an event is: the rules, once, and the reader that holds one record against them.

An event is the observation of a number at a moment:

    {"id": "s-17", "ts": "2026-01-31T07:00:00Z", "metric": "temp", "value": 21.5, "event_id": "e1", "site": "JFK"}

`metric` is "value" where it is absent, `event_id` is optional, and whatever else a record has are its attributes. This module
imports the standard library only, so that a Lambda function carries it as it is. `lake.ingest.columns` reads millions of
records a second by the same rules.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

FIELDS = ("id", "ts", "metric", "value", "event_id", "attributes")
"""The names that mean something; `attributes` is where a normalised event keeps all others."""

DEFAULT_METRIC = "value"
ID = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,64}")
EVENT_ID = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,128}")
METRIC = re.compile(r"[A-Za-z0-9_.:/-]{1,64}")
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
"""What a number looks like where it comes as text, from a CSV file for one."""
TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)?)?",
    re.ASCII,
)
"""ISO 8601: a day, or a day and a time, with or without an offset. Digits after the third of a second are cut off."""
LONGEST_INTEGER = 309
"""Characters; no longer one is finite as a double."""

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
END = datetime(2201, 1, 1, tzinfo=UTC)
MISSING = frozenset({"", "NA", "null", "NULL"})
"""Text that stands for no value, where all values are text."""
MISSING_CELLS = MISSING | {None}


class Reason(StrEnum):
    """Why a record is set aside."""

    NOT_UTF8 = "not UTF-8"
    NOT_JSON = "not JSON"
    BAD_NUMBER = "a number is too large for a double"
    NOT_AN_OBJECT = "not an object"
    DUPLICATE_KEY = "a key occurs twice"
    NOT_WIDE = "none of the melted columns is there"
    NO_ID = "id is missing"
    BAD_ID = "id is not text of 1 to 64 characters without control characters"
    NO_TS = "ts is missing"
    BAD_TS = "ts is not an ISO 8601 timestamp"
    TS_OUT_OF_RANGE = "ts is not in the years 1970 to 2200"
    BAD_METRIC = "metric is not 1 to 64 of A-Z a-z 0-9 _ . : / -"
    NO_VALUE = "value is missing"
    BAD_VALUE = "value is not a finite number"
    BAD_EVENT_ID = "event_id is not text of 1 to 128 characters without control characters"
    BAD_ATTRIBUTES = "attributes is not an object"
    BAD_TEXT = "text has half of a surrogate pair"
    BAD_ROW = "the line has more or fewer columns than the header"


class Rejected(ValueError):
    """A record is no event, for the first reason that is found in the order of `Reason`'s members."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Event:
    """`ts` is UTC with milliseconds; `attributes` are text."""

    id: str
    ts: datetime
    metric: str
    value: float
    event_id: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    def normalised(self) -> bytes:
        """Return the event as every producer sends it: compact JSON, keys in order, attributes by name."""
        body: dict[str, Any] = {
            "id": self.id,
            "ts": timestamp_text(self.ts),
            "metric": self.metric,
            "value": self.value,
            "event_id": self.event_id,
            "attributes": dict(sorted(self.attributes.items())),
        }
        if self.event_id is None:
            del body["event_id"]
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def read_line(line: bytes) -> Event:
    """Read one line of JSON; raise Rejected."""
    return read_record(read_json(line))


def read_json(text: str | bytes) -> Any:
    """Parse JSON as its standard has it: no key twice, no NaN, no number beyond a double; raise Rejected."""
    try:
        text = text if isinstance(text, str) else text.decode()
        return json.loads(
            text, object_pairs_hook=_object, parse_constant=_no_number, parse_float=_float, parse_int=_integer
        )
    except UnicodeDecodeError:
        raise Rejected(Reason.NOT_UTF8) from None
    except Rejected:
        raise
    except (ValueError, RecursionError):
        raise Rejected(Reason.NOT_JSON) from None


def read_record(record: object) -> Event:
    """Hold one record, as JSON gives it, against the rules; raise Rejected.

    A datetime or date is taken for `ts` as well, UTC where it has no zone, and a Decimal for `value`.
    """
    if not isinstance(record, Mapping):
        raise Rejected(Reason.NOT_AN_OBJECT)
    identifier = _text(record.get("id"), ID, Reason.NO_ID, Reason.BAD_ID)
    ts = _timestamp(record.get("ts"))
    metric = record.get("metric")
    metric = DEFAULT_METRIC if metric is None else _text(metric, METRIC, Reason.BAD_METRIC, Reason.BAD_METRIC)
    value = _value(record.get("value"))
    event_id = record.get("event_id")
    if event_id is not None:
        event_id = _text(event_id, EVENT_ID, Reason.BAD_EVENT_ID, Reason.BAD_EVENT_ID)
    attributes = _attributes(record)
    event = Event(identifier, ts, metric, value, event_id, attributes)
    try:
        "".join((identifier, event_id or "", *attributes, *attributes.values())).encode()
    except UnicodeEncodeError:
        raise Rejected(Reason.BAD_TEXT) from None
    return event


def read_texts(record: Mapping[str, str | None]) -> Event:
    """Read a record whose values are all text, as those of a CSV file are; raise Rejected."""
    present: dict[str, Any] = {name: value for name, value in record.items() if value not in MISSING_CELLS}
    if NUMBER.fullmatch(present.get("value", "")):
        present["value"] = float(present["value"])
    if "attributes" in present:
        with suppress(Rejected):
            present["attributes"] = read_json(present["attributes"])
    return read_record(present)


def derived_event_id(source: str, line: int, event: Event) -> str:
    """Return the event_id of an event that has none, the same whenever the same record of the same source is read."""
    return hashlib.sha256(f"{source}\n{line}\n".encode() + event.normalised()).hexdigest()[:32]


def timestamp_text(ts: datetime) -> str:
    """Return yyyy-MM-ddTHH:mm:ss.SSSZ."""
    return f"{ts:%Y-%m-%dT%H:%M:%S}.{ts.microsecond // 1000:03d}Z"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Rejected(Reason.DUPLICATE_KEY)
    return found


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is not JSON")


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise Rejected(Reason.BAD_NUMBER)
    return number


def _integer(text: str) -> int:
    if len(text) > LONGEST_INTEGER:
        raise Rejected(Reason.BAD_NUMBER)
    return int(text)


def _text(value: object, pattern: re.Pattern[str], missing: Reason, bad: Reason) -> str:
    if value is None:
        raise Rejected(missing)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Rejected(bad)
    return value


def _timestamp(value: object) -> datetime:
    if value is None:
        raise Rejected(Reason.NO_TS)
    try:
        ts = _instant(value)
    except OverflowError:
        raise Rejected(Reason.TS_OUT_OF_RANGE) from None
    except ValueError:
        raise Rejected(Reason.BAD_TS) from None
    if not FIRST <= ts < END:
        raise Rejected(Reason.TS_OUT_OF_RANGE)
    return ts.replace(microsecond=ts.microsecond // 1000 * 1000)


def _instant(value: object) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    found = TIMESTAMP.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("not ISO 8601")
    year, month, day, hour, minute, second, fraction, _, sign, hours, minutes = found.groups()
    if year == "0000":
        raise OverflowError("year 0")
    micros = int((fraction or "").ljust(6, "0")[:6])
    local = datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micros, tzinfo=UTC
    )
    if sign is None:
        return local
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if int(minutes or 0) > 59 or offset >= timedelta(hours=24):
        raise ValueError("no such offset")
    return local.replace(tzinfo=timezone(offset if sign == "+" else -offset)).astimezone(UTC)


def _value(value: object) -> float:
    if value is None:
        raise Rejected(Reason.NO_VALUE)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Rejected(Reason.BAD_VALUE)
    try:
        number = float(value)
    except (OverflowError, ValueError):
        raise Rejected(Reason.BAD_VALUE) from None
    if not math.isfinite(number):
        raise Rejected(Reason.BAD_VALUE)
    # -0.0 becomes 0.0: they are one number, and would be two texts.
    return number + 0.0


def _attributes(record: Mapping[str, Any]) -> dict[str, str]:
    given = record.get("attributes")
    if given is not None and not isinstance(given, Mapping):
        raise Rejected(Reason.BAD_ATTRIBUTES)
    attributes = {str(name): value for name, value in (given or {}).items()}
    for name, value in record.items():
        if name not in FIELDS:
            if name in attributes:
                raise Rejected(Reason.DUPLICATE_KEY)
            attributes[str(name)] = value
    return {name: attribute_text(value) for name, value in attributes.items() if value is not None}


def attribute_text(value: object) -> str:
    """Return text as it is; a moment as ISO 8601, bytes in base64, a decimal by its digits; all else as compact JSON.

    What JSON cannot hold is written as Python writes it.
    """
    if isinstance(value, str):
        return value
    text = _scalar_text(value)
    if text is not None:
        return text
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_json_text)
    except (TypeError, ValueError, RecursionError):
        return str(value)


def _scalar_text(value: object) -> str | None:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value) if isinstance(value, Decimal | timedelta) else None


def _json_text(value: object) -> str:
    text = _scalar_text(value)
    return str(value) if text is None else text
