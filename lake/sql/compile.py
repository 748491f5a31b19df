"""A resolved query as DuckDB's text over scans, and conditions on partition keys as DuckDB's text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlglot import exp

from lake.errors import LakeError, NotSupported
from lake.model import Table
from lake.sql.compiler.expressions import Expressions
from lake.sql.compiler.queries import Queries
from lake.sql.compiler.relation import Source
from lake.sql.compiler.scope import Column, Names, Output, Scope
from lake.sql.compiler.typed import Typed
from lake.sql.tables import TableReference
from lake.types import DataType, parse_type
from lake.types.datatype import quoted

HIDDEN_COLUMNS = {
    "$path": DataType("varchar"),
    "$file_size": DataType("bigint"),
    "$file_modified_time": DataType("timestamp with time zone", (3,)),
    "$partition": DataType("varchar"),
}
"""docs.aws.amazon.com/athena/latest/ug/querying-hidden-columns.html"""
SCAN = "scan"
MARK = re.compile(f"\0{SCAN}(\\d+)\0")


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """`sql` gives columns c0, c1, …, which `outputs` describes. Its tables, one a reference, are to be put in by `text`.

    `reads` says which columns of each table it names. Where decimals turn out too large for the text, which is then
    refused with an overflow, `exact` compiles it anew.
    """

    sql: str
    outputs: tuple[Output, ...]
    reads: tuple[frozenset[str], ...]
    exact: Callable[[], CompiledQuery]

    def text(self, tables: Sequence[str]) -> str:
        """Return the query with FROM items in the places of its tables, which are given in the order of `reads`."""
        return MARK.sub(lambda found: tables[int(found[1])], self.sql)

    @property
    def names(self) -> list[str]:
        """The names of the result's columns: `_col0`, `_col1`, … by position for those without."""
        return [output.name or f"_col{place}" for place, output in enumerate(self.outputs)]

    @property
    def types(self) -> list[DataType]:
        return [output.type for output in self.outputs]


def compile_query(tree: exp.Query, references: Sequence[TableReference], *, exact: bool = False) -> CompiledQuery:
    """Raise InvalidSql, with line and column, for what Athena would refuse or a directory lake cannot do."""
    sources = {id(reference.node): _source(number, reference.table) for number, reference in enumerate(references)}
    try:
        compiled = Queries(lambda node: sources.get(id(node)), exact=exact).compile(tree)
    except RecursionError:
        raise NotSupported("the query is nested too deep") from None
    reads = tuple(_read(source, compiled.sql) for source in sources.values())
    return CompiledQuery(compiled.sql, compiled.outputs, reads, partial(compile_query, tree, references, exact=True))


def compile_condition(table: Table, condition: exp.Expr) -> str | None:
    """Return the text of a condition on partition keys, which are named alone; None where it cannot be evaluated."""
    keys = [(key.name, parse_type(key.type)) for key in table.partition_keys]
    scope = Scope([Column(name, None, Typed(quoted(name), type_)) for name, type_ in keys])
    names = Names()
    try:
        return Expressions(scope, Queries(lambda node: None, names), names).boolean(condition).sql
    except LakeError:
        return None


def _source(number: int, table: Table) -> Source:
    columns = tuple((column.name, parse_type(column.type)) for column in table.all_columns)
    hidden = tuple(HIDDEN_COLUMNS.items()) if table.location is not None else ()
    return Source(f"{SCAN}{number}", columns, hidden)


def _read(source: Source, sql: str) -> frozenset[str]:
    """Columns are only ever named behind their relation, so the text says which are read."""
    named = (name for name, _ in (*source.columns, *source.hidden))
    return frozenset(name for name in named if f"{source.name}.{quoted(name)}" in sql)
