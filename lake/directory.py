"""A lake's folder: how it is made, found and opened.

DIR/.tap-lake/lake.toml    format version, bucket name, settings
DIR/.tap-lake/catalog.db   databases, tables, partitions
DIR/.tap-lake/history.db   one row an execution
DIR/.tap-lake/spool/       events that are acknowledged and not yet delivered
DIR/.tap-lake/tmp/         a folder a process, removed when that is dead
DIR/.tap-lake/backups/     the files of older formats, from before they were migrated
DIR/data/                  s3://<bucket>/…
DIR/queries/               named queries, if any
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from lake.catalog.migrations import FORMAT, STEPS, Step, back_up_database, migrate, newer_format
from lake.catalog.sqlite import SqliteCatalog
from lake.clock import Clock, SystemClock
from lake.errors import ConfigError, LakeNotFound
from lake.finding import CONTROL, is_lake
from lake.model import Database
from lake.settings import (
    BUCKET_RULE,
    DATABASE_RULE,
    DEFAULT_DATABASE,
    LakeSettings,
    bucket_name,
    is_bucket_name,
    is_database_name,
    parse_format,
    parse_settings,
    settings_text,
)
from lake.storage.faults import reading, writing
from lake.storage.files import sync_folder
from lake.storage.mounts import refuse_network
from lake.storage.temporary import claim_folder, locked

SETTINGS = "lake.toml"
CATALOG = "catalog.db"
DATABASES = (CATALOG, "history.db", "hot.db")
UNFINISHED = f"{CONTROL}.new-"


@dataclass(frozen=True, slots=True)
class LakeDirectory:
    """The folder of a lake, absolute, and what its lake.toml says. Made by `open_lake` and `create_lake`."""

    path: Path
    settings: LakeSettings

    @property
    def control(self) -> Path:
        return self.path / CONTROL

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def queries(self) -> Path:
        return self.path / "queries"

    @property
    def catalog_db(self) -> Path:
        return self.control / CATALOG

    @property
    def history_db(self) -> Path:
        return self.control / "history.db"

    @property
    def spool(self) -> Path:
        return self.control / "spool"

    @property
    def tmp(self) -> Path:
        """Where processes have their folders; see `claim_temp`."""
        return self.settings.engine.temp_directory or self.control / "tmp"


@dataclass(frozen=True, slots=True)
class CreatedLake:
    """`is_new` is False when the lake was there before; then nothing was changed."""

    directory: LakeDirectory
    is_new: bool


def open_lake(path: Path, *, clock: Clock | None = None) -> LakeDirectory:
    """Open the lake in `path`, first bringing it to the present format.

    Raise LakeNotFound, ConfigError, NewerFormat, DamagedCatalog or UnsupportedFileSystem.
    """
    path = path.absolute()
    if not is_lake(path):
        raise LakeNotFound(
            f"{path} is no lake", hint=f"`tap-lake init {path}` makes one; or name another by --lake DIR"
        )
    refuse_network(path)
    file = path / CONTROL / SETTINGS
    text = _read_settings(file)
    found = parse_format(text, file)
    if found > FORMAT:
        raise newer_format(found, FORMAT)
    if found < FORMAT:
        migrate_lake(path, clock or SystemClock())
        text = _read_settings(file)
    return LakeDirectory(path, parse_settings(text, file, path))


def create_lake(
    path: str | Path, *, bucket: str | None = None, database: str = DEFAULT_DATABASE, clock: Clock | None = None
) -> CreatedLake:
    """Make a lake in `path`, which may exist and hold anything; or open the one that is there.

    It appears whole by one rename, so a process that is killed leaves a lake or none, and the next call clears away
    the rest. A lake whose catalog was moved away gets an empty one.
    """
    if bucket is not None and not is_bucket_name(bucket):
        raise ConfigError(f"bucket {bucket!r} is no bucket name", hint=f"it is {BUCKET_RULE}")
    if not is_database_name(database):
        raise ConfigError(f"{database!r} is no name for the default database", hint=f"it is {DATABASE_RULE}")
    path = Path(path).absolute()
    clock = clock or SystemClock()
    refuse_network(path)
    with writing(str(path), path):
        path.mkdir(parents=True, exist_ok=True)
    if is_whole(path):
        return CreatedLake(open_lake(path, clock=clock), is_new=False)
    with writing(str(path), path / CONTROL), locked(path):
        is_new = not is_whole(path)
        if is_new:
            _make(path, bucket or bucket_name(path.resolve().name), database.lower(), clock)
    return CreatedLake(open_lake(path, clock=clock), is_new=is_new)


def is_whole(path: Path) -> bool:
    """Say whether nothing is left to do for `create_lake`. A folder without settings is not taken for a lost lake."""
    control = path / CONTROL
    if not control.is_dir() or not any(control.iterdir()):
        return False
    if not (control / SETTINGS).exists():
        raise _no_settings(control / SETTINGS)
    return (control / CATALOG).exists()


def migrate_lake(path: Path, clock: Clock, *, steps: Mapping[int, Step] = STEPS, target: int = FORMAT) -> None:
    """Bring a lake of an older format to `target`, keeping its files in `.tap-lake/backups/` first.

    The catalog's own version decides what is done; lake.toml follows it, so a migration that was cut off goes on.
    """
    control = path / CONTROL
    with writing(str(path), control / SETTINGS), locked(path):
        migrate(control / CATALOG, lambda found: _back_up(control, found, clock), steps=steps, target=target)
        text = _read_settings(control / SETTINGS)
        _replace_file(control / SETTINGS, re.sub(r"(?m)^format\s*=\s*\d+", f"format = {target}", text))


def claim_temp(directory: LakeDirectory) -> AbstractContextManager[Path]:
    """Give this process a folder for what it need not keep, and remove those that dead processes left."""
    return claim_folder(directory.tmp)


def _make(path: Path, bucket: str, database: str, clock: Clock) -> None:
    """Make the lake, or the catalog that it lacks. The caller holds the folder's lock."""
    control = path / CONTROL
    for leftover in path.glob(f"{UNFINISHED}*"):
        shutil.rmtree(leftover)
    new = path / f"{UNFINISHED}{secrets.token_hex(8)}"
    new.mkdir()
    if (control / SETTINGS).exists():
        settings = parse_settings(_read_settings(control / SETTINGS), control / SETTINGS, path)
        _make_catalog(new / CATALOG, settings.bucket, settings.database, clock)
        for suffix in ("-wal", "-shm"):
            # SQLite would take what was in the log of the lost catalog for changes of this one.
            (control / f"{CATALOG}{suffix}").unlink(missing_ok=True)
        (new / CATALOG).rename(control / CATALOG)
        sync_folder(control)
        new.rmdir()
        return
    _make_catalog(new / CATALOG, bucket, database, clock)
    _replace_file(new / SETTINGS, settings_text(format_version=FORMAT, bucket=bucket, database=database))
    (new / "tmp").mkdir()
    (path / "data").mkdir(exist_ok=True)
    sync_folder(new)
    new.rename(control)
    sync_folder(path)
    sync_folder(path.parent)


