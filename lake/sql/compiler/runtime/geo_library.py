"""Libraries that are imported when a query first needs them. Shapely comes with `tap-lake[geo]`."""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from typing import Any


class LazyModule:
    """Stands for a module; what has been asked for once is an attribute of its own."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        found = getattr(importlib.import_module(self._module), name)
        setattr(self, name, found)
        return found


shapely: Any = LazyModule("shapely")


@cache
def is_installed() -> bool:
    return importlib.util.find_spec("shapely") is not None
