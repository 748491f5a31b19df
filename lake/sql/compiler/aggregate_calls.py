"""Calls of aggregate and window functions, with what may stand around them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlglot import exp

from lake.errors import InvalidSql, NotSupported
from lake.sql.compiler.coercion import DAYS, MONTHS
from lake.sql.compiler.expressions import Expressions, check_arguments, handles, refuse
from lake.sql.compiler.functions import FUNCTIONS
from lake.sql.compiler.operators import comparable
from lake.sql.compiler.ordering import direction
from lake.sql.compiler.typed import Typed

MOST_ROWS = 2**62
VALUE_AND_SEPARATOR = 2
STEPS = {DAYS: "to_milliseconds({})", MONTHS: "to_months(CAST({} AS INTEGER))"}


class AggregateCall:
    """A call with what stands around it: DISTINCT, ORDER BY, FILTER, WITHIN GROUP, IGNORE NULLS, OVER."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions

    def compile(self, node: exp.Expr) -> Typed:
        modifiers = {"d": "", "o": "", "f": "", "i": ""}
        over: exp.Window | None = None
        rest = node
        while not isinstance(rest, exp.Anonymous):
            if isinstance(rest, exp.Window):
                over = rest
            elif isinstance(rest, exp.Filter):
                modifiers["f"] = f" FILTER (WHERE {self._expressions.boolean(rest.expression.this).sql})"
            elif isinstance(rest, exp.IgnoreNulls):
                modifiers["i"] = " IGNORE NULLS"
            elif isinstance(rest, exp.WithinGroup):
                modifiers["o"] = self._order(rest.expression)
            elif not isinstance(rest, exp.RespectNulls):
                raise refuse(NotSupported, f"{rest.key.upper()} is not supported here", rest)
            rest = rest.this
        arguments = self._arguments(rest, modifiers)
        if over is not None:
            self._check_window(node, modifiers)
            if rest.name.lower() in ("lag", "lead") and not over.args.get("order"):
                message = f"{rest.name.lower()} function requires an ORDER BY window clause"
                raise refuse(InvalidSql, message, node, "MISSING_ORDER_BY")
        modifiers["f"] += self._over(over) if over is not None else ""
        name = rest.name.lower()
        if name == "listagg" and not modifiers["o"] and len(arguments) <= VALUE_AND_SEPARATOR:
            raise refuse(InvalidSql, "listagg takes WITHIN GROUP (ORDER BY …)", node, "SYNTAX_ERROR")
        if name == "count" and len(arguments) == 1 and isinstance(arguments[0], exp.Star):
            arguments = []
        if over is None and not modifiers["d"] and not any(each.aggregate for each in FUNCTIONS.get(name, ())):
            raise refuse(InvalidSql, f"Window function {name} requires an OVER clause", node, "MISSING_OVER")
        with self._expressions.queries.computing(narrow=True):
            # Whatever fails here fails before an aggregate has given a row, so that a query can begin anew, exactly.
            return self._expressions.function(name, arguments, node, **modifiers)

    def _check_window(self, node: exp.Expr, modifiers: dict[str, str]) -> None:
        for modifier, name in (("d", "DISTINCT"), ("f", "FILTER"), ("o", "ORDER BY")):
            if modifiers[modifier]:
                raise refuse(NotSupported, f"{name} is not supported for window functions", node)

    def _arguments(self, call: exp.Expr, modifiers: dict[str, str]) -> list[exp.Expr]:
        """Take DISTINCT and ORDER BY off the arguments, where the parser has wrapped them around the last one."""
        arguments = list(call.expressions)
        if arguments and isinstance(arguments[-1], exp.Order):
            order = arguments.pop()
            modifiers["o"] = self._order(order)
            arguments.append(order.this)
        if arguments and isinstance(arguments[-1], exp.Distinct):
            modifiers["d"] = "DISTINCT "
            arguments += arguments.pop().expressions
        return arguments

    def _order(self, order: exp.Order) -> str:
        return f" ORDER BY {', '.join(self._term(each) for each in order.expressions)}"

    def _term(self, node: exp.Ordered) -> str:
        value = self._expressions.compile(node.this)
        return f"{comparable(value)} {direction(node)}"

    def _over(self, window: exp.Window) -> str:
        parts = []
        if window.args.get("partition_by"):
            texts = (comparable(self._expressions.compile(each)) for each in window.args["partition_by"])
            parts.append(f"PARTITION BY {', '.join(texts)}")
        if window.args.get("order"):
            parts.append(self._order(window.args["order"]).strip())
        if window.args.get("spec"):
            parts.append(self._frame(window.args["spec"]))
        return f" OVER ({' '.join(parts)})"

    def _frame(self, spec: exp.WindowSpec) -> str:
        check_arguments(spec, ("kind", "start", "start_side", "end", "end_side"))
        kind = str(spec.args.get("kind") or "RANGE").upper()
        start = self._bound(spec.args.get("start"), spec.args.get("start_side"), "PRECEDING")
        end = (
            self._bound(spec.args["end"], spec.args.get("end_side"), "FOLLOWING")
            if spec.args.get("end")
            else "CURRENT ROW"
        )
        return f"{kind} BETWEEN {start} AND {end}"

    def _bound(self, value: Any, side: str | None, default: str) -> str:
        if value is None or value == "CURRENT ROW":
            return "CURRENT ROW"
        if value == "UNBOUNDED":
            return f"UNBOUNDED {side or default}"
        distance = self._expressions.compile(value)
        if isinstance(distance.literal, int | Decimal) and distance.literal > MOST_ROWS:
            return f"UNBOUNDED {side or default}"
        text = distance.sql if distance.literal is not None else f"trino_frame_offset({distance.sql})"
        step = STEPS.get(distance.type, "{}").format(text)
        return f"{step} {side or default}"


@handles("this partition_by order spec alias over first", exp.Window)
def _window(expressions: Expressions, node: exp.Window) -> Typed:
    return AggregateCall(expressions).compile(node)


@handles("this expression", exp.Filter, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls)
def _modified(expressions: Expressions, node: exp.Expr) -> Typed:
    return AggregateCall(expressions).compile(node)
