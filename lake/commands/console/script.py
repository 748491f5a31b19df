"""What `query` is to run: statements from the line, from files, from standard input, or a named query."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lake.commands.console.terminal import is_terminal
from lake.errors import UsageError

if TYPE_CHECKING:
    from lake.named import NamedQueries

NAMED = re.compile(r"@[\w/-]+")
ROWS_WORDS = frozenset({"show", "describe", "desc", "msck"})
EXAMPLE = 'tap-lake query "SELECT 1"; or -f FILE, -, @name'


@dataclass(frozen=True, slots=True)
class Sources:
    """The places where SQL may stand on the line; one of them is used."""

    sql: str | None
    executed: Sequence[str]
    files: Sequence[str]


def read_statements(sources: Sources) -> list[str]:
    """Return the statements in their order; raise UsageError when there are none, or SQL stands in two places."""
    used = [bool(sources.executed), bool(sources.files), sources.sql is not None]
    if sum(used) > 1:
        raise UsageError("SQL is given in more than one way", hint="give it as argument, or by -e, or by -f")
    if sources.executed:
        texts = list(sources.executed)
    elif sources.files:
        texts = [_read_file(file) for file in sources.files]
    elif sources.sql is not None and sources.sql != "-":
        texts = [sources.sql]
    elif sources.sql == "-" or not is_terminal(sys.stdin):
        texts = [_read_standard_input()]
    else:
        raise UsageError("there is no SQL to run", hint=EXAMPLE)
    statements = [statement for text in texts for statement in _split(text)]
    if not statements:
        raise UsageError("there is no statement in the SQL given", hint=EXAMPLE)
    return statements


def gives_rows(statement: str) -> bool:
    """Say whether a statement is one that is run for its rows."""
    from lake.sql.ddl.split import StatementKind, classify

    words = statement.split(maxsplit=1)
    return is_named(statement) or classify(statement) is StatementKind.QUERY or words[0].lower() in ROWS_WORDS


def gives_text(statement: str) -> bool:
    """Say whether the rows of a statement are the lines of another one."""
    from lake.sql.ddl.split import is_show_create

    return not is_named(statement) and is_show_create(statement)


def is_named(statement: str) -> bool:
    return statement.startswith("@")


def parameter_names(statement: str, queries: NamedQueries) -> frozenset[str]:
    """Return the names of the parameters of a statement."""
    from lake.sql.ddl.split import StatementKind, classify

    if is_named(statement):
        return frozenset(parameter.name for parameter in queries.get_query(statement[1:]).parameters)
    if classify(statement) is not StatementKind.QUERY:
        return frozenset()
    from sqlglot import exp

    from lake.sql.parse import parse_query

    found = parse_query(statement).find_all(exp.Placeholder, exp.Parameter)
    return frozenset(node.name for node in found if node.name)


def file_hint(statement: str) -> str | None:
    """Say what may have been meant where a file's name was given for SQL."""
    looks_like_file = not re.search(r"\s", statement) and statement.lower().endswith(".sql")
    return f"did you mean -f {statement}?" if looks_like_file and Path(statement).is_file() else None


def _split(text: str) -> list[str]:
    from lake.sql.ddl.split import split_statements

    stripped = text.strip().removesuffix(";").strip()
    return [stripped] if NAMED.fullmatch(stripped) else split_statements(text)


def _read_file(name: str) -> str:
    if name == "-":
        return _read_standard_input()
    try:
        return _decode(Path(name).read_bytes(), name)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from error


def _read_standard_input() -> str:
    return _decode(sys.stdin.buffer.read(), "standard input")


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is no UTF-8 text: {error.reason} at byte {error.start}") from error
