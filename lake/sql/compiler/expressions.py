"""Expressions, bottom up: each gets its type in Trino and its text in DuckDB. What is not known here is refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from lake.errors import ColumnNotFound, FunctionNotFound, InvalidSql, MalformedQuery, NotSupported, TypeMismatch
from lake.sql.compiler import literals
from lake.sql.compiler.binding import computed_once
from lake.sql.compiler.casts import cast_text, coerced
from lake.sql.compiler.coercion import BIGINT, BOOLEAN, INTEGER, UNKNOWN, VARCHAR, can_coerce, common_of
from lake.sql.compiler.forms import MICROSECONDS, form, is_precise, row_names
from lake.sql.compiler.functions import FUNCTIONS, Call, Overload, is_aggregate
from lake.sql.compiler.functions.texts import format_call
from lake.sql.compiler.functions.times import current
from lake.sql.compiler.operators import (
    arithmetic,
    comparable,
    comparison,
    distinct_from,
    greatest_of,
    has_floats,
    is_orderable,
    is_plain,
    negative,
)
from lake.sql.compiler.parser import TypedLiteral
from lake.sql.compiler.precise import micros, of_digits, result_of
from lake.sql.compiler.scope import Names, Scope
from lake.sql.compiler.signature import FUNCTION, Bindings, match, resolve
from lake.sql.compiler.trying import MAY_FAIL, in_lambda, tried
from lake.sql.compiler.typed import Lambda, Typed, is_column
from lake.sql.parse import position
from lake.types import DataType, parse_type
from lake.types.datatype import ARRAY, ROW, array_of, quoted, row_of

if TYPE_CHECKING:
    from lake.sql.compiler.queries import Queries

COMPARISONS = {exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}
ARITHMETIC = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}
CURRENT: dict[type, str] = {
    exp.CurrentDate: "current_date",
    exp.CurrentTimestamp: "current_timestamp",
    exp.CurrentTime: "current_time",
    exp.Localtime: "localtime",
    exp.Localtimestamp: "localtimestamp",
    exp.CurrentUser: "current_user",
}
BINARY = "this expression"
JOINING = frozenset({"concat", "concat_ws", "map_concat"})
EXTRACTED = frozenset(
    "year quarter month week day day_of_month day_of_week dow day_of_year doy year_of_week yow hour minute second "
    "timezone_hour timezone_minute".split()
)
MOST_ARGUMENTS = 127


Handler = Callable[["Expressions", Any], Typed]
HANDLERS: dict[type[exp.Expr], tuple[frozenset[str], Handler]] = {}
SPECIAL: dict[str, tuple[int, int, Handler]] = {}
"""Functions whose arguments are no plain values: how many they take at least and at most, and what compiles them."""

OWN = ("trino_", "extract_")
"""How the names of functions begin that stand in the table for a syntax of their own."""


def handles(arguments: str, *kinds: type[exp.Expr]) -> Callable[[Handler], Handler]:
    """Say which arguments of nodes a method reads; a node with another one is refused."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(kinds, (frozenset(arguments.split()), handler)))
        return handler

    return register


def special(*names: str, least: int = 1, most: int = 1) -> Callable[[Handler], Handler]:
    """Say which functions a method compiles, and how many arguments they take."""

    def register(handler: Handler) -> Handler:
        SPECIAL.update(dict.fromkeys(names, (least, most, handler)))
        return handler

    return register


def refuse(kind: type[InvalidSql], message: str, node: exp.Expr, code: str | None = None) -> InvalidSql:
    """Return an error that names the place; `code` is Trino's where the class has a more general one."""
    line, column = position(node)
    error = kind(message, line=line, column=column)
    error.id = code or error.id
    return error


def check_arguments(node: exp.Expr, known: Collection[str]) -> None:
    """Raise NotSupported for an argument that nobody reads: what was written would not count."""
    for argument, value in node.args.items():
        if value and argument not in known and argument != "comments":
            raise refuse(NotSupported, f"{argument.upper()} of {node.key.upper()} is not supported", node)


