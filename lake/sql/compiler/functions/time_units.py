"""Units of time, which date_trunc, date_add and date_diff take as text (trino.io/docs/422/functions/datetime.html)."""

from __future__ import annotations

from collections.abc import Callable

from lake.sql.compiler.forms import form
from lake.sql.compiler.functions.table import Call
from lake.types import DataType

STEPS = {"millisecond": 1, "second": 1000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000, "week": 604_800_000}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
CLOCK_UNITS = ("millisecond", "second", "minute", "hour")
CALENDAR_UNITS = ("day", "week", *MONTHS)
UNITS = (*CLOCK_UNITS, *CALENDAR_UNITS)
MILLISECOND_DIGITS = 3
TIMES = ("time", "time with time zone")


def _of_unit(body: Callable[[str, Call], str]) -> Callable[[Call], str]:
    """Return a form for the unit that is written out, or else one that asks for the unit, value by value."""

    def text(call: Call) -> str:
        known, kind = _units(call.type_of(len(call.arguments) - 1))
        unit = call.literal(0)
        if isinstance(unit, str) and unit.lower() in known:
            return body(unit.lower(), call)
        nulls = " OR ".join(f"{argument.sql} IS NULL" for argument in call.arguments)
        cases = " ".join(f"WHEN '{unit}' THEN {body(unit, call)}" for unit in known)
        message = f"chr(39) || {call.sql(0)} || chr(39) || ' is not a valid {kind} field'"
        error = f"trino_error('INVALID_FUNCTION_ARGUMENT', {message})"
        if isinstance(unit, str):
            return f"CASE WHEN {nulls} THEN NULL ELSE CAST({error} AS {form(call.type)}) END"
        return f"CASE WHEN {nulls} THEN NULL ELSE CASE lower({call.sql(0)}) {cases} ELSE {error} END END"

    return text


def _units(type_: DataType) -> tuple[tuple[str, ...], str]:
    """Return the units of a type, and what Trino calls it."""
    if type_.name == "date":
        return CALENDAR_UNITS, "DATE"
    return (CLOCK_UNITS, "TIME") if type_.name in TIMES else (UNITS, "TIMESTAMP")


@_of_unit
def truncated(unit: str, call: Call) -> str:
    kind, value = call.type.name, call.sql(1)
    if kind == "date":
        return f"CAST(date_trunc('{unit}', {value}) AS DATE)"
    if kind == "time":
        return f"trino_time(trino_floor(epoch_us({value}), {_micros(unit)}))"
    if kind == "time with time zone":
        return f"trino_offset_time(trino_time(trino_floor(trino_clock_us({value}), {_micros(unit)})), ({value}).o)"
    if kind == "timestamp":
        return f"date_trunc('{unit}', {value})"
    if unit in ("millisecond", "second", "minute"):
        cut = f"make_timestamptz(trino_floor(epoch_us(trino_instant({value})), {_micros(unit)}))"
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE struct_pack(t := {cut}, z := ({value}).z) END"
    if unit == "hour":
        # An hour that comes twice stays the one that it is.
        return f"trino_zoned_trunc('{unit}', {value})"
    return f"trino_zoned(date_trunc('{unit}', trino_local({value})), ({value}).z)"


@_of_unit
def added(unit: str, call: Call) -> str:
    kind, count, value = call.type.name, call.sql(1), call.sql(2)
    if kind in TIMES:
        return _moved_clock(unit, call)
    if unit in MONTHS:
        step = f"to_months(CAST({count} * {MONTHS[unit]} AS INTEGER))"
    else:
        step = f"to_milliseconds({count} * {STEPS[unit]})"
    if kind == "date":
        return f"CAST({value} + {step} AS DATE)"
    digits = call.type.parameters[0]
    if kind == "timestamp":
        return _rounded("trino_rounded", f"({value} + {step})", digits)
    moved = f"trino_zoned_plus({value}, {step})"
    if unit in CALENDAR_UNITS:
        moved = f"trino_zoned(trino_local({value}) + {step}, ({value}).z)"
    return _rounded("trino_rounded_zoned", moved, digits)


def _moved_clock(unit: str, call: Call) -> str:
    """A clock goes around however often."""
    value, digits = call.sql(2), call.type.parameters[0]
    now = f"epoch_us({value})" if call.type.name == "time" else f"trino_clock_us({value})"
    micros = f"({now} + CAST({call.sql(1)} AS HUGEINT) * {_micros(unit)}) % {_micros('day')}"
    moved = _rounded("trino_rounded_time", f"trino_time(CAST({micros} AS BIGINT))", digits)
    return moved if call.type.name == "time" else f"trino_offset_time({moved}, ({value}).o)"


def _rounded(macro: str, sql: str, digits: int) -> str:
    return f"{macro}({sql}, {digits})" if digits < MILLISECOND_DIGITS else sql


@_of_unit
def difference(unit: str, call: Call) -> str:
    kind, a, b = call.type_of(1).name, call.sql(1), call.sql(2)
    if kind == "time":
        return f"((epoch_us({b}) - epoch_us({a})) // {_micros(unit)})"
    if kind == "time with time zone":
        return f"((trino_offset_time_us({b}) - trino_offset_time_us({a})) // {_micros(unit)})"
    if kind == "timestamp with time zone":
        a, b = _comparable_moments(unit, a, b)
    digits = max((*call.type_of(1).parameters, *call.type_of(2).parameters), default=0)
    if digits > MILLISECOND_DIGITS:
        a, b = f"trino_millisecond({a})", f"trino_millisecond({b})"
    if unit in MONTHS:
        return f"CAST(datesub('{unit}', CAST({a} AS TIMESTAMP), CAST({b} AS TIMESTAMP)) AS BIGINT)"
    if kind == "date":
        return f"(CAST({b} - {a} AS BIGINT) * {STEPS['day']} // {STEPS[unit]})"
    return f"trino_divide(epoch_ms({b}) - epoch_ms({a}), {STEPS[unit]})"


def _comparable_moments(unit: str, a: str, b: str) -> tuple[str, str]:
    """Days and months are those of the first one's zone."""
    if unit in CALENDAR_UNITS:
        return f"trino_local({a})", f"trino_local(trino_at_zone({b}, ({a}).z))"
    return f"make_timestamp(epoch_us(trino_instant({a})))", f"make_timestamp(epoch_us(trino_instant({b})))"


def _micros(unit: str) -> int:
    return STEPS[unit] * 1000
