"""What an engine is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from lake.model import Parameters
from lake.sql.plan import QueryPlan
from lake.storage.new_file import NewFile


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A planned query. `token` names the request: sent twice, it runs once.

    `keep` says that the rows may be read more than once; without it they pass by, and a reader who falls behind holds
    the engine up. With `export` the rows go to that Parquet file, whole or not at all, and none come back. After `timeout`
    seconds the query is stopped and fails with QueryTimeout.
    """

    plan: QueryPlan
    token: str
    parameters: Parameters = field(default_factory=dict, hash=False)
    keep: bool = True
    export: NewFile | None = None
    timeout: float | None = None
