"""`lake.toml`: the settings of one lake, and their defaults."""

from __future__ import annotations

import json
import os
import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from lake.errors import ConfigError

DEFAULT_DATABASE = "default"
DEFAULT_MEMORY_PERCENT = 60
LEAST_MEMORY_BYTES = 128 << 20

BUCKET_RULE = "3 to 63 of a-z, 0-9, '.' and '-', beginning and ending with a letter or digit, without '..'"
DATABASE_RULE = "letters, digits, '_' and '-', at most 255"
SIZE_RULE = 'a size such as "4GB" or "512MiB"'
SPAN_RULE = 'a span of time such as "90s", "30m", "1h" or "2d"'
SPAN_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def usable_processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Sizes are texts such as `4GB` or `512MiB`, as DuckDB takes them.

    Without `temp_directory` it is the lake's own; without `max_temp_size`, what the engine thinks best.
    """

    memory_limit: str
    threads: int
    temp_directory: Path | None = None
    max_temp_size: str | None = None


@dataclass(frozen=True, slots=True)
class WriteSettings:
    """`grace` is how long replaced files stay; `chunk_bytes` of data are held before they are sorted by partition."""

    grace: timedelta = timedelta(hours=1)
    chunk_bytes: int = 256 << 20
    threads: int = field(default_factory=usable_processors)


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """Events wait in the spool until there are `deliver_bytes` of them, or for `deliver_after`; `memory_limit` is the engine's
    while it takes and delivers them. `partition_by` says what a partition of a new table spans, a day or an hour.
    """

    deliver_bytes: int = 64 << 20
    deliver_after: timedelta = timedelta(minutes=1)
    memory_limit: str = "256MiB"
    partition_by: str = "day"


@dataclass(frozen=True, slots=True)
class LakeSettings:
    """`database` is where unqualified table names are looked up; folders are absolute."""

    format: int
    bucket: str
    database: str
    allowed_folders: tuple[Path, ...]
    engine: EngineSettings
    write: WriteSettings
    ingest: IngestSettings


def settings_text(*, format_version: int, bucket: str, database: str) -> str:
    """Write the lake.toml of a new lake."""
    return f"""# The settings of this lake. Lines that begin with # show what holds without them.

format = {format_version}
bucket = {_toml(bucket)}
database = {_toml(database)}

# Folders outside the lake that tables may lie in, as file:///folder/…
# allowed_folders = []

[ingest]
# deliver_bytes = "64MiB"   # of memory for the events in the spool before a long ingest delivers them
# deliver_after = "1m"      # or after this time
# memory_limit = "256MiB"   # of the engine while it takes and delivers events
# partition_by = "day"      # or "hour": dt=…/hour=…; for the table when it is made

[write]
# grace = "1h"              # how long files that an overwrite replaced stay for queries that read them
# chunk_size = "256MiB"     # of data held in memory before they are sorted by partition
# threads = 4               # as many as there are processors

[engine]
# memory_limit = "{DEFAULT_MEMORY_PERCENT}%"     # of the memory that this machine or container has; or "4GB"
# threads = 4               # as many as there are processors
# temp_directory = "…"      # .tap-lake/tmp
# max_temp_size = "100GB"   # 90% of the free space there
"""


def default_engine_settings() -> EngineSettings:
    """Return what holds for an engine without a lake.toml."""
    return _engine_settings(_Section(Path(), Path(), "engine.", {}))


def parse_settings(text: str, file: Path, lake: Path) -> LakeSettings:
    """Read the text of `file`. Raise ConfigError naming file and key; relative folders are of the lake's folder."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: {error}", hint="correct that line; the format is TOML (toml.io)") from error
    root = _Section(file, lake, "", values)
    ingest = _Section(file, lake, "ingest.", root.take("ingest", dict, {}, "a section [ingest]"))
    write = _Section(file, lake, "write.", root.take("write", dict, {}, "a section [write]"))
    engine = _Section(file, lake, "engine.", root.take("engine", dict, {}, "a section [engine]"))
    settings = LakeSettings(
        format=root.integer("format", None),
        bucket=root.checked("bucket", None, is_bucket_name, BUCKET_RULE),
        database=root.checked("database", DEFAULT_DATABASE, is_database_name, DATABASE_RULE).lower(),
        allowed_folders=root.folders("allowed_folders"),
        engine=_engine_settings(engine),
        ingest=IngestSettings(
            deliver_bytes=size_bytes(ingest.checked("deliver_bytes", "64MiB", is_size, SIZE_RULE)),
            deliver_after=ingest.span("deliver_after", "1m"),
            memory_limit=ingest.memory("memory_limit", "256MiB"),
            partition_by=ingest.checked("partition_by", "day", lambda text: text in ("day", "hour"), '"day" or "hour"'),
        ),
        write=WriteSettings(
            grace=write.span("grace", "1h"),
            chunk_bytes=size_bytes(write.checked("chunk_size", "256MiB", is_size, SIZE_RULE)),
            threads=write.integer("threads", usable_processors()),
        ),
    )
    ingest.finish()
    write.finish()
    engine.finish()
    root.finish()
    return settings


