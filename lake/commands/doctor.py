"""tap-lake doctor"""

from __future__ import annotations

import click

from lake.commands.console.grouping import LakeCommand
from lake.commands.console.session import Session, pass_session

COLUMNS = (("check", "varchar"), ("status", "varchar"), ("detail", "varchar"), ("remedy", "varchar"))


@click.command("doctor", cls=LakeCommand)
@pass_session
def command(session: Session) -> None:
    """Check the lake and what it needs. A check is ok, warn or FAIL; exit 1 when one is FAIL."""
    from lake.commands.console.checks import FAIL, check_all

    checks = list(check_all(session))
    session.output.rows(COLUMNS, [(check.name, check.status, check.detail, check.remedy) for check in checks])
    if any(check.status == FAIL for check in checks):
        click.get_current_context().exit(1)
