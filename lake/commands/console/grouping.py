"""Commands and groups that take the shared options, and groups that load their commands when they are called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from lake.commands.console.options import OUTPUT, WHICH_LAKE, connection_options, general_options, output_options

SECTIONS = ("Options", OUTPUT, WHICH_LAKE)


class LakeCommand(click.Command):
    """`rows` says that it prints rows, and so takes the options of output; `own_lake` that it needs none chosen."""

    def __init__(self, *args: Any, rows: bool = True, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.params += general_options()
        self.params += output_options(shown=rows)
        self.params += connection_options(aws_shown=False)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_options(self, ctx, formatter)


class LakeGroup(click.Group):
    """Takes the shared options too, so that they may stand anywhere on the line."""

    command_class = LakeCommand

    def __init__(self, *args: Any, aws_shown: bool = False, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.params += general_options()
        self.params += output_options(shown=False)
        self.params += connection_options(aws_shown=aws_shown)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        write_options(self, ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not ctx.resilient_parsing and not name.startswith("-") and self.get_command(ctx, name) is None:
            raise NoSuchCommand(name, self.list_commands(ctx), ctx)
        return super().resolve_command(ctx, args)


class LazyGroup(LakeGroup):
    """`lazy` maps each command to its help, which `--help` shows without loading `lake.commands.<name>`."""

    def __init__(self, *args: Any, lazy: Mapping[str, str], **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._lazy:
            return None
        found: click.Command = import_module(f"lake.commands.{cmd_name}").command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self._lazy.items()))


class NoSuchCommand(click.UsageError):
    """`possibilities` are close to what was typed."""

    def __init__(self, name: str, known: list[str], ctx: click.Context) -> None:
        from difflib import get_close_matches

        super().__init__(f"No such command {name!r}.", ctx)
        self.possibilities = get_close_matches(name, known)


def write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write a command's options in sections: its own, then the shared ones."""
    sections: dict[str, list[tuple[str, str]]] = {title: [] for title in SECTIONS}
    for param in command.get_params(ctx):
        record = None if isinstance(param, click.Argument) else param.get_help_record(ctx)
        if record is not None:
            sections[getattr(param, "section", "Options")].append(record)
    for title, records in sections.items():
        if records:
            with formatter.section(title):
                formatter.write_dl(records)
