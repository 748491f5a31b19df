"""Reads a location template (`raw/${dt}/region=${region}`) into the steps of a path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lake.errors import ConfigError
from lake.model import NULL_PARTITION
from lake.partitions.layouts.keys import Key
from lake.partitions.layouts.names import escape, percent

_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")
# A value's escapes are made of these, so a separator among them could not be told from a value.
_ESCAPE_CHARACTERS = frozenset("%0123456789ABCDEFabcdef")


@dataclass(frozen=True, slots=True)
class KeyName:
    """`region=` before the key's own value: matched without case, as Hive does."""

    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value stands: `part` counts the steps of a key that fills several.

    All of a value fits `pattern`, if there is one; a value that fits `form` shows itself where it ends.
    """

    key: int
    part: int
    pattern: str | None
    form: str | None = None


@dataclass(frozen=True)
class Step:
    """One step of a path, between two slashes. A value that begins it does not begin with one of `names`, such as `dt=`."""

    parts: tuple[str | KeyName | Slot, ...]
    names: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = field(init=False)
    literal: str | None = field(init=False)
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        slots = tuple(part for part in self.parts if isinstance(part, Slot))
        literal = (
            None if slots else "".join(part.text if isinstance(part, KeyName) else str(part) for part in self.parts)
        )
        object.__setattr__(self, "slots", slots)
        object.__setattr__(self, "literal", literal)
        object.__setattr__(
            self, "pattern", re.compile("".join(map(self._pattern_of, range(len(self.parts)))), re.DOTALL)
        )

    @property
    def named(self) -> list[Slot]:
        """The values that stand after a name, as in `dt=${dt}`."""
        return [
            slot
            for name, slot in pairwise(self.parts)
            if isinstance(slot, Slot) and (isinstance(name, KeyName) or str(name).endswith("="))
        ]

    def write(self, texts: Mapping[Slot, str]) -> str:
        written = ""
        for index, part in enumerate(self.parts):
            if isinstance(part, Slot):
                written += self._write_slot(index, texts[part])
            else:
                written += part.text if isinstance(part, KeyName) else part
        return written

    def _write_slot(self, index: int, text: str) -> str:
        slot, escaped = self.parts[index], escape(text)
        assert isinstance(slot, Slot)
        if escaped == NULL_PARTITION or slot.pattern is not None:
            return escaped
        # A step that began with these would be hidden to every engine, and `..` would leave the table.
        refused = "._" if index == 0 else ""
        separator = self._separator_after(index)
        if separator is not None:
            if slot.form is not None:
                if re.fullmatch(slot.form, escaped):
                    return escaped
                refused += "+-0123456789"
            escaped = escaped.replace(separator, percent(separator))
        return percent(escaped[0]) + escaped[1:] if escaped[0] in refused else escaped

    def _separator_after(self, index: int) -> str | None:
        """Return what begins after a value that is not the last one of its step."""
        following = self.parts[index + 1 :]
        if not any(isinstance(part, Slot) for part in following):
            return None
        assert not isinstance(following[0], Slot)
        return (following[0].text if isinstance(following[0], KeyName) else following[0])[0]

    def _pattern_of(self, index: int) -> str:
        part = self.parts[index]
        if isinstance(part, str):
            return re.escape(part)
        if isinstance(part, KeyName):
            return f"(?i:{re.escape(part.text)})"
        if part.pattern is not None:
            return f"({NULL_PARTITION}|{part.pattern})"
        separator = self._separator_after(index)
        stop = re.escape(separator or "")
        first = f"[^/{stop}._]" if index == 0 else f"[^/{stop}]"
        form = "" if separator is None or part.form is None else f"{part.form}|"
        return f"{self._no_name(index)}({NULL_PARTITION}|{form}{first}[^/{stop}]*)"

    def _no_name(self, index: int) -> str:
        return f"(?!(?i:{'|'.join(map(re.escape, self.names))}))" if index == 0 and self.names else ""


def hive_steps(names: Sequence[str], keys: Sequence[Key]) -> list[Step]:
    """Return the steps of `dt=${dt}/hour=${hour}`."""
    builder = _Builder(names)
    for index, (name, key) in enumerate(zip(names, keys, strict=True)):
        builder.add_text("/" if index else "")
        builder.parts.append(KeyName(escape(name) + "="))
        builder.add_key(index, key)
    return builder.finish("")


def is_hive_named(template: str) -> bool:
    """Say whether every key stands in a template as `dt=${dt}`."""
    return all(own_name for _, own_name, _, _ in _placeholders(template))


def _placeholders(template: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield each placeholder with what is before it: text, its own name as in `dt=${dt}`; then its key and its end."""
    position = 0
    for match in _PLACEHOLDER.finditer(template):
        name = match[1].strip().lower()
        text, own = template[position : match.start()], f"{escape(name)}="
        cut = len(text) - len(own)
        if cut < 0 or text[cut:].lower() != own.lower() or text[:cut][-1:] not in ("", "/"):
            cut = len(text)
        position = match.end()
        yield text[:cut], text[cut:], name, position


def template_steps(template: str, names: Sequence[str], keys: Sequence[Key]) -> list[Step]:
    """Raise ConfigError when the template leaves a key out or cannot be read back."""
    builder = _Builder(names)
    position, used = 0, set[int]()
    for text, own_name, name, end in _placeholders(template):
        if name not in names:
            raise ConfigError(f"location template {template!r} names {name!r}, which is no partition key")
        index = names.index(name)
        builder.add_text(text)
        if own_name:
            builder.parts.append(KeyName(own_name))
        builder.add_key(index, keys[index])
        position = end
        used.add(index)
    builder.add_text(template[position:].removesuffix("/"))
    missing = [name for index, name in enumerate(names) if index not in used]
    if missing:
        raise ConfigError(f"location template {template!r} leaves out the partition key {missing[0]!r}")
    return builder.finish(template)


class _Builder:
    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(f"{escape(name)}=" for name in names)
        self.steps: list[list[str | KeyName | Slot]] = [[]]

    @property
    def parts(self) -> list[str | KeyName | Slot]:
        return self.steps[-1]

    def add_text(self, text: str) -> None:
        first, *others = text.split("/")
        self.steps[-1].extend([first] if first else [])
        self.steps.extend([other] if other else [] for other in others)

    def add_key(self, index: int, key: Key) -> None:
        for part, pattern in enumerate(key.steps):
            if part:
                self.steps.append([])
            self.parts.append(Slot(index, part, pattern, key.form))

    def finish(self, template: str) -> list[Step]:
        for parts in self.steps:
            if not parts or parts in (["."], [".."]):
                raise ConfigError(f"location template {template!r} has an empty, '.' or '..' step")
            last = max((place for place, part in enumerate(parts) if isinstance(part, Slot)), default=0)
            for first, second in pairwise(parts[: last + 1]):
                if not isinstance(first, Slot):
                    continue
                text = second.text if isinstance(second, KeyName) else second
                if isinstance(text, Slot) or text[0] in _ESCAPE_CHARACTERS:
                    raise ConfigError(f"location template {template!r} does not say where one value ends")
        return [Step(tuple(parts), self.names) for parts in self.steps]
