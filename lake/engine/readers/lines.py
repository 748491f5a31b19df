"""Files of text as lines: one row a line, one column `line`, nothing of it interpreted."""

from __future__ import annotations

from lake.engine.readers.literals import texts
from lake.engine.readers.source import Source

MAX_LINE_BYTES = 32 * 1024 * 1024
"""Athena's own limit of a row: docs.aws.amazon.com/athena/latest/ug/other-notable-limitations.html"""

NOT_IN_TEXT = "\x01\x02\x03\x04"
"""DuckDB's reader wants a delimiter; this one, and its reverse for the null text, do not occur in text."""


def lines_text(source: Source) -> str:
    return (
        f"read_csv({texts(source.paths)}, columns = {{'line': 'VARCHAR'}}, delim = '{NOT_IN_TEXT}', quote = '', escape = '', "
        f"header = false, skip = {source.skip_lines}, nullstr = '{NOT_IN_TEXT[::-1]}', auto_detect = false, strict_mode = false, "
        f"null_padding = true, max_line_size = {MAX_LINE_BYTES})"
    )
