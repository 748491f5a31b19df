"""What a body raises."""

from __future__ import annotations


class TrinoError(Exception):
    """`code` is Trino's: DIVISION_BY_ZERO, INVALID_FUNCTION_ARGUMENT, INVALID_CAST_ARGUMENT, …"""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
