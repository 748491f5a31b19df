"""The parsed tree's wall: only queries on catalogued names, made of nodes and functions known here, go on.

Everything else is refused, so that file readers, COPY, ATTACH, settings and macros cannot be named at all. The
engine's own wall (`lake.engine.sandbox`) stands behind this one and holds without it.
"""

from __future__ import annotations

from sqlglot import exp

from lake.errors import FunctionNotFound, NotSupported
from lake.sql.parse import position
from lake.sql.trino_names import TRINO_FUNCTIONS

MAX_NODES = 50_000
MAX_DEPTH = 900
"""DuckDB itself ends at 1,000 levels, and long before that it stops listening to an interrupt."""

STRUCTURE = frozenset(
    """
    Select Union Intersect Except Subquery CTE With From Join Lateral Unnest Table TableAlias Values Tuple
    Column Identifier Star Alias Aliases Where Group Having Order Ordered Limit Offset Fetch LimitOptions Distinct
    Window WindowSpec Filter WithinGroup IgnoreNulls RespectNulls GroupingSets Cube Rollup TableSample
    Literal Boolean Null HexString UnicodeString National Paren Neg Not And Or Xor Add Sub Mul Div Mod IntDiv
    EQ NEQ GT GTE LT LTE NullSafeEQ NullSafeNEQ Is Between In Like Escape DPipe Exists Any All Case If
    Cast TryCast DataType DataTypeParam ColumnDef Interval IntervalSpan Var Array Struct Map Bracket Dot Slice
    PropertyEQ Lambda AtTimeZone Extract JSONPath JSONPathKey JSONPathRoot JSONPathSubscript
    JSONPathWildcard JSONPathSlice JSONPathUnion JSONPathRecursive CurrentDate CurrentTimestamp CurrentTime
    Localtime Localtimestamp Coalesce Concat Trim Substring Position Anonymous Ceil Floor
    BitwiseAnd BitwiseNot BitwiseOr BitwiseXor JSONKeyValue JSONValue
    """.split()
)

SELECT_CLAUSES = frozenset(
    "with_ expressions distinct from_ joins laterals where group having windows order limit offset".split()
)

RENAMED_FUNCTIONS = frozenset(
    """
    AnyValue ApproxQuantile ArrayContains ArraySize ArraySlice CastToStrType DayOfWeekIso Decode Encode GenerateSeries
    GroupConcat Hex JSONObject Levenshtein MD5Digest Pad SHA2Digest StrPosition StrToMap StrToTime TimeToStr TimeToUnix
    TimestampTrunc Unhex UnixToTime
    """.split()
)
"""The nodes that sqlglot makes of Trino's functions and knows by none of Trino's names."""


def check(tree: exp.Expr) -> None:
    """Raise NotSupported or FunctionNotFound, with line and column, for the first thing that may not run."""
    for count, node in enumerate(tree.walk(bfs=False), start=1):
        if count > MAX_NODES:
            raise NotSupported(f"the query has more than {MAX_NODES:,} parts")
        if isinstance(node, exp.Func) and not isinstance(node, exp.Connector | exp.Cast):
            _check_function(node)
        elif type(node).__name__ not in STRUCTURE:
            line, column = position(node)
            raise NotSupported(f"{node.key.upper()} is not supported in a query", line=line, column=column)
        if isinstance(node, exp.Select):
            _check_select(node)
    if _depth(tree) > MAX_DEPTH:
        raise NotSupported(f"the query is nested deeper than {MAX_DEPTH} levels")


def _check_function(node: exp.Func) -> None:
    names = {node.name.lower()} if isinstance(node, exp.Anonymous) else {name.lower() for name in node.sql_names()}
    if names & TRINO_FUNCTIONS:
        return
    if not isinstance(node, exp.Anonymous) and type(node).__name__ in STRUCTURE | RENAMED_FUNCTIONS:
        return
    line, column = position(node)
    raise FunctionNotFound(f"function '{min(names)}' is not registered", line=line, column=column)


def _check_select(node: exp.Select) -> None:
    for argument, value in node.args.items():
        if value and argument not in SELECT_CLAUSES:
            line, column = position(node)
            raise NotSupported(f"{argument.upper()} is not supported in a query", line=line, column=column)


def _depth(tree: exp.Expr) -> int:
    """Return the longest way from `tree` to a leaf, counting a chain of one operator, which renders flat, as one."""
    deepest = 0
    stack = [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        deepest = max(deepest, depth)
        for child in node.iter_expressions():
            flat = type(child) is type(node) and isinstance(node, exp.Connector)
            stack.append((child, depth if flat else depth + 1))
    return deepest
