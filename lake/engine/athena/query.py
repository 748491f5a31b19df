"""A query on Athena that this process knows of."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lake.batches import Batches
from lake.errors import LakeError
from lake.model import Execution
from lake.sql.bound_text import BoundText
from lake.storage.new_file import NewFile

if TYPE_CHECKING:
    from lake.engine.request import Deadline
    from lake.result import Result
    from lake.types import DataType


@dataclass(slots=True)
class Query:
    """From its submission, or from when it was first asked for, until it is forgotten.

    `owned` ones were started here and are stopped with the lake. `raw` is the API's record of one that has ended.
    """

    execution: Execution
    bound: BoundText
    batches: Batches
    known_types: Sequence[DataType] | None = None
    deadline: Deadline | None = None
    export: NewFile | None = None
    output_location: str | None = None
    owned: bool = True
    raw: dict[str, Any] | None = None
    error: LakeError | None = None
    stop_reason: LakeError | None = None
    """Why it is to be stopped, where we want it."""
    ended: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    wanted: bool = False
    """Somebody asked for its rows."""
    reading: bool = False
    types: Sequence[DataType] | None = None
    """Of the result's columns, once they are known."""
    result: weakref.ref[Result] | None = None

    @property
    def id(self) -> str:
        return self.execution.id
