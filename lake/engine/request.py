"""What an engine is asked to do."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from lake.errors import QueryTimeout
from lake.model import Parameters
from lake.storage.new_file import NewFile

if TYPE_CHECKING:
    from lake.sql.plan import QueryPlan


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a query has had its time: `at` is on the monotonic clock, `seconds` is what was asked for."""

    seconds: float
    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(seconds, time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """Seconds from now; negative once it is over."""
        return self.at - time.monotonic()

    def check(self) -> None:
        if self.left <= 0:
            raise self.error()

    def error(self) -> QueryTimeout:
        return QueryTimeout(f"the query was stopped after {self.seconds:g} s")


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A planned query. `token` names the request: sent twice, it runs once.

    `keep` says that the rows may be read more than once; without it they pass by, and a reader who falls behind holds
    the engine up. With `export` the rows go to that Parquet file, whole or not at all, and none come back. At
    `deadline` the query is stopped and fails with QueryTimeout. `mark` is closed when it has ended, and tells others until then
    that it reads files.
    """

    plan: QueryPlan
    token: str
    parameters: Parameters = field(default_factory=dict, hash=False)
    keep: bool = True
    export: NewFile | None = None
    deadline: Deadline | None = None
    mark: IO[bytes] | None = field(default=None, hash=False)

    def ended(self) -> None:
        if self.mark is not None:
            self.mark.close()
