"""What the groups of a regular expression may give, found by one look over it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<open>\((?:\?(?:[:=!>]|<[=!]|P?<\w+>|[a-zA-Z-]*:?))?)"
    r"|(?P<close>\))|(?P<bar>\|)|(?P<quantifier>(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?)|.",
    re.DOTALL,
)
_OPTIONAL = re.compile(r"(?:[*?]|\{0+(?:,\d*)?\})(?P<lazy>\?)?\+?")


@dataclass(slots=True)
class Group:
    """`is_certain` says that it takes part in every match; `inside` is its own expression."""

    above: Group | None = None
    is_captured: bool = False
    start: int = 0
    inside: str = ""
    is_optional: bool = False
    has_branches: bool = False
    captured: list[Group] = field(default_factory=list)

    @property
    def is_certain(self) -> bool:
        above = self.above
        return above is None or (not self.is_optional and not above.has_branches and above.is_certain)

    @property
    def may_be_empty(self) -> bool:
        try:
            return re.fullmatch(self.inside, "") is not None
        except re.error:
            return True


def captured_groups(pattern: str) -> list[Group]:
    """Return the capturing groups in their order."""
    whole = Group()
    current, closed = whole, None
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup
        if kind == "open":
            is_captured = token[0] == "(" or (token[0].endswith(">") and token[0] != "(?>")
            current = Group(current, is_captured, token.end())
            if is_captured:
                whole.captured.append(current)
        elif kind == "close" and current.above is not None:
            current.inside = pattern[current.start : token.start()]
            current, closed = current.above, current
            continue
        elif kind == "bar":
            current.has_branches = True
        elif kind == "quantifier" and closed is not None and (optional := _OPTIONAL.fullmatch(token[0])):
            # What may be empty is there once where it is wanted as often as possible.
            closed.is_optional = bool(optional["lazy"]) or not closed.may_be_empty
        closed = None
    return whole.captured
