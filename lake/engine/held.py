"""The rows of a query, for as long as somebody holds them."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lake.batches import Batches
from lake.model import Execution
from lake.result import Result

if TYPE_CHECKING:
    from lake.types import DataType


def held_result(
    batches: Batches,
    execution: Callable[[], Execution],
    types: Sequence[DataType] | Callable[[], Sequence[DataType]],
    forget: Callable[[str], object],
) -> Result:
    """Return a Result; `forget`, a method, is called with the execution's id when it is closed, or nobody holds it any more.

    It keeps nothing of whom the method belongs to.
    """
    name = execution().id
    method = weakref.WeakMethod(forget)
    held = Result(batches, execution=execution, close=lambda: _call(method, name), types=types)
    weakref.finalize(held, _call, method, name)
    return held


def _call(method: weakref.WeakMethod[Callable[[str], object]], name: str) -> None:
    bound = method()
    if bound is not None:
        bound(name)
