"""tap-lake demo"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lake.commands.console.grouping import LakeCommand
from lake.commands.console.session import Session, pass_session
from lake.commands.console.terminal import may_color


@click.command("demo", cls=LakeCommand, rows=False)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("tap-lake-demo"))
@pass_session
def command(session: Session, folder: Path) -> None:
    """See it all on real weather readings, in a new lake in DIR (./tap-lake-demo).

    Each step is shown as the command that you would type, with what it prints. Run again, it goes on from what is there.
    """
    from lake.demo import run_demo

    run_demo(folder, out=sys.stdout, color=may_color(sys.stdout, session.settings))
