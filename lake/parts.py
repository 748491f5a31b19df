"""What a `Lake` is composed of, in a folder or on AWS; each part is made when it is first used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from lake.clock import Clock
    from lake.directory import LakeDirectory
    from lake.engine.duckdb import DuckDBEngine
    from lake.history import History
    from lake.ingest.local import LocalEvents
    from lake.interfaces import Catalog, Engine, Storage, TableWriter
    from lake.model import Table
    from lake.named import NamedQueries
    from lake.sql.plan import Planner


class Parts(Protocol):
    @property
    def clock(self) -> Clock: ...

    @property
    def catalog(self) -> Catalog: ...

    @property
    def storage(self) -> Storage: ...

    @property
    def engine(self) -> Engine: ...

    @property
    def history(self) -> History: ...

    @property
    def queries(self) -> NamedQueries: ...

    @property
    def planner(self) -> Planner: ...

    @property
    def writer(self) -> TableWriter: ...

    @property
    def temp_folder(self) -> Path: ...

    @property
    def calls(self) -> Counter[str] | None:
        """How often each operation of a service was called; None where there is no service."""
        ...

    @property
    def directory(self) -> LakeDirectory:
        """Raise NotSupported where the lake is no folder."""
        ...

    @property
    def events(self) -> LocalEvents:
        """What takes events and delivers them; raise NotSupported where that is the business of a stream."""
        ...

    @property
    def has_taken(self) -> bool:
        """Say whether events that this process took are still to be delivered."""
        ...

    def transaction(self) -> AbstractContextManager[object]:
        """Changes of the catalog within it are made together, where the catalog can."""
        ...

    def resolve_location(self, text: str) -> str:
        """Return the URL that a LOCATION means; raise LocationForbidden for what cannot be reached."""
        ...

    def close(self) -> None:
        """Let go of everything, in the opposite order of its making."""
        ...


def make_planner(parts: Parts, duckdb: Callable[[], DuckDBEngine]) -> Planner:
    """Return a planner over a lake's parts; most predicates on partitions need no engine, so `duckdb` makes it late."""
    from lake.sql.plan import Planner
    from lake.sql.system import SystemTables

    def evaluate(
        table: Table, values: Sequence[tuple[str, ...]], conditions: Sequence[tuple[str, bool]]
    ) -> Iterable[int]:
        return duckdb().evaluate(table, values, conditions)

    return Planner(
        parts.catalog,
        parts.storage,
        system=SystemTables(parts.catalog, parts.history),
        evaluate=evaluate,
        read_lock=parts.writer.read_lock,
        clock=parts.clock,
    )
