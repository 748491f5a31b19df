"""Functions of regular expressions as Joni reads Java's (trino.io/docs/422/functions/regexp.html), by Python's `re`."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.guarded_regexps import Expression, guarded

NATIVE = re.compile(
    r"\\[dDwWsSbBtnrf]|\\[!-/:-@\[-^`{-~]"
    r"|\[\^?(?:\\[dwstnrf]|\\[!-/:-@\[-^`{-~]|[ -Z^-~])(?:\\[dwstnrf]|\\[!-/:-@\[-^`{-~]|[ -%'-Z^-~])*\]"
    r"|\(\?:|\((?!\?)|(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})\??(?![*+?])|[ -#%-&'),-/0->@-Z_-z|~]|\^"
)
"""What RE2 reads as Java does, \\b on a text of ASCII alone: escapes, classes without classes in them, groups, quantifiers, characters."""
PATTERNS_KEPT = 500
POSIX = {
    "Punct": r"!-/:-@\[-`{-~",
    "Blank": r"\t ",
    "XDigit": "0-9a-fA-F",
    "ASCII": r"\x00-\x7f",
    "Cntrl": r"\x00-\x1f\x7f",
    "Graph": "!-~",
    "Print": " -~",
}
KINDS: dict[str, Callable[[str], bool]] = {
    "Alpha": str.isalpha,
    "Digit": str.isdecimal,
    "Alnum": str.isalnum,
    "Upper": str.isupper,
    "Lower": str.islower,
    "Space": str.isspace,
}
SHORT = {"w": "a-zA-Z0-9_", "d": "0-9", "s": r"\t-\r "}
"""These are of ASCII alone, while a class by name, a border of words and a letter's case are Unicode's."""
TRANSLATED = {
    "z": r"\Z",
    "Z": r"(?=\n?\Z)",
    "e": r"\x1b",
    "h": r"[0-9a-fA-F]",
    "H": r"[^0-9a-fA-F]",
    "R": r"(?:\r\n|[\n-\r])",
}
FLAGS = re.compile(r"\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])")
NAMED = re.compile(r"\(\?<([A-Za-z_]\w*)>")
PROPERTY = re.compile(r"\\([pP])(?:\{(\^?)(?:Is|In)?(\w+)\}|([A-Z]))")
HEXADECIMAL = re.compile(r"\\x\{([0-9a-fA-F]+)\}")


def invalid(message: str) -> TrinoError:
    return TrinoError("INVALID_FUNCTION_ARGUMENT", message)


@lru_cache(PATTERNS_KEPT)
def compiled(pattern: str) -> Expression:
    try:
        return guarded(re.compile(_Translation(pattern).whole()))
    except (re.error, OverflowError, IndexError) as error:
        raise invalid(f"{error}: {pattern}") from error


class _Translation:
    """Writes a pattern for `re`. Options in the middle become groups that end with the group they are in."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0

    def whole(self) -> str:
        parts: list[str] = []
        open_options = [0]
        while self.place < len(self.pattern):
            character = self.pattern[self.place]
            if character == "\\":
                parts.append(self._escape(in_class=False))
            elif character == "[":
                parts.append(self._class())
            elif character == "(":
                written, is_option = self._group()
                parts.append(written)
                if is_option:
                    open_options[-1] += 1
                else:
                    open_options.append(0)
            elif character == ")":
                if len(open_options) == 1:
                    raise re.error("unmatched close parenthesis")
                parts.append(")" * (open_options.pop() + 1))
                self.place += 1
            else:
                parts.append(character)
                self.place += 1
        return "".join(parts) + ")" * open_options[0]

    def _group(self) -> tuple[str, bool]:
        """Return what opens a group, and whether it is an option that nothing closes."""
        if named := NAMED.match(self.pattern, self.place):
            self.place = named.end()
            return f"(?P<{named[1]}>", False
        if flags := FLAGS.match(self.pattern, self.place):
            self.place = flags.end()
            on, off = ("".join(flag for flag in flags[part] or "" if flag in "imsx") for part in (1, 2))
            return f"(?{on}{'-' + off if off else ''}:", flags[3] == ")"
        self.place += 1
        return "(", False

    def _escape(self, *, in_class: bool) -> str:
        if found := PROPERTY.match(self.pattern, self.place):
            self.place = found.end()
            ranges = _property(found[3] or found[4])
            negated = (found[1] == "P") != bool(found[2])
            if in_class:
                return _complement(ranges) if negated else ranges
            return f"[{'^' if negated else ''}{ranges}]"
        if found := HEXADECIMAL.match(self.pattern, self.place):
            self.place = found.end()
            return re.escape(chr(int(found[1], 16)))
        letter = self.pattern[self.place + 1]
        self.place += 2
        if letter == "Q":
            end = self.pattern.find("\\E", self.place)
            quoted = self.pattern[self.place : end if end >= 0 else None]
            self.place = end + 2 if end >= 0 else len(self.pattern)
            return re.escape(quoted)
        if letter == "k" and self.pattern[self.place : self.place + 1] == "<":
            name = self.pattern[self.place + 1 : self.pattern.index(">", self.place)]
            self.place += len(name) + 2
            return f"(?P={name})"
        if letter.lower() in SHORT:
            ranges = SHORT[letter.lower()]
            if in_class:
                return ranges if letter.islower() else _complement(ranges)
            return f"[{'' if letter.islower() else '^'}{ranges}]"
        if in_class:
            return {"h": "0-9a-fA-F", "e": r"\x1b"}.get(letter, "\\" + letter)
        return TRANSLATED.get(letter, "\\" + letter)

    def _class(self) -> str:
        """Classes within one add to it; && takes what both sides have."""
        self.place += 1
        negated = self.pattern[self.place : self.place + 1] == "^"
        self.place += negated
        sides: list[str] = []
        plain, nested, first = "", [], True
        while True:
            character = self.pattern[self.place]
            if character == "]" and not first:
                self.place += 1
                break
            if character == "[" and self.pattern[self.place + 1] == ":":
                end = self.pattern.index(":]", self.place)
                plain += _property(self.pattern[self.place + 2 : end].capitalize().replace("Xdigit", "XDigit"))
                self.place = end + 2
            elif character == "[":
                nested.append(self._class())
            elif self.pattern.startswith("&&", self.place):
                self.place += 2
                sides.append(_union(plain, nested))
                plain, nested = "", []
            elif character == "\\":
                plain += self._escape(in_class=True)
            else:
                plain += "\\" + character if character in "]&~|" else character
                self.place += 1
            first = False
        if not sides and not nested:
            return f"[{'^' if negated else ''}{plain}]"
        sides.append(_union(plain, nested))
        both = "".join(f"(?={side})" for side in sides)
        return f"(?:(?!{both})[\\s\\S])" if negated else f"(?:{both}[\\s\\S])"