def _make_catalog(path: Path, bucket: str, database: str, clock: Clock) -> None:
    with SqliteCatalog.create(path, bucket=bucket, clock=clock) as catalog:
        catalog.create_database(Database(database))


def _back_up(control: Path, version: int, clock: Clock) -> None:
    name = f"{clock.now():%Y%m%dT%H%M%S}-format-{version}"
    unfinished = control / "backups" / f".{name}-{secrets.token_hex(4)}"
    unfinished.mkdir(parents=True)
    for database in DATABASES:
        if (control / database).exists():
            back_up_database(control / database, unfinished / database)
    shutil.copy2(control / SETTINGS, unfinished)
    sync_folder(unfinished)
    finished = control / "backups" / name
    number = 1
    while finished.exists():
        number += 1
        finished = control / "backups" / f"{name}-{number}"
    unfinished.rename(finished)
    sync_folder(finished.parent)


def _replace_file(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    with unfinished.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    sync_folder(path.parent)


def _read_settings(file: Path) -> str:
    with reading(str(file)):
        try:
            return file.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise _no_settings(file) from None
        except UnicodeDecodeError as error:
            raise ConfigError(f"{file} is no UTF-8 text: {error}", hint="restore it, or write it anew") from error


def _no_settings(file: Path) -> ConfigError:
    return ConfigError(
        f"{file} is missing",
        hint=f"restore it; or move {file.parent} away and run `tap-lake init {file.parent.parent}`",
    )
