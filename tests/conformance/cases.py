"""The cases: SQL text, and what Trino 422 recorded for it."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CASES = HERE / "cases.jsonl.gz"
SECONDS, SECONDS_OF_ERRORS, SECONDS_OF_TPCDS = 20.0, 5.0, 80.0

_TEXTS_AND_COMMENTS = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
_CALL = re.compile(r"([A-Za-z_]\w*)\s*\(")


@dataclass(frozen=True)
class Case:
    """`env` names the data that it reads, if any; `expected` is as recorded (see README.md)."""

    id: str
    group: str
    tier: str
    kind: str
    source: str
    env: str | None
    sql: str
    expected: Mapping[str, Any]

    @property
    def expects_error(self) -> bool:
        return "error" in self.expected

    @property
    def limit(self) -> float:
        """Seconds that it may take."""
        if self.expects_error:
            return SECONDS_OF_ERRORS
        return SECONDS_OF_TPCDS if self.env == "tpcds" else SECONDS

    @cached_property
    def calls(self) -> frozenset[str]:
        """Whatever stands before a parenthesis: every function, and some keywords."""
        bare = _TEXTS_AND_COMMENTS.sub("''", self.sql)
        return frozenset(name.lower() for name in _CALL.findall(bare))


def read_cases() -> list[Case]:
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        return [Case(**json.loads(line)) for line in lines]
