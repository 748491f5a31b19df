"""Casts, by the types on both sides (trino.io/docs/422/functions/conversion.html)."""

from __future__ import annotations

from lake.errors import TypeMismatch
from lake.sql.compiler.coercion import INTEGERS, JSON, NUMBERS, OFFSET_TIME, UNKNOWN, VARCHAR, ZONED
from lake.sql.compiler.dates import iso_date
from lake.sql.compiler.forms import form, is_precise, row_names
from lake.sql.compiler.json_casts import KEYS, can_cast_from_json, from_json_text, json_key_text, number_json_text
from lake.sql.compiler.precise import precise_cast
from lake.sql.compiler.python_forms import call_text
from lake.sql.compiler.runtime.addresses import address_of_bytes, address_of_text, address_text
from lake.sql.compiler.typed import Typed
from lake.sql.compiler.zones import zone_text
from lake.types import DataType
from lake.types.datatype import ARRAY, MAP, QDIGEST, ROW, quoted

WHOLE = frozenset(INTEGERS)
FLOATS = frozenset({"real", "double"})
SUMMARIES = frozenset({"hyperloglog", "p4hyperloglog", "tdigest", "setdigest", QDIGEST})
BYTES = SUMMARIES | {"varbinary"}
HYPERLOGLOGS = frozenset({"hyperloglog", "p4hyperloglog"})
WHOLE_TEXTS = frozenset({"uuid", "ipaddress"})


def coerced(value: Typed, wanted: DataType) -> Typed:
    """Bring a value to a type that it can be taken for; the text stays as it is where the form does."""
    if value.type == wanted:
        return value
    if value.type.name == wanted.name == "varchar":
        return Typed(value.sql, wanted, value.literal)
    return Typed(cast_text(value, wanted), wanted, value.literal)


def cast_text(value: Typed, wanted: DataType) -> str:
    """Return the text of a cast that raises on what cannot be cast; raise TypeMismatch where no cast is."""
    given, sql = value.type, value.sql
    if given == wanted:
        return sql
    # A type without a form is refused, also where no text of its cast names the form.
    wanted_form = form(wanted)
    if given == UNKNOWN:
        return f"CAST({sql} AS {wanted_form})"
    if not _is_cast(given, wanted):
        raise _refused(given, wanted)
    if (is_precise(given) and wanted.name != "json") or is_precise(wanted):
        return precise_cast(value, wanted, cast_text)
    if given.name == "json":
        return _from_json(sql, wanted)
    if wanted.name in ("varchar", "char"):
        return _to_text(sql, given, wanted)
    if given.name in ("varchar", "char"):
        return _of_literal(value, wanted) or _from_text(_padded(sql, given), wanted)
    if wanted.name == "json":
        return _to_json(sql, given)
    if given.name in (ARRAY, MAP, ROW) or wanted.name in (ARRAY, MAP, ROW):
        return _nested(sql, given, wanted)
    if {given.name, wanted.name} & BYTES:
        return _of_bytes(sql, given, wanted)
    if wanted.name in NUMBERS or wanted.name == "boolean":
        return _to_number(sql, given, wanted)
    return _to_time(sql, given, wanted)


def _of_literal(value: Typed, wanted: DataType) -> str | None:
    return iso_date(value.literal) if wanted.name == "date" else None


def _is_cast(given: DataType, wanted: DataType) -> bool:
    """char is cast to and from nothing but text, and some types to text of any length alone."""
    if "char" in (given.name, wanted.name) and not {given.name, wanted.name} <= {"char", "varchar"}:
        return False
    return not (given.name in WHOLE_TEXTS and wanted.name == "varchar" and wanted.parameters)


def _refused(given: DataType, wanted: DataType) -> TypeMismatch:
    return TypeMismatch(f"Cannot cast {given.athena} to {wanted.athena}")


def _padded(sql: str, given: DataType) -> str:
    return f"rpad({sql}, {given.parameters[0]}, ' ')" if given.name == "char" else sql


TEXTS = {
    "char": "{sql}",
    "varchar": "{sql}",
    "real": "trino_real_text({sql})",
    "double": "trino_double_text({sql})",
    "decimal": "trino_decimal_text(CAST({sql} AS VARCHAR))",
    "date": "trino_date_text({sql})",
    "timestamp": "trino_timestamp_text({sql}, {p})",
    "time": "trino_time_text({sql}, {p})",
    ZONED: "trino_zoned_text({sql}, {p})",
    OFFSET_TIME: "trino_offset_time_text({sql}, {p})",
    "interval day to second": "trino_day_interval_text({sql})",
    "interval year to month": "trino_year_interval_text({sql})",
} | dict.fromkeys((*INTEGERS, "boolean", "uuid"), "CAST({sql} AS VARCHAR)")
"""How values become text; `p` is the type's first number."""


