"""Arguments that a text would name more than once are computed once: texts within texts would grow by powers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar

from lake.sql.compiler.macros import CALL, calls, definitions
from lake.sql.compiler.trying import in_lambda
from lake.sql.compiler.typed import Lambda, Typed, is_column

Argument = TypeVar("Argument", Typed, "Typed | Lambda")

HEAVY = re.compile(r"\b(?:trino_|py_|list_transform\()|\bCASE ")


def computed_once(arguments: Sequence[Argument], text: Callable[[Sequence[Argument]], str]) -> str:
    """Return `text` of the arguments, within lambdas that bind those that are worth it and named again and again."""
    if not any(isinstance(each, Typed) and HEAVY.search(each.sql) for each in arguments):
        return text(arguments)
    bound = [_bound(place, each) for place, each in enumerate(arguments)]
    inner = text(bound)
    if not _repeats(inner, [after.sql for before, after in zip(arguments, bound, strict=True) if after is not before]):
        return text(arguments)
    for before, after in zip(arguments, bound, strict=True):
        if after is not before:
            inner = in_lambda(before.sql, after.sql, inner)
    return inner


def _bound(place: int, argument: Argument) -> Argument:
    if isinstance(argument, Lambda) or argument.literal is not None or is_column(argument.sql):
        return argument
    return replace(argument, sql=f"a{place}_")


def _repeats(text: str, names: Sequence[str]) -> bool:
    """Say whether one of the names is there more than once, itself or when macros have been put in."""
    if any(len(re.findall(rf"\b{name}\b", text)) > 1 for name in names):
        return True
    return any(_repeats_parameters(call) for call in CALL.findall(text))


@cache
def _repeats_parameters(macro: str) -> bool:
    head, _, body = definitions().get(macro, "").partition(" AS ")
    parameters = re.findall(r"\w+", head.partition("(")[2])
    if any(len(re.findall(rf"\b{parameter}\b", body)) > 1 for parameter in parameters):
        return True
    return any(_repeats_parameters(inner) for inner in calls(macro) if inner != macro)