def _union(plain: str, nested: list[str]) -> str:
    return f"(?:{'|'.join([*([f'[{plain}]'] if plain else []), *nested])})"


@cache
def _property(name: str) -> str:
    """Return the ranges of the characters that a property has: of POSIX, or a category of Unicode."""
    if name in POSIX:
        return POSIX[name]
    if name in KINDS:
        return _ranges([code for code in range(sys.maxunicode + 1) if KINDS[name](chr(code))])
    name = {"Alphabetic": "L", "Letter": "L", "Uppercase": "Lu", "Lowercase": "Ll"}.get(name, name)
    if len(name) > 2:
        script = name.upper().replace("HAN", "CJK UNIFIED") if name == "Han" else name.upper()
        return _ranges(
            [code for code in range(sys.maxunicode + 1) if unicodedata.name(chr(code), "").startswith(script + " ")]
        )
    return _ranges([code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)).startswith(name)])


def _ranges(codes: list[int]) -> str:
    if not codes:
        raise re.error("invalid character property name")
    starts = [code for place, code in enumerate(codes) if place == 0 or codes[place - 1] != code - 1]
    ends = [code for place, code in enumerate(codes) if place == len(codes) - 1 or codes[place + 1] != code + 1]
    return "".join(f"\\U{start:08x}-\\U{end:08x}" for start, end in zip(starts, ends, strict=True))


def _complement(ranges: str) -> str:
    outside = re.compile(f"[^{ranges}]")
    return _ranges([code for code in range(sys.maxunicode + 1) if outside.match(chr(code))])


def native(pattern: str, *, may_be_empty: bool) -> str | None:
    """Return RE2's text of a pattern that means there what it means in Java, or None. \\b does so on ASCII alone.

    Where a match is empty, DuckDB goes on from another place than Java.
    """
    if not may_be_empty and ("\\b" in pattern or "\\B" in pattern or compiled(pattern).search("") is not None):
        return None
    compiled(pattern)
    # The end is before a line feed that is the last character, too; that this takes it matters where nothing is cut out.
    ending = r"(?:\n?\z)" if may_be_empty and pattern.endswith("$") else ""
    parts: list[str] = []
    place, end = 0, len(pattern) - bool(ending)
    while place < end:
        part = NATIVE.match(pattern, place, end)
        if part is None:
            return None
        parts.append(_written_natively(part[0]))
        place = part.end()
    return "".join(parts) + ending


def takes_part(pattern: str, group: int) -> bool:
    """Say whether a group of a known pattern is part of every match: none is one of several, none may be left out."""
    plain = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", pattern, flags=re.DOTALL)
    return group <= compiled(pattern).groups and "|" not in plain and not re.search(r"\)[?*{]", plain)


