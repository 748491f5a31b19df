"""Arithmetic and comparison (trino.io/docs/422/functions/math.html, decimal.html, datetime.html, comparison.html)."""

from __future__ import annotations

from lake.sql.compiler.casts import SUMMARIES, coerced
from lake.sql.compiler.coercion import (
    BOOLEAN,
    DATE,
    DAYS,
    DOUBLE,
    INTEGERS,
    MONTHS,
    NUMBERS,
    OFFSET_TIME,
    UNKNOWN,
    ZONED,
    common_type,
)
from lake.sql.compiler.decimals import of_decimals
from lake.sql.compiler.forms import is_precise, row_names
from lake.sql.compiler.precise import joined, key, micros, picos
from lake.sql.compiler.typed import Typed
from lake.types import DataType
from lake.types.datatype import ARRAY, MAP, ROW, quoted

INTERVALS = (DAYS, MONTHS)
FLOATS = ("real", "double")
DAY_MS = 86_400_000
UNORDERED = frozenset({MAP, "json", "geometry", "sphericalgeography", "bingtile", "kdbtree", "color"}) | SUMMARIES


def arithmetic(operator: str, left: Typed, right: Typed, *, narrow: bool = False) -> Typed | None:
    """Return None where no operator takes these types.

    With `narrow`, decimals of up to 18 digits are taken to give such ones: ten times faster, and the text fails where
    they do not.
    """
    if UNKNOWN in (left.type, right.type):
        other = right.type if left.type == UNKNOWN else left.type
        left, right = coerced(left, other), coerced(right, other)
    if left.type.name in NUMBERS and right.type.name in NUMBERS:
        return _of_numbers(operator, left, right, narrow=narrow)
    return _of_times(operator, left, right)


def negative(value: Typed) -> Typed | None:
    if value.type.name in NUMBERS or value.type in INTERVALS:
        literal = -value.literal if isinstance(value.literal, int | float) else None
        return Typed(f"(-{value.sql})", value.type, literal)
    return None


def _of_numbers(operator: str, left: Typed, right: Typed, *, narrow: bool) -> Typed:
    common = common_type(left.type, right.type)
    assert common is not None
    if common.name == "decimal":
        return of_decimals(operator, left, right, narrow=narrow)
    a, b = coerced(left, common).sql, coerced(right, common).sql
    if common.name in FLOATS:
        text = f"({a} {operator} {b})"
        return Typed(text if common == DOUBLE else f"CAST({text} AS FLOAT)", common)
    if operator == "/":
        return Typed(f"trino_divide({a}, {b})", common)
    if operator == "%":
        return Typed(f"trino_modulo({a}, {b})", common)
    return Typed(f"({a} {operator} {b})", common)


def _of_times(operator: str, left: Typed, right: Typed) -> Typed | None:
    a, b = left.type, right.type
    if a in INTERVALS and b in INTERVALS:
        return Typed(f"({left.sql} {operator} {right.sql})", a) if a == b and operator in "+-" else None
    if a in INTERVALS and b.name in NUMBERS and operator in "*/":
        return Typed(_scaled_interval(operator, left, right), a)
    if b in INTERVALS and a.name in NUMBERS and operator == "*":
        return Typed(_scaled_interval(operator, right, left), b)
    if b in INTERVALS and operator in "+-":
        return _moved(left, f"(-{right.sql})" if operator == "-" else right.sql, b)
    if a in INTERVALS and operator == "+":
        return _moved(right, left.sql, a)
    return _between(left, right) if operator == "-" else None


def _scaled_interval(operator: str, interval: Typed, factor: Typed) -> str:
    if factor.type.name in INTEGERS:
        return f"({interval.sql} * {factor.sql})" if operator == "*" else f"trino_divide({interval.sql}, {factor.sql})"
    return f"CAST(trunc({interval.sql} {operator} CAST({factor.sql} AS DOUBLE)) AS BIGINT)"


