"""Predicates on partition keys, evaluated on the partitions' values before any file is listed."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from lake.columns import to_array
from lake.engine.sandbox import Sandbox
from lake.model import NULL_PARTITION, Table
from lake.sql.compiler.forms import form
from lake.types import parse_type
from lake.types.datatype import quoted


def passing_places(
    sandbox: Sandbox,
    table: Table,
    values: Sequence[tuple[str, ...]],
    conditions: Sequence[tuple[str, bool]],
) -> list[int]:
    """Evaluate conditions on partition values; one that fails on some value is left to the query itself."""
    keys = table.partition_keys
    columns = [[None if row[place] == NULL_PARTITION else row[place] for row in values] for place in range(len(keys))]
    listed = pa.table({f"v{place}": to_array(column, pa.string()) for place, column in enumerate(columns)})
    sandbox.cursor.register("listed", listed.append_column("place", to_array(range(len(values)), pa.int64())))
    typed = ", ".join(
        f"CAST(v{place} AS {form(parse_type(key.type))}) AS {quoted(key.name)}" for place, key in enumerate(keys)
    )
    absent = ", ".join(f"CAST(NULL AS {form(parse_type(key.type))}) AS {quoted(key.name)}" for key in keys)
    passing = set(range(len(values)))
    for condition, must_reject_null in conditions:
        try:
            if must_reject_null and sandbox.execute(f"SELECT ({condition}) FROM (SELECT {absent})").fetchone() == (
                True,
            ):
                continue
            sql = f"SELECT place FROM (SELECT place, {typed} FROM listed) WHERE {condition}"
            passing &= set(sandbox.execute(sql).to_arrow_table()["place"].to_pylist())
        except duckdb.Error:
            continue
    return sorted(passing)
