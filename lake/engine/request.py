"""What an engine is asked to do."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING

from lake.errors import NotSupported, QueryTimeout
from lake.model import Parameters
from lake.storage.new_file import NewFile

if TYPE_CHECKING:
    from lake.sql.parameters import Values
    from lake.sql.plan import QueryPlan
    from lake.types import DataType


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
    """One statement to run: its text, and what the names in it mean. `token` names the request: sent twice, it runs once.

    An engine that reads the files itself needs the `plan`, whose parameters are bound; one that is a service writes the
    `values` into `sql`. `parameters` are those values as the history shows them, `types` are those of the result's columns where they are known beforehand. `keep`
    says that the rows may be read more than once; without it they pass by, and a reader who falls behind holds the engine
    up. With `export` the rows go to that Parquet file, whole or not at all, and none come back. At `deadline` the query is
    stopped and fails with QueryTimeout. A service may answer with a result that is at most `reuse_minutes` old. `mark` is
    closed when the query has ended, and tells others until then that it reads files.
    """

    sql: str
    database: str
    token: str
    plan: QueryPlan | None = None
    values: Values | None = field(default=None, hash=False)
    types: tuple[DataType, ...] | None = None
    parameters: Parameters = field(default_factory=dict, hash=False)
    keep: bool = True
    export: NewFile | None = None
    deadline: Deadline | None = None
    reuse_minutes: int | None = None
    mark: IO[bytes] | None = field(default=None, hash=False)

    def with_plan(self, plan: QueryPlan, mark: IO[bytes] | None) -> QueryRequest:
        return replace(self, plan=plan, types=tuple(plan.compiled.types), mark=mark)

    @property
    def planned(self) -> QueryPlan:
        """The plan; raises NotSupported where the statement has none."""
        if self.plan is None:
            raise NotSupported("only a planned query can be run here")
        return self.plan

    def ended(self) -> None:
        if self.mark is not None:
            self.mark.close()
