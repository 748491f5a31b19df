"""Names, literals, and the values that are made of several."""

from __future__ import annotations

from sqlglot import exp

from lake.errors import ColumnNotFound, InvalidSql, TypeMismatch
from lake.sql.compiler import literals
from lake.sql.compiler.casts import cast_text, coerced
from lake.sql.compiler.coercion import UNKNOWN, can_coerce
from lake.sql.compiler.expressions import BINARY, Expressions, handles, refuse
from lake.sql.compiler.forms import form, row_names
from lake.sql.compiler.parser import TypedLiteral
from lake.sql.compiler.typed import Typed
from lake.types import DataType
from lake.types.datatype import ROW, array_of, quoted


@handles("this table db catalog", exp.Column)
def _column(expressions: Expressions, node: exp.Column) -> Typed:
    parts = [part.name.lower() for part in node.parts]
    if len(parts) == 1 and (variable := expressions.scope.variable(parts[0])) is not None:
        return variable
    # The longest beginning that names a column; what follows are fields of rows.
    for count in range(min(3, len(parts)), 0, -1):
        names = parts[:count]
        found = expressions.scope.find(names[-1], names[-2] if count > 1 else None, names[-3] if count > 2 else None)
        if len(found) > 1:
            raise refuse(InvalidSql, f"Column '{'.'.join(names)}' is ambiguous", node, "AMBIGUOUS_NAME")
        if found:
            value = found[0].value
            for name in parts[count:]:
                value = expressions.field(value, name, node)
            return value
        if count == 1 and len(parts) > 1 and (variable := expressions.scope.variable(parts[0])) is not None:
            for name in parts[1:]:
                variable = expressions.field(variable, name, node)
            return variable
    raise refuse(ColumnNotFound, f"Column '{'.'.join(parts)}' cannot be resolved", node)


@handles(BINARY, exp.Dot)
def _dot(expressions: Expressions, node: exp.Dot) -> Typed:
    return expressions.field(expressions.compile(node.this), node.expression.name, node)


@handles("this is_string", exp.Literal)
def _literal(expressions: Expressions, node: exp.Literal) -> Typed:
    return literals.string(node.name) if node.is_string else literals.number(node.name)


@handles("this escape", exp.UnicodeString)
def _unicode_string(expressions: Expressions, node: exp.UnicodeString) -> Typed:
    escape = node.args.get("escape")
    return literals.unicode_string(node.name, escape.name if isinstance(escape, exp.Expr) else "\\")


@handles("", exp.Null)
def _null(expressions: Expressions, node: exp.Null) -> Typed:
    return Typed("NULL", UNKNOWN)


@handles("this to", TypedLiteral)
def _typed_literal(expressions: Expressions, node: TypedLiteral) -> Typed:
    type_ = expressions.type(node.args["to"])
    try:
        found = literals.typed_literal(node.args["this"], type_)
    except InvalidSql as error:
        raise refuse(type(error), error.message, node, error.id) from error
    return found or coerced_or_cast(literals.string(node.args["this"]), type_)


@handles("this unit", exp.Interval)
def _interval(expressions: Expressions, node: exp.Interval) -> Typed:
    unit = node.args["unit"]
    try:
        if isinstance(unit, exp.IntervalSpan):
            return literals.interval(node.this.name, unit.this.name.upper(), unit.expression.name.upper())
        written = node.this.name if isinstance(node.this, exp.Literal) else node.this.sql()
        return literals.interval(written, unit.name.upper(), None)
    except InvalidSql as error:
        raise refuse(type(error), error.message, node, error.id) from error


@handles("expressions bracket_notation", exp.Array)
def _array(expressions: Expressions, node: exp.Array) -> Typed:
    values, element = expressions.common(node.expressions, node)
    texts = ", ".join(value.sql for value in values)
    return Typed(f"CAST([{texts}] AS {form(array_of(element))})", array_of(element))


@handles("expressions", exp.Tuple)
def _tuple(expressions: Expressions, node: exp.Tuple) -> Typed:
    return expressions.row([expressions.compile(each) for each in node.expressions])


@handles("this expressions offset", exp.Bracket)
def _subscript(expressions: Expressions, node: exp.Bracket) -> Typed:
    value, index = expressions.compile(node.this), expressions.compile(node.expressions[0])
    if value.type.name == ROW:
        return _row_subscript(value, index, node)
    return expressions.function("trino_subscript", [value, index], node)


def _row_subscript(value: Typed, index: Typed, node: exp.Expr) -> Typed:
    place = index.literal
    if not isinstance(place, int) or not 1 <= place <= len(value.type.fields):
        raise refuse(InvalidSql, f"ROW subscript index is out of bounds: {place}", node, "INVALID_FUNCTION_ARGUMENT")
    return Typed(f"({value.sql}).{quoted(row_names(value.type)[place - 1])}", value.type.fields[place - 1].type)


@handles("this", exp.Boolean)
def _boolean(expressions: Expressions, node: exp.Boolean) -> Typed:
    return literals.boolean(bool(node.this))


@handles("this is_integer is_bytes", exp.HexString, exp.ByteString)
def _binary(expressions: Expressions, node: exp.HexString | exp.ByteString) -> Typed:
    return literals.binary(node.name)


def fields_of(value: Typed, node: exp.Expr) -> list[tuple[str | None, Typed]]:
    if value.type.name != ROW:
        raise refuse(TypeMismatch, "a star stands behind a row", node)
    return [
        (field.name, Typed(f"({value.sql}).{quoted(own)}", field.type))
        for own, field in zip(row_names(value.type), value.type.fields, strict=True)
    ]


def coerced_or_cast(value: Typed, wanted: DataType) -> Typed:
    return coerced(value, wanted) if can_coerce(value.type, wanted) else Typed(cast_text(value, wanted), wanted)
