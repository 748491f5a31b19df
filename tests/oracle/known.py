"""Where we answer otherwise than Trino and mean to, or know: each with its reason. Everything else that differs fails a test."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.oracle.answers import Ours, Said


@dataclass(frozen=True)
class Known:
    """`kind` is a difference's, `sql`, `trino` and `ours` are searched for in the query and in what both said; empty ones fit all."""

    reason: str
    kind: str
    sql: str = ""
    trino: str = ""
    ours: str = ""

    def fits(self, kind: str, query: str, said: Said, ours: Ours) -> bool:
        pairs = (
            (self.kind, kind),
            (self.sql, query),
            (self.trino, f"{said.error}: {said.message}"),
            (self.ours, f"{ours.error}: {ours.message}"),
        )
        return all(re.search(pattern, text) for pattern, text in pairs)


KNOWN = (
    Known("some types have no checksum", "^error", ours="checksum of"),
    Known(
        "a moment of a wrong text is refused where no row asks for it too",
        "^error",
        "WHERE",
        ours="could not be parsed|Invalid format",
    ),
    Known("a frame that moves on takes infinity away from infinity", "rows", r"infinity\(\).* OVER "),
    Known("bins are looked at all, and not only those that the search comes by", "^error", r"width_bucket\("),
    Known("of infinities in a covariance the order decides", "rows", r"(covar|corr|regr)\w*\(.*infinity"),
    Known("the oracle is without the plugins that have these functions", "no error|name", trino="not registered"),
    Known("Trino's own failure, which it reports as an internal error", "no error", trino="^[A-Z][a-z]+[A-Za-z]*:"),
    Known("AT TIME ZONE of a time may be written as at_timezone() too", "no error", sql=r"at_timezone\("),
    Known("bigint is taken where Trino takes integer", "no error", sql=r"regexp_position\("),
    Known("NULLS FIRST has NaN first too", "rows", sql=r"nan\(\).* NULLS FIRST"),
    Known("a text that does not fit is NULL, and fails inside of Trino", "rows", sql=r"TRY_CAST\(.* AS varchar\("),
    Known("DISTINCT is refused of aggregates that have no such form", "^error", ours="DISTINCT in"),
)


def reason_of(kind: str, query: str, said: Said, ours: Ours) -> str | None:
    return next((known.reason for known in KNOWN if known.fits(kind, query, said, ours)), None)
