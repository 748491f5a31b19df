"""One look over a parsed query for all that the steps behind it search for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from lake.errors import NotSupported

MAX_NODES = 50_000
MAX_DEPTH = 900
"""DuckDB itself ends at 1,000 levels, and long before that it stops listening to an interrupt."""

CLOCKS = exp.Anonymous | exp.CurrentTimestamp | exp.CurrentDate | exp.CurrentTime | exp.Localtimestamp | exp.Localtime


@dataclass(slots=True)
class Survey:
    """Nodes of a tree in the order of its text, by what is done with them."""

    tables: list[exp.Table] = field(default_factory=list)
    columns: list[exp.Column] = field(default_factory=list)
    parameters: list[exp.Expr] = field(default_factory=list)
    clocks: list[exp.Expr] = field(default_factory=list)
    """What may read the clock: `current_date`, and every call of a function by name."""
    size: int = 0

    def add(self, other: Survey) -> None:
        """Take in the tree of a view, which is put in."""
        self.columns += other.columns
        self.clocks += other.clocks
        self.size += other.size
        _check_size(self)


def survey(tree: exp.Expr) -> Survey:
    """Raise NotSupported for a tree that an engine would choke on."""
    found = Survey()
    stack = [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        found.size += 1
        if depth > MAX_DEPTH:
            raise NotSupported(f"the query is nested deeper than {MAX_DEPTH} levels")
        _note(node, found)
        for child in _children(node):
            # A chain of one connective renders flat.
            flat = type(child) is type(node) and isinstance(node, exp.Connector)
            stack.append((child, depth if flat else depth + 1))
    _check_size(found)
    return found


def _check_size(found: Survey) -> None:
    if found.size > MAX_NODES:
        raise NotSupported(f"the query has more than {MAX_NODES:,} parts")


def _note(node: exp.Expr, found: Survey) -> None:
    if isinstance(node, exp.Column):
        found.columns.append(node)
    elif isinstance(node, exp.Table):
        found.tables.append(node)
    elif isinstance(node, CLOCKS):
        found.clocks.append(node)
    elif isinstance(node, exp.Placeholder | exp.Parameter):
        found.parameters.append(node)


def _children(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the last first, as a stack takes them."""
    for value in reversed(node.args.values()):
        if isinstance(value, exp.Expr):
            yield value
        elif isinstance(value, list):
            yield from (each for each in reversed(value) if isinstance(each, exp.Expr))
