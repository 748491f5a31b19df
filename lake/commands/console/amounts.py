"""Amounts as they are typed: bytes (`10MB`, `1GiB`), spans of time (`90`, `5m`, `2h`), dollars; and as they are shown."""

from __future__ import annotations

import math
import re
from typing import Any

import click

from lake.commands.console.param_type import ParamType

POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
SECONDS = {"ms": 0.001, "": 1, "s": 1, "m": 60, "min": 60, "h": 3600}


class ByteSize(ParamType):
    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgtp]?)(i?)(b?)", str(value).replace("_", ""), re.IGNORECASE)
        if match is None or (match[3] and not match[2]):
            self.fail(f"{value!r} is no size: write 500000, 10MB or 1GiB.", param, ctx)
        return int(float(match[1]) * (1024 if match[3] else 1000) ** POWERS[match[2].lower()])


class Seconds(ParamType):
    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|)", str(value))
        seconds = float(match[1]) * SECONDS[match[2]] if match else 0.0
        if seconds <= 0:
            self.fail(f"{value!r} is no span of time: write 90, 500ms, 5m or 2h.", param, ctx)
        return seconds


def show_usd(dollars: float) -> str:
    """Write cents, and as many digits of a small amount as tell it from nothing."""
    if dollars >= 0.1:
        return f"{dollars:.2f} USD"
    digits = max(6, 2 - math.floor(math.log10(dollars))) if dollars else 1
    return f"{dollars:.{digits}f}".rstrip("0").rstrip(".") + " USD"


def show_bytes(size: int) -> str:
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if amount < 999.95 or unit == "TB":
            return f"{size} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError


def counted(number: int, noun: str, *, more: bool = False) -> str:
    """Write `1 row`, `2,000 rows`, or `1,000+ rows` where there are more."""
    return f"{number:,}{'+' if more else ''} {noun if number == 1 and not more else noun + 's'}"
