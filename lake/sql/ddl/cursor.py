"""A place in a statement that moves forward, and the errors that name it."""

from __future__ import annotations

from typing import NoReturn

from lake.errors import MalformedQuery
from lake.sql.ddl.statements import TableRef
from lake.sql.ddl.tokens import RESERVED_WORDS, Kind, Language, Token, line_and_column, token_at
from lake.types import DataType, TypeSyntaxError, parse_type_at

CATALOG_NAME = "awsdatacatalog"
MAX_COUNT = 2**31 - 1
NAME_KINDS = frozenset({Kind.WORD, Kind.NAME})


class Cursor:
    def __init__(self, sql: str, language: Language = Language.HIVE) -> None:
        self.sql = sql
        self.language = language
        self.current = token_at(sql, 0, language)

    def advance(self) -> Token:
        token = self.current
        self.current = token_at(self.sql, token.end, self.language)
        return token

    def name_follows(self) -> bool:
        """Say whether a word or a quoted name stands after the current token."""
        return token_at(self.sql, self.current.end, self.language).kind in NAME_KINDS

    def at_name(self) -> bool:
        return self.current.kind in NAME_KINDS

    def at(self, *words: str) -> bool:
        """Say whether the current token is one of these words."""
        return self.current.kind is Kind.WORD and self.current.text.lower() in words

    def at_symbol(self, symbol: str) -> bool:
        return self.current.kind is Kind.SYMBOL and self.current.text == symbol

    def accept(self, *words: str) -> bool:
        """Step over these words in a row; where the first is absent, stay. Once begun they must all be there."""
        if not self.at(words[0]):
            return False
        self.expect(*words)
        return True

    def expect(self, *words: str) -> None:
        for word in words:
            if not self.at(word):
                self.fail(f"'{word.upper()}'")
            self.advance()

    def expect_one_of(self, *words: str) -> str:
        if not self.at(*words):
            self.fail(*(f"'{word.upper()}'" for word in words))
        return self.advance().text.lower()

    def accept_symbol(self, symbol: str) -> bool:
        if not self.at_symbol(symbol):
            return False
        self.advance()
        return True

    def expect_symbol(self, symbol: str) -> None:
        if not self.accept_symbol(symbol):
            self.fail(f"'{symbol}'")

    def expect_end(self, *alternatives: str) -> None:
        while self.accept_symbol(";"):
            pass
        if self.current.kind is not Kind.END:
            self.fail(*(f"'{word}'" for word in alternatives), "<EOF>")

    def string(self) -> str:
        if self.current.kind is not Kind.STRING:
            self.fail("a string")
        return self.advance().text

    def count(self) -> int:
        """Read a whole number from 1."""
        text = self.current.text
        if self.current.kind is not Kind.NUMBER or not text.isdigit() or not 1 <= int(text[:11]) <= MAX_COUNT:
            self.fail(f"a number from 1 to {MAX_COUNT}")
        self.advance()
        return int(text)

    def name(self, what: str = "a name") -> str:
        """Read a name, in lower case; reserved words are names between quotes only."""
        token = self.current
        if token.kind is Kind.NAME and token.text:
            return self.advance().text.lower()
        if token.kind is not Kind.WORD:
            self.fail(what)
        if self.language is Language.HIVE and token.text.lower() in RESERVED_WORDS:
            self.fail(f"{what} (a reserved word is one between back ticks: `{token.text.lower()}`)")
        return self.advance().text.lower()

    def table(self) -> TableRef:
        """Read `t`, `db.t`, `awsdatacatalog.db.t`, and as SHOW CREATE TABLE of Athena writes it, `db.t` in one quote."""
        parts = [self.name("a table")]
        if "." in parts[0]:
            parts = parts[0].split(".", 1)
        while len(parts) < 3 and self.accept_symbol("."):
            parts.append(self.name("a table"))
        if len(parts) == 3 and parts.pop(0) != CATALOG_NAME:
            self.fail(f"a table of {CATALOG_NAME}")
        return TableRef(parts[-1], parts[0] if len(parts) == 2 else None)

    def type(self) -> DataType:
        try:
            data_type, end = parse_type_at(self.sql, self.current.start)
        except TypeSyntaxError as error:
            self.fail_at(error.offset, error.found, error.expected)
        self.current = token_at(self.sql, end, self.language)
        return data_type

    def rest(self) -> str:
        """Take all that is left of the statement, as it is written, without the `;` at its end."""
        text = self.sql[self.current.start :].rstrip().rstrip(";").rstrip()
        self.current = Token(Kind.END, "<EOF>", len(self.sql), len(self.sql))
        return text

    def fail(self, *expected: str) -> NoReturn:
        token = self.current
        found = token.text if token.kind is Kind.END else self.sql[token.start : token.end]
        self.fail_at(token.start, found, ", ".join(expected))

    def fail_at(self, offset: int, found: str, expected: str) -> NoReturn:
        line, column = line_and_column(self.sql, offset)
        shown = " ".join(found[:80].split()) or found[:1].encode("unicode_escape").decode()
        raise MalformedQuery(f"mismatched input '{shown}'. Expecting: {expected}", line=line, column=column)
