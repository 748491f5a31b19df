"""Every function that a query may call, by topic."""

from lake.sql.compiler.functions import aggregates, arrays, maths, misc, texts, times, windows  # noqa: F401
from lake.sql.compiler.functions.table import FUNCTIONS, Call, Overload

__all__ = ["FUNCTIONS", "Call", "Overload"]
