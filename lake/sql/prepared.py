"""Queries compiled lately, for those that are asked again: a dashboard's, a notebook's, a loop's."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lake.model import Table, TableName
from lake.sql.compile import CompiledQuery
from lake.sql.parameters import Values
from lake.sql.prune import KeyPredicate
from lake.sql.tables import TableReference
from lake.values import Bigint

KEPT = 128
PLAIN = frozenset({str, int, bool, float, Decimal, Bigint, date, type(None)})
"""Types whose values `repr` tells apart."""

GetTable = Callable[[TableName], Table]


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """What a query's text and values come to. `predicates` are on partition keys, by the place of their reference.

    It holds as long as the catalog gives for each name what it gave: tables, and the views that were put in.
    """

    references: tuple[TableReference, ...]
    compiled: CompiledQuery
    predicates: Mapping[int, Sequence[KeyPredicate]]
    found: Mapping[TableName, Table]

    def holds(self, get_table: GetTable) -> bool:
        return all(get_table(name) == table for name, table in self.found.items())


class PreparedQueries:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, PreparedQuery] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, get_table: GetTable) -> PreparedQuery | None:
        """Return the query of a key if the catalog has not changed for it; raise what the catalog raises."""
        with self._lock:
            query = self._kept.get(key)
            if query is not None:
                self._kept.move_to_end(key)
        return query if query is not None and query.holds(get_table) else None

    def put(self, key: Hashable, query: PreparedQuery) -> None:
        with self._lock:
            self._kept[key] = query
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


def query_key(sql: str, database: str, values: Values | None) -> Hashable | None:
    """Return what tells one query from another; None where the values cannot be compared.

    Values are equal only with their type: 1, 1.0 and true are three literals.
    """
    given: list[tuple[Any, Any]] = []
    if values is not None:
        given = list(values.items()) if isinstance(values, Mapping) else list(enumerate(values))
    if not all(type(value) in PLAIN for _, value in given):
        return None
    return sql, database, tuple((name, type(value), repr(value)) for name, value in given)
