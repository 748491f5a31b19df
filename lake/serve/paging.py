"""Tokens that say where the next page begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from lake.serve.refusals import invalid

T = TypeVar("T")


def make_token(subject: str, start: int) -> str:
    return base64.urlsafe_b64encode(f"{start}:{subject}".encode()).decode()


def read_token(token: str | None, subject: str, *, first: int = 0) -> int:
    """Return the place in a token, `first` without one. Raise Refused for one that was not given for this subject."""
    if token is None:
        return first
    try:
        start, _, of = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        if of == subject and start.isdecimal():
            return int(start)
    except (binascii.Error, UnicodeError):
        pass
    raise invalid("Invalid NextToken")


def page_of(
    items: Sequence[T], params: Mapping[str, Any], *, most: int, subject: str = ""
) -> tuple[Sequence[T], dict[str, Any]]:
    """Return a page and, where more follow, the NextToken to it."""
    start = read_token(params.get("NextToken"), subject)
    end = start + (params.get("MaxResults") or most)
    return items[start:end], {"NextToken": make_token(subject, end)} if end < len(items) else {}
