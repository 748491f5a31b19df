"""Named queries: one SQL file a query, whose first comment is its help and declares its parameters.

    -- Daily mean of a metric
    --
    -- Free lines of help.
    -- :metric string = temp in [temp, dewp, humid]  what to average
    -- :since date  first day
    SELECT …

The grammar of a parameter line is `-- :name type [= default] [in [a, b, c]]  help`; two spaces begin the help.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lake.errors import ConfigError, NamedQueryNotFound, ParameterError
from lake.values import READERS, read_value

PARAMETER_LINE = re.compile(
    r":(?P<name>[A-Za-z_]\w*)\s+(?P<type>\w+)(?P<list>\[\])?"
    r"(?:\s*=\s*(?P<default>'[^']*'|(?:(?! in \[|  ).)+))?"
    r"(?:\s+in\s+\[(?P<choices>[^\]]*)\])?(?:\s{2,}(?P<help>.*))?$"
)


@dataclass(frozen=True, slots=True)
class QueryParameter:
    name: str
    type: str
    default: str | None = None
    choices: tuple[str, ...] = ()
    help: str = ""
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class NamedQuery:
    name: str
    path: Path
    title: str
    help: str
    parameters: tuple[QueryParameter, ...]
    sql: str

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return every parameter's value: as given (text is read as the declared type), else its default.

        Raises ParameterError for one that is missing, unknown, of the wrong type or not among its choices.
        """
        unknown = sorted(set(given) - {parameter.name for parameter in self.parameters})
        if unknown:
            known = ", ".join(f":{parameter.name}" for parameter in self.parameters) or "none"
            raise ParameterError(f"@{self.name} has no parameter :{unknown[0]}", hint=f"its parameters: {known}")
        return {parameter.name: self._value(parameter, given) for parameter in self.parameters}

    def _value(self, parameter: QueryParameter, given: Mapping[str, Any]) -> Any:
        value = given.get(parameter.name, parameter.default)
        if parameter.name not in given and parameter.default is None:
            raise ParameterError(
                f"@{self.name} needs :{parameter.name} ({parameter.type})", hint=f"pass -p {parameter.name}=…"
            )
        if not isinstance(value, str):
            return value
        texts = [part.strip() for part in value.split(",")] if parameter.is_list else [value]
        for text in texts:
            if parameter.choices and text not in parameter.choices:
                raise ParameterError(f":{parameter.name} is {text!r}, which is none of {', '.join(parameter.choices)}")
        read = [read_value(text, parameter.type, f":{parameter.name}") for text in texts]
        return read if parameter.is_list else read[0]


class NamedQueries:
    """Queries of several folders; the first folder that has a name wins. A sub-folder is part of the name."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def list_queries(self) -> Iterator[NamedQuery]:
        """Yield by name."""
        found: dict[str, Path] = {}
        for folder in self._folders:
            for path in folder.rglob("*.sql"):
                found.setdefault(path.relative_to(folder).with_suffix("").as_posix(), path)
        for name in sorted(found):
            yield read_query(name, found[name])

    def get_query(self, name: str) -> NamedQuery:
        """Raise NamedQueryNotFound. A name never leads out of the folders."""
        if re.fullmatch(r"[\w-]+(?:/[\w-]+)*", name):
            for folder in self._folders:
                path = folder / f"{name}.sql"
                if path.is_file():
                    return read_query(name, path)
        raise NamedQueryNotFound(f"there is no named query @{name}", hint="tap-lake queries list shows them")


def read_query(name: str, path: Path) -> NamedQuery:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"query file {path} cannot be read: {error}") from error
    head: list[str] = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        head.append(line.removeprefix("--").removeprefix(" ").rstrip())
    parameters = [read_parameter(line, path) for line in head if line.startswith(":")]
    prose = [line for line in head if not line.startswith(":")]
    title = prose[0] if prose else name
    return NamedQuery(name, path, title, "\n".join(prose[1:]).strip(), tuple(parameters), text)


def read_parameter(line: str, path: Path) -> QueryParameter:
    match = PARAMETER_LINE.match(line)
    if match is None or match["type"].lower() not in READERS:
        raise ConfigError(
            f"{path}: {line!r} declares no parameter",
            hint="write -- :name type [= default] [in [a, b]]  help, with a type of " + ", ".join(READERS),
        )
    default = match["default"]
    if default is not None:
        default = default.strip()
        default = default[1:-1] if default.startswith("'") else default
    choices = tuple(choice.strip() for choice in (match["choices"] or "").split(",") if choice.strip())
    return QueryParameter(
        match["name"], match["type"].lower(), default, choices, match["help"] or "", match["list"] is not None
    )