def parse_format(text: str, file: Path) -> int:
    """Read the format version alone, as a newer version's other settings may mean nothing here."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: {error}", hint="correct that line; the format is TOML (toml.io)") from error
    return _Section(file, file.parent, "", values).integer("format", None)


def _engine_settings(section: _Section) -> EngineSettings:
    return EngineSettings(
        memory_limit=section.memory("memory_limit", f"{DEFAULT_MEMORY_PERCENT}%"),
        threads=section.integer("threads", usable_processors()),
        temp_directory=section.folder("temp_directory"),
        max_temp_size=section.size("max_temp_size"),
    )


class _Section:
    """Takes keys out of a table of TOML, and complains of what is left in the end."""

    def __init__(self, file: Path, lake: Path, prefix: str, values: Mapping[str, Any]) -> None:
        self._file = file
        self._lake = lake
        self._prefix = prefix
        self._values = dict(values)
        self._known: list[str] = []

    def take(self, key: str, kind: type, default: Any, rule: str) -> Any:
        self._known.append(key)
        if key not in self._values:
            if default is None:
                raise self._error(key, f"is missing; it is {rule}")
            return default
        value = self._values.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self._error(key, f"is {value!r}, but must be {rule}")
        return value

    def integer(self, key: str, default: int | None) -> int:
        value: int = self.take(key, int, default, "a whole number from 1 on")
        if value < 1:
            raise self._error(key, f"is {value}, but must be a whole number from 1 on")
        return value

    def checked(self, key: str, default: str | None, fits: Callable[[str], bool], rule: str) -> str:
        value: str = self.take(key, str, default, rule)
        if not fits(value):
            raise self._error(key, f"is {value!r}, but must be {rule}")
        return value

    def folder(self, key: str) -> Path | None:
        value: str = self.take(key, str, "", "the path of a folder")
        return self._lake / Path(value).expanduser() if value else None

    def folders(self, key: str) -> tuple[Path, ...]:
        values = self.take(key, list, [], "a list of folders")
        for value in values:
            if not isinstance(value, str) or not value:
                raise self._error(key, f"holds {value!r}, but must be a list of folders")
        return tuple(self._lake / Path(value).expanduser() for value in values)

    def memory(self, key: str, default: str) -> str:
        rule = f'{SIZE_RULE}, or a share such as "60%"'
        value = self.checked(key, default, lambda text: is_size(text) or is_share(text), rule)
        if is_size(value):
            return value
        return f"{max(LEAST_MEMORY_BYTES, usable_memory() * int(value[:-1]) // 100) >> 20}MiB"

    def size(self, key: str) -> str | None:
        return self.checked(key, "", lambda text: not text or is_size(text), SIZE_RULE) or None

    def span(self, key: str, default: str) -> timedelta:
        text = self.checked(key, default, is_span, SPAN_RULE)
        return timedelta(**{SPAN_UNITS[text[-1]]: int(text[:-1])})

    def finish(self) -> None:
        for key in self._values:
            raise self._error(key, "is no setting", f"known here: {', '.join(self._known)}")

    def _error(self, key: str, complaint: str, hint: str | None = None) -> ConfigError:
        return ConfigError(f"{self._file}: {self._prefix}{key} {complaint}", hint=hint or f"edit {self._file}")


def is_size(text: str) -> bool:
    return size_bytes(text) > 0


def size_bytes(text: str) -> int:
    """Return 0 for what is no size."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMGT])(i?)B", text, re.IGNORECASE | re.ASCII)
    if match is None:
        return 0
    power = "KMGT".index(match[2].upper()) + 1
    return int(float(match[1]) * (1024 if match[3] else 1000) ** power)


def is_span(text: str) -> bool:
    return re.fullmatch(r"\d{1,5}[smhd]", text, re.ASCII) is not None


def is_share(text: str) -> bool:
    match = re.fullmatch(r"(\d{1,3})%", text, re.ASCII)
    return match is not None and 1 <= int(match[1]) <= 100


def is_bucket_name(name: str) -> bool:
    return re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name, re.ASCII) is not None and ".." not in name


def is_database_name(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name) is not None


def bucket_name(folder: str) -> str:
    """Make a valid bucket name of a folder's name, as close to it as the rules allow."""
    plain = unicodedata.normalize("NFKD", folder).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"\.{2,}", ".", re.sub(r"[^a-z0-9.-]+", "-", plain))[:63].strip(".-")
    return name if len(name) >= 3 else f"lake-{name}".strip("-")


def usable_memory(root: Path = Path("/")) -> int:
    """Bytes of memory that this process may use: the machine's, or less in a container (both versions of cgroups)."""
    sizes = [_machine_memory(root)]
    try:
        groups = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        groups = []
    for group in groups:
        _, controllers, path = group.split(":", 2)
        if controllers == "":
            sizes += _limits(root / "sys/fs/cgroup", path, "memory.max")
        elif "memory" in controllers.split(","):
            sizes += _limits(root / "sys/fs/cgroup/memory", path, "memory.limit_in_bytes")
    return min(sizes)


def _machine_memory(root: Path) -> int:
    try:
        match = re.search(r"^MemTotal:\s+(\d+) kB", (root / "proc/meminfo").read_text(), re.MULTILINE)
    except OSError:
        match = None
    return int(match[1]) * 1024 if match else os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _limits(folder: Path, path: str, name: str) -> list[int]:
    """Read the limits of a control group and of those above it. Inside a container its own is at the top."""
    group = folder / path.strip("/")
    found = []
    for place in (group, *group.parents):
        with suppress(OSError):
            text = (place / name).read_text().strip()
            if text.isdigit():
                found.append(int(text))
        if place == folder:
            break
    return found


def _toml(text: str) -> str:
    # As JSON writes it unescaped, a text without control characters is TOML too.
    return json.dumps(text, ensure_ascii=False)
