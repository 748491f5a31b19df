"""Moments with nine digits of a second, as ISO 8601 writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from lake.sql.compiler.runtime.times import DAY, days_of, invalid, offset_minutes, zone_name

MOMENT = re.compile(
    r"(-?\d{4,9})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{0,9}))?)?(Z|[+-]\d\d:\d\d(?::\d\d)?)?(?:\[([\w/+-]+)\])?",
    re.IGNORECASE | re.ASCII,
)
MINUTE, SECOND = 60_000_000, 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def nanos_moment(written: str) -> tuple[int, str]:
    """Return the local time in microseconds, and its zone."""
    found = MOMENT.fullmatch(written)
    if found is None:
        invalid(f"Text '{written}' could not be parsed")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        days = days_of(year, month, day)
    except ValueError:
        invalid(f"Text '{written}' could not be parsed: Invalid date")
    if hour > 23 or minute > 59 or second > 59:
        invalid(f"Text '{written}' could not be parsed: Invalid value for a time")
    local = days * DAY + hour * 60 * MINUTE + minute * MINUTE + second * SECOND + int(f"{found[7] or '':0<9}"[:6])
    offset, region = (found[8] or "Z").upper(), found[9]
    if region is None:
        return local, zone_name(offset)
    instant = EPOCH + timedelta(microseconds=local)
    if found[8] is not None:
        moved = instant - timedelta(minutes=0 if offset == "Z" else offset_minutes(offset))
        instant = moved.astimezone(ZoneInfo(region)).replace(tzinfo=UTC)
    return (instant - EPOCH) // timedelta(microseconds=1), zone_name(region)


def nanos_picos(written: str) -> int:
    """Return the picoseconds within the microsecond."""
    found = MOMENT.fullmatch(written)
    return int(f"{(found[7] if found is not None else None) or '':0<9}"[6:]) * 1000