def _moved(moment: Typed, interval: str, kind: DataType) -> Typed | None:
    if is_precise(moment.type):
        found = _moved(micros(moment), interval, kind)
        return found and Typed(joined(found.sql, found.type.name, picos(moment)), moment.type)
    name, sql = moment.type.name, moment.sql
    if kind == MONTHS:
        step = f"to_months(CAST({interval} AS INTEGER))"
        if name == "date":
            return Typed(f"CAST({sql} + {step} AS DATE)", DATE)
        if name == "timestamp":
            return Typed(f"({sql} + {step})", moment.type)
        if name == ZONED:
            return Typed(f"trino_zoned(trino_local({sql}) + {step}, ({sql}).z)", moment.type)
        return None
    step = f"to_milliseconds({interval})"
    if name == "date":
        return Typed(f"trino_date_plus({sql}, {interval})", DATE)
    if name == "timestamp":
        return Typed(f"({sql} + {step})", DataType("timestamp", (max(3, moment.type.parameters[0]),)))
    if name == "time":
        return Typed(f"({sql} + {step})", DataType("time", (max(3, moment.type.parameters[0]),)))
    if name == OFFSET_TIME:
        type_ = DataType(OFFSET_TIME, (max(3, moment.type.parameters[0]),))
        return Typed(f"trino_moved_offset_time({sql}, {interval} * 1000)", type_)
    if name == ZONED:
        type_ = DataType(ZONED, (max(3, moment.type.parameters[0]),))
        return Typed(f"trino_zoned_plus({sql}, {step})", type_)
    return None


def _between(left: Typed, right: Typed) -> Typed | None:
    common = common_type(left.type, right.type)
    if common is None:
        return None
    a, b = micros(coerced(left, common)).sql, micros(coerced(right, common)).sql
    if common == DATE:
        return Typed(f"(CAST({a} - {b} AS BIGINT) * {DAY_MS})", DAYS)
    if common.name in ("timestamp", "time"):
        return Typed(f"trino_between_ms(epoch_us({a}) - epoch_us({b}))", DAYS)
    if common.name == ZONED:
        return Typed(f"trino_between_ms(epoch_us(trino_instant({a})) - epoch_us(trino_instant({b})))", DAYS)
    if common.name == OFFSET_TIME:
        return Typed(f"trino_between_ms(trino_offset_time_us({a}) - trino_offset_time_us({b}))", DAYS)
    return None


def comparison(operator: str, left: Typed, right: Typed) -> Typed | None:
    """Return None where the types cannot be compared."""
    common = common_type(left.type, right.type)
    if common is None or not is_comparable(common) or (operator not in ("=", "<>") and not is_orderable(common)):
        return None
    left, right = coerced(left, common), coerced(right, common)
    a, b = comparable(left), comparable(right)
    if common.is_nested and operator in ("=", "<>"):
        text = _equal_nested(left, right)
        return Typed(text if operator == "=" else f"(NOT {text})", BOOLEAN)
    if common.name == ARRAY and operator not in ("=", "<>"):
        return Typed(f"trino_ordered_arrays({a}, {b}, {a} {operator} {b})", BOOLEAN)
    if common.name in FLOATS:
        return Typed(_of_floats(operator, left, right), BOOLEAN)
    if common.name == "char" and operator not in ("=", "<>"):
        length = common.parameters[0]
        a, b = f"rpad({a}, {length}, ' ')", f"rpad({b}, {length}, ' ')"
    return Typed(f"({a} {operator} {b})", BOOLEAN)


def _equal_nested(left: Typed, right: Typed) -> str:
    """In Trino one unequal part decides; without it, one that is NULL makes the whole NULL. DuckDB has NULL equal to NULL there."""
    a, b, type_ = left.sql, right.sql, left.type
    unknown = f"WHEN {a} IS NULL OR {b} IS NULL THEN NULL"
    if type_.name == ROW:
        parts = [
            _equal(f"({a}).{quoted(name)}", f"({b}).{quoted(name)}", field.type)
            for name, field in zip(row_names(type_), type_.fields, strict=True)
        ]
        return f"CASE {unknown} ELSE {' AND '.join(parts)} END"
    if type_.name == ARRAY:
        test = _equal("e_[1]", "e_[2]", type_.element)
        tests = f"list_transform(list_zip({a}, {b}), lambda e_: {test})"
        return f"CASE {unknown} WHEN len({a}) <> len({b}) THEN false ELSE trino_all({tests}) END"
    test = _equal("e_.value", f"({b})[e_.key]", type_.value)
    tests = (
        f"list_transform(map_entries({a}), lambda e_: CASE WHEN map_contains({b}, e_.key) THEN {test} ELSE false END)"
    )
    return f"CASE {unknown} WHEN cardinality({a}) <> cardinality({b}) THEN false ELSE trino_all({tests}) END"


