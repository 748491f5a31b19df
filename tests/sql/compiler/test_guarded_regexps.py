"""Patterns that are held to a time find what they find without, and end."""

from __future__ import annotations

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lake.sql.compiler.runtime import regexps
from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.guarded_regexps import guarded

PIECES = [
    "a",
    "b",
    ".",
    "\\d",
    "[ab]",
    "(ab)+",
    "(a|b)*",
    "(?:a+b?)+",
    "(a)?",
    "b{2,}",
    "^",
    "$",
    "\\b",
    "(?=a)",
    "(?i:A)",
    "\\Z",
    "(?:x|ab){1,2}",
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join), st.text("abAB1 \n", max_size=12))
@settings(deadline=None)
def test_what_is_held_to_a_time_finds_the_same(pattern: str, text: str) -> None:
    plain = re.compile(pattern)
    held = guarded(plain)
    assert [(found.span(), found.groups()) for found in held.finditer(text)] == [
        (found.span(), found.groups()) for found in plain.finditer(text)
    ]
    first, same = held.search(text), plain.search(text)
    assert (first and first.span()) == (same and same.span())
    assert held.sub(lambda found: "<" + found[0] + ">", text) == plain.sub(lambda found: "<" + found[0] + ">", text)


@pytest.mark.parametrize("pattern", ["(?=(a+)+b)x", "^(?:(.+?)(?:,|$))+(?<!.)z", "(x+x+)+(?=y)"])
def test_no_pattern_takes_ages(pattern: str) -> None:
    started = time.monotonic()
    with suppress(TrinoError):
        regexps.regexp_like("a" * 30 + "," * 12 + "x" * 40, pattern)
    assert time.monotonic() - started < 5
