"""Shapely, which is imported when a query first needs it. It comes with `tap-lake[geo]`."""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from typing import Any


class _Shapely:
    """Stands for the module; what has been asked for once is an attribute of its own."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(importlib.import_module("shapely"), name)
        setattr(self, name, found)
        return found


shapely: Any = _Shapely()


@cache
def is_installed() -> bool:
    return importlib.util.find_spec("shapely") is not None