class Expressions:
    """Compiles expressions of one scope. `queries` compiles those that are in them."""

    def __init__(self, scope: Scope, queries: Queries, names: Names) -> None:
        self.scope = scope
        self.queries = queries
        self.names = names

    def compile(self, node: exp.Expr) -> Typed:
        handler = HANDLERS.get(type(node))
        if handler is None:
            raise refuse(NotSupported, f"{node.key.upper()} is not supported", node)
        known, handle = handler
        check_arguments(node, known)
        return handle(self, node)

    def boolean(self, node: exp.Expr) -> Typed:
        value = self.compile(node)
        if value.type not in (BOOLEAN, UNKNOWN):
            raise refuse(TypeMismatch, f"a boolean is wanted, and this is {value.type.athena}", node)
        return coerced(value, BOOLEAN)

    def common(self, nodes: Sequence[exp.Expr], at: exp.Expr) -> tuple[list[Typed], DataType]:
        values = [self.compile(node) for node in nodes]
        return self.unified(values, at)

    def unified(self, values: Sequence[Typed], at: exp.Expr) -> tuple[list[Typed], DataType]:
        wanted = common_of(value.type for value in values)
        if wanted is None:
            shown = ", ".join(value.type.athena for value in values)
            raise refuse(TypeMismatch, f"All of these must be of one type: {shown}", at)
        return [coerced(value, wanted) for value in values], wanted

    # Names and literals

    @handles("this table db catalog", exp.Column)
    def _column(self, node: exp.Column) -> Typed:
        parts = [part.name.lower() for part in node.parts]
        if len(parts) == 1 and (variable := self.scope.variable(parts[0])) is not None:
            return variable
        # The longest beginning that names a column; what follows are fields of rows.
        for count in range(min(3, len(parts)), 0, -1):
            names = parts[:count]
            found = self.scope.find(names[-1], names[-2] if count > 1 else None, names[-3] if count > 2 else None)
            if len(found) > 1:
                raise refuse(InvalidSql, f"Column '{'.'.join(names)}' is ambiguous", node, "AMBIGUOUS_NAME")
            if found:
                value = found[0].value
                for name in parts[count:]:
                    value = self.field(value, name, node)
                return value
            if count == 1 and len(parts) > 1 and (variable := self.scope.variable(parts[0])) is not None:
                for name in parts[1:]:
                    variable = self.field(variable, name, node)
                return variable
        raise refuse(ColumnNotFound, f"Column '{'.'.join(parts)}' cannot be resolved", node)

    def field(self, value: Typed, name: str, node: exp.Expr) -> Typed:
        if value.type.name == ROW:
            for own, field in zip(row_names(value.type), value.type.fields, strict=True):
                if field.name == name.lower():
                    return Typed(f"({value.sql}).{quoted(own)}", field.type)
        raise refuse(ColumnNotFound, f"Column '{name}' cannot be resolved", node)

    @handles(BINARY, exp.Dot)
    def _dot(self, node: exp.Dot) -> Typed:
        return self.field(self.compile(node.this), node.expression.name, node)

    @handles("this is_string", exp.Literal)
    def _literal(self, node: exp.Literal) -> Typed:
        return literals.string(node.name) if node.is_string else literals.number(node.name)

    @handles("this escape", exp.UnicodeString)
    def _unicode_string(self, node: exp.UnicodeString) -> Typed:
        escape = node.args.get("escape")
        return literals.unicode_string(node.name, escape.name if isinstance(escape, exp.Expr) else "\\")

    @handles("", exp.Null)
    def _null(self, node: exp.Null) -> Typed:
        return Typed("NULL", UNKNOWN)

    @handles("this to", TypedLiteral)
    def _typed_literal(self, node: TypedLiteral) -> Typed:
        type_ = self.type(node.args["to"])
        try:
            found = literals.typed_literal(node.args["this"], type_)
        except InvalidSql as error:
            raise refuse(type(error), error.message, node, error.id) from error
        return found or coerced_or_cast(literals.string(node.args["this"]), type_)

    @handles("this unit", exp.Interval)
    def _interval(self, node: exp.Interval) -> Typed:
        unit = node.args["unit"]
        try:
            if isinstance(unit, exp.IntervalSpan):
                return literals.interval(node.this.name, unit.this.name.upper(), unit.expression.name.upper())
            written = node.this.name if isinstance(node.this, exp.Literal) else node.this.sql()
            return literals.interval(written, unit.name.upper(), None)
        except InvalidSql as error:
            raise refuse(type(error), error.message, node, error.id) from error

    def type(self, node: exp.DataType) -> DataType:
        try:
            return parse_type(node.sql("trino"), trino=True)
        except InvalidSql as error:
            raise refuse(type(error), error.message, node) from error

    # Operators

    @handles(f"{BINARY} typed safe", *ARITHMETIC)
    def _arithmetic(self, node: exp.Binary) -> Typed:
        left, right = self.compile(node.this), self.compile(node.expression)
        operator = ARITHMETIC[type(node)]
        found = arithmetic(operator, left, right, narrow=self.queries.narrow)
        if found is None:
            raise self._cannot_apply(operator, left, right, node)
        return found

    def _cannot_apply(self, operator: str, left: Typed, right: Typed, node: exp.Expr) -> InvalidSql:
        return refuse(TypeMismatch, f"Cannot apply operator: {left.type.athena} {operator} {right.type.athena}", node)

    @handles(BINARY, *COMPARISONS)
    def _comparison(self, node: exp.Binary) -> Typed:
        operator = COMPARISONS[type(node)]
        if isinstance(node.expression, exp.Any | exp.All):
            return self.queries.quantified(self, node, operator)
        left, right = self.compile(node.this), self.compile(node.expression)
        found = comparison(operator, left, right)
        if found is None:
            raise self._cannot_apply(operator, left, right, node)
        return found

    @handles(BINARY, exp.NullSafeEQ, exp.NullSafeNEQ)
    def _distinct_from(self, node: exp.Binary) -> Typed:
        left, right = self.compile(node.this), self.compile(node.expression)
        found = distinct_from(left, right, negated=isinstance(node, exp.NullSafeEQ))
        if found is None:
            raise self._cannot_apply("IS DISTINCT FROM", left, right, node)
        return found

    @handles(BINARY, exp.And, exp.Or)
    def _connective(self, node: exp.Connector) -> Typed:
        word = "AND" if isinstance(node, exp.And) else "OR"
        parts: list[exp.Expr] = []
        rest: exp.Expr = node
        while type(rest) is type(node):
            parts.append(rest.expression)
            rest = rest.this
        texts = [self.boolean(part).sql for part in (rest, *reversed(parts))]
        return Typed(f"({f' {word} '.join(texts)})", BOOLEAN)

    @handles("this", exp.Not)
    def _not(self, node: exp.Not) -> Typed:
        return Typed(f"(NOT {self.boolean(node.this).sql})", BOOLEAN)

    @handles("this", exp.Neg)
    def _negative(self, node: exp.Neg) -> Typed:
        inner = node.this
        if isinstance(inner, exp.Literal) and inner.name == "9223372036854775808":
            return Typed("(-9223372036854775808)", BIGINT)
        if isinstance(inner, exp.Literal) and inner.name == "2147483648":
            return Typed("CAST(-2147483648 AS INTEGER)", INTEGER, -2147483648)
        found = negative(self.compile(inner))
        if found is None:
            raise refuse(TypeMismatch, "Cannot negate this", node)
        return found

    @handles("this", exp.Paren)
    def _paren(self, node: exp.Paren) -> Typed:
        value = self.compile(node.this)
        return replace(value, sql=f"({value.sql})")

    @handles(BINARY, exp.Is)
    def _is(self, node: exp.Is) -> Typed:
        value = self.compile(node.this)
        if not isinstance(node.expression, exp.Null):
            raise refuse(NotSupported, "IS takes NULL alone", node)
        return Typed(f"({value.sql} IS NULL)", BOOLEAN)

    @handles("this low high", exp.Between)
    def _between(self, node: exp.Between) -> Typed:
        value, low, high = (self.compile(node.args[name]) for name in ("this", "low", "high"))
        least, most = comparison(">=", value, low), comparison("<=", value, high)
        if least is None or most is None:
            raise self._cannot_apply("BETWEEN", value, low if least is None else high, node)
        return Typed(f"({least.sql} AND {most.sql})", BOOLEAN)

    @handles("this expressions query", exp.In)
    def _in(self, node: exp.In) -> Typed:
        if len(node.expressions) == 1 and isinstance(node.expressions[0], exp.Values):
            node = exp.In(this=node.this, query=node.expressions[0])
        if node.args.get("query") is not None:
            return self.queries.in_query(self, node)
        values, common = self.common([node.this, *node.expressions], node)
        value, *rest = [comparable(each) for each in values]
        if not is_plain(common):
            tests = [comparison("=", values[0], each) for each in values[1:]]
            return Typed(f"({' OR '.join(test.sql for test in tests if test is not None)})", BOOLEAN)
        return Typed(f"({value} IN ({', '.join(rest)}))", BOOLEAN)

    @handles(f"{BINARY} negate", exp.Like)
    def _like(self, node: exp.Like) -> Typed:
        return self.like(node, None)

    def like(self, node: exp.Like, escape: str | None) -> Typed:
        value, pattern = self.compile(node.this), self.compile(node.expression)
        for each, kinds in ((value, ("varchar", "char", "unknown")), (pattern, ("varchar", "unknown"))):
            if each.type.name not in kinds:
                raise refuse(TypeMismatch, f"LIKE takes text, and this is {each.type.athena}", node)
        subject = cast_text(value, VARCHAR)
        negated = "NOT " if node.args.get("negate") else ""
        ending = f" ESCAPE {escape}" if escape else ""
        return Typed(f"({subject} {negated}LIKE {cast_text(pattern, VARCHAR)}{ending})", BOOLEAN)

    @handles(BINARY, exp.Escape)
    def _escape(self, node: exp.Escape) -> Typed:
        if not isinstance(node.this, exp.Like):
            raise refuse(NotSupported, "ESCAPE stands behind LIKE alone", node)
        escape = self.compile(node.expression)
        pattern = self.compile(node.this.expression)
        if isinstance(escape.literal, str) and (fault := literals.like_fault(escape.literal, pattern.literal)):
            raise refuse(InvalidSql, fault, node, "INVALID_FUNCTION_ARGUMENT")
        return self.like(node.this, escape.sql)

    @handles(f"{BINARY} safe", exp.DPipe)
    def _concatenation(self, node: exp.DPipe) -> Typed:
        parts: list[exp.Expr] = []
        rest: exp.Expr = node
        while isinstance(rest, exp.DPipe):
            parts.append(rest.expression)
            rest = rest.this
        values = [self.compile(part) for part in (rest, *reversed(parts))]
        if not any(value.type.name == ARRAY for value in values):
            return self.function("concat", values, node)
        joined, *following = values
        for value in following:
            joined = self.function("concat", [joined, value], node)
        return joined

    # Conditions

    @handles("this ifs default", exp.Case)
    def _case(self, node: exp.Case) -> Typed:
        branches = node.args["ifs"]
        subject = self.compile(node.this) if node.this is not None else None
        tests = []
        for branch in branches:
            if subject is None:
                tests.append(self.boolean(branch.this).sql)
                continue
            test = comparison("=", subject, self.compile(branch.this))
            if test is None:
                raise refuse(TypeMismatch, "CASE operand and WHEN are of types that cannot be compared", node)
            tests.append(test.sql)
        default = node.args.get("default") or exp.Null()
        values, type_ = self.common([*(branch.args["true"] for branch in branches), default], node)
        whens = " ".join(f"WHEN {test} THEN {value.sql}" for test, value in zip(tests, values, strict=False))
        return Typed(f"CASE {whens} ELSE {values[-1].sql} END", type_)

    @handles("this true false", exp.If)
    def _if(self, node: exp.If) -> Typed:
        test = self.boolean(node.this)
        otherwise = node.args.get("false") or exp.Null()
        (yes, no), type_ = self.common([node.args["true"], otherwise], node)
        return Typed(f"CASE WHEN {test.sql} THEN {yes.sql} ELSE {no.sql} END", type_)

    # Casts

    @handles("this to safe requires_string", exp.Cast, exp.TryCast)
    def _cast(self, node: exp.Cast) -> Typed:
        wanted = self.type(node.args["to"])
        if isinstance(node, exp.TryCast):
            with self.queries.computing(narrow=False):
                value = self.compile(node.this)
            return Typed(self._tried_cast(value, wanted, node), wanted)
        return Typed(self._cast_text(self.compile(node.this), wanted, node), wanted)

    def _tried_cast(self, value: Typed, wanted: DataType, node: exp.Cast) -> str:
        """The value may fail: what is tried is its cast alone."""
        if value.literal is not None or value.type == UNKNOWN or is_column(value.sql):
            return tried(self._cast_text(value, wanted, node), node)
        return in_lambda(value.sql, "cast_", f"TRY({self._cast_text(replace(value, sql='cast_'), wanted, node)})")

    def _cast_text(self, value: Typed, wanted: DataType, node: exp.Expr) -> str:
        try:
            return computed_once([value], lambda bound: cast_text(bound[0], wanted))
        except TypeMismatch as error:
            raise refuse(TypeMismatch, error.message, node) from error

    # Rows, arrays, maps

    @handles("expressions bracket_notation", exp.Array)
    def _array(self, node: exp.Array) -> Typed:
        values, element = self.common(node.expressions, node)
        texts = ", ".join(value.sql for value in values)
        return Typed(f"CAST([{texts}] AS {form(array_of(element))})", array_of(element))

    def row(self, values: Sequence[Typed]) -> Typed:
        type_ = row_of((None, value.type) for value in values)
        parts = (f"{quoted(name)} := {value.sql}" for name, value in zip(row_names(type_), values, strict=True))
        return Typed(f"struct_pack({', '.join(parts)})", type_)

    @handles("expressions", exp.Tuple)
    def _tuple(self, node: exp.Tuple) -> Typed:
        return self.row([self.compile(each) for each in node.expressions])

    @handles("this expressions offset", exp.Bracket)
    def _subscript(self, node: exp.Bracket) -> Typed:
        value, index = self.compile(node.this), self.compile(node.expressions[0])
        if value.type.name == ROW:
            return self._row_subscript(value, index, node)
        return self.function("trino_subscript", [value, index], node)

    def _row_subscript(self, value: Typed, index: Typed, node: exp.Expr) -> Typed:
        place = index.literal
        if not isinstance(place, int) or not 1 <= place <= len(value.type.fields):
            raise refuse(
                InvalidSql, f"ROW subscript index is out of bounds: {place}", node, "INVALID_FUNCTION_ARGUMENT"
            )
        return Typed(f"({value.sql}).{quoted(row_names(value.type)[place - 1])}", value.type.fields[place - 1].type)

    # Functions with a syntax of their own

    @handles(BINARY, exp.Extract)
    def _extract(self, node: exp.Extract) -> Typed:
        part = node.this.name.lower()
        if part not in EXTRACTED:
            raise refuse(InvalidSql, f"Invalid EXTRACT field: {node.this.name}", node, "SYNTAX_ERROR")
        return self.function(f"extract_{part}", [self.compile(node.expression)], node)

    @handles("this start length", exp.Substring)
    def _substring(self, node: exp.Substring) -> Typed:
        parts = [node.args.get(name) for name in ("this", "start", "length")]
        return self.function("substr", [self.compile(part) for part in parts if part is not None], node)

    @handles("this expression position", exp.Trim)
    def _trim(self, node: exp.Trim) -> Typed:
        name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(str(node.args.get("position") or "").upper(), "trim")
        parts = [node.this, node.expression] if node.expression is not None else [node.this]
        return self.function(name, [self.compile(part) for part in parts], node)

    @handles("this substr", exp.StrPosition)
    def _position(self, node: exp.StrPosition) -> Typed:
        return self.function("strpos", [self.compile(node.this), self.compile(node.args["substr"])], node)

    @handles("this zone", exp.AtTimeZone)
    def _at_time_zone(self, node: exp.AtTimeZone) -> Typed:
        return self.function("at_timezone", [self.compile(node.this), self.compile(node.args["zone"])], node)

    @handles("this", *CURRENT)
    def _current(self, node: exp.Expr) -> Typed:
        return self.function(CURRENT[type(node)], [], node)

    # Calls

    @handles("this expressions", exp.Anonymous)
    def _anonymous(self, node: exp.Anonymous) -> Typed:
        name = node.name.lower()
        if len(node.expressions) > MOST_ARGUMENTS:
            raise refuse(InvalidSql, f"Too many arguments for function call {name}()", node, "TOO_MANY_ARGUMENTS")
        if name.startswith(OWN):
            raise refuse(FunctionNotFound, f"Function '{name}' not registered", node)
        if name not in SPECIAL:
            return self.call(name, node.expressions, node)
        least, most, handle = SPECIAL[name]
        if not least <= len(node.expressions) <= most:
            kind = FunctionNotFound if name in ("greatest", "least", "typeof") else MalformedQuery
            raise refuse(kind, f"Unexpected parameters for function {name}", node)
        return handle(self, node)

    def call(self, name: str, arguments: Sequence[exp.Expr], node: exp.Expr) -> Typed:
        if any(overload.aggregate or overload.window for overload in FUNCTIONS.get(name, ())):
            return self.queries.aggregate(self, node)
        return self.function(name, arguments, node)

    def function(self, name: str, arguments: Sequence[exp.Expr | Typed], node: exp.Expr, **modifiers: str) -> Typed:
        """Call a function of the table, by the overload that takes the arguments at the least cost."""
        overloads = FUNCTIONS.get(name)
        if overloads is None:
            raise refuse(FunctionNotFound, f"Function '{name}' not registered", node)
        compiled = [
            argument if isinstance(argument, Typed | exp.Lambda) else self.compile(argument) for argument in arguments
        ]
        best: tuple[int, Overload, Bindings] | None = None
        for overload in overloads:
            found = self._cost(overload, compiled)
            if found is not None and (best is None or found[0] < best[0]):
                best = (found[0], overload, found[1])
        if best is None:
            if name in JOINING and len(compiled) == 1:
                message = f"There must be two or more arguments to {name}"
                raise refuse(InvalidSql, message, node, "INVALID_FUNCTION_ARGUMENT")
            shown = ", ".join("function" if isinstance(each, exp.Lambda) else each.type.athena for each in compiled)
            raise refuse(FunctionNotFound, f"Unexpected parameters ({shown}) for function {name}", node)
        return self._applied(best[1], best[2], compiled, node, modifiers)

    def _cost(self, overload: Overload, arguments: Sequence[Typed | exp.Lambda]) -> tuple[int, Bindings] | None:
        if not overload.takes(len(arguments)):
            return None
        bindings, total = Bindings(), 0
        for place, argument in enumerate(arguments):
            pattern = overload.parameter(place)
            if isinstance(argument, exp.Lambda) or pattern.name == FUNCTION:
                if not (isinstance(argument, exp.Lambda) and pattern.name == FUNCTION):
                    return None
                if len(argument.expressions) != len(pattern.parts) - 1:
                    return None
                continue
            cost = match(pattern, argument.type, bindings)
            if cost is None:
                return None
            total += cost
        return total, bindings

    def _applied(
        self,
        overload: Overload,
        bindings: Bindings,
        arguments: Sequence[Typed | exp.Lambda],
        node: exp.Expr,
        modifiers: dict[str, str],
    ) -> Typed:
        given: list[Typed | Lambda] = []
        for place, argument in enumerate(arguments):
            pattern = overload.parameter(place)
            if isinstance(argument, exp.Lambda):
                types = [resolve(part, bindings) for part in pattern.parts[:-1]]
                compiled = self._lambda(argument, types)
                if compiled.body.type == UNKNOWN and not pattern.parts[-1].is_variable:
                    raise refuse(FunctionNotFound, f"a lambda of {overload.name} gives nothing but NULL", node)
                if match(pattern.parts[-1], compiled.body.type, bindings) is None:
                    raise refuse(TypeMismatch, f"a lambda gives {compiled.body.type.athena}", node)
                wanted = resolve(pattern.parts[-1], bindings)
                given.append(Lambda(compiled.parameters, coerced(compiled.body, wanted)))
            else:
                wanted = resolve(pattern, bindings)
                keeps = (pattern.name == ROW and not pattern.parts) or wanted == UNKNOWN
                given.append(argument if keeps else coerced(argument, wanted))
        types = [each.body.type if isinstance(each, Lambda) else each.type for each in given]
        result = overload.result(types) if callable(overload.result) else resolve(overload.result, bindings)
        try:
            if overload.aggregate or overload.window:
                return Typed(self._text(overload, given, result, modifiers), result)
            return Typed(computed_once(given, lambda bound: self._text(overload, bound, result, modifiers)), result)
        except InvalidSql as error:
            raise refuse(type(error), error.message, node, error.id) from error

    def _text(
        self, overload: Overload, given: Sequence[Typed | Lambda], result: DataType, modifiers: dict[str, str]
    ) -> str:
        """What asks for a moment by its type's name gets microseconds."""
        precise = [
            each
            for place, each in enumerate(given)
            if isinstance(each, Typed) and is_precise(each.type) and not overload.parameter(place).is_variable
        ]
        if not precise:
            return overload.text(Call(tuple(given), result), **modifiers)
        low = of_digits(result, MICROSECONDS) if is_precise(result) else result
        arguments = tuple(micros(each) if isinstance(each, Typed) else each for each in given)
        return result_of(overload.name, overload.text(Call(arguments, low), **modifiers), result, precise[0])

    def _lambda(self, node: exp.Lambda, types: Sequence[DataType]) -> Lambda:
        names = [parameter.name.lower() for parameter in node.expressions]
        depth = len(self.scope.variables)
        texts = [f"v{depth + place}_" for place in range(len(names))]
        variables = {name: Typed(text, type_) for name, text, type_ in zip(names, texts, types, strict=True)}
        inner = Scope(self.scope.columns, self.scope.outer, {**self.scope.variables, **variables})
        body = Expressions(inner, self.queries, self.names).compile(_as_columns(node.this, names))
        return Lambda(tuple(texts), body)

    # Queries within, and what only stands in SELECT

    @handles("this", exp.Boolean)
    def _boolean(self, node: exp.Boolean) -> Typed:
        return literals.boolean(bool(node.this))

    @handles("this is_integer is_bytes", exp.HexString, exp.ByteString)
    def _binary(self, node: exp.HexString | exp.ByteString) -> Typed:
        return literals.binary(node.name)

    # Functions whose arguments are no plain values

    @special("row", most=MOST_ARGUMENTS)
    def _row_call(self, node: exp.Anonymous) -> Typed:
        return self.row([self.compile(each) for each in node.expressions])

    @special("coalesce", least=2, most=MOST_ARGUMENTS)
    def _coalesce(self, node: exp.Anonymous) -> Typed:
        """What comes later may fail where it is not reached: CASE keeps DuckDB from computing parts of it before."""
        (first, *later), type_ = self.common(node.expressions, node)
        texts = [first.sql]
        for before, value in zip([first, *later], later, strict=False):
            fails = MAY_FAIL.search(value.sql) is not None and value.literal is None
            texts.append(f"CASE WHEN {before.sql} IS NULL THEN {value.sql} END" if fails else value.sql)
        return Typed(f"coalesce({', '.join(texts)})", type_)

    @special("nullif", least=2, most=2)
    def _nullif(self, node: exp.Anonymous) -> Typed:
        first, second = (self.compile(each) for each in node.expressions)
        test = comparison("=", first, second)
        if test is None:
            raise self._cannot_apply("=", first, second, node)

        def text(bound: Sequence[Typed]) -> str:
            equal = comparison("=", *bound)
            return f"CASE WHEN {equal.sql if equal else ''} THEN NULL ELSE {bound[0].sql} END"

        return Typed(computed_once([first, second], text), first.type)

    @special("try")
    def _try(self, node: exp.Anonymous) -> Typed:
        with self.queries.computing(narrow=False):
            value = self.compile(node.expressions[0])
        return Typed(tried(value.sql, node), value.type)

    @special("normalize", most=2)
    def _normalize(self, node: exp.Anonymous) -> Typed:
        text, *rest = node.expressions
        form_name = rest[0].name.upper() if rest else "NFC"
        if form_name not in ("NFC", "NFD", "NFKC", "NFKD"):
            raise refuse(InvalidSql, f"Invalid normalization form: {form_name}", node)
        return self.function("normalize", [self.compile(text), literals.string(form_name)], node)

    @special("current_timestamp", "localtimestamp", "current_time", "localtime")
    def _current_to(self, node: exp.Anonymous) -> Typed:
        """A moment with so many digits of a second as are written behind it."""
        digits = node.expressions[0] if node.expressions else exp.Literal.number(3)
        if not isinstance(digits, exp.Literal) or digits.is_string or not digits.name.isdigit():
            raise refuse(InvalidSql, f"{node.name} takes a number of digits", node)
        return Typed(*current(node.name.lower(), int(digits.name)))

    @special("format", least=2, most=MOST_ARGUMENTS)
    def _format(self, node: exp.Anonymous) -> Typed:
        values = [self.compile(each) for each in node.expressions]
        if len(values) < 2 or values[0].type.name != "varchar":
            message = "The 'format' function must have at least two arguments, the first of them a varchar"
            raise refuse(InvalidSql, message, node, "SYNTAX_ERROR" if len(values) < 2 else "TYPE_MISMATCH")
        return format_call(values)

    @special("typeof")
    def _typeof(self, node: exp.Anonymous) -> Typed:
        value = self.compile(node.expressions[0])
        name = literals.string(value.type.athena).sql
        # An aggregate makes one row of many, whatever is asked of it.
        if any(is_aggregate(call.name.lower()) for call in node.find_all(exp.Anonymous)):
            name = f"CASE WHEN {value.sql} IS NULL THEN {name} ELSE {name} END"
        return Typed(name, VARCHAR)

    @special("greatest", "least", most=MOST_ARGUMENTS)
    def _greatest(self, node: exp.Anonymous) -> Typed:
        values = [self.compile(each) for each in node.expressions]
        type_ = common_of(value.type for value in values) if values else None
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


