"""What the options of tap-lake partitions repair take, and which of them go together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from click.core import ParameterSource

from lake.commands.console.param_type import ParamType
from lake.errors import UsageError

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)

MODES = {
    "applied": frozenset({"drop", "share", "cascade", "dry_run"}),
    "undone": frozenset[str](),
    "due": frozenset({"tables", "every", "drop", "share", "deadline", "log_format"}),
}
"""Options that say what a run is, and the others that each takes."""

OF_TABLES = frozenset({"tables", "every", "drop", "share", "cascade", "dry_run", "plan_file", "since", "inventory"})
"""What is taken without any of them."""


@dataclass(frozen=True)
class RepairOptions:
    """What the command's own options say."""

    drop: bool
    share: float
    cascade: bool
    dry_run: bool
    plan_file: Path | None
    applied: Path | None
    undone: str | None
    since: timedelta | datetime | None
    inventory: str | None
    due: bool
    deadline: float
    log_format: str

    def earliest(self, now: datetime) -> datetime | None:
        """Say from when on partitions are looked at; None for all. Raise UsageError for a time that is not in the past."""
        if self.since is None:
            return None
        since = self.since if isinstance(self.since, datetime) else now - min(self.since, now - EARLIEST + DAY)
        if not EARLIEST <= since <= now:
            raise UsageError("--since is not between 1970 and now", hint="48h, 2d, 2026-01-31")
        return since


def check_given(context: click.Context) -> None:
    """Raise UsageError for options on the command line that say nothing together."""
    given = {
        parameter.name: _shown(parameter)
        for parameter in context.command.params
        if parameter.name is not None
        and context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE
        and context.params.get(parameter.name)
    }
    modes = [name for name in MODES if name in given]
    if len(modes) > 1:
        raise UsageError(f"{given[modes[0]]} and {given[modes[1]]} exclude each other", hint="give one of them")
    taken = MODES[modes[0]] if modes else OF_TABLES
    known = OF_TABLES.union(*MODES.values()) - taken
    for name in known.intersection(given):
        _refuse(given[modes[0]] if modes else None, given[name])
    _check_since(given)


def _refuse(mode: str | None, option: str) -> None:
    if mode is None:
        raise UsageError(f"{option} is for --due", hint="add --due, or leave it out")
    if option in ("TABLE", "--all"):
        raise UsageError(f"the file of {mode} says which table is meant", hint="leave TABLE and --all out")
    raise UsageError(f"{mode} takes no {option}", hint="leave it out")


def _check_since(given: dict[str, str]) -> None:
    if "since" not in given:
        return
    if "inventory" in given:
        raise UsageError("--since lists little, --inventory nothing", hint="give one of them")
    for name in ("drop", "cascade"):
        if name in given:
            raise UsageError(
                f"--since only adds and moves, so {given[name]} does nothing", hint="leave one of them out"
            )


def _shown(parameter: click.Parameter) -> str:
    return parameter.opts[0] if isinstance(parameter, click.Option) else "TABLE"


class Share(ParamType):
    """A share as people write it: 0.1 or 10%."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).strip()
        try:
            share = float(text[:-1]) / 100 if text.endswith("%") else float(text)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            self.fail(f"{text!r} is no share between 0 and 1, or 0% and 100%.", param, ctx)
        return share


class Since(ParamType):
    """A span back from now, 48h or 2d, or an instant, 2026-01-31T07:00."""

    name = "when"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta | datetime:
        text = str(value).strip()
        if match := re.fullmatch(r"(\d+)\s*([hd])", text):
            try:
                return timedelta(hours=int(match[1]) * (24 if match[2] == "d" else 1))
            except OverflowError:
                self.fail(f"{text!r} is longer than there are days.", param, ctx)
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{text!r} is neither a span (48h, 2d) nor an instant (2026-01-31T07:00).", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


max_drop_share = click.option(
    "--max-drop-share",
    "share",
    type=Share(),
    default=0.1,
    show_default="10%",
    metavar="SHARE",
    help="Refuse to drop more of a table.",
)
