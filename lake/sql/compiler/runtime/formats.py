"""format() by the rules of java.util.Formatter (trino.io/docs/422/functions/conversion.html)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.times import DAY, date_of

WHOLE_DIGITS = 310
"""Of the largest double."""
SPECIFIER = re.compile(r"%(\d+\$|<)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?(t|T)?([a-zA-Z%])")
TIMES = {
    "H": "%H", "I": "%I", "M": "%M", "S": "%S", "Y": "%Y", "y": "%y", "m": "%m", "d": "%d", "j": "%j",
    "B": "%B", "b": "%b", "h": "%b", "A": "%A", "a": "%a", "R": "%H:%M", "T": "%H:%M:%S", "r": "%I:%M:%S %p",
    "D": "%m/%d/%y", "F": "%Y-%m-%d", "z": "%z", "Z": "%Z", "c": "%a %b %d %H:%M:%S %Z %Y",
}  # fmt: skip

LAST_YEAR = 9999
UNPADDED = {"k": "%H", "l": "%I", "e": "%d"}


def invalid(message: str) -> TrinoError:
    return TrinoError("INVALID_FUNCTION_ARGUMENT", message)


@dataclass(frozen=True, slots=True)
class Specifier:
    flags: str
    width: int
    precision: int | None
    kind: str

    def padded(self, text: str) -> str:
        written = text.upper() if self.kind.isupper() else text
        return written.ljust(self.width) if "-" in self.flags else written.rjust(self.width)


def format_(pattern: str, *arguments: Any) -> str | None:
    """Return None for no pattern; an argument that is NULL is written as `null`."""
    if pattern is None:
        return None
    parts: list[str] = []
    end = following = last = 0
    for found in SPECIFIER.finditer(pattern):
        parts.append(_plain(pattern[end : found.start()]))
        end = found.end()
        index, flags, width, precision, moment, kind = found.groups()
        specifier = Specifier(flags, int(width or 0), int(precision) if precision else None, kind)
        if kind in "%n":
            parts.append(specifier.padded("%") if kind == "%" else "\n")
            continue
        if index is None:
            last, following = following, following + 1
        elif index != "<":
            last = int(index[:-1]) - 1
        if not 0 <= last < len(arguments):
            raise invalid(f"Format specifier '{found[0]}'")
        parts.append(_written(specifier, arguments[last], moment))
    return "".join([*parts, _plain(pattern[end:])])


def _plain(text: str) -> str:
    if "%" in text:
        raise invalid(f"Conversion = '%': {text}")
    return text


def _written(specifier: Specifier, value: Any, moment: str | None) -> str:
    if moment:
        text = "null" if value is None else _of_time(specifier.kind, value)
        return replace(specifier, kind=moment).padded(text)
    kind = specifier.kind.lower()
    if kind == "b":
        return specifier.padded(str(value if isinstance(value, bool) else value is not None).lower())
    if kind == "s" or value is None:
        return specifier.padded(java_text(value)[: specifier.precision])
    if kind == "h":
        return specifier.padded(f"{java_hash(value):x}")
    if kind in "dox" and isinstance(value, int) and not isinstance(value, bool):
        return _of_integer(specifier, kind, value)
    if kind in "feg" and isinstance(value, float | Decimal):
        return _of_fraction(specifier, kind, value)
    raise invalid(f"Illegal format conversion: {specifier.kind} != {type(value).__name__}")


def java_hash(value: Any) -> int:
    """Return the hashCode() of a text, as 32 bits without a sign."""
    if not isinstance(value, str):
        raise TrinoError("NOT_SUPPORTED", "%h takes text alone here")
    found = 0
    units = value.encode("utf-16-be")
    for place in range(0, len(units), 2):
        found = (31 * found + int.from_bytes(units[place : place + 2], "big")) % 2**32
    return found


def _of_integer(specifier: Specifier, kind: str, value: int) -> str:
    if kind == "d":
        return _signed(specifier, f"{abs(value):{',' if ',' in specifier.flags else ''}}", negative=value < 0)
    digits = f"{value % 2**64:{kind}}"
    prefix = {"o": "0", "x": "0x"}[kind] if "#" in specifier.flags else ""
    zeros = "0" * (specifier.width - len(prefix + digits)) if "0" in specifier.flags else ""
    return specifier.padded(prefix + zeros + digits)


def _of_fraction(specifier: Specifier, kind: str, value: float | Decimal) -> str:
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        return specifier.padded(java_text(value))
    precision = 6 if specifier.precision is None else specifier.precision
    magnitude = abs(number)
    if kind == "g":
        precision = max(1, precision)
        plain = magnitude == 0 or Decimal("0.0001") <= magnitude < Decimal(10) ** precision
        kind = "f" if plain else "e"
        precision -= 1 + (magnitude.adjusted() if plain and magnitude else 0)
    if kind == "e":
        digits = f"{_exponential(magnitude, precision)}"
    else:
        rounded = magnitude.quantize(
            Decimal(1).scaleb(-precision), ROUND_HALF_UP, Context(prec=precision + WHOLE_DIGITS)
        )
        digits = f"{rounded:{',' if ',' in specifier.flags else ''}f}"
    return _signed(specifier, digits, negative=number.is_signed())


def _rounded(magnitude: Decimal, precision: int) -> Decimal:
    return magnitude.quantize(Decimal(1).scaleb(-precision), ROUND_HALF_UP, Context(prec=precision + WHOLE_DIGITS))


def _exponential(magnitude: Decimal, precision: int) -> str:
    exponent = magnitude.adjusted() if magnitude else 0
    lead = _rounded(magnitude.scaleb(-exponent), precision)
    if lead >= 10:
        lead, exponent = _rounded(lead / 10, precision), exponent + 1
    return f"{lead:f}e{exponent:+03d}"


def _signed(specifier: Specifier, digits: str, *, negative: bool) -> str:
    flags = specifier.flags
    before = ("(" if "(" in flags else "-") if negative else "+" if "+" in flags else " " if " " in flags else ""
    behind = ")" if before == "(" else ""
    zeros = "0" * (specifier.width - len(before + digits + behind)) if "0" in flags else ""
    return specifier.padded(before + zeros + digits + behind)


def java_text(value: Any) -> str:
    """Write a value as its toString() does."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return java_double(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        if "d" in value:
            return _iso_of(value["t"], is_date=value["d"])
        zone = value["z"]
        local = _local(value)
        offset = f"{local:%z}"
        written = "Z" if zone == "UTC" else f"{offset[:3]}:{offset[3:]}"
        return f"{_iso(local)}{written}" + ("" if zone[0] in "+-" else f"[{zone}]")
    return _iso(value) if isinstance(value, datetime | time) else str(value)


