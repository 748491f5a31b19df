"""Which of the templates that single paths follow are believed, all paths taken together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile

from lake.model import Table
from lake.partitions.layouts.guess import Guess, guess_template
from lake.partitions.layouts.keys import is_null
from lake.partitions.layouts.layout import make_layout, require_partitioned
from lake.partitions.layouts.template import is_hive_named
from lake.partitions.layouts.times import is_iso_time

_NAMED = re.compile(r"[^/$]*=\$\{")

Template = tuple[str, Mapping[str, str]]
"""A template below the table's location, and the date patterns of its keys."""


Look = Callable[[Sequence[str]], Iterable[tuple[str, ...]]]
"""Tells in which folders below a place, each as its steps, data lie: of some of them."""


def believed(table: Table, paths: Sequence[Sequence[str]], look: Look, *, is_hive: bool) -> list[Template]:
    """Return the templates that paths follow, but for what may be a slip: fixed steps beside keys that have none; anything
    but dates and other orders of the names beside Hive's own; texts of which not all are dates.
    """
    found = [family for family in _families(table, paths) if _are_dates(table, paths, family)]
    if is_hive:
        found = [family for family in found if _is_beside_hive(family[0])]
    else:
        found = [family for family in found if not family[0].is_fixed] or found
    # What is padded with zeros also reads as what is not, so it comes first.
    return sorted(
        (_template(family, look) for family in found), key=lambda each: sum("/M/" in text for text in each[1].values())
    )


def _is_beside_hive(guess: Guess) -> bool:
    if guess.template.startswith("${"):
        first = guess.template[2:].partition("}")[0]
        return guess.shown_by is None and (first in guess.formats if guess.formats else guess.template.count("${") > 2)
    return is_hive_named(guess.template) and not guess.is_fixed


def _template(family: Sequence[Guess], look: Look) -> Template:
    """Return what a family has in common; what lies below each partition is a tail only after steps that are fixed too."""
    guess = family[0]
    tail = _shared([each.tail for each in family]) if guess.is_fixed else ()
    if tail:
        ends = dict.fromkeys((guess.place, family[-1].place))
        tail = _shared([tail, *(folder for place in ends for folder in look(place))])
    return "/".join((guess.template, *tail)), guess.formats


def _shared(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    levels = zip(*paths, strict=False)
    return tuple(steps[0] for steps in takewhile(lambda steps: len(set(steps)) == 1, levels))


def _families(table: Table, paths: Iterable[Sequence[str]]) -> list[list[Guess]]:
    """Group what paths follow by template and formats, Hive's left out; names of keys match without case.

    Numbers of which none begins with a zero are of the pattern without padding, where there is one.
    """
    hive = "/".join(f"{key.name}=${{{key.name}}}" for key in table.partition_keys)
    found: dict[str, dict[str, list[Guess]]] = {}
    for guess in (guess_template(path, table) for path in paths):
        spelling = hive if guess is None else _NAMED.sub(lambda match: match[0].lower(), guess.template)
        if guess is not None and spelling != hive:
            found.setdefault(spelling, {}).setdefault("".join(guess.formats.values()), []).append(guess)
    return [family for families in found.values() for family in _without_chance(families)]


def _without_chance(families: Mapping[str, list[Guess]]) -> list[list[Guess]]:
    """Put the guesses that are padded by chance to those that are not."""
    kept = {pattern: sorted(family, key=lambda guess: guess.template)[::-1] for pattern, family in families.items()}
    for pattern in families:
        loose = pattern.replace("MM", "M").replace("dd", "d").replace("HH", "H")
        if loose != pattern and loose in kept and not any(guess.has_zeros for guess in kept[pattern]):
            kept[loose] += kept.pop(pattern)
    return list(kept.values())


def _are_dates(table: Table, paths: Iterable[Sequence[str]], family: Sequence[Guess]) -> bool:
    """Say whether all texts are dates, where nothing else shows that they are values."""
    guess, names = family[0], {each.shown_by for each in family}
    if names == {None}:
        return True
    layout = make_layout(table, guess.template, guess.formats)
    root = require_partitioned(table)
    found = [layout.find(f"{root}{'/'.join(path)}/") for path in paths]
    texts = [place[1][layout.names.index(name)] for place in found if place is not None for name in names if name]
    return len(names) == 1 and all(is_null(text) or is_iso_time(text) for text in texts)
