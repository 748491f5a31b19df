"""Typed expressions: literals, columns, functions, operators, conditions and casts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from hypothesis import strategies as st

from lake.sql.compiler.functions.table import Overload
from lake.sql.compiler.signature import Pattern
from lake.types import DataType
from lake.types.datatype import ARRAY, MAP, ROW
from tests.oracle.calls import SCALAR, call, choice, has_zone
from tests.oracle.values import NUMBERS, TIMES, literal, of_name, types

Columns: TypeAlias = Mapping[str, DataType]
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM")
CASTABLE = (*NUMBERS, *TIMES, "varchar", "char", "boolean", "json")


@st.composite
def expression(draw: st.DrawFn, type_: DataType, columns: Columns | None = None, *, depth: int = 1) -> str:
    """An expression of this type, or of one that is coerced to it."""
    columns = columns or {}
    fitting = [name for name, own in columns.items() if own == type_]
    if fitting and draw(st.integers(0, 2)):
        return draw(st.sampled_from(fitting))
    if depth == 0 or draw(st.booleans()):
        return draw(literal(type_))
    return draw(st.sampled_from(_makers(type_)).flatmap(lambda make: make(type_, columns, depth - 1)))


def _makers(type_: DataType):
    makers = [_case, _coalesced, _called]
    if type_.name in CASTABLE:
        makers.append(_cast)
    if type_.name in NUMBERS:
        makers.append(_arithmetic)
    if type_.name == "boolean":
        makers += [_comparison, _connective]
    return makers


@st.composite
def _case(draw: st.DrawFn, type_: DataType, columns: Columns, depth: int) -> str:
    def part(wanted: DataType) -> str:
        return draw(expression(wanted, columns, depth=depth))

    condition, one, other = part(DataType("boolean")), part(type_), part(type_)
    shape = draw(st.sampled_from(["CASE WHEN {0} THEN {1} ELSE {2} END", "IF({0}, {1}, {2})", "IF({0}, {1})"]))
    return shape.format(condition, one, other)


@st.composite
def _coalesced(draw: st.DrawFn, type_: DataType, columns: Columns, depth: int) -> str:
    one, other = draw(expression(type_, columns, depth=depth)), draw(expression(type_, columns, depth=depth))
    name = "coalesce" if type_.is_nested or type_.name == "json" else draw(st.sampled_from(["coalesce", "nullif"]))
    return f"{name}({one}, {other})"


@st.composite
def _cast(draw: st.DrawFn, type_: DataType, columns: Columns, depth: int) -> str:
    given = draw(of_name(*CASTABLE))
    return f"TRY_CAST({draw(expression(given, columns, depth=depth))} AS {type_.athena})"


@st.composite
def _arithmetic(draw: st.DrawFn, type_: DataType, columns: Columns, depth: int) -> str:
    one, other = draw(expression(type_, columns, depth=depth)), draw(expression(type_, columns, depth=depth))
    return f"TRY_CAST(TRY({one} {draw(st.sampled_from('+-*/%'))} {other}) AS {type_.athena})"


@st.composite
def _comparison(draw: st.DrawFn, type_: DataType, columns: Columns, depth: int) -> str:
    own = draw(types())
    one, two, three = (draw(expression(own, columns, depth=depth)) for _ in range(3))
    shape = draw(st.sampled_from(["{0} {1} {2}", "{0} IN ({2}, {3})", "{0} BETWEEN {2} AND {3}", "{0} IS NULL"]))
    operators = COMPARISONS if is_ordered(own) else ("=", "<>", "IS DISTINCT FROM")
    if not is_ordered(own) and "BETWEEN" in shape:
        shape = "{0} {1} {2}"
    return f"({shape.format(one, draw(st.sampled_from(operators)), two, three)})"


def is_ordered(type_: DataType) -> bool:
    return type_.name not in (MAP, "json") and all(is_ordered(field.type) for field in type_.fields)


@st.composite
def _connective(draw: st.DrawFn, type_: DataType, columns: Columns, depth: int) -> str:
    one, other = draw(expression(type_, columns, depth=depth)), draw(expression(type_, columns, depth=depth))
    return f"({one} {draw(st.sampled_from(['AND', 'OR']))} NOT {other})"


@st.composite
def _called(draw: st.DrawFn, type_: DataType, columns: Columns, depth: int) -> str:
    """A function that gives values of this name, where there are any."""
    lines = [(name, overload) for name, overload in SCALAR if gives(overload, type_)]
    if not lines:
        return draw(literal(type_))
    text = draw(any_call(columns, depth=depth, lines=lines))
    return f"CAST(TRY({text}) AS {type_.athena})"


def gives(overload: Overload, type_: DataType) -> bool:
    result = overload.result
    return isinstance(result, Pattern) and result.name == type_.name and result.name not in (ARRAY, MAP, ROW)


@st.composite
def any_call(
    draw: st.DrawFn, columns: Columns | None = None, *, depth: int = 1, lines: list[tuple[str, Overload]] = SCALAR
) -> str:
    """A call of any function of the table, whatever its type."""
    name, overload = draw(choice(lines))

    def argument(wanted: DataType, more: Columns | None = None):
        return expression(wanted, {**(columns or {}), **(more or {})}, depth=depth if more is None else 1)

    return draw(call(name, overload, argument))


@st.composite
def free(draw: st.DrawFn, columns: Columns | None = None) -> str:
    """An expression of any type: what a SELECT may list. A moment with a zone is text, since values do not keep their zone."""
    kind = draw(st.integers(0, 9))
    if kind < 5:
        name, overload = draw(choice(SCALAR))
        text = draw(any_call(columns, lines=[(name, overload)]))
        return f"CAST({text} AS varchar)" if has_zone(overload) else text
    if kind < 7:
        return draw(st.sampled_from([_operation, _free_cast]).flatmap(lambda make: make(columns or {})))
    type_ = draw(types(depth=2))
    text = draw(expression(type_, columns, depth=2))
    return f"CAST({text} AS varchar)" if "with time zone" in type_.name else text


@st.composite
def _operation(draw: st.DrawFn, columns: Columns) -> str:
    kinds = draw(st.sampled_from([NUMBERS, (*TIMES, "interval day to second", "interval year to month")]))
    one, other = (draw(expression(draw(of_name(*kinds)), columns, depth=0)) for _ in range(2))
    return f"{one} {draw(st.sampled_from([*'+-*/%', '=', '<', '>=']))} {other}"


@st.composite
def _free_cast(draw: st.DrawFn, columns: Columns) -> str:
    value = draw(expression(draw(types()), columns, depth=0))
    return f"{draw(st.sampled_from(['CAST', 'TRY_CAST']))}({value} AS {draw(types()).athena})"
