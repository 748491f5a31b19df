"""What became of a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from lake.errors import QueryTimeout
from lake.types import DataType, parse_type
from tests.conformance.adapter import Answer, Asker
from tests.conformance.cases import Case
from tests.conformance.equality import Equality, WrongKind, same_type
from tests.conformance.text import reads_as

Status = Literal["pass", "value", "family", "error", "no_error", "uncredited", "timeout", "crash"]
STATUSES: tuple[Status, ...] = ("pass", "value", "family", "error", "no_error", "uncredited", "timeout", "crash")


@dataclass(frozen=True)
class Verdict:
    """`type_right` is None where the types were not recorded, or are not to be looked at."""

    status: Status
    detail: str = ""
    type_right: bool | None = None

    @property
    def passed(self) -> bool:
        return self.status == "pass"


def judge(case: Case, asker: Asker, *, limit: float) -> Verdict:
    try:
        answer = asker.ask(case.env, case.sql, timeout=limit)
    except QueryTimeout as error:
        return Verdict("timeout", str(error))
    except Exception as error:  # noqa: BLE001  whatever is raised is what became of the case
        detail = f"{type(error).__name__}: {error}"
        return Verdict("pass" if case.expects_error else "error", detail)
    if case.expects_error:
        return Verdict("no_error", f"{_expected_error(case)} expected, got {_shown(answer.rows[:2])}")
    try:
        return compare(case, answer)
    except ValueError as error:
        return Verdict("value", str(error))


def known_calls(cases: Iterable[Case], passed: Callable[[str], bool]) -> frozenset[str]:
    """What the engine has shown to know, in the cases that passed with rows."""
    return frozenset(call for case in cases if not case.expects_error and passed(case.id) for call in case.calls)


def credit(case: Case, verdict: Verdict, known: frozenset[str]) -> Verdict:
    """Take back what passed by an error, where the engine may merely lack the function."""
    if case.expects_error and verdict.passed and not case.calls <= known:
        return replace(verdict, status="uncredited")
    return verdict


def compare(case: Case, answer: Answer) -> Verdict:
    expected = case.expected
    if "display" in expected:
        return _compare_rows([[expected["display"]]], answer.rows, lambda place, one, other: reads_as(one, other))
    if "text_rows" in expected:
        rows = expected["text_rows"]
        return _compare_rows(rows, answer.rows, lambda place, one, other: reads_as(one, other), expected["ordered"])
    if expected["types"] is None:
        return _compare_rows(expected["rows"], answer.rows, lambda place, one, other: True)
    types = [recorded_type(text) for text in expected["types"]]
    equality = Equality(expected.get("h2", False), expected.get("approx", 0.0), expected.get("bag", False))

    def equal(place: int, one: Any, other: Any) -> bool:
        return equality.equal(types[place], one, other)

    verdict = _compare_rows(expected["rows"], answer.rows, equal, expected.get("ordered", False))
    if not expected.get("exact"):
        return verdict
    right = len(types) == len(answer.types) and all(map(same_type, types, answer.types))
    return replace(verdict, type_right=right)


def recorded_type(text: str) -> DataType:
    """Trino infers `varchar(0)`, which cannot be written."""
    return parse_type(text.replace("varchar(0)", "varchar"), trino=True)


Equal = Callable[[int, Any, Any], bool]


def _compare_rows(
    expected: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]], equal: Equal, ordered: bool = False
) -> Verdict:
    if len(rows) != len(expected):
        return Verdict("value", f"{len(expected)} rows expected, got {len(rows)}")
    wrong_kinds: list[str] = []

    def same(one: Sequence[Any], other: Sequence[Any]) -> bool:
        try:
            return len(one) == len(other) and all(map(equal, range(len(one)), one, other))
        except WrongKind as error:
            wrong_kinds.append(str(error))
            return False

    left = list(rows)
    for row in expected:
        place = next((n for n, other in enumerate(left[:1] if ordered else left) if same(row, other)), None)
        if place is None:
            if wrong_kinds:
                return Verdict("family", wrong_kinds[0])
            return Verdict("value", f"{_shown(row)} expected, got {_shown(left[0])}")
        left.pop(place)
    return Verdict("pass")


def _expected_error(case: Case) -> str:
    return str(case.expected.get("code") or case.expected.get("message") or case.expected["error"])


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:199] + "…"
