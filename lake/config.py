"""Which lake a command or `lake.connect` is about: options before environment variables before the folder one is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from lake.directory import find_lake, is_lake
from lake.errors import ConfigError, LakeNotFound, UsageError

LAKE_VARIABLE = "TAP_LAKE"
ENV_VARIABLE = "TAP_LAKE_ENV"
PROFILE_VARIABLES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """What was said of the connection, None where nothing was. An empty text counts as nothing said."""

    lake: str | Path | None = None
    env: str | None = None
    database: str | None = None
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    workgroup: str | None = None


@dataclass(frozen=True, slots=True)
class LakeChoice:
    """`source` says what decided, for messages: `--lake`, `TAP_LAKE`, or the folder from which the lake was found."""

    path: Path
    source: str
    database: str | None = None


def choose_lake(options: ConnectionOptions, *, environ: Mapping[str, str], cwd: Path) -> LakeChoice:
    """Say which lake is meant. Raise UsageError for contradictions and LakeNotFound when there is none."""
    aws = [name for name in ("profile", "region", "endpoint_url") if getattr(options, name)]
    if options.lake and options.env:
        raise UsageError("--lake and --env name two lakes", hint="give one of them")
    if options.lake:
        if aws:
            raise UsageError(f"--lake names a folder, {_flag(aws[0])} an AWS account", hint="give one of them")
        return _directory(str(options.lake), "--lake", options, cwd)
    if options.env or aws:
        choose_aws("--env" if options.env else _flag(aws[0]))
    return _from_environment(options, environ, cwd)


def choose_aws(source: str) -> NoReturn:
    """Where a lake on AWS will be chosen; `source` is what selected it."""
    raise ConfigError(
        f"{source} selects a lake on AWS, which this version does not support",
        hint="use a lake in a folder: --lake DIR (`tap-lake init DIR` makes one)",
    )


def _from_environment(options: ConnectionOptions, environ: Mapping[str, str], cwd: Path) -> LakeChoice:
    folder, stack = environ.get(LAKE_VARIABLE), environ.get(ENV_VARIABLE)
    if folder and stack:
        raise ConfigError(
            f"{LAKE_VARIABLE} and {ENV_VARIABLE} name two lakes", hint=f"unset {ENV_VARIABLE} or {LAKE_VARIABLE}"
        )
    if folder:
        return _directory(folder, LAKE_VARIABLE, options, cwd)
    if stack:
        choose_aws(ENV_VARIABLE)
    found = find_lake(cwd)
    if found is not None:
        return LakeChoice(found, str(cwd), options.database or None)
    if options.database:
        choose_aws("--database without a lake in this folder")
    profile = next((name for name in PROFILE_VARIABLES if environ.get(name)), None)
    if profile:
        choose_aws(profile)
    raise LakeNotFound(
        f"there is no lake in {cwd} or above",
        hint=f"`tap-lake init` makes one here; --lake DIR or {LAKE_VARIABLE} name another; `tap-lake demo` shows one",
    )


def _directory(folder: str, source: str, options: ConnectionOptions, cwd: Path) -> LakeChoice:
    path = cwd / Path(folder).expanduser()
    if not is_lake(path):
        raise LakeNotFound(f"{source} {folder}: that is no lake", hint=f"`tap-lake init {folder}` makes one")
    return LakeChoice(path, source, options.database or None)


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")
