"""Expressions, bottom up: each gets its type in Trino and its text in DuckDB. What is not known here is refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from lake.errors import ColumnNotFound, FunctionNotFound, InvalidSql, MalformedQuery, NotSupported, TypeMismatch
from lake.sql.compiler.binding import computed_once
from lake.sql.compiler.casts import coerced
from lake.sql.compiler.coercion import BOOLEAN, UNKNOWN, common_of
from lake.sql.compiler.forms import MICROSECONDS, is_precise, row_names
from lake.sql.compiler.functions import FUNCTIONS, Call, Overload
from lake.sql.compiler.precise import micros, of_digits, result_of
from lake.sql.compiler.scope import Names, Scope
from lake.sql.compiler.signature import FUNCTION, Bindings, match, resolve
from lake.sql.compiler.typed import Lambda, Typed
from lake.sql.parse import position
from lake.types import DataType, parse_type
from lake.types.datatype import ROW, quoted, row_of

if TYPE_CHECKING:
    from lake.sql.compiler.queries import Queries

BINARY = "this expression"
JOINING = frozenset({"concat", "concat_ws", "map_concat"})
MOST_ARGUMENTS = 127


Handler = Callable[["Expressions", Any], Typed]
HANDLERS: dict[type[exp.Expr], tuple[frozenset[str], Handler]] = {}
SPECIAL: dict[str, tuple[int, int, Handler]] = {}
"""Functions whose arguments are no plain values: how many they take at least and at most, and what compiles them."""

OWN = ("trino_", "extract_")
"""How the names of functions begin that stand in the table for a syntax of their own."""


def handles(arguments: str, *kinds: type[exp.Expr]) -> Callable[[Handler], Handler]:
    """Say which arguments of nodes a function reads; a node with another one is refused."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(kinds, (frozenset(arguments.split()), handler)))
        return handler

    return register


def special(*names: str, least: int = 1, most: int = 1) -> Callable[[Handler], Handler]:
    """Say which calls a function compiles, and how many arguments they take."""

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

    def field(self, value: Typed, name: str, node: exp.Expr) -> Typed:
        if value.type.name == ROW:
            for own, field in zip(row_names(value.type), value.type.fields, strict=True):
                if field.name == name.lower():
                    return Typed(f"({value.sql}).{quoted(own)}", field.type)
        raise refuse(ColumnNotFound, f"Column '{name}' cannot be resolved", node)

    def type(self, node: exp.DataType) -> DataType:
        try:
            return parse_type(node.sql("trino"), trino=True)
        except InvalidSql as error:
            raise refuse(type(error), error.message, node) from error

    def row(self, values: Sequence[Typed]) -> Typed:
        type_ = row_of((None, value.type) for value in values)
        parts = (f"{quoted(name)} := {value.sql}" for name, value in zip(row_names(type_), values, strict=True))
        return Typed(f"struct_pack({', '.join(parts)})", type_)

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


def _as_columns(node: exp.Expr, names: Sequence[str]) -> exp.Expr:
    """sqlglot leaves the parameters of a lambda as bare identifiers in its body."""

    def column(each: exp.Expr) -> exp.Expr:
        is_bare = isinstance(each, exp.Identifier) and not isinstance(each.parent, exp.Column | exp.Dot | exp.ColumnDef)
        is_bare = is_bare and each.name.lower() in names and each.arg_key != "alias"
        first_of_dot = isinstance(each, exp.Identifier) and isinstance(each.parent, exp.Dot) and each.arg_key == "this"
        return exp.Column(this=each.copy()) if is_bare or (first_of_dot and each.name.lower() in names) else each

    return node.transform(column)
