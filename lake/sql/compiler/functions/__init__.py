"""Every function that a query may call, by topic."""

from lake.sql.compiler.functions import (  # noqa: F401
    aggregates,
    arrays,
    binary,
    geo,
    json,
    maths,
    misc,
    regexps,
    sketches,
    statistics,
    texts,
    times,
    urls,
    windows,
)
from lake.sql.compiler.functions.table import FUNCTIONS, Call, Overload, is_aggregate

__all__ = ["FUNCTIONS", "Call", "Overload", "is_aggregate"]
