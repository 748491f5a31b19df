"""The contracts of the parts that a `Lake` composes. They hold no code; every backend is held to their docstrings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import IO, TYPE_CHECKING, Protocol

from lake.model import Database, Execution, KeyBounds, Partition, Refusal, StoredObject, Table, TableName

if TYPE_CHECKING:
    from lake.engine.request import QueryRequest
    from lake.result import Result
    from lake.write.parts import Written
    from lake.write.source import ArrowStream


class Catalog(Protocol):
    """What is known about tables, in Glue's model. Names match without case."""

    def list_databases(self) -> Iterator[Database]:
        """Yield every database by name."""
        ...

    def create_database(self, database: Database) -> None:
        """Raise AlreadyExists when the name is taken."""
        ...

    def drop_database(self, name: str, *, cascade: bool = False) -> None:
        """Raise DatabaseNotFound; GuardRefused when it holds tables and `cascade` is off. Data stay."""
        ...

    def list_tables(self, database: str) -> Iterator[Table]:
        """Yield tables and views by name; the first step may raise DatabaseNotFound."""
        ...

    def get_table(self, name: TableName) -> Table:
        """Raise DatabaseNotFound or TableNotFound."""
        ...

    def create_table(self, table: Table) -> None:
        """Raise DatabaseNotFound, or AlreadyExists when the name is taken."""
        ...

    def replace_table(self, table: Table, *, expected: Table | None = None) -> None:
        """Put `table` in the place of the one of its name; raise TableNotFound.

        With `expected`, raise CatalogChanged when the stored one differs from it: someone else was faster.
        Partitions stay as they are, their own columns included.
        """
        ...

    def drop_table(self, name: TableName) -> None:
        """Forget the table and its partitions; raise TableNotFound. Data stay."""
        ...

    def list_partitions(
        self, table: Table, where: Iterable[KeyBounds] = (), *, columns: bool = True, ordered: bool = True
    ) -> Iterator[Partition]:
        """Yield the partitions by value; the first step may raise TableNotFound.

        `where` narrows: what it excludes may still be yielded, what it includes always is. Bounds compare as
        text, so they may only be given for keys whose order is that of their text.

        Each of the others may spare a catalog much. Without `columns`, partitions may have the table's columns in the place
        of their own. Without `ordered`, they come in any order and streamed; a catalog that has no order of its own, as
        Glue, holds all of them (some 500 bytes each) before it yields the first in order.
        """
        ...

    def add_partitions(self, name: TableName, partitions: Iterable[Partition]) -> list[Refusal]:
        """Register partitions that are not there yet; return those refused, the others are in.

        A partition that exists is refused with ALREADY_EXISTS and left as it is.
        """
        ...

    def replace_partition(self, name: TableName, new: Partition, *, expected: Partition) -> Refusal | None:
        """Put `new` in the place of the partition with its values in one step.

        Refused with NOT_FOUND when absent, with CHANGED when the stored one differs from `expected` in location,
        columns or parameters.
        """
        ...

    def drop_partitions(self, name: TableName, values: Collection[tuple[str, ...]]) -> list[Refusal]:
        """Forget partitions by value; return those refused (NOT_FOUND). Data stay."""
        ...


class Storage(Protocol):
    """Objects under URLs (`s3://bucket/key`). A prefix is text: `…/dt=1` also covers `…/dt=10`, `…/dt=1/` does not."""

    listings_at_once: int
    """How many listings are worth asking for at once: 1 where waiting is no part of them."""

    def list_keys(self, prefix: str) -> Iterator[StoredObject]:
        """Yield every object below `prefix`, in no particular order; nothing when there is none."""
        ...

    def list_prefixes(self, prefix: str) -> Iterator[str]:
        """Yield the prefixes one level below `prefix` (which ends with `/`), each ending with `/`, once each.

        Every one that objects are below is among them, and some may be that hold none, such as an empty folder.
        """
        ...

    def list_level(self, prefix: str) -> Iterator[StoredObject | str]:
        """Yield what `list_prefixes` does, and the objects of that level, in no particular order."""
        ...

    def head(self, location: str) -> StoredObject | None:
        """Return None when there is no such object."""
        ...

    def get_range(self, location: str, *, start: int = 0, length: int | None = None) -> bytes:
        """Return at most `length` bytes from `start`; raise StorageFailed when there is no such object."""
        ...

    def put(self, location: str, data: bytes, *, if_absent: bool = False, if_match: str | None = None) -> bool:
        """Write an object whole and durably, or not at all.

        With `if_absent`, return False and write nothing when one is there; with `if_match`, the etag of the one that was seen,
        when another one or none is there. Of several such puts at once one succeeds.
        """
        ...

    def delete(self, locations: Iterable[str]) -> None:
        """Delete objects; those that are absent are no error."""
        ...


class Engine(Protocol):
    """Runs statements. Arrow comes out; states are Athena's."""

    name: str

    @property
    def takes_text(self) -> bool:
        """Say that it runs every statement as it is written; others run queries that were planned, and nothing else."""
        ...

    def submit(self, request: QueryRequest) -> Execution:
        """Start a query and return at once; the same token never runs twice."""
        ...

    def wait(self, execution_id: str, *, timeout: float | None = None) -> Execution:
        """Return the execution once it has ended, or as it stands after `timeout` seconds."""
        ...

    def execution(self, execution_id: str) -> Execution:
        """Raise ExecutionNotFound. Works for executions of other processes on the same lake."""
        ...

    def cancel(self, execution_id: str) -> Execution:
        """Ask a running query to stop, from any thread or process; one that has ended is left as it is."""
        ...

    def detach(self, execution_id: str) -> None:
        """Let a query go on when the engine is closed; raise NotSupported where it cannot."""
        ...

    def result(self, execution_id: str) -> Result:
        """Return the rows of an execution of this engine; raise what it failed with."""
        ...

    def close(self) -> None:
        """Stop what runs and let go of what is held."""
        ...


class TableWriter(Protocol):
    """Writes rows into tables, each write whole or not at all, and minds those who read meanwhile."""

    def write(self, data: ArrowStream, name: TableName, *, partition_by: Sequence[str] = (), mode: str) -> Written:
        """Append columns to a table, or put them in the place of the partitions that they hold; make it when absent.

        Raises WriteRefused, naming the column, before anything is written.
        """
        ...

    def read_lock(self, name: TableName) -> AbstractContextManager[Collection[str]]:
        """Hold off commits while files are listed; give how the names of files begin that are no part of the table."""
        ...

    @property
    def table_lock(self) -> Callable[[TableName], AbstractContextManager[object]] | None:
        """What keeps others from committing to a table meanwhile; None where only a lease in storage can."""
        ...

    def querying(self) -> IO[bytes] | None:
        """Mark a query as running until what is returned is closed."""
        ...
