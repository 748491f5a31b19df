"""Texts of dates, times, timestamps and intervals.

A fraction has three digits, or six or nine where the value needs them. A year beyond 0000 to 9999 has as many digits
as it needs, and a minus before the year 0.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from lake.formats.strings import NULL, choose, constant, join, patch

COARSER = {
    pa.timestamp("us"): pa.timestamp("ms"),
    pa.timestamp("ns"): pa.timestamp("us"),
    pa.time64("us"): pa.time32("ms"),
    pa.time64("ns"): pa.time64("us"),
}
PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Z", "+00:00"})
DAY_SECONDS = 86_400
DAY_NANOS = DAY_SECONDS * PER_SECOND["ns"]

# The Gregorian calendar repeats itself after 400 years, so a day far away has the month and day of one nearby.
ERA_YEARS = 400
ERA_DAYS = 146_097
FIRST_DAY = -719_528  # 0000-01-01
LAST_DAY = 2_932_896  # 9999-12-31


def time_text(array: pa.Array) -> pa.Array:
    """Print a time of day, or a timestamp within the years that Arrow prints, as Arrow does but in short."""
    unit = array.type.unit
    if unit == "s":
        return join(array.cast(pa.string()), ".000")
    if unit == "ms":
        return array.cast(pa.string())
    coarse = array.cast(COARSER[array.type], safe=False)
    exact = pc.equal(coarse.cast(array.type), array)
    if pc.all(exact).as_py() is not False:
        return time_text(coarse)
    return choose(exact, time_text(coarse), array.cast(pa.string()))


def date_text(array: pa.Array) -> pa.Array:
    """Print dates as ISO 8601 does."""
    days = array.cast(pa.date32()).cast(pa.int32()).cast(pa.int64())
    return _in_era(days, 1, lambda near: near.cast(pa.int32()).cast(pa.date32()).cast(pa.string()))


def timestamp_text(array: pa.Array, *, iso: bool) -> pa.Array:
    """Print `2017-01-01 00:00:00.000`, and behind it the zone of the column when it has one.

    With `iso`, print `2017-01-01T00:00:00.000`; an instant is then given in UTC, whatever the zone: `…00.000Z`.
    """
    unit, zone = array.type.unit, array.type.tz
    in_utc = zone is None or iso or zone in UTC_NAMES
    local = array.view(pa.timestamp(unit)) if in_utc else pc.local_timestamp(array)
    day = DAY_SECONDS * PER_SECOND[unit]
    texts = _in_era(local.view(pa.int64()), day, lambda near: time_text(near.view(pa.timestamp(unit))))
    if iso:
        texts = pc.replace_substring(texts, " ", "T", max_replacements=1)
    if zone is None:
        return texts
    return join(texts, "Z" if iso else " UTC" if in_utc else f" {zone}")


def zoned_text(instants: pa.Array, zones: pa.Array, *, iso: bool) -> pa.Array:
    """Print each instant as the clocks of its own zone show it."""
    if iso:
        return timestamp_text(instants, iso=True)
    texts = pa.nulls(len(instants), pa.string())
    for zone in pc.unique(zones.drop_null()).to_pylist():
        there = instants.cast(pa.timestamp(instants.type.unit, zone))
        texts = choose(pc.equal(zones, constant(zone)), timestamp_text(there, iso=False), texts)
    return texts


def _in_era(values: pa.Array, day: int, near: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Print counts since 1970 of which a day has `day`, with a printer that knows the years 0000 to 9999 only."""
    bounds = pc.min_max(values).as_py()
    if bounds["min"] is None or (bounds["min"] >= FIRST_DAY * day and bounds["max"] < (LAST_DAY + 1) * day):
        return near(values)
    era = _floor_divide(values, ERA_DAYS * day)
    texts = near(pc.subtract(values, pc.multiply(era, ERA_DAYS * day)))
    year = pc.add(pc.utf8_slice_codeunits(texts, 0, 4).cast(pa.int64()), pc.multiply(era, ERA_YEARS))
    sign = choose(pc.less(year, 0), "-", "")
    digits = pc.utf8_lpad(pc.abs(year).cast(pa.string()), width=4, padding="0")
    return join(sign, digits, pc.utf8_slice_codeunits(texts, 4))


def _floor_divide(values: pa.Array, divisor: int) -> pa.Array:
    quotient = pc.divide(values, divisor)
    too_high = pc.less(values, pc.multiply(quotient, divisor))
    return pc.subtract(quotient, too_high.cast(pa.int64()))


def duration_text(array: pa.Array) -> pa.Array:
    """Print an interval day to second: `2 00:00:00.000`."""
    per_second = PER_SECOND[array.type.unit]
    values = array.view(pa.int64())
    days = _floor_divide(values, DAY_SECONDS * per_second)
    rest = pc.subtract(values, pc.multiply(days, DAY_SECONDS * per_second))
    return _day_to_second(days, pc.multiply(rest, PER_SECOND["ns"] // per_second))


def interval_text(array: pa.Array) -> pa.Array:
    """Print `0-3` when there are only months, `2 00:00:00.000` when there are none, else both."""
    months, days, nanos = _interval_parts(array)
    whole_days = _floor_divide(nanos, DAY_NANOS)
    rest = pc.subtract(nanos, pc.multiply(whole_days, DAY_NANOS))
    days = pc.add(days, whole_days)
    texts = _day_to_second(days, rest)
    has_months = pc.not_equal(months, 0)
    if pc.any(has_months).as_py():
        has_time = pc.or_(pc.not_equal(days, 0), pc.not_equal(rest, 0))
        both = join(_year_to_month(months), choose(has_time, join(" ", texts), ""))
        texts = choose(has_months, both, texts)
    return choose(array.is_valid(), texts, NULL)


def _interval_parts(array: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Give months, days and nanoseconds as int64. No kernel does; the memory is int32, int32, int64 for each value."""
    size, memory = array.offset + len(array), array.buffers()[1]
    halves = pa.FixedSizeListArray.from_arrays(pa.Array.from_buffers(pa.int32(), size * 4, [None, memory]), 4)
    words = pa.FixedSizeListArray.from_arrays(pa.Array.from_buffers(pa.int64(), size * 2, [None, memory]), 2)
    months, days = (pc.list_element(halves.slice(array.offset), part).cast(pa.int64()) for part in (0, 1))
    return months, days, pc.list_element(words.slice(array.offset), 1)


def _day_to_second(days: pa.Array, nanos: pa.Array) -> pa.Array:
    """Print days and the nanoseconds of a day; `-1` and one hour are 23 hours before, `-0 23:00:00.000`."""
    negative = pc.less(days, 0)
    borrowed = pc.and_(negative, pc.greater(nanos, 0))
    days = pc.abs(pc.add(days, borrowed.cast(pa.int64())))
    nanos = pc.if_else(borrowed, pc.subtract(DAY_NANOS, nanos), nanos)
    clock = time_text(nanos.cast(pa.time64("ns")))
    return join(choose(negative, "-", ""), days.cast(pa.string()), " ", clock)


def _year_to_month(months: pa.Array) -> pa.Array:
    size = pc.abs(months)
    years = pc.divide(size, 12)
    rest = pc.subtract(size, pc.multiply(years, 12))
    texts = join(years.cast(pa.string()), "-", rest.cast(pa.string()))
    return patch(texts, pc.less(months, 0), lambda negative: join("-", negative))
