"""The table of functions: a line an overload. A file a topic adds its lines to it.

    function("substr", "varchar(n), bigint", "varchar(n)", "trino_substr({0}, {1})")

The form is DuckDB's text with the arguments in braces; the arguments have been brought to the parameters' types by then.
Where the text depends on types or literals, the form is a Python function of the `Call`, which gives the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from lake.errors import InvalidSql, NotSupported
from lake.sql.compiler.signature import Pattern, parse_pattern, split_arguments
from lake.sql.compiler.typed import Lambda, Typed
from lake.types import DataType


@dataclass(frozen=True)
class Call:
    """One call of a function: its arguments as they are given to it, and the type of its result."""

    arguments: tuple[Typed | Lambda, ...]
    type: DataType

    def sql(self, place: int) -> str:
        return self.arguments[place].sql

    def type_of(self, place: int) -> DataType:
        argument = self.arguments[place]
        return argument.body.type if isinstance(argument, Lambda) else argument.type

    def literal(self, place: int) -> object:
        argument = self.arguments[place]
        return argument.literal if isinstance(argument, Typed) and place < len(self.arguments) else None


ANYHOW = frozenset(
    "min max bool_and bool_or every any_value arbitrary bitwise_and_agg bitwise_or_agg approx_distinct".split()
)
"""Aggregates that do not care how often a value comes."""
Form: TypeAlias = str | Callable[[Call], str]
ResultRule: TypeAlias = Callable[[Sequence[DataType]], DataType]


@dataclass(frozen=True)
class Overload:
    name: str
    parameters: tuple[Pattern, ...]
    variadic: bool
    result: Pattern | ResultRule
    form: Form
    aggregate: bool = False
    window: bool = False

    def takes(self, count: int) -> bool:
        least = len(self.parameters) - self.variadic
        return count >= least if self.variadic else count == least

    def parameter(self, place: int) -> Pattern:
        return self.parameters[min(place, len(self.parameters) - 1)]

    def _check_distinct(self, text: str, modifiers: dict[str, str]) -> None:
        if modifiers.get("d") and "{d}" not in text and not (self.name in ANYHOW and len(self.parameters) == 1):
            raise NotSupported(f"DISTINCT in {self.name} is not supported on a directory")

    def text(self, call: Call, **modifiers: str) -> str:
        if callable(self.form):
            text = self.form(call)
            self._check_distinct(text, modifiers)
            for name, modifier in modifiers.items():
                text = text.replace(f"{{{name}}}", modifier)
            return text
        self._check_distinct(self.form, modifiers)
        arguments = [argument.sql for argument in call.arguments]
        return self.form.format(
            *arguments, all=", ".join(arguments), **({"d": "", "o": "", "f": "", "i": ""} | modifiers)
        )


def invalid_argument(message: str) -> InvalidSql:
    """Return an error about an argument that is written out."""
    error = InvalidSql(message)
    error.id = "INVALID_FUNCTION_ARGUMENT"
    return error


FUNCTIONS: dict[str, list[Overload]] = defaultdict(list)


def is_aggregate(name: str) -> bool:
    return any(overload.aggregate for overload in FUNCTIONS.get(name, ()))


def function(
    names: str, parameters: str, result: str | ResultRule, form: Form, *, aggregate: bool = False, window: bool = False
) -> None:
    """Add an overload to the table, under each of several names that are separated by |."""
    patterns, variadic = split_arguments(parameters)
    shape = parse_pattern(result) if isinstance(result, str) else result
    for name in names.split("|"):
        overload = Overload(name, tuple(patterns), variadic, shape, form, aggregate, window)
        signatures = [(each.parameters, each.variadic) for each in FUNCTIONS[name]]
        assert (overload.parameters, variadic) not in signatures, f"{name}({parameters}) is in the table already"
        FUNCTIONS[name].append(overload)


def also_char(names: str, place: int) -> None:
    """Let a pattern, a path or a set of characters be of type char too: Trino takes it with its blanks."""
    for name in names.split():
        for overload in tuple(FUNCTIONS[name]):
            if place < len(overload.parameters) and overload.parameters[place].name == "varchar":
                parameters = list(overload.parameters)
                parameters[place] = parse_pattern("char(c)")
                form = _of_char(overload, place)
                FUNCTIONS[name].append(replace(overload, parameters=tuple(parameters), form=form))


def _of_char(overload: Overload, place: int) -> Callable[[Call], str]:
    def text(call: Call) -> str:
        given = call.arguments[place]
        assert isinstance(given, Typed)
        length = given.type.parameters[0]
        literal = given.literal.ljust(length) if isinstance(given.literal, str) else None
        padded = Typed(f"rpad({given.sql}, {length}, ' ')", DataType("varchar"), literal)
        return overload.text(Call((*call.arguments[:place], padded, *call.arguments[place + 1 :]), call.type))

    return text


def aggregate(names: str, parameters: str, result: str | ResultRule, form: Form) -> None:
    function(names, parameters, result, form, aggregate=True)


def window(names: str, parameters: str, result: str | ResultRule, form: Form) -> None:
    function(names, parameters, result, form, window=True)
