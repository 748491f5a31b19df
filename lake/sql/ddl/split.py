"""Tell statements apart: where one ends, and what kind it is."""

from __future__ import annotations

import re
from enum import StrEnum

from lake.sql.ddl.tokens import Kind, Language, Token, token_at

QUERY_WORDS = frozenset({"select", "with", "values", "table"})
DDL_WORDS = frozenset({"create", "drop", "alter", "show", "describe", "desc", "msck"})


class StatementKind(StrEnum):
    DDL = "ddl"
    QUERY = "query"
    INSERT = "insert"
    UNSUPPORTED = "unsupported"


def classify(sql: str) -> StatementKind:
    """Say by its first words what a statement is; only `lake.sql.ddl.parse` knows whether it is right."""
    words = _first_words(sql, 0)
    first = words[0] if words else ""
    if first == "(" or first in QUERY_WORDS:
        return StatementKind.QUERY
    if first == "insert":
        return StatementKind.INSERT
    return StatementKind.DDL if first in DDL_WORDS and not is_ctas(sql) else StatementKind.UNSUPPORTED


def language_of(sql: str, offset: int = 0) -> Language:
    """Say by which lexical rules Athena reads the statement at `offset`: Hive's for DDL, Trino's for the rest."""
    words = _first_words(sql, offset)
    first, rest = (words[0] if words else ""), words[1:]
    if first not in DDL_WORDS or "view" in rest[:3]:
        return Language.TRINO
    if first == "create" and rest[:1] == ["table"]:
        return Language.TRINO if _follows_ctas_name(sql, offset) else Language.HIVE
    return Language.HIVE


def is_ctas(sql: str) -> bool:
    """Say whether this is CREATE TABLE … AS, which goes on with WITH or AS right after its name."""
    return _first_words(sql, 0)[:2] == ["create", "table"] and _follows_ctas_name(sql, 0)


def is_show_create(sql: str) -> bool:
    return _first_words(sql, 0)[:2] == ["show", "create"]


def split_statements(text: str) -> list[str]:
    """Cut at each `;` that is in no string, name or comment; statements without a token are left out.

    The text of a statement is as written, comments before it included. Raises MalformedQuery for a string without
    an end.
    """
    statements = []
    start = offset = 0
    language = language_of(text, 0)
    empty = True
    while True:
        token = token_at(text, offset, language)
        offset = token.end
        if token.kind is Kind.END or (token.kind is Kind.SYMBOL and token.text == ";"):
            if not empty:
                statements.append(text[start : token.start].strip())
            if token.kind is Kind.END:
                return statements
            start, empty = offset, True
            language = language_of(text, offset)
        else:
            empty = False


def _first_words(sql: str, offset: int, count: int = 4) -> list[str]:
    """Return the first words in lower case, up to the first token that is none; a bracket counts where it is first."""
    words: list[str] = []
    while len(words) < count:
        token = token_at(sql, offset, Language.TRINO)
        if token.kind is not Kind.WORD:
            return words or ([token.text] if token.kind is Kind.SYMBOL else [])
        words.append(token.text.lower())
        offset = token.end
    return words


_NAME_KINDS = frozenset({Kind.WORD, Kind.NAME})


def _follows_ctas_name(sql: str, offset: int) -> bool:
    token = Token(Kind.SYMBOL, "", offset, offset)

    def step() -> Token:
        return token_at(sql, token.end, Language.TRINO)

    for _ in range(2):
        token = step()
    for word in ("if", "not", "exists"):
        following = step()
        if not re.fullmatch(word, following.text, re.IGNORECASE):
            break
        token = following
    token = step()
    while token.kind in _NAME_KINDS:
        following = step()
        if following.text != ".":
            return following.kind is Kind.WORD and following.text.lower() in ("with", "as")
        token = following
        token = step()
    return False
