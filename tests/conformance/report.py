"""The figures of a run: a line a group and tier, the goals, and every failing case with its cause."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.cases import Case
from tests.conformance.verdicts import STATUSES, Verdict

TIERS = ("core", "niche", "optional")


@dataclass(frozen=True)
class Run:
    cases: Sequence[Case]
    verdicts: Mapping[str, Verdict]

    def of_tier(self, tier: str) -> Run:
        return Run([case for case in self.cases if case.tier == tier], self.verdicts)

    def of_group(self, group: str) -> Run:
        return Run([case for case in self.cases if case.group == group], self.verdicts)

    @property
    def failing(self) -> list[Case]:
        return [case for case in self.cases if not self.verdicts[case.id].passed]

    def statuses(self) -> Counter[str]:
        return Counter(self.verdicts[case.id].status for case in self.cases)

    def types(self) -> tuple[int, int]:
        """How many of the cases that passed have the right types, and of how many that is known."""
        passed = [self.verdicts[case.id] for case in self.cases if self.verdicts[case.id].passed]
        known = [verdict.type_right for verdict in passed if verdict.type_right is not None]
        return sum(known), len(known)


@dataclass(frozen=True)
class Goal:
    """A share of cases, in percent, that has to be at least, or at most, a bound."""

    what: str
    part: int
    whole: int
    bound: float
    at_most: bool = False

    @property
    def share(self) -> float:
        """A goal of no cases is met."""
        return 100 * self.part / self.whole if self.whole else (0.0 if self.at_most else 100.0)

    @property
    def met(self) -> bool:
        return self.share <= self.bound if self.at_most else self.share >= self.bound

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        counted = f"{self.part} of {self.whole}"
        return (
            f"{'PASS' if self.met else 'FAIL'}  {self.what:<28} {self.share:6.2f} %  {sign} {self.bound:4} %  {counted}"
        )


def goals(run: Run) -> list[Goal]:
    statuses = {tier: run.of_tier(tier).statuses() for tier in TIERS}
    core = statuses["core"]
    shares = [
        Goal(f"{tier} cases right", statuses[tier]["pass"], statuses[tier].total(), bound)
        for tier, bound in zip(TIERS, (98.5, 60.0, 75.0), strict=True)
    ]
    return [
        *shares,
        Goal("core values silently wrong", core["value"] + core["family"], core.total(), 0.5, at_most=True),
        Goal("types of what passed right", *run.types(), 99.5),
    ]


def table(run: Run) -> str:
    groups = sorted({case.group for case in run.cases})
    parts = [("all", run), *((tier, run.of_tier(tier)) for tier in TIERS)]
    parts += [(group, run.of_group(group)) for group in groups]
    head = ["group", "cases", "pass %", *STATUSES, "types right"]
    return "\n".join(_aligned([head, *(_cells(name, part) for name, part in parts if part.cases)]))


def _cells(name: str, run: Run) -> list[str]:
    statuses = run.statuses()
    right, known = run.types()
    counts = [str(statuses[status] or "") for status in STATUSES]
    share = 100 * statuses["pass"] / len(run.cases)
    return [name, str(len(run.cases)), f"{share:.1f}", *counts, f"{right}/{known}" if known else ""]


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *cells in rows:
        yield "  ".join(
            [name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))]
        )


def causes(run: Run) -> str:
    counted = Counter(cause(case, run.verdicts[case.id]) for case in run.failing)
    return "\n".join(f"{count:5}  {text}" for text, count in counted.most_common())


def cause(case: Case, verdict: Verdict) -> str:
    """What failed, in words that cases of the same cause share."""
    match verdict.status:
        case "error":
            return _without_particulars(verdict.detail)
        case "no_error":
            return f"no error: {_without_particulars(verdict.detail.partition(', got ')[0])}"
        case "value" | "family":
            return f"wrong {'value' if verdict.status == 'value' else 'kind of value'} in {case.group}"
        case "uncredited":
            return f"uncredited: {_without_particulars(verdict.detail)}"
    return verdict.status


def _without_particulars(detail: str) -> str:
    first = detail.partition("\n")[0]
    first = re.sub(r"\bline \d+:\d+: ", "", first)
    return first if len(first) <= 100 else first[:99] + "…"


def write_failing(run: Run, path: Path) -> None:
    """A line of JSON for each failing case; one whose type alone is wrong is among them, with status `type`."""
    wrong_types = [
        case for case in run.cases if run.verdicts[case.id].passed and run.verdicts[case.id].type_right is False
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for case in [*run.failing, *wrong_types]:
            verdict = run.verdicts[case.id]
            line = {
                "id": case.id,
                "group": case.group,
                "tier": case.tier,
                "status": "type" if verdict.passed else verdict.status,
                "cause": "the type alone is wrong" if verdict.passed else cause(case, verdict),
                "sql": case.sql,
                "detail": verdict.detail,
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
