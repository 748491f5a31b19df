"""What a query would read and cost, and the budget that it is held to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lake.commands.console.amounts import counted, show_bytes, show_usd
from lake.errors import BudgetExceeded
from lake.price import cost_usd

if TYPE_CHECKING:
    from lake.sql.plan import QueryPlan

COLUMNS = (("table", "varchar"), ("partitions", "bigint"), ("files", "bigint"), ("bytes", "bigint"))


@dataclass(frozen=True, slots=True)
class Budget:
    """None is no limit."""

    max_bytes: int | None = None
    max_cost: float | None = None

    @property
    def is_set(self) -> bool:
        return self.max_bytes is not None or self.max_cost is not None

    def check(self, plan: QueryPlan) -> None:
        """Raise BudgetExceeded for a query that could read or cost more."""
        hint = "narrow it by partition keys, or raise the budget; --dry-run shows what it reads"
        if self.max_bytes is not None and plan.bytes > self.max_bytes:
            raise BudgetExceeded(
                f"the query reads up to {show_bytes(plan.bytes)}, over --max-bytes {show_bytes(self.max_bytes)}",
                hint=hint,
            )
        cost = cost_usd(plan.bytes)
        if self.max_cost is not None and cost > self.max_cost:
            raise BudgetExceeded(
                f"the query may cost {show_usd(cost)} on Athena, over --max-cost {show_usd(self.max_cost)}", hint=hint
            )


def preview_rows(plan: QueryPlan) -> Iterator[tuple[str, int, int, int]]:
    """Yield a row for each reading of a table."""
    for scan in plan.scans:
        yield str(scan.table.full_name), len(scan.partitions), scan.file_count, scan.bytes


def preview_line(plan: QueryPlan) -> str:
    files = counted(sum(scan.file_count for scan in plan.scans), "file")
    return (
        f"reads at most {show_bytes(plan.bytes)} in {files} (an upper bound: columns left out are counted); "
        f"on Athena at most {show_usd(cost_usd(plan.bytes))}"
    )
