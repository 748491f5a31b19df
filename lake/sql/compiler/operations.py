"""Operators, conditions and casts."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from lake.errors import InvalidSql, NotSupported, TypeMismatch
from lake.sql.compiler import literals
from lake.sql.compiler.binding import computed_once
from lake.sql.compiler.casts import cast_text
from lake.sql.compiler.coercion import BIGINT, BOOLEAN, INTEGER, UNKNOWN, VARCHAR
from lake.sql.compiler.expressions import BINARY, Expressions, handles, refuse
from lake.sql.compiler.operators import (
    arithmetic,
    comparable,
    comparison,
    distinct_from,
    is_plain,
    negative,
)
from lake.sql.compiler.trying import in_lambda, tried
from lake.sql.compiler.typed import Typed, is_column
from lake.types import DataType
from lake.types.datatype import ARRAY

COMPARISONS = {exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}
ARITHMETIC = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}


@handles(f"{BINARY} typed safe", *ARITHMETIC)
def _arithmetic(expressions: Expressions, node: exp.Binary) -> Typed:
    left, right = expressions.compile(node.this), expressions.compile(node.expression)
    operator = ARITHMETIC[type(node)]
    found = arithmetic(operator, left, right, narrow=expressions.queries.narrow)
    if found is None:
        raise cannot_apply(operator, left, right, node)
    return found


def cannot_apply(operator: str, left: Typed, right: Typed, node: exp.Expr) -> InvalidSql:
    return refuse(TypeMismatch, f"Cannot apply operator: {left.type.athena} {operator} {right.type.athena}", node)


@handles(BINARY, *COMPARISONS)
def _comparison(expressions: Expressions, node: exp.Binary) -> Typed:
    operator = COMPARISONS[type(node)]
    if isinstance(node.expression, exp.Any | exp.All):
        return expressions.queries.quantified(expressions, node, operator)
    left, right = expressions.compile(node.this), expressions.compile(node.expression)
    found = comparison(operator, left, right)
    if found is None:
        raise cannot_apply(operator, left, right, node)
    return found


@handles(BINARY, exp.NullSafeEQ, exp.NullSafeNEQ)
def _distinct_from(expressions: Expressions, node: exp.Binary) -> Typed:
    left, right = expressions.compile(node.this), expressions.compile(node.expression)
    found = distinct_from(left, right, negated=isinstance(node, exp.NullSafeEQ))
    if found is None:
        raise cannot_apply("IS DISTINCT FROM", left, right, node)
    return found


@handles(BINARY, exp.And, exp.Or)
def _connective(expressions: Expressions, node: exp.Connector) -> Typed:
    word = "AND" if isinstance(node, exp.And) else "OR"
    parts: list[exp.Expr] = []
    rest: exp.Expr = node
    while type(rest) is type(node):
        parts.append(rest.expression)
        rest = rest.this
    texts = [expressions.boolean(part).sql for part in (rest, *reversed(parts))]
    return Typed(f"({f' {word} '.join(texts)})", BOOLEAN)


@handles("this", exp.Not)
def _not(expressions: Expressions, node: exp.Not) -> Typed:
    return Typed(f"(NOT {expressions.boolean(node.this).sql})", BOOLEAN)


@handles("this", exp.Neg)
def _negative(expressions: Expressions, node: exp.Neg) -> Typed:
    inner = node.this
    if isinstance(inner, exp.Literal) and inner.name == "9223372036854775808":
        return Typed("(-9223372036854775808)", BIGINT)
    if isinstance(inner, exp.Literal) and inner.name == "2147483648":
        return Typed("CAST(-2147483648 AS INTEGER)", INTEGER, -2147483648)
    found = negative(expressions.compile(inner))
    if found is None:
        raise refuse(TypeMismatch, "Cannot negate this", node)
    return found


@handles("this", exp.Paren)
def _paren(expressions: Expressions, node: exp.Paren) -> Typed:
    value = expressions.compile(node.this)
    return replace(value, sql=f"({value.sql})")


@handles(BINARY, exp.Is)
def _is(expressions: Expressions, node: exp.Is) -> Typed:
    value = expressions.compile(node.this)
    if not isinstance(node.expression, exp.Null):
        raise refuse(NotSupported, "IS takes NULL alone", node)
    return Typed(f"({value.sql} IS NULL)", BOOLEAN)


@handles("this low high", exp.Between)
def _between(expressions: Expressions, node: exp.Between) -> Typed:
    value, low, high = (expressions.compile(node.args[name]) for name in ("this", "low", "high"))
    least, most = comparison(">=", value, low), comparison("<=", value, high)
    if least is None or most is None:
        raise cannot_apply("BETWEEN", value, low if least is None else high, node)
    return Typed(f"({least.sql} AND {most.sql})", BOOLEAN)


@handles("this expressions query", exp.In)
def _in(expressions: Expressions, node: exp.In) -> Typed:
    if len(node.expressions) == 1 and isinstance(node.expressions[0], exp.Values):
        node = exp.In(this=node.this, query=node.expressions[0])
    if node.args.get("query") is not None:
        return expressions.queries.in_query(expressions, node)
    values, common = expressions.common([node.this, *node.expressions], node)
    value, *rest = [comparable(each) for each in values]
    if not is_plain(common):
        tests = [comparison("=", values[0], each) for each in values[1:]]
        return Typed(f"({' OR '.join(test.sql for test in tests if test is not None)})", BOOLEAN)
    return Typed(f"({value} IN ({', '.join(rest)}))", BOOLEAN)


@handles(f"{BINARY} negate", exp.Like)
def _like(expressions: Expressions, node: exp.Like) -> Typed:
    return _like_text(expressions, node, None)


def _like_text(expressions: Expressions, node: exp.Like, escape: str | None) -> Typed:
    value, pattern = expressions.compile(node.this), expressions.compile(node.expression)
    for each, kinds in ((value, ("varchar", "char", "unknown")), (pattern, ("varchar", "unknown"))):
        if each.type.name not in kinds:
            raise refuse(TypeMismatch, f"LIKE takes text, and this is {each.type.athena}", node)
    subject = cast_text(value, VARCHAR)
    negated = "NOT " if node.args.get("negate") else ""
    ending = f" ESCAPE {escape}" if escape else ""
    return Typed(f"({subject} {negated}LIKE {cast_text(pattern, VARCHAR)}{ending})", BOOLEAN)


@handles(BINARY, exp.Escape)
def _escape(expressions: Expressions, node: exp.Escape) -> Typed:
    if not isinstance(node.this, exp.Like):
        raise refuse(NotSupported, "ESCAPE stands behind LIKE alone", node)
    escape = expressions.compile(node.expression)
    pattern = expressions.compile(node.this.expression)
    if isinstance(escape.literal, str) and (fault := literals.like_fault(escape.literal, pattern.literal)):
        raise refuse(InvalidSql, fault, node, "INVALID_FUNCTION_ARGUMENT")
    return _like_text(expressions, node.this, escape.sql)


@handles(f"{BINARY} safe", exp.DPipe)
def _concatenation(expressions: Expressions, node: exp.DPipe) -> Typed:
    parts: list[exp.Expr] = []
    rest: exp.Expr = node
    while isinstance(rest, exp.DPipe):
        parts.append(rest.expression)
        rest = rest.this
    values = [expressions.compile(part) for part in (rest, *reversed(parts))]
    if not any(value.type.name == ARRAY for value in values):
        return expressions.function("concat", values, node)
    joined, *following = values
    for value in following:
        joined = expressions.function("concat", [joined, value], node)
    return joined


@handles("this ifs default", exp.Case)
def _case(expressions: Expressions, node: exp.Case) -> Typed:
    branches = node.args["ifs"]
    subject = expressions.compile(node.this) if node.this is not None else None
    tests = []
    for branch in branches:
        if subject is None:
            tests.append(expressions.boolean(branch.this).sql)
            continue
        test = comparison("=", subject, expressions.compile(branch.this))
        if test is None:
            raise refuse(TypeMismatch, "CASE operand and WHEN are of types that cannot be compared", node)
        tests.append(test.sql)
    default = node.args.get("default") or exp.Null()
    values, type_ = expressions.common([*(branch.args["true"] for branch in branches), default], node)
    whens = " ".join(f"WHEN {test} THEN {value.sql}" for test, value in zip(tests, values, strict=False))
    return Typed(f"CASE {whens} ELSE {values[-1].sql} END", type_)


@handles("this true false", exp.If)
def _if(expressions: Expressions, node: exp.If) -> Typed:
    test = expressions.boolean(node.this)
    otherwise = node.args.get("false") or exp.Null()
    (yes, no), type_ = expressions.common([node.args["true"], otherwise], node)
    return Typed(f"CASE WHEN {test.sql} THEN {yes.sql} ELSE {no.sql} END", type_)


@handles("this to safe requires_string", exp.Cast, exp.TryCast)
def _cast(expressions: Expressions, node: exp.Cast) -> Typed:
    wanted = expressions.type(node.args["to"])
    if isinstance(node, exp.TryCast):
        with expressions.queries.computing(narrow=False):
            value = expressions.compile(node.this)
        return Typed(_tried_cast(expressions, value, wanted, node), wanted)
    return Typed(_cast_text(expressions.compile(node.this), wanted, node), wanted)


def _tried_cast(expressions: Expressions, value: Typed, wanted: DataType, node: exp.Cast) -> str:
    """The value may fail: what is tried is its cast alone."""
    if value.literal is not None or value.type == UNKNOWN or is_column(value.sql):
        return tried(_cast_text(value, wanted, node), node)
    return in_lambda(value.sql, "cast_", f"TRY({_cast_text(replace(value, sql='cast_'), wanted, node)})")


def _cast_text(value: Typed, wanted: DataType, node: exp.Expr) -> str:
    try:
        return computed_once([value], lambda bound: cast_text(bound[0], wanted))
    except TypeMismatch as error:
        raise refuse(TypeMismatch, error.message, node) from error
