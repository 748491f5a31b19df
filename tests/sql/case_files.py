"""Queries with the answers that Trino 422 gave, a file of them a topic.

    SELECT x / 2 FROM (VALUES 5, NULL) t(x);
    -- types integer
    -- row [2]
    -- row [null]

    SELECT 1 / 0;
    -- error DIVISION_BY_ZERO

Types stand as Trino displays them, with | between them; a row is the JSON that `tests/oracle` takes for it: maps are lists of pairs, intervals
milliseconds or months. Rows are in any order unless the query says which. `python -m tests.oracle.record FILE…` asks Trino for
the answers of the queries that have none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.oracle.answers import Said

FOLDER = Path(__file__).with_name("cases")


@dataclass(frozen=True)
class Case:
    sql: str
    said: Said | None

    def text(self) -> str:
        if self.said is None:
            return f"{self.sql};\n"
        if self.said.error is not None:
            return f"{self.sql};\n-- error {self.said.error}\n"
        rows = "".join(f"-- row {json.dumps(row, ensure_ascii=False)}\n" for row in self.said.rows)
        return f"{self.sql};\n-- types {' | '.join(self.said.types)}\n{rows}"


def read_cases(file: Path) -> tuple[str, list[Case]]:
    """Return what stands at the top of a file, and its cases."""
    paragraphs = [part.strip("\n") for part in file.read_text().split("\n\n")]
    top = paragraphs.pop(0)
    return top, [_case(part) for part in paragraphs if part]


def write_cases(file: Path, top: str, cases: list[Case]) -> None:
    file.write_text("\n".join([f"{top}\n", *(case.text() for case in cases)]))


def _case(paragraph: str) -> Case:
    lines = paragraph.split("\n")
    end = next(place for place, line in enumerate(lines) if line.endswith(";"))
    sql = "\n".join(lines[: end + 1]).removesuffix(";")
    notes = dict.fromkeys(("types", "error"), "")
    rows = []
    for kind, text in _notes(lines[end + 1 :]):
        if kind == "row":
            rows.append(json.loads(text))
        else:
            notes[kind] = text
    if not notes["types"] and not notes["error"]:
        return Case(sql, None)
    return Case(sql, Said(tuple(notes["types"].split(" | ")), tuple(rows), notes["error"] or None))


def _notes(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        _, kind, text = line.split(" ", 2)
        yield kind, text