def _equal(a: str, b: str, type_: DataType) -> str:
    found = comparison("=", Typed(a, type_), Typed(b, type_))
    assert found is not None
    return found.sql


def is_plain(type_: DataType) -> bool:
    """Say whether DuckDB's equality of values, NULL aside, is Trino's."""
    return not type_.is_nested and type_.name not in (*FLOATS, ZONED, OFFSET_TIME)


def is_orderable(type_: DataType) -> bool:
    return type_.name not in UNORDERED and all(is_orderable(field.type) for field in type_.fields)


def is_comparable(type_: DataType) -> bool:
    return type_.name not in SUMMARIES and all(is_comparable(field.type) for field in type_.fields)


def has_floats(type_: DataType) -> bool:
    return type_.name in FLOATS or any(has_floats(field.type) for field in type_.fields)


def order_from_above(sql: str, type_: DataType) -> str:
    """Return what the greatest value is found by: NaN is the least there, while DuckDB has it above all."""
    if not has_floats(type_):
        return sql
    if type_.name in FLOATS:
        text = f"struct_pack(o := NOT isnan({sql}), v := {sql})"
    elif type_.name == ARRAY:
        text = f"list_transform({sql}, lambda e_: {order_from_above('e_', type_.element)})"
    elif type_.name == ROW:
        pairs = zip(row_names(type_), type_.fields, strict=True)
        parts = (f"{quoted(n)} := {order_from_above(f'({sql}).{quoted(n)}', field.type)}" for n, field in pairs)
        text = f"struct_pack({', '.join(parts)})"
    else:
        return sql
    return f"CASE WHEN {sql} IS NULL THEN NULL ELSE {text} END"


def greatest_of(sql: str, element: DataType) -> str:
    """Return the greatest element of a list without NULL."""
    if not has_floats(element):
        return f"list_max({sql})"
    pack = f"struct_pack(k := {order_from_above('e_', element)}, v := e_)"
    return f"(list_max(list_transform({sql}, lambda e_: {pack}))).v"


def comparable(value: Typed) -> str:
    """Return what two values of a type are compared, grouped and sorted by."""
    type_, sql = value.type, value.sql
    if type_.name in (ZONED, OFFSET_TIME):
        low = f"({sql}).t" if type_.name == ZONED else f"trino_offset_time_us({sql})"
        return key(value, low) if is_precise(type_) else low
    if type_.name == ARRAY and (inner := comparable(Typed("c_", type_.element))) != "c_":
        return f"list_transform({sql}, lambda c_: {inner})"
    if type_.name == ROW:
        return _comparable_row(value)
    return sql


def _comparable_row(row: Typed) -> str:
    own = [
        Typed(f"({row.sql}).{quoted(name)}", field.type)
        for name, field in zip(row_names(row.type), row.type.fields, strict=True)
    ]
    parts = [comparable(value) for value in own]
    if parts == [value.sql for value in own]:
        return row.sql
    packed = ", ".join(f"f{place} := {part}" for place, part in enumerate(parts))
    return f"CASE WHEN {row.sql} IS NULL THEN NULL ELSE struct_pack({packed}) END"


def _of_floats(operator: str, left: Typed, right: Typed) -> str:
    """NaN is equal to nothing, and neither less nor greater; DuckDB has it equal to itself and greater than all else."""
    a, b = left.sql, right.sql
    plain = f"({a} {operator} {b})"
    odd = {
        "=": a if right.literal is None and left.literal is None else None,
        "<>": None,
        "<": b,
        "<=": b,
        ">": a,
        ">=": a,
    }[operator]
    known = right if odd == b else left
    if operator == "<>":
        if left.literal is not None or right.literal is not None:
            return plain
        return f"({plain[1:-1]} OR (isnan({a}) AND {b} IS NOT NULL))"
    if odd is None or known.literal is not None:
        return plain
    return f"({plain[1:-1]} AND NOT isnan({odd}))"


def distinct_from(left: Typed, right: Typed, *, negated: bool) -> Typed | None:
    common = common_type(left.type, right.type)
    if common is None:
        return None
    a, b = comparable(coerced(left, common)), comparable(coerced(right, common))
    return Typed(f"({a} IS {'NOT ' if negated else ''}DISTINCT FROM {b})", BOOLEAN)
