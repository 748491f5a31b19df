"""`-p name=value`: values for the `:name` of a query."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import click

from lake.commands.console.param_type import ParamType
from lake.errors import ParameterError
from lake.values import READERS, read_value

GIVEN = re.compile(r"(?P<name>[A-Za-z_]\w*)(?::(?P<type>\w+)(?P<list>\[\])?)?=(?P<text>.*)", re.DOTALL)
INTEGER = re.compile(r"0|-?[1-9]\d*", re.ASCII)
DECIMAL = re.compile(r"-?(?:0|[1-9]\d*)\.\d+", re.ASCII)
DOUBLE = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?[eE][+-]?\d+", re.ASCII)
BOOLEANS = {"true": True, "false": False}
NULL = "null"


@dataclass(frozen=True, slots=True)
class GivenParameter:
    name: str
    text: str
    type: str | None = None
    is_list: bool = False

    @property
    def declared_value(self) -> Any:
        """What a named query gets: the text, to be read as the query declares it, unless a type was given here."""
        return self.text if self.type is None else self.value

    @property
    def value(self) -> Any:
        """Read by the type given; without one, what is written as a number or a boolean is one, all else is text."""
        if self.type is None:
            return read_freely(self.text)
        if self.type == NULL:
            return None
        subject = f":{self.name}"
        if not self.is_list:
            return read_value(self.text, self.type, subject)
        return [read_value(part, self.type, subject) for part in self.text.split(",")] if self.text else []


class ParameterOption(ParamType):
    """`name=value`, `name:type=value`, `name:type[]=value,value`, `name:null=`."""

    name = "name=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> GivenParameter:
        match = GIVEN.fullmatch(str(value))
        if match is None:
            self.fail(f"{value!r} is not name=value, name:type=value or name:type[]=value,value.", param, ctx)
        kind = match["type"].lower() if match["type"] else None
        if kind == NULL and (match["text"] or match["list"]):
            self.fail(f"{value!r} is not {match['name']}:null=, after which nothing follows.", param, ctx)
        if kind not in (None, NULL, *READERS):
            self.fail(f"{match['type']!r} is not one of {', '.join(READERS)}, null.", param, ctx)
        return GivenParameter(match["name"], match["text"], kind, match["list"] is not None)


def read_freely(text: str) -> Any:
    """Read `7` as an integer, `7.50` as a decimal, `7e2` as a double, `true` as a boolean; `007` and `+7` are text."""
    if INTEGER.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text):
        return Decimal(text)
    if DOUBLE.fullmatch(text):
        return float(text)
    return BOOLEANS.get(text.lower(), text)


def shared_out(given: Mapping[str, GivenParameter], names: list[frozenset[str]]) -> list[dict[str, GivenParameter]]:
    """Give each of several statements the parameters that it names; raise ParameterError for one that none names."""
    unknown = set(given) - frozenset().union(*names)
    if unknown:
        listed = ", ".join(f":{name}" for name in sorted(unknown))
        raise ParameterError(f"no statement has a parameter {listed}")
    return [{name: given[name] for name in given if name in wanted} for wanted in names]
