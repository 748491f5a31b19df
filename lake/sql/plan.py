"""From a query's text to what an engine needs: the tree, and for every table in it the partitions and files to read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from sqlglot import exp

from lake.clock import Clock
from lake.errors import ColumnNotFound, NotFound
from lake.interfaces import Catalog, Storage
from lake.model import Partition, StoredObject, Table, TableName
from lake.partitions.projection.partitions import is_projected
from lake.partitions.survey.discovery import list_data_of_all
from lake.sql.bounds import exact_bounds, key_bounds, matches
from lake.sql.compile import CompiledQuery, compile_condition, compile_query
from lake.sql.ddl.views import decode_view
from lake.sql.near import NearNames
from lake.sql.now import fix_now
from lake.sql.parameters import Values, bind
from lake.sql.parse import parse_query
from lake.sql.prepared import PreparedQueries, PreparedQuery, query_key
from lake.sql.projected import projected_partitions
from lake.sql.prune import KeyPredicate, key_predicates
from lake.sql.reachable import CheckTable, refuse_unreachable
from lake.sql.survey import survey
from lake.sql.system import SystemTables
from lake.sql.tables import TableReference, resolve_tables

if TYPE_CHECKING:
    import pyarrow as pa

Evaluate = Callable[[Table, Sequence[tuple[str, ...]], Sequence[tuple[str, bool]]], Iterable[int]]
"""Given a table, partition values and DuckDB conditions (each with "must reject NULL"), return the places that pass."""

ReadLock = Callable[[TableName], AbstractContextManager[Collection[str]]]
"""Holds off commits while files are listed; gives how the names of files begin that are no part of the table."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One reading of one table. `files` are parallel to `partitions`; an unpartitioned table is one partition.

    `pruned` says whether a predicate chose the partitions. A table that the lake itself fills has `rows` and no files.
    """

    table: Table
    alias: str
    partitions: tuple[Partition, ...] = ()
    files: tuple[tuple[StoredObject, ...], ...] = ()
    pruned: bool = False
    rows: Callable[[], pa.Table] | None = None

    @property
    def file_count(self) -> int:
        return sum(len(files) for files in self.files)

    @property
    def bytes(self) -> int:
        return sum(file.size for file in chain.from_iterable(self.files))


@dataclass(frozen=True, slots=True, weakref_slot=True)
class QueryPlan:
    """`scans` are those that `compiled` reads, in the order of its names for them."""

    sql: str
    database: str
    compiled: CompiledQuery
    scans: tuple[Scan, ...]

    @property
    def locations(self) -> list[str]:
        """Every file to be read."""
        return [file.location for scan in self.scans for file in chain.from_iterable(scan.files)]

    @property
    def bytes(self) -> int:
        """The size of all files to be read: what a query costs at most, columns that it leaves out included."""
        return sum(scan.bytes for scan in self.scans)


class Planner:
    def __init__(
        self,
        catalog: Catalog,
        storage: Storage,
        *,
        system: SystemTables,
        evaluate: Evaluate,
        read_lock: ReadLock,
        clock: Clock,
        check_table: CheckTable = refuse_unreachable,
    ) -> None:
        self._catalog = catalog
        self._storage = storage
        self._system = system
        self._evaluate = evaluate
        self._read_lock = read_lock
        self._clock = clock
        self._check_table = check_table
        self._prepared = PreparedQueries()

    def plan(self, sql: str, *, database: str, parameters: Values | None = None) -> QueryPlan:
        """Parse, bind, resolve, compile and select; nothing is read but the catalog and the listing of files."""
        try:
            query = self._prepare(sql, database, parameters)
        except (NotFound, ColumnNotFound) as error:
            NearNames(lambda: self._catalog).hint_at(error, sql, database)
            raise
        for reference in query.references:
            self._check_table(reference.table)
        scans = tuple(
            self._scan(reference, query.predicates.get(number, ())) for number, reference in enumerate(query.references)
        )
        return QueryPlan(sql, database, query.compiled, scans)

    def describe(self, sql: str, *, database: str) -> CompiledQuery:
        """Compile a query without looking at partitions."""
        return self._compile(sql, database, None)[0].compiled

    def _prepare(self, sql: str, database: str, parameters: Values | None) -> PreparedQuery:
        key = query_key(sql, database, parameters)
        known = self._prepared.get(key, self._table) if key is not None else None
        if known is not None:
            return known
        query, is_timeless = self._compile(sql, database, parameters)
        if key is not None and is_timeless:
            self._prepared.put(key, query)
        return query

    def _compile(self, sql: str, database: str, parameters: Values | None) -> tuple[PreparedQuery, bool]:
        """Return a query, and whether it comes to the same at any time."""
        found: dict[TableName, Table] = {}

        def get_table(name: TableName) -> Table:
            found[name] = self._table(name)
            return found[name]

        root = exp.Subquery(this=parse_query(sql))
        parts = survey(root)
        bind(parts.parameters, parameters)
        references = resolve_tables(parts, database=database, get_table=get_table, view_text=decode_view_text)
        is_timeless = not fix_now(parts.clocks, self._clock.now())
        tree = root.this
        compiled = compile_query(tree, references)
        partitioned = any(reference.table.partition_keys for reference in references)
        predicates = key_predicates(tree, references) if partitioned else {}
        return PreparedQuery(tuple(references), compiled, predicates, found), is_timeless

    def _table(self, name: TableName) -> Table:
        system = self._system.find(name)
        return system.table if system is not None else self._catalog.get_table(name)

    def _scan(self, reference: TableReference, predicates: Sequence[KeyPredicate]) -> Scan:
        table = reference.table
        system = self._system.find(table.full_name)
        if system is not None:
            return Scan(table, reference.alias, rows=system.rows)
        with self._read_lock(table.full_name) as passed_over:
            partitions = self._partitions(table, predicates)
            listed = list_data_of_all(self._storage, [each.location for each in partitions], passed_over)
            files = tuple(map(tuple, listed))
        return Scan(table, reference.alias, partitions, files, bool(predicates))

    def _partitions(self, table: Table, predicates: Sequence[KeyPredicate]) -> tuple[Partition, ...]:
        if not table.partition_keys:
            assert table.location is not None
            return (Partition((), table.location, table.descriptor),)
        if is_projected(table):
            return projected_partitions(table, predicates, self._storage, self._choose, self._clock.now())
        bounds = key_bounds(table, predicates)
        partitions = tuple(self._catalog.list_partitions(table, bounds))
        if not predicates or not partitions:
            return partitions
        chosen = self._choose(table, [partition.values for partition in partitions], predicates)
        return tuple(partitions[place] for place in chosen)

    def _choose(
        self, table: Table, values: Sequence[tuple[str, ...]], predicates: Sequence[KeyPredicate]
    ) -> Iterable[int]:
        """Return the places of the partition values that pass."""
        if exact_bounds(table, predicates):
            bounds = key_bounds(table, predicates)
            return [place for place, each in enumerate(values) if matches(table, each, bounds)]
        texts = [(compile_condition(table, each.condition), each.must_reject_null) for each in predicates]
        conditions = [(text, must_reject_null) for text, must_reject_null in texts if text is not None]
        return self._evaluate(table, values, conditions)


def decode_view_text(view: Table) -> tuple[str, str]:
    """Return a view's SQL and the database that its unqualified names mean."""
    definition = decode_view(view)
    return definition.sql, definition.database
