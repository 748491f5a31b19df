"""Text to tokens, one at a time, by the lexical rules of the two languages that Athena speaks.

Hive's (most DDL): '…' and "…" are strings with backslash escapes, names that need it stand between back ticks.
Trino's (views, queries): '…' is a string without escapes, "…" a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from lake.errors import MalformedQuery


class Kind(StrEnum):
    WORD = "word"
    NAME = "name"
    STRING = "string"
    NUMBER = "number"
    SYMBOL = "symbol"
    END = "end"


class Language(StrEnum):
    HIVE = "hive"
    TRINO = "trino"


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is a string's or a name's value, without quotes and escapes; `start` and `end` are offsets."""

    kind: Kind
    text: str
    start: int
    end: int


_BLANK = re.compile(r"(?:\s+|--[^\n]*|/\*.*?\*/)*", re.DOTALL)
_WORD = r"(?P<word>\d*[^\W\d]\w*)|(?P<number>\d+(?:\.\d+)?)|(?P<tick>`(?:[^`]|``)*`)"
_STRING = r"'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\""
_TOKENS = {
    Language.HIVE: re.compile(_WORD + rf"|(?P<string>(?:{_STRING})+)|(?P<symbol>.)", re.DOTALL),
    Language.TRINO: re.compile(
        _WORD + r"|(?P<string>'[^']*(?:''[^']*)*')|(?P<quoted>\"[^\"]*(?:\"\"[^\"]*)*\")|(?P<symbol>.)", re.DOTALL
    ),
}
_STRINGS = re.compile(_STRING, re.DOTALL)
_UNTERMINATED = {"'": "string", '"': "string", "`": "name", "/*": "comment"}

# As Hive's BaseSemanticAnalyzer reads them; any other escaped character stands for itself.
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([01][0-7]{2})|(.))", re.DOTALL)
_ESCAPED = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "%": "\\%", "_": "\\_"}


def token_at(sql: str, offset: int, language: Language) -> Token:
    """Read the token at or after `offset`, past blanks and comments; raise MalformedQuery for one without an end."""
    blank = _BLANK.match(sql, offset)
    start = blank.end() if blank else offset
    match = _TOKENS[language].match(sql, start)
    if match is None:
        return Token(Kind.END, "<EOF>", start, start)
    text, end = match.group(), match.end()
    kind = match.lastgroup
    if kind == "word":
        return Token(Kind.WORD, text, start, end)
    if kind == "number":
        return Token(Kind.NUMBER, text, start, end)
    if kind == "tick":
        return Token(Kind.NAME, text[1:-1].replace("``", "`"), start, end)
    if kind == "quoted":
        return Token(Kind.NAME, text[1:-1].replace('""', '"'), start, end)
    if kind == "string":
        if language is Language.TRINO:
            return Token(Kind.STRING, text[1:-1].replace("''", "'"), start, end)
        # Hive joins strings that touch: 'a''b' is ab.
        return Token(Kind.STRING, "".join(unescape(part[0][1:-1]) for part in _STRINGS.finditer(text)), start, end)
    open_end = _UNTERMINATED.get(text) or (sql.startswith("/*", start) and "comment")
    if open_end:
        line, column = line_and_column(sql, start)
        raise MalformedQuery(f"the {open_end} that starts here has no end", line=line, column=column)
    return Token(Kind.SYMBOL, text, start, end)


def unescape(text: str) -> str:
    """Undo the escapes of a Hive string (`\\t`, `\\001`, `\\u00e9`)."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    unicode, octal, character = match.groups()
    if unicode or octal:
        return chr(int(unicode, 16) if unicode else int(octal, 8))
    return _ESCAPED.get(character, character)


def line_and_column(sql: str, offset: int) -> tuple[int, int]:
    """Both count from 1."""
    return sql.count("\n", 0, offset) + 1, offset - sql.rfind("\n", 0, offset)


# docs.aws.amazon.com/athena/latest/ug/reserved-words.html, less those that AWS's own examples use as names.
_RESERVED = """
    all alter and array as authorization between bigint binary boolean both by case cast char column conf
    constraint commit create cross cube current_date current_timestamp cursor database date decimal delete
    describe distinct double drop else end exchange exists extended external false fetch float following for
    foreign from full function grant group grouping having if import in inner insert int integer intersect
    interval into is join lateral left less like local macro map more none not null numeric of on only or order
    out outer over partialscan partition percent preceding precision preserve primary procedure range reads reduce
    regexp references revoke right rlike rollback rollup row rows select set smallint table tablesample then
    to transform trigger true truncate unbounded union uniquejoin update user using utc_timestamp values
    varchar when where window with
"""
RESERVED_WORDS = frozenset(_RESERVED.split())
"""What Hive takes as a name between back ticks only."""
