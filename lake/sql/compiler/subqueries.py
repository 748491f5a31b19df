"""Queries within expressions: scalar ones, EXISTS, IN, and comparisons with ANY and ALL."""

from __future__ import annotations

from sqlglot import exp

from lake.errors import TypeMismatch
from lake.sql.compiler.casts import cast_text, coerced
from lake.sql.compiler.coercion import BOOLEAN, common_type
from lake.sql.compiler.expressions import Expressions, handles, refuse
from lake.sql.compiler.operators import comparable
from lake.sql.compiler.typed import Typed
from lake.types.datatype import row_of


@handles("this", exp.Subquery)
def _scalar(expressions: Expressions, node: exp.Subquery) -> Typed:
    body = expressions.queries.compile(node, expressions.scope)
    if len(body.outputs) > 1:
        row = expressions.row([Typed(f"c{place}", output.type) for place, output in enumerate(body.outputs)])
        type_ = row_of((output.name, output.type) for output in body.outputs)
        return Typed(f"(SELECT {cast_text(row, type_)} FROM ({body.sql}))", type_)
    return Typed(f"({body.sql})", body.outputs[0].type)


@handles("this", exp.Exists)
def _exists(expressions: Expressions, node: exp.Exists) -> Typed:
    return Typed(f"EXISTS ({expressions.queries.compile(node.this, expressions.scope).sql})", BOOLEAN)


def in_query(expressions: Expressions, node: exp.In) -> Typed:
    value = expressions.compile(node.this)
    return _tested(value, node.args["query"], expressions, node, "IN", "=")


def quantified(expressions: Expressions, node: exp.Binary, operator: str) -> Typed:
    word = "ANY" if isinstance(node.expression, exp.Any) else "ALL"
    value = expressions.compile(node.this)
    return _tested(value, node.expression.this, expressions, node, f"{operator} {word}", operator)


def _tested(
    value: Typed,
    query: exp.Expr,
    expressions: Expressions,
    node: exp.Expr,
    word: str,
    operator: str,
) -> Typed:
    body = expressions.queries.compile(query, expressions.scope)
    if len(body.outputs) != 1:
        raise refuse(TypeMismatch, "Multiple columns returned by subquery are not yet supported", node)
    type_ = common_type(value.type, body.outputs[0].type)
    if type_ is None:
        raise refuse(
            TypeMismatch,
            f"value and result of subquery must be of the same type: {value.type.athena} vs {body.outputs[0].type.athena}",
            node,
        )
    inner = Typed("c0", body.outputs[0].type)
    column = comparable(coerced(inner, type_))
    text = body.sql if column == "c0" else f"SELECT {column} AS c0 FROM ({body.sql})"
    return Typed(f"({comparable(coerced(value, type_))} {word} ({text}))", BOOLEAN)
