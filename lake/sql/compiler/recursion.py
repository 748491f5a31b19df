"""WITH RECURSIVE as the text of two CTEs: the rows of all steps with their depth, and what the query sees of them."""

from __future__ import annotations

MAX_DEPTH = 10
"""Trino's: trino.io/docs/422/admin/properties-query-management.html. Athena does not let one change it."""
TOO_DEEP = (
    f"CASE WHEN depth > {MAX_DEPTH} THEN trino_error('NOT_SUPPORTED', 'Recursion depth limit exceeded ({MAX_DEPTH}). "
    "Use ''max_recursion_depth'' session property to modify the limit.') ELSE true END"
)


def recursive_text(name: str, rows: str, base: str, step: str, width: int, *, distinct: bool) -> str:
    """Return the CTEs `rows` and `name`, of columns c0, c1, …; `step` reads `rows`.

    Raises, when it runs, where the step after the last still gives rows.
    """
    columns = ", ".join(f"c{place}" for place in range(width))
    recursion = (
        f"{rows}({columns}, depth) AS (SELECT *, 0 FROM ({base}) UNION ALL SELECT s.*, d.depth FROM ({step}) AS s "
        f"CROSS JOIN (SELECT min(depth) + 1 AS depth FROM {rows}) AS d WHERE d.depth <= {MAX_DEPTH + 1})"
    )
    # Rows that are there twice are left out at the end, and not from one step to the next.
    kept = f"SELECT {'DISTINCT ' if distinct else ''}{columns} FROM {rows}"
    return f"{recursion}, {name} AS MATERIALIZED ({kept} WHERE {TOO_DEEP})"
