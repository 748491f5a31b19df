"""Every function that a query may call, by topic."""

from lake.sql.compiler.functions import (  # noqa: F401
    aggregates,
    arrays,
    binary,
    checksums,
    colors,
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
from lake.sql.compiler.functions.table import FUNCTIONS, Call, Overload, also_char, is_aggregate

__all__ = ["FUNCTIONS", "Call", "Overload", "is_aggregate"]

also_char("trim ltrim rtrim json_extract json_extract_scalar json_size", 1)
also_char("regexp_like regexp_extract regexp_extract_all regexp_replace regexp_split regexp_count regexp_position", 1)
