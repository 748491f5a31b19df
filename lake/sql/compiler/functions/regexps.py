"""trino.io/docs/422/functions/regexp.html

A constant pattern that RE2 reads as Java does runs natively; with borders of words, on a text of ASCII.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lake.engine.readers.literals import text as literal_text
from lake.sql.compiler.functions.table import Call, Form, function
from lake.sql.compiler.python_forms import call_text, python
from lake.sql.compiler.runtime import regexps
from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.typed import Lambda
from lake.types import DataType

LONGEST = 2**31 - 1
MOST_GROUPS = 9
"""That RE2 has names for."""
MATCHES = 'STRUCT("before" VARCHAR[], "groups" VARCHAR[][])'


def _native(form: str, body: Callable[..., object], *, may_be_empty: bool = False) -> Form:
    """Return a form with `{0}` for the text and `{1}` for the pattern, or `body` where DuckDB would do otherwise."""

    def text(call: Call) -> str:
        pattern = call.literal(1)
        known = _known(pattern, may_be_empty=may_be_empty) if isinstance(pattern, str) else None
        slow = python(body)(call)
        if known is None or len(call.arguments) > 2:
            return slow
        subject = call.sql(0)
        fast = form.format(subject, literal_text(known))
        if "\\b" not in known and "\\B" not in known:
            return fast
        return f"CASE WHEN strlen({subject}) = length({subject}) THEN {fast} ELSE {slow} END"

    return text


def _extracted(call: Call) -> str:
    """A group that takes part in every match is never NULL, which DuckDB does not tell from ''."""
    pattern, group = call.literal(1), call.literal(2)
    if isinstance(pattern, str) and isinstance(group, int) and 0 <= group <= MOST_GROUPS:
        known = _known(pattern, may_be_empty=False)
        if known is not None and "\\b" not in known.lower() and regexps.takes_part(pattern, group):
            subject, read = call.sql(0), literal_text(known)
            return f"CASE WHEN regexp_matches({subject}, {read}) THEN regexp_extract({subject}, {read}, {group}) END"
    return python(regexps.regexp_extract)(call)


def _replaced(call: Call) -> str:
    pattern, replacement = call.literal(1), call.literal(2)
    if isinstance(pattern, str) and isinstance(replacement, str):
        known = _known(pattern, may_be_empty=False)
        written = regexps.native_replacement(pattern, replacement) if known is not None else None
        if known is not None and written is not None and "\\b" not in known.lower():
            return f"regexp_replace({call.sql(0)}, {literal_text(known)}, {literal_text(written)}, 'g')"
    return python(regexps.regexp_replace)(call)


def _known(pattern: str, *, may_be_empty: bool) -> str | None:
    try:
        return regexps.native(pattern, may_be_empty=may_be_empty)
    except TrinoError:
        return None


def _replaced_by_lambda(call: Call) -> str:
    """A NULL for any of the matches makes the whole NULL."""
    change = call.arguments[2]
    assert isinstance(change, Lambda)
    groups = change.parameters[0]
    matches = call_text(regexps.regexp_matches, [call.sql(0), call.sql(1)], ("VARCHAR", "VARCHAR"), MATCHES)
    changed = f"list_transform({groups}found.groups, lambda {groups}: {change.body.sql})"
    pieces = (
        f"list_transform({groups}found.before, lambda {groups}text, {groups}place: "
        f"{groups}text || coalesce({groups}all[{groups}place], ''))"
    )
    whole = f"CASE WHEN len({groups}all) = list_count({groups}all) THEN array_to_string({pieces}, '') END"
    joined = f"(list_transform([{changed}], lambda {groups}all: {whole}))[1]"
    return f"(list_transform([{matches}], lambda {groups}found: {joined}))[1]"


def _replaced_length(types: Sequence[DataType]) -> DataType:
    """At each place there may be a replacement, of which each two signs may be a group that is the whole."""
    if not types[0].parameters or not types[2].parameters:
        return DataType("varchar")
    length, replacement = types[0].parameters[0], types[2].parameters[0]
    return DataType("varchar", (min(LONGEST, length + max(length * replacement // 2, replacement) * (length + 1)),))


function(
    "regexp_like",
    "varchar, varchar",
    "boolean",
    _native("regexp_matches({0}, {1})", regexps.regexp_like, may_be_empty=True),
)
function(
    "regexp_extract",
    "varchar(n), varchar",
    "varchar(n)",
    _native("CASE WHEN regexp_matches({0}, {1}) THEN regexp_extract({0}, {1}) END", regexps.regexp_extract),
)
function("regexp_extract", "varchar(n), varchar, bigint", "varchar(n)", _extracted)
function(
    "regexp_extract_all",
    "varchar(n), varchar",
    "array(varchar(n))",
    _native("regexp_extract_all({0}, {1})", regexps.regexp_extract_all),
)
function("regexp_extract_all", "varchar(n), varchar, bigint", "array(varchar(n))", python(regexps.regexp_extract_all))
function(
    "regexp_count",
    "varchar, varchar",
    "bigint",
    _native("len(regexp_extract_all({0}, {1}))", regexps.regexp_count),
)
function("regexp_position", "varchar, varchar", "integer", python(regexps.regexp_position))
function("regexp_position", "varchar, varchar, bigint", "integer", python(regexps.regexp_position))
function("regexp_position", "varchar, varchar, bigint, bigint", "integer", python(regexps.regexp_position))
function(
    "regexp_split",
    "varchar(n), varchar",
    "array(varchar(n))",
    _native("string_split_regex({0}, {1})", regexps.regexp_split),
)
function(
    "regexp_replace",
    "varchar(n), varchar",
    "varchar(n)",
    _native("regexp_replace({0}, {1}, '', 'g')", regexps.regexp_replace),
)
function("regexp_replace", "varchar(n), varchar, varchar(m)", _replaced_length, _replaced)
function("regexp_replace", "varchar, varchar, function(array(varchar), varchar)", "varchar", _replaced_by_lambda)
