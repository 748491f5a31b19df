"""Files of text as lines: one row a line, one column `line`, nothing of it interpreted."""

from __future__ import annotations

from collections.abc import Sequence

from lake.engine.readers.literals import paths

MAX_LINE_BYTES = 32 * 1024 * 1024
"""Athena's own limit of a row: docs.aws.amazon.com/athena/latest/ug/other-notable-limitations.html"""

NO_DELIMITER = "chr(1) || chr(2) || chr(3) || chr(4)"
"""DuckDB's reader wants a delimiter; this one does not occur in text."""


def lines_text(files: Sequence[str], skip: int) -> str:
    delimiter = "\x01\x02\x03\x04"
    return (
        f"read_csv({paths(files)}, columns = {{'line': 'VARCHAR'}}, delim = '{delimiter}', quote = '', escape = '', "
        f"header = false, skip = {skip}, nullstr = '{delimiter}', auto_detect = false, strict_mode = false, "
        f"null_padding = true, max_line_size = {MAX_LINE_BYTES})"
    )
