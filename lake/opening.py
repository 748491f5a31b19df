"""Opening a lake: the one that is meant, with the parts that it is composed of."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from lake.clock import Clock, SystemClock
from lake.config import AwsChoice, ConnectionOptions, LakeChoice, choose_lake
from lake.lake import Lake

if TYPE_CHECKING:
    from lake.aws.connection import AwsOptions


def connect(  # noqa: PLR0913 - as many as there are ways to a lake
    directory: str | Path | None = None,
    *,
    env: str | None = None,
    database: str | None = None,
    engine: str | None = None,
    profile: str | None = None,
    region: str | None = None,
    endpoint_url: str | None = None,
    workgroup: str | None = None,
    output_location: str | None = None,
    catalog: str | None = None,
    clock: Clock | None = None,
) -> Lake:
    """Open the lake in `directory`, else the one that TAP_LAKE names, else the nearest one upwards, else one on AWS.

    `profile`, `region`, `endpoint_url`, `workgroup`, `output_location` (of Athena's results), `catalog` (an account's id)
    and `engine="athena"` select AWS, whose credentials are found as boto3 finds them; there `engine="duckdb"` reads the
    same tables without Athena. `database` is what unqualified table names mean; the lake's own setting without it, and
    `default` on AWS. Raises LakeNotFound, ConfigError and whatever is wrong with the folder.
    """
    options = ConnectionOptions(
        lake=directory,
        env=env,
        database=database,
        engine=engine,
        profile=profile,
        region=region,
        endpoint_url=endpoint_url,
        workgroup=workgroup,
        output_location=output_location,
        catalog=catalog,
    )
    return open_choice(choose_lake(options, environ=os.environ, cwd=Path.cwd()), clock=clock)


def open_choice(choice: LakeChoice, *, clock: Clock | None = None) -> Lake:
    if isinstance(choice, AwsChoice):
        return open_aws(choice.options, database=choice.database, engine=choice.engine, clock=clock)
    return open_directory(choice.path, database=choice.database, clock=clock)


def open_directory(path: Path, *, database: str | None = None, clock: Clock | None = None) -> Lake:
    """Open the lake in `path`."""
    from lake.directory import open_lake
    from lake.directory_parts import DirectoryParts

    clock = clock or SystemClock()
    directory = open_lake(path, clock=clock)
    return Lake(DirectoryParts(directory, clock), database=(database or directory.settings.database).lower())


def open_aws(options: AwsOptions, *, database: str, engine: str, clock: Clock | None = None) -> Lake:
    """Open the lake in an account's Glue and S3, asked by Athena or by DuckDB. Nothing is called until it is used."""
    from lake.aws.connection import AwsConnection
    from lake.aws.parts import AwsParts

    parts = AwsParts(AwsConnection(options), engine_name=engine, clock=clock or SystemClock())
    return Lake(parts, database=database.lower())
