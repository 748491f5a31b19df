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
from lake.named import READERS, read_value

GIVEN = re.compile(r"(?P<name>[A-Za-z_]\w*)(?::(?P<type>\w+)(?P<list>\[\])?)?=(?P<text>.*)", re.DOTALL)
INTEGER = re.compile(r"0|-?[1-9]\d*", re.ASCII)
DECIMAL = re.compile(r"-?(?:0|[1-9]\d*)\.\d+", re.ASCII)
BOOLEANS = {"true": True, "false": False}


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
        subject = f":{self.name}"
        if not self.is_list:
            return read_value(self.text, self.type, subject)
        return [read_value(part, self.type, subject) for part in self.text.split(",")] if self.text else []


class ParameterOption(ParamType):
    """`name=value`, `name:type=value`, `name:type[]=value,value`."""

    name = "name=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> GivenParameter:
        match = GIVEN.fullmatch(str(value))
        if match is None:
            self.fail(f"{value!r} is not name=value, name:type=value or name:type[]=value,value.", param, ctx)
        if match["type"] and match["type"].lower() not in READERS:
            self.fail(f"{match['type']!r} is not one of {', '.join(READERS)}.", param, ctx)
        return GivenParameter(match["name"], match["text"], match["type"], match["list"] is not None)


def read_freely(text: str) -> Any:
    """Read `7` as an integer, `7.50` as a decimal, `true` as a boolean; `007`, `+7` and `7e2` are text."""
    if INTEGER.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text):
        return Decimal(text)
    return BOOLEANS.get(text.lower(), text)


def shared_out(given: Mapping[str, GivenParameter], names: list[frozenset[str]]) -> list[dict[str, GivenParameter]]:
    """Give each of several statements the parameters that it names; raise ParameterError for one that none names."""
    unknown = set(given) - frozenset().union(*names)
    if unknown:
        listed = ", ".join(f":{name}" for name in sorted(unknown))
        raise ParameterError(f"no statement has a parameter {listed}")
    return [{name: given[name] for name in given if name in wanted} for wanted in names]
