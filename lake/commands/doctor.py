"""tap-lake doctor"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lake.commands.console.grouping import LakeCommand
from lake.commands.console.session import Session, pass_session
from lake.commands.console.terminal import may_color

if TYPE_CHECKING:
    from lake.commands.console.checks import Check

COLUMNS = (("check", "varchar"), ("status", "varchar"), ("detail", "varchar"), ("remedy", "varchar"))
COLORS = {"ok": "\x1b[32m", "warn": "\x1b[33m", "FAIL": "\x1b[1;31m"}
PLAIN = "\x1b[0m"
LEAST_WIDTH = 14
"""Of the names of checks."""


@click.command("doctor", cls=LakeCommand)
@pass_session
def command(session: Session) -> None:
    """Check the lake and what it needs. A check is ok, warn or FAIL; exit 1 when one is FAIL."""
    from lake.commands.console.checks import FAIL, check_all

    checks = list(check_all(session))
    if session.output.is_table_for_people and session.settings.format is None:
        session.output.text(_lines(checks, color=may_color(sys.stdout, session.settings)))
    else:
        session.output.rows(COLUMNS, [(check.name, check.status, check.detail, check.remedy) for check in checks])
    if any(check.status == FAIL for check in checks):
        click.get_current_context().exit(1)


def _lines(checks: Sequence[Check], *, color: bool) -> str:
    """Write a line a check, and its remedy below."""
    width = max((LEAST_WIDTH, *(len(check.name) for check in checks)))
    lines = []
    for check in checks:
        before, after = (COLORS[check.status], PLAIN) if color else ("", "")
        lines.append(f"{before}{check.status:4}{after}  {check.name:{width}} {check.detail}")
        lines += [f"{'':{width + 6}} {check.remedy}"] if check.remedy else []
    return "".join(f"{line}\n" for line in lines)