def coerced_or_cast(value: Typed, wanted: DataType) -> Typed:
    return coerced(value, wanted) if can_coerce(value.type, wanted) else Typed(cast_text(value, wanted), wanted)


def _as_columns(node: exp.Expr, names: Sequence[str]) -> exp.Expr:
    """sqlglot leaves the parameters of a lambda as bare identifiers in its body."""

    def column(each: exp.Expr) -> exp.Expr:
        is_bare = isinstance(each, exp.Identifier) and not isinstance(each.parent, exp.Column | exp.Dot | exp.ColumnDef)
        is_bare = is_bare and each.name.lower() in names and each.arg_key != "alias"
        first_of_dot = isinstance(each, exp.Identifier) and isinstance(each.parent, exp.Dot) and each.arg_key == "this"
        return exp.Column(this=each.copy()) if is_bare or (first_of_dot and each.name.lower() in names) else each

    return node.transform(column)


def fields_of(value: Typed, node: exp.Expr) -> list[tuple[str | None, Typed]]:
    if value.type.name != ROW:
        raise refuse(TypeMismatch, "a star stands behind a row", node)
    return [
        (field.name, Typed(f"({value.sql}).{quoted(own)}", field.type))
        for own, field in zip(row_names(value.type), value.type.fields, strict=True)
    ]