def _to_text(sql: str, given: DataType, wanted: DataType) -> str:
    name = given.name
    if name == "ipaddress":
        return call_text(address_text, [sql], ("BLOB",), "VARCHAR")
    if name not in TEXTS:
        raise _refused(given, wanted)
    own = sql if wanted.name == "char" else _padded(sql, given)
    text = TEXTS[name].format(sql=own, p=given.parameters[0] if given.parameters else "")
    if wanted.name == "char":
        return f"rtrim(substring({text}, 1, {wanted.parameters[0]}), ' ')"
    if not wanted.parameters or (name == "varchar" and given.parameters and given.parameters <= wanted.parameters):
        return text
    if name in ("varchar", "char"):
        return f"substring({text}, 1, {wanted.parameters[0]})"
    return f"trino_fitting_text({text}, {wanted.parameters[0]}, '{given.athena}')"


FROM_TEXT = {
    **{name: f"trino_text_{name}({{0}})" for name in (*WHOLE, *FLOATS, "boolean", "date")},
    "timestamp": "trino_text_rounded({0}, {1})",
    "time": "trino_text_rounded_time({0}, {1})",
    OFFSET_TIME: "trino_text_offset_time({0}, {1})",
    "json": "trino_quoted_json({0})",
    "varbinary": "encode({0})",
    "uuid": "trino_text_uuid({0})",
}
"""By the name of the type: the text is {0}, the digits of a second are {1}."""


def _from_text(sql: str, wanted: DataType) -> str:
    if wanted.name == "decimal":
        return f"CAST(trino_text_decimal({sql}, '{wanted.athena}') AS {form(wanted)})"
    if wanted.name == ZONED:
        zone = zone_text(f"trino_text_zone({sql})")
        return f"trino_zoned(trino_text_rounded({sql}, {wanted.parameters[0]}), {zone})"
    if wanted.name == "ipaddress":
        return call_text(address_of_text, [sql], ("VARCHAR",), "BLOB")
    if wanted.name not in FROM_TEXT:
        raise _refused(VARCHAR, wanted)
    return FROM_TEXT[wanted.name].format(sql, *wanted.parameters[:1])


def _of_bytes(sql: str, given: DataType, wanted: DataType) -> str:
    if (given.name, wanted.name) == ("varbinary", "ipaddress"):
        return call_text(address_of_bytes, [sql], ("BLOB",), "BLOB")
    if (given.name, wanted.name) == ("ipaddress", "varbinary"):
        return sql
    if (given.name, wanted.name) == ("varbinary", "uuid"):
        return f"trino_bytes_uuid({sql})"
    if (given.name, wanted.name) == ("uuid", "varbinary"):
        return f"unhex(replace(CAST({sql} AS VARCHAR), '-', ''))"
    if "varbinary" in (given.name, wanted.name) and {given.name, wanted.name} & SUMMARIES:
        return sql
    if {given.name, wanted.name} <= HYPERLOGLOGS:
        return sql
    raise _refused(given, wanted)


def _to_number(sql: str, given: DataType, wanted: DataType) -> str:
    if given.name == "boolean":
        return f"CAST({sql} AS {form(wanted)})"
    if given.name not in NUMBERS:
        raise _refused(given, wanted)
    if wanted.name == "boolean":
        return f"({sql} <> 0)"
    if wanted.name in WHOLE and given.name in FLOATS:
        return f"trino_{given.name}_{wanted.name}({sql})"
    if wanted.name in WHOLE and given.name == "decimal":
        return f"CAST(round({sql}, 0) AS {form(wanted)})"
    return f"CAST({sql} AS {form(wanted)})"


TIMES = {
    ("date", "timestamp"): "CAST({sql} AS TIMESTAMP)",
    ("date", ZONED): "trino_utc(CAST({sql} AS TIMESTAMP))",
    ("timestamp", "date"): "CAST({sql} AS DATE)",
    ("timestamp", "timestamp"): "trino_rounded({sql}, {p})",
    ("timestamp", "time"): "CAST(trino_rounded({sql}, {p}) AS TIME)",
    ("timestamp", OFFSET_TIME): "trino_offset_time(CAST(trino_rounded({sql}, {p}) AS TIME), 0)",
    ("timestamp", ZONED): "trino_utc(trino_rounded({sql}, {p}))",
    ("time", "time"): "trino_rounded_time({sql}, {p})",
    ("time", "timestamp"): "trino_rounded(current_date + {sql}, {p})",
    ("time", ZONED): "trino_utc(trino_rounded(current_date + {sql}, {p}))",
    ("time", OFFSET_TIME): "trino_offset_time(trino_rounded_time({sql}, {p}), 0)",
    (OFFSET_TIME, OFFSET_TIME): "trino_offset_time(trino_rounded_time(trino_clock({sql}), {p}), ({sql}).o)",
    (OFFSET_TIME, ZONED): "trino_offset_moment({sql}, {p})",
    (OFFSET_TIME, "time"): "trino_rounded_time(trino_clock({sql}), {p})",
    (OFFSET_TIME, "timestamp"): "trino_rounded(current_date + trino_clock({sql}), {p})",
    (ZONED, ZONED): "trino_rounded_zoned({sql}, {p})",
    (ZONED, "timestamp"): "trino_rounded(trino_local({sql}), {p})",
    (ZONED, "date"): "CAST(trino_local({sql}) AS DATE)",
    (ZONED, "time"): "CAST(trino_rounded(trino_local({sql}), {p}) AS TIME)",
    (ZONED, OFFSET_TIME): (
        "trino_offset_time(CAST(trino_rounded(trino_local({sql}), {p}) AS TIME), trino_offset_seconds({sql}) // 60)"
    ),
}
"""How dates, times and moments become one another; `p` is the number of digits that are wanted."""


