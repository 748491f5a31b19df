"""In-memory DuckDB instances that can reach the folders of one plan and nothing else.

Each is locked before it sees a query: no other file, no extension, no setting, no Python object. This wall holds
without the compiler, which names functions of its own table and tables of the catalog alone; inside its folders it would
still allow a write, which that one stops. Making an instance costs some milliseconds, so those in use lately are kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from lake.engine.httpfs import Secret, add_secrets
from lake.engine.httpfs import connect as connect_httpfs
from lake.errors import NotSupported
from lake.sql.compiler.connection import Library

THREADS_KEPT = 256
LEAST_KEPT = 32
"""Of instances: each has threads of its own, which wait for work."""

REMOTE_THREADS, MOST_REMOTE_THREADS = 4, 64
"""Of an instance that reads S3: so many a thread of the limits, and altogether. duckdb.org/docs/stable/guides/performance/how_to_tune_workloads"""

READING = (duckdb.StatementType.SELECT, duckdb.StatementType.COPY, duckdb.StatementType.EXPLAIN)


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """`memory` and `temp_size` as DuckDB takes them (`8GB`); `temp_folder` is where a query over memory spills.
    `ordered` says that files are written in the order of their rows, which queries need not pay for.
    """

    memory: str
    threads: int
    temp_folder: Path
    temp_size: str | None = None
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """What an instance may touch: folders and prefixes of S3 whole, and single files. `secrets` open those prefixes."""

    folders: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    secrets: frozenset[Secret] = frozenset()


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A connection of its own to a locked instance, and what compiled texts call there."""

    cursor: duckdb.DuckDBPyConnection
    library: Library

    def execute(self, compiled: str) -> duckdb.DuckDBPyConnection:
        """Run one statement that reads, or writes the rows of one to a file; anything else never comes of a query."""
        statements = duckdb.extract_statements(compiled)
        if len(statements) != 1 or statements[0].type not in READING:
            raise NotSupported("the query is not one that reads")
        self.library.provide(self.cursor, compiled)
        return self.cursor.execute(statements[0])


@dataclass(frozen=True, slots=True)
class Instance:
    connection: duckdb.DuckDBPyConnection
    library: Library


class SandboxPool:
    """Hands out cursors of locked instances; safe to share between threads."""

    def __init__(self, limits: EngineLimits) -> None:
        self._limits = limits
        self._kept = max(LEAST_KEPT, THREADS_KEPT // limits.threads)
        self._instances: OrderedDict[Reach, Instance] = OrderedDict()
        self._users: dict[int, int] = {}
        self._retired: dict[int, Instance] = {}
        self._lock = threading.Lock()

    @contextmanager
    def cursor(self, reach: Reach) -> Iterator[duckdb.DuckDBPyConnection]:
        with self.sandbox(reach) as sandbox:
            yield sandbox.cursor

    @contextmanager
    def sandbox(self, reach: Reach) -> Iterator[Sandbox]:
        """Yield a connection of its own to an instance with this reach; the instance stays open meanwhile."""
        instance = self._take(reach)
        cursor = instance.connection.cursor()
        try:
            yield Sandbox(cursor, instance.library)
        finally:
            cursor.close()
            self._give_back(instance, reach)

    def close(self) -> None:
        """Close the instances that nobody uses; the others close when they are given back."""
        with self._lock:
            for instance in self._instances.values():
                self._retire(instance)
            self._instances.clear()

    def _take(self, reach: Reach) -> Instance:
        with self._lock:
            instance = self._instances.get(reach)
            if instance is None:
                if reach.secrets:
                    self._retire_remote(reach)
                instance = Instance(open_locked(reach, self._limits), Library())
                self._instances[reach] = instance
            self._instances.move_to_end(reach)
            self._users[id(instance)] = self._users.get(id(instance), 0) + 1
            while len(self._instances) > self._kept:
                self._retire(self._instances.popitem(last=False)[1])
            return instance

    def _give_back(self, instance: Instance, reach: Reach) -> None:
        with self._lock:
            if reach.files and self._instances.get(reach) is instance:
                # Files are those of one export: nobody will ask for them again.
                self._retire(self._instances.pop(reach))
            self._users[id(instance)] -= 1
            if not self._users[id(instance)]:
                del self._users[id(instance)]
                retired = self._retired.pop(id(instance), None)
                if retired is not None:
                    retired.connection.close()

    def _retire_remote(self, reach: Reach) -> None:
        """Let go of instances that read S3 before one more does: those that nobody uses, and those with credentials of before.

        Each may hold what it has read, up to the limit of its memory.
        """
        for known, instance in list(self._instances.items()):
            renewed = known.secrets != reach.secrets and known.folders == reach.folders
            if known.secrets and (renewed or id(instance) not in self._users):
                del self._instances[known]
                self._retire(instance)

    def _retire(self, instance: Instance) -> None:
        if id(instance) in self._users:
            self._retired[id(instance)] = instance
        else:
            instance.connection.close()


def open_locked(reach: Reach, limits: EngineLimits) -> duckdb.DuckDBPyConnection:
    """Open an instance whose reach cannot change any more."""
    settings: dict[str, object] = {
        "memory_limit": limits.memory,
        "threads": limits.threads,
        "temp_directory": str(limits.temp_folder),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
        "preserve_insertion_order": limits.ordered,
        "TimeZone": "UTC",
        "allowed_directories": sorted(reach.folders),
        "allowed_paths": sorted(reach.files),
    }
    if limits.temp_size:
        settings["max_temp_directory_size"] = limits.temp_size
    if reach.secrets:
        # It waits for the network more than it computes.
        settings["threads"] = min(limits.threads * REMOTE_THREADS, MOST_REMOTE_THREADS)
        instance = connect_httpfs()
        add_secrets(instance, reach.secrets)
    else:
        instance = duckdb.connect(":memory:")
    for name, value in settings.items():
        instance.execute(f"SET GLOBAL {name} = {_setting(value)}")
    instance.execute("SET GLOBAL enable_external_access = false")
    instance.execute("SET GLOBAL lock_configuration = true")
    return instance


def _setting(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(_setting(item) for item in value) + "]"
    return "'" + str(value).replace("'", "''") + "'"
