"""The options that every command takes, before it and after it; what comes later wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from lake.commands.console.param_type import ParamType
from lake.formats import FORMATS

WHICH_LAKE = "Which lake"
OUTPUT = "Output"
NOTHING = object()


@dataclass(frozen=True, slots=True)
class FormatChoice:
    """A format of ours, and whether the name that was typed says something of the header."""

    name: str
    header: bool = True


# What Trino's command line calls its formats; a name in capitals means what it means there.
TRINO_NAMES = {
    "CSV": FormatChoice("csv", header=False),
    "CSV_HEADER": FormatChoice("csv"),
    "TSV": FormatChoice("tsv", header=False),
    "TSV_HEADER": FormatChoice("tsv"),
    "JSON": FormatChoice("jsonl"),
    "ALIGNED": FormatChoice("table"),
    "AUTO": FormatChoice("table"),
    "VERTICAL": FormatChoice("vertical"),
    "MARKDOWN": FormatChoice("markdown"),
    "NULL": FormatChoice("none"),
}
OTHER_NAMES = {
    "jsonlines": "jsonl",
    "ndjson": "jsonl",
    "md": "markdown",
    "box": "table",
    "null": "none",
    "pq": "parquet",
}


class FormatName(ParamType):
    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> FormatChoice:
        text = str(value)
        if text in TRINO_NAMES:
            return TRINO_NAMES[text]
        name = OTHER_NAMES.get(text.lower(), text.lower())
        if name not in FORMATS:
            self.fail(f"{text!r} is not one of {', '.join(FORMATS)}.", param, ctx)
        return FormatChoice(name)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        found = [(name, form.description) for name, form in FORMATS.items() if name.startswith(incomplete)]
        return [CompletionItem(name, help=description) for name, description in found]


@dataclass
class Settings:
    """What the shared options have said so far."""

    lake: str | None = None
    env: str | None = None
    database: str | None = None
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    workgroup: str | None = None
    catalog: str | None = None
    output_location: str | None = None
    engine: str | None = None
    format: FormatChoice | None = None
    output: str | None = None
    header: bool = True
    quiet: bool = False
    verbose: bool = False
    color: bool = True
    progress: bool = True
    yes: bool = False


class SharedOption(click.Option):
    """An option that is no argument of a command but goes into the Settings of the whole line."""

    def __init__(
        self, declarations: Sequence[str], *, section: str, setting: str, constant: Any = NOTHING, **attributes: Any
    ) -> None:
        is_flag = constant is not NOTHING
        # A name of its own: a command may have an argument called as the option is.
        name = "shared_" + declarations[0].strip("-").replace("-", "_")
        super().__init__([name, *declarations], expose_value=False, callback=self.keep, is_flag=is_flag, **attributes)
        self.section = section
        self.setting = setting
        self.constant = constant

    def keep(self, ctx: click.Context, param: click.Parameter, value: Any) -> None:
        if param.name and ctx.get_parameter_source(param.name) is ParameterSource.COMMANDLINE:
            settings = ctx.ensure_object(Settings)
            setattr(settings, self.setting, value if self.constant is NOTHING else self.constant)


def connection_options(*, aws_shown: bool) -> list[click.Parameter]:
    """Return the options that choose a lake; those of AWS are accepted everywhere and shown where it is asked for."""

    def option(*declarations: str, help: str, shown: bool = True, **attributes: Any) -> SharedOption:  # noqa: A002
        setting = attributes.pop("setting")
        return SharedOption(
            declarations, section=WHICH_LAKE, setting=setting, help=help, hidden=not shown, **attributes
        )

    from lake.commands.console.completion import DatabaseName

    return [
        option("--lake", setting="lake", metavar="DIR", type=click.Path(), help="The lake in this folder."),
        option("--env", setting="env", metavar="NAME", help="The lake of this stack on AWS."),
        option("-d", "--database", setting="database", type=DatabaseName(), help="What bare table names mean."),
        option("--profile", setting="profile", metavar="NAME", help="AWS profile.", shown=aws_shown),
        option("--region", setting="region", metavar="NAME", help="AWS region.", shown=aws_shown),
        option("--endpoint-url", setting="endpoint_url", metavar="URL", help="AWS endpoint.", shown=aws_shown),
        option("--workgroup", setting="workgroup", metavar="NAME", help="Athena workgroup.", shown=aws_shown),
        option("--work-group", "--work_group", setting="workgroup", help="As --workgroup.", shown=False),
        option(
            "--catalog", setting="catalog", metavar="ID", help="Another account's Glue, by its id.", shown=aws_shown
        ),
        option(
            "--engine",
            setting="engine",
            type=click.Choice(["athena", "duckdb"], case_sensitive=False),
            help="What asks a lake on AWS: Athena, or DuckDB here, without a bill of Athena's (athena).",
            shown=aws_shown,
        ),
        option(
            "--s3-staging-dir",
            "--output-location",
            setting="output_location",
            metavar="URL",
            help="Where Athena puts results.",
            shown=aws_shown,
        ),
    ]


def output_options(*, shown: bool) -> list[click.Parameter]:
    """Return the options that say how rows are printed."""

    def option(*declarations: str, setting: str, **attributes: Any) -> SharedOption:
        hidden = attributes.pop("hidden", False) or not shown
        return SharedOption(declarations, section=OUTPUT, setting=setting, hidden=hidden, **attributes)

    shorthands = [
        option(
            f"--{name}", setting="format", constant=FormatChoice(name), help=f"Short for --format {name}.", hidden=True
        )
        for name in ("table", "csv", "tsv", "json", "jsonl", "markdown")
    ]
    return [
        option(
            "--format",
            "--output-format",
            setting="format",
            type=FormatName(),
            metavar="NAME",
            help=f"{', '.join(FORMATS)}; --csv --json --jsonl --markdown for short. "
            "Without it: table on a terminal, csv elsewhere.",
        ),
        *shorthands,
        option("-x", "--vertical", setting="format", constant=FormatChoice("vertical"), help="One line a value."),
        option(
            "-o",
            "--output",
            setting="output",
            metavar="FILE",
            type=click.Path(),
            help="Write to FILE, whole or not at all; its ending says the format.",
        ),
        option("--no-header", "--no-headers", setting="header", constant=False, help="Leave out the column names."),
    ]


def general_options(*, shown: bool = True) -> list[click.Parameter]:
    def option(*declarations: str, setting: str, constant: bool, help: str) -> SharedOption:  # noqa: A002
        return SharedOption(
            declarations, section="Options", setting=setting, constant=constant, help=help, hidden=not shown
        )

    return [
        option("-q", "--quiet", setting="quiet", constant=True, help="Say nothing but data and errors."),
        option("-v", "--verbose", setting="verbose", constant=True, help="Say more; show the trace of an error."),
        option("--no-color", setting="color", constant=False, help="Print without colour, as NO_COLOR does."),
        option("--no-progress", setting="progress", constant=False, help="Say nothing of rows and time."),
        option("-y", "--yes", setting="yes", constant=True, help="Say yes to what is asked; so far nothing is."),
    ]
