"""Athena's record of a query as the lake's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from lake.model import Execution, State
from lake.price import cost_usd

NAME = "athena"
BILLED = frozenset({"DML"})
"""Statements about tables are free, those that only show something too."""
DEFAULT_DATABASE = "default"


def execution_of(raw: dict[str, Any], known: Execution | None = None) -> Execution:
    """Return an execution of the API in the lake's terms; `known` is what was known when it was submitted."""
    status, statistics = raw["Status"], raw.get("Statistics", {})
    context = raw.get("QueryExecutionContext", {})
    state, kind = State(status["State"]), str(raw.get("StatementType") or "DML")
    scanned = statistics.get("DataScannedInBytes")
    return Execution(
        id=str(raw["QueryExecutionId"]),
        sql=known.sql if known is not None else str(raw.get("Query", "")),
        state=state,
        engine=NAME,
        database=known.database if known is not None else str(context.get("Database") or DEFAULT_DATABASE),
        submitted_at=_instant(status["SubmissionDateTime"]),
        ended_at=_instant(status["CompletionDateTime"]) if state.ended and "CompletionDateTime" in status else None,
        parameters=known.parameters if known is not None else {},
        statement_type=kind,
        estimated_bytes=known.estimated_bytes if known is not None else None,
        scanned_bytes=scanned,
        cost_usd=_cost(state, kind, scanned),
        rows=known.rows if known is not None else None,
    )


def _cost(state: State, kind: str, scanned: int | None) -> float | None:
    """What failed is not billed; what was stopped is, for what it had scanned."""
    if scanned is None or not state.ended:
        return None
    return cost_usd(scanned) if kind in BILLED and state is not State.FAILED else 0.0


def _instant(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
