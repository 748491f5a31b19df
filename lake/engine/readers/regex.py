"""Text by a regular expression a line: group n is column n, a line that does not match is a row of NULLs.

So is a column whose group took no part in the match, or is not there.
"""

from __future__ import annotations

from lake.engine.readers.groups import Group, captured_groups
from lake.engine.readers.lines import lines_text
from lake.engine.readers.literals import text
from lake.engine.readers.nested import SEPARATORS, simple_value
from lake.engine.readers.source import Source
from lake.errors import NotSupported
from lake.sql.compiler.python_forms import call_text
from lake.sql.compiler.runtime import regexps
from lake.sql.compiler.runtime.errors import TrinoError

MOST_NATIVE_GROUPS = 6
"""With more of them RE2 keeps account of all at every character, and takes five times as long as Python."""


def regex_text(source: Source) -> str:
    pattern = source.properties.get("input.regex", "")
    if source.properties.get("input.regex.case.insensitive", "false").lower() == "true":
        pattern = f"(?i){pattern}"
    groups = captured_groups(pattern)
    count = len(source.columns)
    matched, values = _natively(pattern, groups, count) or _by_python(pattern, count)
    columns = [
        f"{simple_value(value, type_, SEPARATORS, 1)} AS c{place}"
        for place, (value, (_, type_)) in enumerate(zip(values, source.columns, strict=True))
    ]
    return (
        f"(SELECT {', '.join(columns)}, file_index FROM (SELECT {matched} AS m, file_index FROM {lines_text(source)}))"
    )


def _natively(pattern: str, groups: list[Group], count: int) -> tuple[str, list[str]] | None:
    """Return the text of a match and those of its groups; None where RE2 would not give what Java does.

    RE2 does not tell an empty group from one that took no part.
    """
    if len(groups) > MOST_NATIVE_GROUPS or any(each.may_be_empty and not each.is_certain for each in groups[:count]):
        return None
    known = _known(pattern)
    if known is None:
        return None
    names = ", ".join(f"'g{place}'" for place in range(min(count, len(groups))))
    whole = text(f"^(?:{known})$")
    matched = f"CASE WHEN regexp_full_match(line, {text(known)}) THEN regexp_extract(line, {whole}, [{names}]) END"
    values = [
        "CAST(NULL AS VARCHAR)"
        if place >= len(groups)
        else f"m.g{place}"
        if groups[place].is_certain
        else f"nullif(m.g{place}, '')"
        for place in range(count)
    ]
    return (matched, values) if names else None


def _known(pattern: str) -> str | None:
    try:
        return regexps.native(pattern.removeprefix("^").removesuffix("$"), may_be_empty=True)
    except TrinoError:
        return None


def _by_python(pattern: str, count: int) -> tuple[str, list[str]]:
    try:
        found = regexps.compiled(pattern).groups
    except TrinoError as error:
        raise NotSupported(f"input.regex is no expression that a directory lake reads: {error}", hint=pattern) from None
    matched = call_text(regexps.whole_groups, ["line", text(pattern)], ("VARCHAR", "VARCHAR"), "VARCHAR[]")
    return matched, [f"m[{place + 1}]" if place < found else "CAST(NULL AS VARCHAR)" for place in range(count)]
