"""Colors of a terminal: 24 bits of red, green and blue, or -1 - n for one of its own (trino.io/docs/422/functions/color.html)."""

from __future__ import annotations

import colorsys
import math
import re
from functools import lru_cache

from lake.sql.compiler.runtime.errors import TrinoError

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
HEX = re.compile(r"#[0-9a-fA-F]{3}")
COLORS_KEPT = 10_000
RESET = "\x1b[0m"
BLOCK = "█"
FIRST_OF_CUBE, STEPS = 16, 6
RED, GREEN = 0xFF0000, 0x00FF00


def _invalid(message: str) -> TrinoError:
    return TrinoError("INVALID_FUNCTION_ARGUMENT", message)


def color_of_text(text: str) -> int:
    if HEX.fullmatch(text):
        red, green, blue = (int(digit, 16) * 17 for digit in text[1:])
        return rgb(red, green, blue)
    if text.lower() in NAMES:
        return -1 - NAMES.index(text.lower())
    raise _invalid(f"Invalid color: '{text}'")


def color_text(color: int) -> str:
    return NAMES[-1 - color] if color < 0 else f"#{color:06x}"


def rgb(red: int, green: int, blue: int) -> int:
    for name, part in (("red", red), ("green", green), ("blue", blue)):
        if not 0 <= part <= 255:
            raise _invalid(f"{name} must be between 0 and 255")
    return red << 16 | green << 8 | blue


def _parts(color: int) -> tuple[int, int, int]:
    return color >> 16, color >> 8 & 255, color & 255


def between(fraction: float, low: int, high: int) -> int:
    """Return the color that lies at a fraction of the way from one hue, saturation and brightness to another."""
    for name, color in (("lowColor", low), ("highColor", high)):
        if color < 0:
            raise _invalid(f"{name} not a valid RGB color")
    return _mixed(min(1.0, max(0.0, fraction)) if fraction == fraction else fraction, low, high)


@lru_cache(COLORS_KEPT)
def _mixed(fraction: float, low: int, high: int) -> int:
    if math.isnan(fraction):
        return 0
    one, other = (colorsys.rgb_to_hsv(*(part / 255 for part in _parts(color))) for color in (low, high))
    mixed = (start * (1 - fraction) + end * fraction for start, end in zip(one, other, strict=True))
    red, green, blue = (math.floor(part * 255 + 0.5) for part in colorsys.hsv_to_rgb(*mixed))
    return red << 16 | green << 8 | blue


def color_of_value(value: float, low_value: float, high_value: float, low: int, high: int) -> int:
    span = high_value - low_value
    return between((value - low_value) / span if span else math.nan, low, high)


@lru_cache(COLORS_KEPT)
def _code(color: int) -> str:
    if color < 0:
        return f"\x1b[38;5;{-1 - color}m"
    red, green, blue = (part * STEPS // 256 for part in _parts(color))
    return f"\x1b[38;5;{FIRST_OF_CUBE + red * STEPS * STEPS + green * STEPS + blue}m"


def rendered(text: str, color: int) -> str:
    return f"{_code(color)}{text}{RESET}"


def rendered_boolean(value: bool) -> str:
    return rendered("✓", color_of_text("green")) if value else rendered("✗", color_of_text("red"))


def bar(share: float, width: int) -> str:
    return colored_bar(share, width, RED, GREEN)


def colored_bar(share: float, width: int, low: int, high: int) -> str:
    """Return blocks for the share, each in a color of its own, and blanks for the rest."""
    if low < 0 or high < 0:
        raise _invalid("color is not a valid rgb value")
    count = 0 if math.isnan(share) else int(min(1.0, max(0.0, share)) * max(0, width))
    places = (place / (width - 1) if width > 1 else math.nan for place in range(count))
    blocks = "".join(_code(_mixed(place, low, high)) + BLOCK for place in places)
    return f"{blocks}{RESET}{' ' * (width - count)}"
