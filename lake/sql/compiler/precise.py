"""Moments and times with 7 to 12 digits of a second: what they have in microseconds, and the picoseconds within one beside it.

Everything that such digits do not matter to is asked of the microseconds, in the form that these have alone.
"""

from __future__ import annotations

from collections.abc import Callable

from lake.errors import NotSupported
from lake.sql.compiler.coercion import DATE, OFFSET_TIME, VARCHAR, ZONED
from lake.sql.compiler.forms import MICROSECONDS, is_precise
from lake.sql.compiler.typed import Typed
from lake.types import DataType

Cast = Callable[[Typed, DataType], str]
PICOSECONDS = 12
A_MICROSECOND = 10**6
KEEPING = frozenset({"date_add", "at_timezone", "with_timezone"})
"""Functions whose result has the picoseconds of their argument."""
CUTTING = frozenset({"date_trunc"})
DEPENDING = frozenset({"to_iso8601"})
FIELDS = {"timestamp": ("t",), "time": ("t",), ZONED: ("t", "z"), OFFSET_TIME: ("t", "o")}
STEPS = {
    "timestamp": "({low} + to_microseconds({step}))",
    "time": "trino_time(epoch_us({low}) + ({step}))",
    ZONED: "trino_zoned_plus({low}, to_microseconds({step}))",
    OFFSET_TIME: "trino_moved_offset_time({low}, ({step}))",
}


def of_digits(type_: DataType, digits: int) -> DataType:
    return DataType(type_.name, (digits,))


def micros(value: Typed) -> Typed:
    """Cut off what is beyond microseconds."""
    if not is_precise(value.type):
        return value
    name, sql = value.type.name, value.sql
    if name in ("timestamp", "time"):
        text = f"CAST(({sql}).t AS {name.upper()})"
    else:
        parts = ", ".join(f"{field} := ({sql}).{field}" for field in FIELDS[name])
        text = f"CASE WHEN {sql} IS NULL THEN NULL ELSE struct_pack({parts}) END"
    return Typed(text, of_digits(value.type, MICROSECONDS))


def picos(value: Typed) -> str:
    return f"({value.sql}).p" if is_precise(value.type) else "0"


def joined(low: str, name: str, pico: str) -> str:
    """Put picoseconds to a value in microseconds."""
    own = "t := w_" if len(FIELDS[name]) == 1 else ", ".join(f"{field} := w_.{field}" for field in FIELDS[name])
    made = f"CASE WHEN w_ IS NULL THEN NULL ELSE struct_pack({own}, p := CAST({pico} AS INTEGER)) END"
    return f"(list_transform([{low}], lambda w_: {made}))[1]"


def rounded(value: Typed, digits: int, cast: Cast) -> Typed:
    wanted = of_digits(value.type, digits)
    if digits >= value.type.parameters[0]:
        return Typed(value.sql, wanted)
    low = micros(value)
    if digits < MICROSECONDS:
        return Typed(cast(low, wanted), wanted)
    unit = 10 ** (PICOSECONDS - digits)
    # The unit may be the microsecond itself: then nothing stays of the picoseconds.
    pico = f"(({picos(value)} + {unit // 2}) // {unit} * {unit})"
    moved = STEPS[value.type.name].format(low=low.sql, step=f"{pico} // {A_MICROSECOND}")
    if digits == MICROSECONDS:
        return Typed(moved, wanted)
    return Typed(joined(moved, value.type.name, f"{pico} % {A_MICROSECOND}"), wanted)


def precise_cast(value: Typed, wanted: DataType, cast: Cast) -> str:
    """Return the text of a cast from or to such a type."""
    if wanted.name == "varchar":
        return cast(Typed(_text(value), VARCHAR), wanted)
    if value.type.name == "varchar":
        return _parsed(value, wanted, cast)
    if not is_precise(value.type):
        return joined(cast(value, of_digits(wanted, MICROSECONDS)), wanted.name, "0")
    if wanted == DATE:
        return cast(micros(value), wanted)
    if wanted.name not in FIELDS:
        # What cannot be cast is refused for microseconds too.
        return cast(micros(value), wanted)
    near = rounded(value, min(wanted.parameters[0], value.type.parameters[0]), cast)
    if wanted.name == near.type.name:
        return near.sql if is_precise(near.type) else cast(near, wanted)
    if not is_precise(near.type):
        return cast(near, wanted)
    return joined(cast(micros(near), of_digits(wanted, MICROSECONDS)), wanted.name, picos(near))


def _digits(value: Typed) -> str:
    """Return the text of the digits beyond microseconds."""
    return f"substring(lpad(CAST(({value.sql}).p AS VARCHAR), 6, '0'), 1, {value.type.parameters[0] - MICROSECONDS})"


def _text(value: Typed) -> str:
    name, sql, digits = value.type.name, value.sql, _digits(value)
    low = micros(value).sql
    if name == "timestamp":
        return f"trino_timestamp_text({low}, {MICROSECONDS}) || {digits}"
    if name == "time":
        return f"trino_time_text({low}, {MICROSECONDS}) || {digits}"
    if name == ZONED:
        return f"trino_timestamp_text(trino_local({low}), {MICROSECONDS}) || {digits} || ' ' || ({sql}).z"
    return f"trino_time_text(trino_clock({low}), {MICROSECONDS}) || {digits} || trino_offset_text(({sql}).o)"


def _parsed(value: Typed, wanted: DataType, cast: Cast) -> str:
    cut = Typed(f"regexp_replace({value.sql}, '(\\.\\d{{6}})\\d+', '\\1')", VARCHAR)
    low = cast(cut, of_digits(wanted, MICROSECONDS))
    pico = f"CAST(rpad(regexp_extract({value.sql}, '\\.\\d{{6}}(\\d{{1,6}})', 1), 6, '0') AS INTEGER)"
    whole = Typed(joined(low, wanted.name, pico), of_digits(wanted, PICOSECONDS))
    return rounded(whole, wanted.parameters[0], cast).sql


def key(value: Typed, low: str) -> str:
    """Return what values with a zone are compared by: `low` is what microseconds are."""
    return f"CASE WHEN {value.sql} IS NULL THEN NULL ELSE struct_pack(t := {low}, p := ({value.sql}).p) END"


def has_precise(type_: DataType) -> bool:
    return is_precise(type_) or any(has_precise(field.type) for field in type_.fields)


def _iso(argument: Typed) -> str:
    if argument.type.name != ZONED:
        return f"replace({_text(argument)}, ' ', 'T')"
    zone = f"CASE WHEN ({argument.sql}).z = 'UTC' THEN 'Z' ELSE trino_offset_text(trino_offset_seconds({micros(argument).sql}) // 60) END"
    local = f"trino_timestamp_text(trino_local({micros(argument).sql}), {MICROSECONDS})"
    return f"replace({local}, ' ', 'T') || {_digits(argument)} || {zone}"


def result_of(name: str, low: str, result: DataType, argument: Typed) -> str:
    """Return the result of a function that has been called with microseconds."""
    if name in DEPENDING:
        return _iso(argument)
    if has_precise(result) and name not in KEEPING | CUTTING:
        raise NotSupported(
            f"{name} of {argument.type.athena} is not supported on a directory: at most microseconds are"
        )
    if not is_precise(result):
        return low
    return joined(low, result.name, picos(argument) if name in KEEPING else "0")