def native_replacement(pattern: str, replacement: str) -> str | None:
    """Return RE2's text of a replacement; None where it is refused, or names a group that RE2 has no name for."""
    try:
        pieces = _replacement(replacement, compiled(pattern))
    except TrinoError:
        return None
    if any(isinstance(piece, int) and piece > 9 for piece in pieces):
        return None
    return "".join(f"\\{piece}" if isinstance(piece, int) else piece.replace("\\", "\\\\") for piece in pieces)


def _written_natively(part: str) -> str:
    """RE2's \\s is without the vertical tab."""
    if part.startswith("["):
        return re.sub(r"\\(.)", lambda escape: r"\t-\r " if escape[1] == "s" else escape[0], part)
    return {r"\s": r"[\t-\r ]", r"\S": r"[^\t-\r ]"}.get(part, part)


def _group(pattern: Expression, group: int) -> int:
    if group < 0:
        raise invalid("Group cannot be negative")
    if group > pattern.groups:
        raise invalid(f"Pattern has {pattern.groups} groups. Cannot access group {group}")
    return group


def regexp_like(text: str, pattern: str) -> bool:
    return compiled(pattern).search(text) is not None


def regexp_extract(text: str, pattern: str, group: int = 0) -> str | None:
    expression = compiled(pattern)
    wanted = _group(expression, group)
    found = expression.search(text)
    return found[wanted] if found else None


def regexp_extract_all(text: str, pattern: str, group: int = 0) -> list[str | None]:
    expression = compiled(pattern)
    wanted = _group(expression, group)
    return [found[wanted] for found in expression.finditer(text)]


def regexp_count(text: str, pattern: str) -> int:
    return sum(1 for _ in compiled(pattern).finditer(text))


def regexp_position(text: str, pattern: str, start: int = 1, occurrence: int = 1) -> int:
    """Return where an occurrence from `start` on begins, counted from 1, or -1."""
    if start < 1:
        raise invalid("start position cannot be smaller than 1")
    if occurrence < 1:
        raise invalid("occurrence cannot be smaller than 1")
    if start > len(text):
        return -1
    for count, found in enumerate(compiled(pattern).finditer(text, start - 1), 1):
        if count == occurrence:
            return found.start() + 1
    return -1


def regexp_split(text: str, pattern: str) -> list[str]:
    parts, end = [], 0
    for found in compiled(pattern).finditer(text):
        parts.append(text[end : found.start()])
        end = found.end()
    return [*parts, text[end:]]


def regexp_replace(text: str, pattern: str, replacement: str = "") -> str:
    expression = compiled(pattern)
    pieces = _replacement(replacement, expression)
    return expression.sub(
        lambda found: "".join(piece if isinstance(piece, str) else found[piece] or "" for piece in pieces), text
    )


def whole_groups(text: str, pattern: str) -> list[str | None] | None:
    """Return the groups of a match of the whole text."""
    found = compiled(pattern).fullmatch(text)
    return list(found.groups()) if found else None


def regexp_matches(text: str, pattern: str) -> tuple[list[str], list[list[str | None]]]:
    """Return what is before each match, and at last what is behind all of them; and the groups of each."""
    before: list[str] = []
    groups: list[list[str | None]] = []
    end = 0
    for match in compiled(pattern).finditer(text):
        before.append(text[end : match.start()])
        groups.append(list(match.groups()))
        end = match.end()
    return [*before, text[end:]], groups


@lru_cache(PATTERNS_KEPT)
def _replacement(written: str, pattern: Expression) -> list[str | int]:
    """Read Java's `$1`, `${name}` and `\\$`."""
    pieces: list[str | int] = []
    place = 0
    while place < len(written):
        character, following = written[place], written[place + 1 : place + 2]
        if character == "\\":
            if not following:
                raise invalid(f"Illegal replacement sequence: {written}")
            pieces.append(following)
            place += 2
        elif character == "$":
            group, place = _reference(written, place + 1, pattern)
            pieces.append(group)
        else:
            pieces.append(character)
            place += 1
    return pieces


def _reference(written: str, place: int, pattern: Expression) -> tuple[int, int]:
    if written[place : place + 1] == "{":
        name, closed, _ = written[place + 1 :].partition("}")
        if not closed:
            raise invalid(f"Illegal replacement sequence: {written}")
        if name not in pattern.groupindex:
            raise invalid(f"Illegal replacement sequence: unknown group {{ {name} }}")
        return pattern.groupindex[name], place + len(name) + 2
    digits = re.match("[0-9]+", written[place:])
    if digits is None:
        raise invalid(f"Illegal replacement sequence: {written}")
    # As many digits as still name a group.
    for count in range(len(digits[0]), 0, -1):
        group = int(digits[0][:count])
        if group <= pattern.groups:
            return group, place + count
    raise invalid(f"Illegal replacement sequence: unknown group {digits[0][0]}")
