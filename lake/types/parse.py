"""Read the text of a type: Hive's spelling, Trino's, DuckDB's, or a mixture of the first two."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from lake.errors import MalformedQuery, NotSupported
from lake.types.datatype import (
    ARRAY,
    DECIMAL_DIGITS,
    MAP,
    PLAIN_TYPES,
    QDIGEST,
    ROW,
    TIME_DIGITS,
    TIME_TYPES,
    UNBOUNDED_LENGTH,
    DataType,
    Field,
    array_of,
    map_of,
)
from lake.types.names import ATHENA_ALIASES, DUCKDB_ALIASES, WORDS_AFTER

DEPTH_LIMIT = 64

DEFAULT_TIME_DIGITS = 3
HIVE_DECIMAL = (10, 0)
TRINO_DECIMAL = (DECIMAL_DIGITS, 0)

_SPACE = re.compile(r"(?:\s+|--[^\n]*|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"[0-9]{1,12}")
_QUOTED = re.compile(r"`((?:[^`]|``)+)`|\"((?:[^\"]|\"\")+)\"")
_STRING = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"", re.DOTALL)
_HIVE_NAME = re.compile(r"[^\s:<>(),;`'\"]+")


class TypeSyntaxError(ValueError):
    """`offset` is where in the text, from 0; `found` is what stands there."""

    def __init__(self, offset: int, found: str, expected: str) -> None:
        super().__init__(f"found {found!r}, expecting {expected}")
        self.offset = offset
        self.found = found
        self.expected = expected


@lru_cache(maxsize=4096)
def parse_type(text: str, *, trino: bool = False) -> DataType:
    """Read a type in either spelling; raise MalformedQuery naming the position, NotSupported for `uniontype`.

    The spellings differ in a bare `decimal`: (10,0) in a table's definition, (38,0) in a query (`trino`).
    """
    return _parse_whole(_Parser(text, decimal=TRINO_DECIMAL if trino else HIVE_DECIMAL))


@lru_cache(maxsize=4096)
def from_duckdb(text: str) -> DataType:
    """Read DuckDB's own text of a type. A plain TIMESTAMP is Athena's timestamp(3), as its tables know no other."""
    return _parse_whole(_Parser(text, aliases=DUCKDB_ALIASES, decimal=(18, 3)))


def parse_type_at(text: str, offset: int) -> tuple[DataType, int]:
    """Read the type that starts at `offset` of a longer text; return it and where it ends. Raises TypeSyntaxError."""
    parser = _Parser(text, position=offset)
    return parser.type(), parser.position


def _parse_whole(parser: _Parser) -> DataType:
    try:
        data_type = parser.type()
        parser.skip()
        if parser.position < len(parser.text):
            raise parser.error("the end")
    except TypeSyntaxError as error:
        shown = parser.text if len(parser.text) <= 200 else parser.text[:200] + "…"
        raise MalformedQuery(f"type {shown!r}: at position {error.offset + 1} {error}") from None
    return data_type


class _Parser:
    def __init__(
        self,
        text: str,
        *,
        position: int = 0,
        aliases: Mapping[str, str] = ATHENA_ALIASES,
        decimal: tuple[int, int] = HIVE_DECIMAL,
    ) -> None:
        self.text = text
        self.position = position
        self.aliases = aliases
        self.decimal = decimal
        self.depth = 0

    def type(self) -> DataType:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise self.error(f"at most {DEPTH_LIMIT} levels of nesting")
        data_type = self._named_type()
        while self.aliases is DUCKDB_ALIASES and self._accept("["):
            self._take(_NUMBER)
            self._expect("]")
            data_type = array_of(data_type)
        self.depth -= 1
        return data_type

    def _named_type(self) -> DataType:
        self.skip()
        start = self.position
        name = self._type_name()
        if name == ARRAY:
            open_bracket = self._open()
            element = self.type()
            self._close(open_bracket)
            return array_of(element)
        if name == MAP:
            open_bracket = self._open()
            key = self.type()
            self._expect(",")
            value = self.type()
            self._close(open_bracket)
            return map_of(key, value)
        if name == QDIGEST:
            open_bracket = self._open()
            summarised = self.type()
            self._close(open_bracket)
            return DataType(QDIGEST, (), (Field(None, summarised),))
        if name == ROW:
            open_bracket = self._open()
            read_field = self._hive_field if open_bracket == "<" else self._trino_field
            fields = [read_field()]
            while self._accept(","):
                fields.append(read_field())
            self._close(open_bracket)
            return DataType(ROW, (), tuple(fields))
        return self._scalar(name, start)

    def _type_name(self) -> str:
        """Read the words of a name, put it in Trino's terms, and leave a precision within it to be read."""
        start = self.position
        word = (self._take(_WORD) or self._take_null()).lower()
        if not word:
            raise self.error("a type")
        name = self._with_following_words(word)
        name = self.aliases.get(name, name)
        if name in ("uniontype", "union", "variant"):
            raise NotSupported(f"type {name} is not supported")
        if "(" not in name and name not in PLAIN_TYPES | TIME_TYPES | {
            ARRAY,
            MAP,
            ROW,
            QDIGEST,
            "varchar",
            "char",
            "decimal",
        }:
            raise TypeSyntaxError(start, self.text[start : self.position], "a type")
        return name

    def _take_null(self) -> str:
        """DuckDB writes the type of NULL in quotes."""
        if self.aliases is DUCKDB_ALIASES and self.text.startswith('"NULL"', self.position):
            self.position += len('"NULL"')
            return "null"
        return ""

    def _with_following_words(self, word: str) -> str:
        for words in WORDS_AFTER.get(word, ()):
            start = self.position
            if all(self._skip_then_take(_WORD).lower() == expected for expected in words):
                return " ".join((word, *words))
            self.position = start
        return word

    def _scalar(self, name: str, start: int) -> DataType:
        if "(" in name:
            return parse_type(name)
        if self.aliases is DUCKDB_ALIASES and name == "varchar" and self._accept("("):
            while self._skip_then_take(_STRING) and self._accept(","):
                pass
            self._expect(")")
            return DataType(name)
        arguments = self._arguments() if name not in PLAIN_TYPES else ()
        if name in TIME_TYPES:
            if arguments:
                name = self._with_zone(name)
            return self._checked(name, arguments or (DEFAULT_TIME_DIGITS,), start, 1, 0, TIME_DIGITS)
        if name == "decimal":
            precision, scale = ((*arguments, 0)[:2]) if arguments else self.decimal
            self._checked(name, arguments, start, 2, 0, DECIMAL_DIGITS)
            if precision < 1 or scale > precision:
                raise TypeSyntaxError(start, self.text[start : self.position], "decimal(1..38, 0..precision)")
            return DataType(name, (precision, scale))
        if name == "varchar" and arguments == (UNBOUNDED_LENGTH,):
            arguments = ()
        # A query may have text without length, a table may not.
        shortest = 0 if self.decimal == TRINO_DECIMAL else 1
        if name == "char":
            return self._checked(name, arguments or (1,), start, 1, shortest, 65536)
        return self._checked(name, arguments, start, 1, shortest, UNBOUNDED_LENGTH - 1)

    def _with_zone(self, name: str) -> str:
        full = self._with_following_words(name)
        return self.aliases.get(full, full)

    def _checked(self, name: str, arguments: tuple[int, ...], start: int, most: int, low: int, high: int) -> DataType:
        if len(arguments) > most or any(not low <= argument <= high for argument in arguments):
            found = self.text[start : self.position]
            raise TypeSyntaxError(start, found, f"at most {most} argument(s) of {low} to {high}")
        return DataType(name, arguments)

    def _arguments(self) -> tuple[int, ...]:
        if not self._accept("("):
            return ()
        arguments = []
        while True:
            number = self._skip_then_take(_NUMBER)
            if not number:
                raise self.error("a number")
            arguments.append(int(number))
            if not self._accept(","):
                break
        self._expect(")")
        return tuple(arguments)

    def _hive_field(self) -> Field:
        """Read `name: type [COMMENT 'text']`; the name may hold what crawlers put there, spaces included."""
        self.skip()
        name = self._quoted_name()
        if name is None:
            words = [self._take(_HIVE_NAME)]
            if not words[0]:
                raise self.error("a field name")
            after_first = self.position
            while word := self._skip_then_take(_HIVE_NAME):
                words.append(word)
            if self._at(":"):
                name = " ".join(words)
            else:
                name, self.position = words[0], after_first
        self._accept(":")
        data_type = self.type()
        start = self.position
        if self._skip_then_take(_WORD).lower() == "comment":
            if not self._skip_then_take(_STRING):
                raise self.error("a string")
        else:
            self.position = start
        return Field(name, data_type)

    def _trino_field(self) -> Field:
        """Read `name type` or a type alone."""
        self.skip()
        if not (self.aliases is DUCKDB_ALIASES and self.text.startswith('"NULL"', self.position)):
            name = self._quoted_name()
            if name is not None:
                return Field(name, self.type())
        start = self.position
        word = self._take(_WORD)
        is_type = self._with_following_words(word.lower()) != word.lower()
        if word and not is_type and (self._skip_then_take(_WORD) or self._at('"')):
            self.position = start + len(word)
            return Field(word, self.type())
        self.position = start
        return Field(None, self.type())

    def _quoted_name(self) -> str | None:
        match = _QUOTED.match(self.text, self.position)
        if match is None:
            return None
        self.position = match.end()
        back_ticked, double_quoted = match.groups()
        return back_ticked.replace("``", "`") if back_ticked else double_quoted.replace('""', '"')

    def _open(self) -> str:
        for bracket in "<(":
            if self._accept(bracket):
                return bracket
        raise self.error("'<' or '('")

    def _close(self, opened: str) -> None:
        self._expect(">" if opened == "<" else ")")

    def _at(self, character: str) -> bool:
        self.skip()
        return self.text.startswith(character, self.position)

    def _accept(self, character: str) -> bool:
        start = self.position
        if self._at(character):
            self.position += 1
            return True
        self.position = start
        return False

    def _expect(self, character: str) -> None:
        if not self._accept(character):
            self.skip()
            raise self.error(repr(character))

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.position)
        if match is None:
            return ""
        self.position = match.end()
        return match.group()

    def _skip_then_take(self, pattern: re.Pattern[str]) -> str:
        self.skip()
        return self._take(pattern)

    def skip(self) -> None:
        match = _SPACE.match(self.text, self.position)
        if match is not None:
            self.position = match.end()

    def error(self, expected: str) -> TypeSyntaxError:
        found = re.compile(r"\w+|.|\Z", re.DOTALL).match(self.text, self.position)
        return TypeSyntaxError(self.position, (found.group() if found else "") or "<EOF>", expected)
