"""Values as DuckDB's literals."""

from __future__ import annotations

from collections.abc import Iterable


def text(value: str) -> str:
    """Quote a string; NUL, which DuckDB's parser does not take, is spelt by chr(0)."""
    quoted = "'" + value.replace("'", "''") + "'"
    return quoted if "\0" not in value else "(" + quoted.replace("\0", "' || chr(0) || '") + ")"


def texts(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(text, values)) + "]"


def paths(values: Iterable[str]) -> str:
    """List files by their names."""
    return texts(map(without_patterns, values))


def without_patterns(path: str) -> str:
    """Return the name of a file, in which nothing is a pattern to DuckDB."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in path)