def java_double(value: float) -> str:
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value) if "e" not in repr(value) else f"{Decimal(repr(value)):f}"
    sign, digits, _ = Decimal(repr(value)).normalize().as_tuple()
    written = "".join(map(str, digits))
    exponent = Decimal(repr(value)).adjusted()
    return f"{'-' if sign else ''}{written[0]}.{written[1:] or '0'}E{exponent}"


def _iso_of(micros: int, *, is_date: bool) -> str:
    """Write a local moment; a year of more than four digits has its sign."""
    year, month, day = date_of(micros // DAY)
    sign = "-" if year < 0 else "+" if year > LAST_YEAR else ""
    written = f"{sign}{abs(year):04}-{month:02}-{day:02}"
    if is_date:
        return written
    clock = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros % DAY)
    return f"{written}T{_iso(clock.time())}"


def _iso(value: datetime | time) -> str:
    """Seconds are left out where they are none, and a fraction has 3, 6 or 9 digits."""
    fraction = f".{value.microsecond:06}" if value.microsecond else ""
    fraction = fraction.removesuffix("000") if fraction else ""
    seconds = f":{value.second:02}{fraction}" if value.second or fraction else ""
    day = f"{value:%Y-%m-%d}T" if isinstance(value, datetime) else ""
    return f"{day}{value.hour:02}:{value.minute:02}{seconds}"


def _local(value: dict[str, Any]) -> datetime:
    """Read a moment with a zone, which comes as microseconds since 1970 and the zone's name."""
    zone = value["z"]
    local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value["t"])
    if zone[0] in "+-":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
        return local.astimezone(timezone(offset if zone[0] == "+" else -offset))
    return local.astimezone(ZoneInfo(zone))


def _moment(value: dict[str, Any]) -> datetime:
    if "z" in value:
        return _local(value)
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value["t"])
    except OverflowError as error:
        raise TrinoError("NOT_SUPPORTED", "a year beyond 9999 has no text of this kind here") from error


def _of_time(kind: str, value: Any) -> str:
    moment = _moment(value) if isinstance(value, dict) else value
    if not isinstance(moment, date | time):
        raise invalid(f"Illegal format conversion: t{kind}")
    if kind in UNPADDED:
        return str(int(moment.strftime(UNPADDED[kind])))
    if kind == "p":
        return moment.strftime("%p").lower()
    if kind == "L" and isinstance(moment, datetime | time):
        return f"{moment.microsecond // 1000:03}"
    if kind == "N" and isinstance(moment, datetime | time):
        return f"{moment.microsecond * 1000:09}"
    if kind not in TIMES:
        raise invalid(f"Unknown format conversion: t{kind}")
    return moment.strftime(TIMES[kind])
