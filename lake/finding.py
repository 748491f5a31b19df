"""Which folders are lakes, and the nearest one: all that has to be known of a folder to pass it by."""

from __future__ import annotations

import os
from pathlib import Path

CONTROL = ".tap-lake"


def is_lake(path: Path) -> bool:
    return os.path.isdir(path / CONTROL)  # noqa: PTH112 - unlike Path.is_dir it is False where one may not look


def find_lake(start: Path) -> Path | None:
    """Return the nearest folder from `start` upwards that is a lake."""
    start = start.absolute()
    return next((folder for folder in (start, *start.parents) if is_lake(folder)), None)
