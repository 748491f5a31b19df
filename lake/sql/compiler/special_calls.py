"""Functions with a syntax of their own, or whose arguments are no plain values."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from lake.errors import FunctionNotFound, InvalidSql
from lake.sql.compiler import literals
from lake.sql.compiler.binding import computed_once
from lake.sql.compiler.casts import coerced
from lake.sql.compiler.coercion import VARCHAR, common_of
from lake.sql.compiler.expressions import BINARY, MOST_ARGUMENTS, Expressions, handles, refuse, special
from lake.sql.compiler.functions.texts import format_call
from lake.sql.compiler.functions.times import current
from lake.sql.compiler.nodes import calls_aggregate
from lake.sql.compiler.operations import cannot_apply
from lake.sql.compiler.operators import (
    comparison,
    greatest_of,
    has_floats,
    is_orderable,
)
from lake.sql.compiler.trying import MAY_FAIL, tried
from lake.sql.compiler.typed import Typed

EXTRACTED = frozenset(
    "year quarter month week day day_of_month day_of_week dow day_of_year doy year_of_week yow hour minute second "
    "timezone_hour timezone_minute".split()
)
CURRENT: dict[type, str] = {
    exp.CurrentDate: "current_date",
    exp.CurrentTimestamp: "current_timestamp",
    exp.CurrentTime: "current_time",
    exp.Localtime: "localtime",
    exp.Localtimestamp: "localtimestamp",
    exp.CurrentUser: "current_user",
}


@handles(BINARY, exp.Extract)
def _extract(expressions: Expressions, node: exp.Extract) -> Typed:
    part = node.this.name.lower()
    if part not in EXTRACTED:
        raise refuse(InvalidSql, f"Invalid EXTRACT field: {node.this.name}", node, "SYNTAX_ERROR")
    return expressions.function(f"extract_{part}", [expressions.compile(node.expression)], node)


@handles("this start length", exp.Substring)
def _substring(expressions: Expressions, node: exp.Substring) -> Typed:
    parts = [node.args.get(name) for name in ("this", "start", "length")]
    return expressions.function("substr", [expressions.compile(part) for part in parts if part is not None], node)


@handles("this expression position", exp.Trim)
def _trim(expressions: Expressions, node: exp.Trim) -> Typed:
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(str(node.args.get("position") or "").upper(), "trim")
    parts = [node.this, node.expression] if node.expression is not None else [node.this]
    return expressions.function(name, [expressions.compile(part) for part in parts], node)


@handles("this substr", exp.StrPosition)
def _position(expressions: Expressions, node: exp.StrPosition) -> Typed:
    return expressions.function(
        "strpos", [expressions.compile(node.this), expressions.compile(node.args["substr"])], node
    )


@handles("this zone", exp.AtTimeZone)
def _at_time_zone(expressions: Expressions, node: exp.AtTimeZone) -> Typed:
    return expressions.function(
        "at_timezone", [expressions.compile(node.this), expressions.compile(node.args["zone"])], node
    )


@handles("this", *CURRENT)
def _current(expressions: Expressions, node: exp.Expr) -> Typed:
    return expressions.function(CURRENT[type(node)], [], node)


@special("row", most=MOST_ARGUMENTS)
def _row_call(expressions: Expressions, node: exp.Anonymous) -> Typed:
    return expressions.row([expressions.compile(each) for each in node.expressions])


@special("coalesce", least=2, most=MOST_ARGUMENTS)
def _coalesce(expressions: Expressions, node: exp.Anonymous) -> Typed:
    """What comes later may fail where it is not reached: CASE keeps DuckDB from computing parts of it before."""
    (first, *later), type_ = expressions.common(node.expressions, node)
    texts = [first.sql]
    for before, value in zip([first, *later], later, strict=False):
        fails = MAY_FAIL.search(value.sql) is not None and value.literal is None
        texts.append(f"CASE WHEN {before.sql} IS NULL THEN {value.sql} END" if fails else value.sql)
    return Typed(f"coalesce({', '.join(texts)})", type_)


@special("nullif", least=2, most=2)
def _nullif(expressions: Expressions, node: exp.Anonymous) -> Typed:
    first, second = (expressions.compile(each) for each in node.expressions)
    if comparison("=", first, second) is None:
        raise cannot_apply("=", first, second, node)

    def text(bound: Sequence[Typed]) -> str:
        equal = comparison("=", *bound)
        assert equal is not None
        return f"CASE WHEN {equal.sql} THEN NULL ELSE {bound[0].sql} END"

    return Typed(computed_once([first, second], text), first.type)


@special("try")
def _try(expressions: Expressions, node: exp.Anonymous) -> Typed:
    with expressions.queries.computing(narrow=False):
        value = expressions.compile(node.expressions[0])
    return Typed(tried(value.sql, node), value.type)


@special("normalize", most=2)
def _normalize(expressions: Expressions, node: exp.Anonymous) -> Typed:
    text, *rest = node.expressions
    form_name = rest[0].name.upper() if rest else "NFC"
    if form_name not in ("NFC", "NFD", "NFKC", "NFKD"):
        raise refuse(InvalidSql, f"Invalid normalization form: {form_name}", node)
    return expressions.function("normalize", [expressions.compile(text), literals.string(form_name)], node)


@special("current_timestamp", "localtimestamp", "current_time", "localtime")
def _current_to(expressions: Expressions, node: exp.Anonymous) -> Typed:
    """A moment with so many digits of a second as are written behind it."""
    digits = node.expressions[0] if node.expressions else exp.Literal.number(3)
    if not isinstance(digits, exp.Literal) or digits.is_string or not digits.name.isdigit():
        raise refuse(InvalidSql, f"{node.name} takes a number of digits", node)
    return Typed(*current(node.name.lower(), int(digits.name)))


@special("format", least=2, most=MOST_ARGUMENTS)
def _format(expressions: Expressions, node: exp.Anonymous) -> Typed:
    values = [expressions.compile(each) for each in node.expressions]
    if values[0].type.name != "varchar":
        message = "The 'format' function must have at least two arguments, the first of them a varchar"
        raise refuse(InvalidSql, message, node, "TYPE_MISMATCH")
    return format_call(values)


@special("typeof")
def _typeof(expressions: Expressions, node: exp.Anonymous) -> Typed:
    value = expressions.compile(node.expressions[0])
    name = literals.string(value.type.athena).sql
    # An aggregate makes one row of many, whatever is asked of it.
    if calls_aggregate(node):
        name = f"CASE WHEN {value.sql} IS NULL THEN {name} ELSE {name} END"
    return Typed(name, VARCHAR)


@special("greatest", "least", most=MOST_ARGUMENTS)
def _greatest(expressions: Expressions, node: exp.Anonymous) -> Typed:
    values = [expressions.compile(each) for each in node.expressions]
    type_ = common_of(value.type for value in values)
    if type_ is None:
        shown = ", ".join(value.type.athena for value in values)
        raise refuse(FunctionNotFound, f"Unexpected parameters ({shown}) for function {node.name}", node)
    values = [coerced(value, type_) for value in values]
    if not is_orderable(type_):
        raise refuse(FunctionNotFound, f"Unexpected parameters ({type_.athena}) for function {node.name}", node)
    name = node.name.lower()

    def text(bound: Sequence[Typed]) -> str:
        texts = [value.sql for value in bound]
        nulls = " OR ".join(f"{text} IS NULL" for text in texts)
        found = f"{name}({', '.join(texts)})"
        if name == "greatest" and has_floats(type_):
            found = greatest_of(f"[{', '.join(texts)}]", type_)
        return f"CASE WHEN {nulls} THEN NULL ELSE {found} END"

    return Typed(computed_once(values, text), type_)
