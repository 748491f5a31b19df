"""tap-lake deliver"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

import click

from lake.commands.console.amounts import Seconds, counted
from lake.commands.console.grouping import LakeCommand
from lake.commands.console.session import Session, pass_session
from lake.errors import LakeError

if TYPE_CHECKING:
    from lake.ingest.delivery import Delivery
    from lake.lake import Lake


@click.command("deliver", cls=LakeCommand, rows=False)
@click.option("--watch", is_flag=True, help="Go on until Ctrl-C.")
@click.option(
    "--every", type=Seconds(), default="10", metavar="SPAN", help="With --watch: how often to look (10 seconds)."
)
@pass_session
def command(session: Session, *, watch: bool, every: float) -> None:
    """Put events that wait in the spool into their table.

    Ingest does so itself; this is for what a crash has left, and for a lake that others write into.
    """
    with session.lake() as lake:
        if watch:
            _watch(session, lake, every)
        done = lake.deliver()
        tell(session, done)
    if done.problems:
        click.get_current_context().exit(1)


def _watch(session: Session, lake: Lake, every: float) -> NoReturn:
    """Go on whatever fails, and say it once."""
    said: tuple[str, ...] | None = None
    while True:
        problems = _deliver_again(session, lake, is_first=said is None)
        if problems != said:
            for problem in problems:
                session.output.say(problem)
        said = problems
        time.sleep(every)


def _deliver_again(session: Session, lake: Lake, *, is_first: bool) -> tuple[str, ...]:
    """Return what is wrong, in words."""
    try:
        done = lake.deliver()
    except LakeError as error:
        return (error.message, f"  hint: {error.hint}") if error.hint else (error.message,)
    if done.segments or is_first:
        tell(session, replace(done, problems=()))
    return done.problems


def tell(session: Session, done: Delivery) -> None:
    known = f", {done.duplicates:,} known already" if done.duplicates else ""
    files = f" in {counted(done.files, 'file')}" if done.files else ""
    session.output.say(f"{counted(done.events, 'event')} delivered: {done.new:,} new{files}{known}")
    for problem in done.problems:
        session.output.say(problem)
