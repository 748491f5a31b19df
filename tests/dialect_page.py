"""The list of functions in docs/dialect.md, made of the compiler's table: `python -m tests.dialect_page` writes it anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lake.errors import LakeError
from lake.sql.compiler import queries  # noqa: F401  every module that adds to the table
from lake.sql.compiler.expressions import SPECIAL
from lake.sql.compiler.functions import FUNCTIONS, Call, Overload
from lake.sql.compiler.macros import CALL, definitions
from lake.sql.compiler.signature import FUNCTION, Bindings, Pattern, resolve
from lake.sql.compiler.typed import Lambda, Typed
from lake.types import DataType
from tests.trino_functions import TRINO_FUNCTIONS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "dialect.md"
BEGIN, END = "<!-- functions: made by tests/dialect_page.py -->\n", "<!-- end of functions -->\n"
SYNTAX = frozenset(
    "cast try_cast if extract position trim substring exists current_date current_time current_timestamp current_user "
    "localtime localtimestamp json_array json_exists json_object json_query json_value unnest".split()
)
"""Functions with a syntax of their own, which the compiler knows as nodes."""
ALIASES = {"substring": "substr"}
LITERALS = ["", "a", "%Y-%m-%d", "yyyy-MM-dd", "day", "$.a", 1]
"""Some that a form may treat in another way than what is only known row by row."""
SAMPLES = {"E": "integer", "T": "integer", "K": "varchar", "V": "integer"}


def listing() -> str:
    names = sorted(name for name in TRINO_FUNCTIONS | set(FUNCTIONS) | set(SPECIAL) if _is_public(name))
    rows = [f"| `{name}` | {_signatures(name)} | {_how(name)} |" for name in names]
    counts = _counts(names)
    said = ", ".join(f"{count} {how}" for how, count in counts.items())
    return "\n".join(
        [f"{len(names)} functions: {said}.", "", "| function | takes → gives | runs as |", "|---|---|---|", *rows, ""]
    )


def write() -> None:
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{listing()}\n{END}{after}")


def _is_public(name: str) -> bool:
    return not name.startswith(("trino_", "extract_", "json_", "$")) or name in TRINO_FUNCTIONS


def _counts(names: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[_how(name)] = counts.get(_how(name), 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: -pair[1]))


def _signatures(name: str) -> str:
    shown = [f"({', '.join(_parameters(each))}) → {_result(each)}" for each in FUNCTIONS.get(name, ())]
    return "<br>".join(shown) if shown else ""


def _parameters(overload: Overload) -> Iterator[str]:
    for place, pattern in enumerate(overload.parameters):
        last = place == len(overload.parameters) - 1
        yield f"{_written(pattern)}{'…' if overload.variadic and last else ''}"


def _result(overload: Overload) -> str:
    return _written(overload.result) if isinstance(overload.result, Pattern) else "by the arguments"


def _written(pattern: Pattern) -> str:
    inside = ", ".join([*(_written(part) for part in pattern.parts), *pattern.numbers])
    base, _, zone = pattern.name.partition(" with ")
    return f"{base}{f'({inside})' if inside else ''}{f' with {zone}' if zone else ''}"


def _how(name: str) -> str:
    if name in SPECIAL or name in SYNTAX:
        return "native"
    if name not in FUNCTIONS:
        return "not yet"
    kinds = {kind for overload in FUNCTIONS[name] for kind in _kinds(overload)}
    return (
        next(iter(kinds))
        if len(kinds) == 1
        else " or ".join(kind for kind in ("native", "macro", "Python") if kind in kinds)
    )


def _kinds(overload: Overload) -> Iterator[str]:
    for literal in (None, *LITERALS):
        try:
            yield _kind(overload.text(_call(overload, literal)))
        except (LakeError, KeyError, IndexError, ValueError, TypeError, AttributeError):
            # What the form makes of other arguments says how it runs.
            continue


def _kind(text: str) -> str:
    called = set(CALL.findall(text)) - {"trino_error"}
    if any(name.startswith("py_") for name in called):
        return "Python"
    return "macro" if called & definitions().keys() else "native"


def _call(overload: Overload, literal: object) -> Call:
    bindings = Bindings(
        {name: DataType(type_) for name, type_ in SAMPLES.items()},
        {number: 3 for pattern in overload.parameters for number in re.findall(r"[a-z]", "".join(pattern.numbers))}
        | {"p": 10, "s": 2},
    )
    arguments: list[Typed | Lambda] = []
    for place, pattern in enumerate(overload.parameters):
        if pattern.name == FUNCTION:
            parameters = tuple(f"v{number}_" for number in range(len(pattern.parts) - 1))
            arguments.append(Lambda(parameters, Typed("x", resolve(pattern.parts[-1], bindings))))
            continue
        type_ = resolve(pattern, bindings)
        fits = isinstance(literal, str) == (type_.name == "varchar") and literal is not None and place > 0
        arguments.append(Typed(f"a{place}", type_, literal if fits else None))
    types = [each.body.type if isinstance(each, Lambda) else each.type for each in arguments]
    result = overload.result(types) if callable(overload.result) else resolve(overload.result, bindings)
    return Call(tuple(arguments), result)


if __name__ == "__main__":
    write()
