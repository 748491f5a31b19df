"""The group that all commands are in, and the one place where a failure becomes a line and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from lake import __version__
from lake.commands.console.failures import report
from lake.commands.console.grouping import LazyGroup
from lake.commands.console.options import Settings

COMMANDS = {
    "demo": "See it all on real weather readings, in a new lake.",
    "init": "Make a lake in DIR, by default in this folder.",
    "ingest": "Take events from files, folders or stdin into table readings.",
    "deliver": "Put events that wait in the spool into their table.",
    "tables": "List tables and views, all or those of DATABASE.",
    "describe": "Show the columns of TABLE.",
    "query": "Run SQL, Athena's, and print the rows.",
    "queries": "The named queries, which @name runs.",
    "partitions": "The partitions of a table: list, layout, diff, repair, add, drop.",
    "doctor": "Check the lake and what it needs.",
}
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Root(LazyGroup):
    def run(self, args: Sequence[str] | None = None) -> int:
        """Run one command line and return its exit code; every failure is said on standard error."""
        settings = Settings()
        try:
            self._main_shell_completion({}, "tap-lake", None)
            given = list(sys.argv[1:] if args is None else args)
            with self.make_context("tap-lake", given, obj=settings) as ctx:
                self.invoke(ctx)
            sys.stdout.flush()
        except BaseException as error:  # noqa: BLE001 - this is the last one that could
            return report(error, settings)
        return 0

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, *_: Any, standalone_mode: bool = True, **__: Any
    ) -> int:
        """What Click's own test runner calls."""
        code = self.run(args)
        if standalone_mode:
            sys.exit(code)
        return code


@click.group("tap-lake", cls=Root, lazy=COMMANDS, aws_shown=True, context_settings=CONTEXT)
@click.version_option(__version__, message="%(prog)s %(version)s")
def root() -> None:
    """Ask a data lake in Athena's SQL: in a folder, or on AWS.

    \b
      tap-lake demo                      a lake of weather readings to try it on
      tap-lake query "SELECT 1 AS one"   -o FILE writes a file, --help shows more

    The options below may stand before and after the command; the later wins. Without one the lake is what TAP_LAKE names,
    else the nearest one from this folder upwards.
    """
