"""The text of a statement with values written into it, for an engine that takes text alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lake.errors import UsageError
from lake.sql.ddl.split import language_of
from lake.sql.ddl.tokens import Language, line_and_column

if TYPE_CHECKING:
    from lake.sql.parameters import Values


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands in the place of `start` to `end` of the original."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class BoundText:
    """`text` is `original` with its `edits` made, which are in order."""

    original: str
    text: str
    edits: tuple[Edit, ...] = ()

    def original_place(self, line: int, column: int) -> tuple[int, int]:
        """Return where a place of `text` is in `original`; both count from 1."""
        if not self.edits:
            return line, column
        lines = self.text.split("\n")[: line - 1]
        offset = sum(len(each) + 1 for each in lines) + column - 1
        grown = 0
        for edit in self.edits:
            start = edit.start + grown
            if offset < start:
                break
            if offset < start + len(edit.text):
                return line_and_column(self.original, edit.start)
            grown += len(edit.text) - (edit.end - edit.start)
        return line_and_column(self.original, min(offset - grown, len(self.original)))


def bind_text(sql: str, values: Values | None) -> BoundText:
    """Put the literal of its value in the place of each `:name` and `?`.

    Raises ParameterError as `lake.sql.parameters.bind` does, and UsageError for a statement that has no parameters.
    """
    if language_of(sql) is Language.HIVE:
        if values:
            raise UsageError("parameters are for queries; this statement takes none")
        return BoundText(sql, sql)
    if not values and "?" not in sql and ":" not in sql:
        # The tokenizer, and all of sqlglot with it, takes longer to load than most queries are waited for.
        return BoundText(sql, sql)
    from lake.sql.placeholders import edits_of

    edits = edits_of(sql, values)
    return BoundText(sql, _edited(sql, edits), edits)


def _edited(sql: str, edits: Sequence[Edit]) -> str:
    parts, end = [], 0
    for edit in edits:
        parts += [sql[end : edit.start], edit.text]
        end = edit.end
    return "".join([*parts, sql[end:]])
