"""Text by a regular expression a line: group n is column n, a line that does not match is a row of NULLs."""

from __future__ import annotations

import re

from lake.engine.readers.lines import lines_text
from lake.engine.readers.literals import text
from lake.engine.readers.nested import SEPARATORS, simple_value
from lake.engine.readers.source import Source
from lake.errors import NotSupported

JAVA_ONLY = re.compile(r"\(\?<?[=!]|\(\?>|(?<!\\)[*+?}]\+|\\[1-9]|&&")
"""Look-around, atomic groups, possessive quantifiers, back references, class intersection: RE2 has none of them."""


def regex_text(source: Source) -> str:
    pattern = source.properties.get("input.regex", "")
    if JAVA_ONLY.search(pattern):
        raise NotSupported("input.regex uses a construct of Java's that a directory lake does not read", hint=pattern)
    if source.properties.get("input.regex.case.insensitive", "false").lower() == "true":
        pattern = f"(?i){pattern}"
    whole = text(f"^(?:{pattern})$")
    names = ", ".join(f"'g{place}'" for place in range(len(source.columns)))
    groups = f"CASE WHEN regexp_full_match(line, {text(pattern)}) THEN regexp_extract(line, {whole}, [{names}]) END"
    values = [
        f"{simple_value(f'm.g{place}', type_, SEPARATORS, 1)} AS c{place}"
        for place, (_, type_) in enumerate(source.columns)
    ]
    return f"(SELECT {', '.join(values)}, file_index FROM (SELECT {groups} AS m, file_index FROM {lines_text(source)}))"
