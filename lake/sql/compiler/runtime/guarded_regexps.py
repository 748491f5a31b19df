"""Patterns that may take ages on a text: by `regex`, which stops in time and lets other threads run meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from lake.sql.compiler.runtime.errors import TrinoError

SECONDS = 1.0
"""That a text may take: Ctrl-C and time limits wait no longer."""
ESCAPES_AND_CLASSES = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]", re.DOTALL)
REPEATED_GROUP = re.compile(r"\)[*+{]")
UNBOUNDED = re.compile(r"[*+]|\{\d*,\}")
FUZZY = re.compile(r"\{(?![\d,]+\})")
FEW_UNBOUNDED = 3


class Expression(Protocol):
    """What functions ask of a compiled pattern."""

    def __hash__(self) -> int: ...

    @property
    def groups(self) -> int: ...

    @property
    def groupindex(self) -> Mapping[str, int]: ...

    def search(self, string: str) -> re.Match[str] | None: ...

    def fullmatch(self, string: str) -> re.Match[str] | None: ...

    def finditer(self, string: str, pos: int = 0) -> Iterator[re.Match[str]]: ...

    def sub(self, repl: Callable[[re.Match[str]], str], string: str) -> str: ...


def guarded(expression: re.Pattern[str]) -> Expression:
    """Return the expression, held to a time if it repeats groups or has many ways to match."""
    plain = ESCAPES_AND_CLASSES.sub(".", expression.pattern)
    is_risky = REPEATED_GROUP.search(plain) or len(UNBOUNDED.findall(plain)) > FEW_UNBOUNDED
    # `regex` has another meaning for other braces.
    return _Guarded(expression) if is_risky and not FUZZY.search(plain) else expression


class _Guarded:
    def __init__(self, expression: re.Pattern[str]) -> None:
        import regex

        self._expression: Any = regex.compile(expression.pattern, regex.VERSION0)
        self._written = expression.pattern
        self.groups = expression.groups
        self.groupindex = expression.groupindex

    def search(self, string: str) -> re.Match[str] | None:
        found: re.Match[str] | None = self._in_time(self._expression.search, string)
        return found

    def fullmatch(self, string: str) -> re.Match[str] | None:
        found: re.Match[str] | None = self._in_time(self._expression.fullmatch, string)
        return found

    def finditer(self, string: str, pos: int = 0) -> Iterator[re.Match[str]]:
        try:
            yield from self._expression.finditer(string, pos, concurrent=True, timeout=SECONDS)
        except TimeoutError as error:
            raise self._too_long() from error

    def sub(self, repl: Callable[[re.Match[str]], str], string: str) -> str:
        found: str = self._in_time(self._expression.sub, repl, string)
        return found

    def _in_time(self, search: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return search(*arguments, concurrent=True, timeout=SECONDS)
        except TimeoutError as error:
            raise self._too_long() from error

    def _too_long(self) -> TrinoError:
        message = f"pattern takes more than {SECONDS:g} s on a text: {self._written}"
        return TrinoError("INVALID_FUNCTION_ARGUMENT", message)
