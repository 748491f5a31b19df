"""Which lake a command or `lake.connect` is about: options before environment variables before the folder one is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from lake.aws.connection import AwsOptions
from lake.errors import ConfigError, LakeNotFound, UsageError
from lake.finding import find_lake, is_lake

LAKE_VARIABLE = "TAP_LAKE"
ENV_VARIABLE = "TAP_LAKE_ENV"
PROFILE_VARIABLES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
SELECTING = ("profile", "region", "endpoint_url", "workgroup", "output_location", "catalog")
"""Options that only make sense of a lake on AWS, and so select one."""

ATHENA, DUCKDB = "athena", "duckdb"
ENGINES = (ATHENA, DUCKDB)
AWS_DATABASE = "default"

VARIABLES = {
    "database": ("TAP_LAKE_DATABASE",),
    "engine": ("TAP_LAKE_ENGINE",),
    "workgroup": ("AWS_ATHENA_WORK_GROUP", "TAP_LAKE_WORKGROUP"),
    "output_location": ("AWS_ATHENA_S3_STAGING_DIR", "TAP_LAKE_OUTPUT_LOCATION"),
    "catalog": ("TAP_LAKE_CATALOG",),
    "endpoint_url": ("TAP_LAKE_ENDPOINT_URL",),
}
"""What says of a lake on AWS what no option said, the first before the second; boto3 reads its own variables itself."""


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """What was said of the connection, None where nothing was. An empty text counts as nothing said."""

    lake: str | Path | None = None
    env: str | None = None
    database: str | None = None
    engine: str | None = None
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    workgroup: str | None = None
    output_location: str | None = None
    catalog: str | None = None

    @property
    def selecting(self) -> str | None:
        """The first option that selects a lake on AWS, as it is typed."""
        names = [name for name in SELECTING if getattr(self, name)]
        if self.engine == ATHENA:
            names.append("engine")
        return _flag(names[0]) if names else None


@dataclass(frozen=True, slots=True)
class DirectoryChoice:
    """`source` says what decided, for messages: `--lake`, `TAP_LAKE`, or the folder from which the lake was found."""

    path: Path
    source: str
    database: str | None = None


@dataclass(frozen=True, slots=True)
class AwsChoice:
    """A lake in Glue and S3. `source` says what decided, as of a folder."""

    options: AwsOptions
    source: str
    database: str
    engine: str


LakeChoice = DirectoryChoice | AwsChoice


def choose_lake(options: ConnectionOptions, *, environ: Mapping[str, str], cwd: Path) -> LakeChoice:
    """Say which lake is meant. Raise UsageError for contradictions and LakeNotFound when there is none."""
    selecting = options.selecting
    if options.lake and options.env:
        raise UsageError("--lake and --env name two lakes", hint="give one of them")
    if options.lake:
        if selecting:
            raise UsageError(f"--lake names a folder, {selecting} is of AWS", hint="give one of them")
        return _directory(str(options.lake), "--lake", options, cwd)
    if options.env:
        _refuse_stack("--env")
    if selecting:
        return _aws(selecting, options, environ)
    return _from_environment(options, environ, cwd)


def _from_environment(options: ConnectionOptions, environ: Mapping[str, str], cwd: Path) -> LakeChoice:
    folder, stack = environ.get(LAKE_VARIABLE), environ.get(ENV_VARIABLE)
    if folder and stack:
        raise ConfigError(
            f"{LAKE_VARIABLE} and {ENV_VARIABLE} name two lakes", hint=f"unset {ENV_VARIABLE} or {LAKE_VARIABLE}"
        )
    if folder:
        return _directory(folder, LAKE_VARIABLE, options, cwd)
    if stack:
        _refuse_stack(ENV_VARIABLE)
    found = find_lake(cwd)
    if found is not None:
        return DirectoryChoice(found, str(cwd), options.database or None)
    if options.database:
        return _aws("--database without a lake in this folder", options, environ)
    variables = (*VARIABLES["database"], *PROFILE_VARIABLES)
    named = next((name for name in variables if environ.get(name)), None)
    if named:
        return _aws(named, options, environ)
    raise LakeNotFound(
        f"there is no lake in {cwd} or above",
        hint=f"`tap-lake init` makes one here; --lake DIR or {LAKE_VARIABLE} name another; -d DATABASE is one on AWS; "
        "`tap-lake demo` shows one",
    )


def _directory(folder: str, source: str, options: ConnectionOptions, cwd: Path) -> DirectoryChoice:
    path = cwd / Path(folder).expanduser()
    if not is_lake(path):
        raise LakeNotFound(f"{source} {folder}: that is no lake", hint=f"`tap-lake init {folder}` makes one")
    return DirectoryChoice(path, source, options.database or None)


def _aws(source: str, options: ConnectionOptions, environ: Mapping[str, str]) -> AwsChoice:
    def said(name: str) -> str | None:
        given: str | None = getattr(options, name)
        return given or next((environ[key] for key in VARIABLES.get(name, ()) if environ.get(key)), None)

    engine = said("engine") or ATHENA
    if engine not in ENGINES:
        raise ConfigError(f"engine {engine!r} is none", hint=f"choose {' or '.join(ENGINES)}")
    account = AwsOptions(
        profile=said("profile"),
        region=said("region"),
        endpoint_url=said("endpoint_url"),
        catalog=said("catalog"),
        workgroup=said("workgroup"),
        output_location=said("output_location"),
    )
    return AwsChoice(account, source, (said("database") or AWS_DATABASE).lower(), engine)


def _refuse_stack(source: str) -> NoReturn:
    raise ConfigError(
        f"{source} names a stack, which this version does not read",
        hint="name the database and, where it has one, the workgroup: -d DATABASE --workgroup NAME",
    )


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")
