"""The texts by which macros raise what Trino raises."""

from __future__ import annotations

DIVISION = "trino_error('DIVISION_BY_ZERO', 'Division by zero')"


def invalid(message: str) -> str:
    return f"trino_error('INVALID_FUNCTION_ARGUMENT', {message})"
