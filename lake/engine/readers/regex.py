"""Text by a regular expression a line: group n is column n, a line that does not match is a row of NULLs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lake.engine.readers.lines import lines_text
from lake.engine.readers.literals import text
from lake.engine.readers.nested import SEPARATORS, simple_value
from lake.errors import NotSupported
from lake.model import StorageDescriptor
from lake.types import DataType

JAVA_ONLY = re.compile(r"\(\?<?[=!]|\(\?>|(?<!\\)[*+?}]\+|\\[1-9]|&&")
"""Look-around, atomic groups, possessive quantifiers, back references, class intersection: RE2 has none of them."""


def regex_text(
    columns: Sequence[tuple[str, DataType]], files: Sequence[str], descriptor: StorageDescriptor, skip: int
) -> str:
    pattern = descriptor.serde.parameters.get("input.regex", "")
    if JAVA_ONLY.search(pattern):
        raise NotSupported("input.regex uses a construct of Java's that a directory lake does not read", hint=pattern)
    if descriptor.serde.parameters.get("input.regex.case.insensitive", "false").lower() == "true":
        pattern = f"(?i){pattern}"
    whole = text(f"^(?:{pattern})$")
    names = ", ".join(f"'g{place}'" for place in range(len(columns)))
    groups = f"CASE WHEN regexp_full_match(line, {text(pattern)}) THEN regexp_extract(line, {whole}, [{names}]) END"
    values = [
        f"{simple_value(f'm.g{place}', type_, SEPARATORS, 1)} AS c{place}" for place, (_, type_) in enumerate(columns)
    ]
    return f"(SELECT {', '.join(values)}, file_index FROM (SELECT {groups} AS m, file_index FROM {lines_text(files, skip)}))"
