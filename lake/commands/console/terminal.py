"""What is said to the person at the terminal, and what that terminal can do."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from typing import TextIO

from lake.commands.console.options import Settings


def say(text: str) -> None:
    """Write a line to standard error; nobody is told when that is closed."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def is_terminal(stream: TextIO) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def may_color(stream: TextIO, settings: Settings) -> bool:
    """Say whether colour is wanted there: no-color.org, FORCE_COLOR, and what the terminal can."""
    if not settings.color or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") != "0":
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def width() -> int:
    return shutil.get_terminal_size().columns