def _to_time(sql: str, given: DataType, wanted: DataType) -> str:
    text = TIMES.get((given.name, wanted.name))
    if text is None:
        raise _refused(given, wanted)
    if given.name == wanted.name and wanted.parameters >= given.parameters:
        return sql
    return text.format(sql=sql, p=wanted.parameters[0] if wanted.parameters else "")


def _from_json(sql: str, wanted: DataType) -> str:
    if not can_cast_from_json(wanted):
        raise _refused(JSON, wanted)
    return from_json_text(sql, wanted)


def _to_json(sql: str, given: DataType) -> str:
    if given.name in (*WHOLE, "boolean"):
        return f"CAST({sql} AS VARCHAR)"
    if given.name in (*FLOATS, "decimal"):
        return number_json_text(sql, given)
    if given.name in ("date", "timestamp"):
        return f"trino_quoted_json({cast_text(Typed(sql, given), VARCHAR)})"
    if given.name == ARRAY:
        element = _json_or_null(Typed("e_", given.element))
        return f"('[' || array_to_string(list_transform({sql}, lambda e_: {element}), ',') || ']')"
    if given.name == MAP:
        if given.key.name not in (*KEYS, "unknown"):
            raise _refused(given, JSON)
        key = json_key_text(Typed("e_.key", given.key))
        value = _json_or_null(Typed("e_.value", given.value))
        return (
            f"('{{' || array_to_string(list_transform(list_sort(list_transform(map_entries({sql}), "
            f"lambda e_: struct_pack(k := {key}, v := {value}))), "
            f"lambda e_: trino_quoted_json(e_.k) || ':' || e_.v), ',') || '}}')"
        )
    if given.name == ROW:
        parts = [
            f"'{'' if not place else ','}' || trino_quoted_json('{(field.name or '').replace(chr(39), chr(39) * 2)}') || ':' || "
            + _json_or_null(Typed(f"({sql}).{quoted(name)}", field.type))
            for place, (name, field) in enumerate(zip(row_names(given), given.fields, strict=True))
        ]
        return f"CASE WHEN {sql} IS NULL THEN NULL ELSE '{{' || {' || '.join(parts)} || '}}' END"
    raise _refused(given, JSON)


def _json_or_null(value: Typed) -> str:
    text = value.sql if value.type.name == "json" else ("NULL" if value.type == UNKNOWN else None)
    if text is None:
        text = (
            _to_json(value.sql, value.type)
            if value.type.name not in ("varchar", "char")
            else f"trino_quoted_json({value.sql})"
        )
    return f"coalesce({text}, 'null')"


def _nested(sql: str, given: DataType, wanted: DataType) -> str:
    if given.name != wanted.name:
        raise _refused(given, wanted)
    if given.name == ARRAY:
        inner = cast_text(Typed("e_", given.element), wanted.element)
        return sql if inner == "e_" else f"list_transform({sql}, lambda e_: {inner})"
    if given.name == MAP:
        key = cast_text(Typed("e_.key", given.key), wanted.key)
        value = cast_text(Typed("e_.value", given.value), wanted.value)
        if (key, value) == ("e_.key", "e_.value"):
            return sql
        return f"map_from_entries(list_transform(map_entries({sql}), lambda e_: struct_pack(key := {key}, value := {value})))"
    if len(given.fields) != len(wanted.fields):
        raise _refused(given, wanted)
    parts = []
    for ours, theirs, field, target in zip(
        row_names(given), row_names(wanted), given.fields, wanted.fields, strict=True
    ):
        parts.append(f"{quoted(theirs)} := {cast_text(Typed(f'({sql}).{quoted(ours)}', field.type), target.type)}")
    if all(
        part == f"{quoted(name)} := ({sql}).{quoted(name)}" for part, name in zip(parts, row_names(given), strict=True)
    ):
        return sql
    return f"CASE WHEN {sql} IS NULL THEN NULL ELSE struct_pack({', '.join(parts)}) END"
