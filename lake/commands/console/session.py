"""What one call of the command line is about: its lake, and where its answers go."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import click

from lake.commands.console.options import Settings
from lake.commands.console.output import Output

if TYPE_CHECKING:
    from lake.config import LakeChoice
    from lake.lake import Lake
    from lake.named import NamedQueries

P = ParamSpec("P")
R = TypeVar("R")

GLUE_CATALOG = "awsdatacatalog"


class Session:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.output = Output(settings)

    def choose(self) -> LakeChoice:
        """Say which lake the options, the environment or the present folder mean; raise UsageError or LakeNotFound."""
        return choose(self.settings)

    def lake(self) -> Lake:
        """Open that lake; its parts are made when they are first used."""
        from lake.opening import open_choice

        return open_choice(self.choose())

    def named_queries(self) -> NamedQueries:
        """The named queries of the lake, if there is one, and those that ship."""
        return named_queries(self.settings)


def choose(settings: Settings) -> LakeChoice:
    from lake.config import ConnectionOptions, choose_lake

    catalog = settings.catalog
    options = ConnectionOptions(
        lake=settings.lake,
        env=settings.env,
        database=settings.database,
        engine=settings.engine,
        profile=settings.profile,
        region=settings.region,
        endpoint_url=settings.endpoint_url,
        workgroup=settings.workgroup,
        output_location=settings.output_location,
        catalog=None if catalog and catalog.lower() == GLUE_CATALOG else catalog,
    )
    return choose_lake(options, environ=os.environ, cwd=Path.cwd())


def named_queries(settings: Settings) -> NamedQueries:
    from lake.bundled import bundled
    from lake.config import AwsChoice
    from lake.errors import LakeNotFound
    from lake.named import NamedQueries

    try:
        choice = choose(settings)
        folders = [(Path() if isinstance(choice, AwsChoice) else choice.path) / "queries"]
    except LakeNotFound:
        if settings.lake:
            raise
        folders = []
    return NamedQueries([*folders, bundled("queries")])


def pass_session(function: Callable[Concatenate[Session, P], R]) -> Callable[P, R]:
    """Give a command its Session as first argument."""

    def command(*args: P.args, **kwargs: P.kwargs) -> R:
        context = click.get_current_context()
        return function(Session(context.ensure_object(Settings)), *args, **kwargs)

    return update_wrapper(command, function)
