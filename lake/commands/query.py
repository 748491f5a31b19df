"""tap-lake query"""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Sequence
from functools import partial

import click

from lake.commands.console import interrupts
from lake.commands.console.amounts import ByteSize, Seconds
from lake.commands.console.completion import SqlText
from lake.commands.console.grouping import LakeCommand
from lake.commands.console.parameters import GivenParameter, ParameterOption
from lake.commands.console.preview import Budget
from lake.commands.console.runner import Runner, RunOptions
from lake.commands.console.script import Sources, read_statements
from lake.commands.console.session import Session, pass_session

COMMENT = re.compile(r"--\s")
MOST_REUSE_SECONDS = 7 * 86_400
"""docs.aws.amazon.com/athena/latest/ug/reusing-query-results.html"""


class QueryCommand(LakeCommand):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # SQL that begins with a comment is no option; a blank before it says so to Click.
        return super().parse_args(ctx, [f" {arg}" if COMMENT.match(arg) else arg for arg in args])


@click.command("query", cls=QueryCommand)
@click.argument("sql", required=False, type=SqlText(), metavar="[SQL | @NAME | -]")
@click.option(
    "-e", "--execute", "-c", "--command", "executed", multiple=True, metavar="SQL", help="Run SQL; repeatable."
)
@click.option(
    "-f",
    "--file",
    "files",
    multiple=True,
    type=click.Path(allow_dash=True),
    metavar="FILE",
    help="Run FILE, - is stdin.",
)
@click.option("-p", "--param", "params", multiple=True, type=ParameterOption(), help="A value for :name; repeatable.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Stop after N rows.")
@click.option("--timeout", type=Seconds(), metavar="SPAN", help="Stop a query after 90 (seconds), 5m or 2h: exit 4.")
@click.option("--dry-run", is_flag=True, help="Show what would be read, and its price on Athena, and run nothing.")
@click.option(
    "--max-bytes",
    "--maximum-bytes-billed",
    type=ByteSize(),
    metavar="SIZE",
    help="Refuse, with exit 5, a query that may read more (10MB, 1GiB).",
)
@click.option(
    "--max-cost", type=click.FloatRange(min=0), metavar="USD", help="Refuse one that may cost more on Athena."
)
@click.option("--reuse", type=Seconds(), metavar="SPAN", help="Take Athena's own earlier result if no older than 60m.")
@click.option("--detach", is_flag=True, help="Start on Athena, print the query's id, and wait for nothing.")
@click.option("--attach", metavar="ID", help="Wait for a query that was started before, and print its rows.")
@click.option(
    "--on-error",
    type=click.Choice(["stop", "continue"]),
    default="stop",
    help="Of several statements: what after one fails (stop).",
)
@pass_session
def command(  # noqa: PLR0913 - as many as it has options
    session: Session,
    *,
    sql: str | None,
    executed: Sequence[str],
    files: Sequence[str],
    params: Sequence[GivenParameter],
    limit: int | None,
    timeout: float | None,
    dry_run: bool,
    max_bytes: int | None,
    max_cost: float | None,
    reuse: float | None,
    detach: bool,
    attach: str | None,
    on_error: str,
) -> None:
    """Run SQL, Athena's, and print the rows. Statements are separated by ;

    \b
      tap-lake query "SELECT id, count(*) FROM readings GROUP BY 1"
      tap-lake query -f report.sql -o report.parquet
      tap-lake query @daily_means -p metric=temp --csv | head
      tap-lake query "SELECT * FROM readings WHERE dt IN (:days)" -p 'days:string[]=2026-01-30,2026-01-31'
      echo "SHOW TABLES" | tap-lake query
      tap-lake query "SHOW CREATE TABLE readings" > readings.sql

    A value of -p that is written as a number is one (5, 5.0, 5e3), true and false are booleans, all else is text;
    name:type=value says otherwise, name:type[]=a,b is a list for IN, name:null= is NULL. A named query reads its values
    as it declares them.

    What SHOW CREATE gives can be run again: in a pipe or a redirection, and as tsv, it is the bare statement.
    """
    if attach and (detach or sql or executed or files or params):
        raise click.UsageError("--attach waits for a query that was started before: give nothing to run with it")
    if attach and (timeout is not None or reuse is not None or dry_run):
        raise click.UsageError("--attach only waits: --timeout, --reuse and --dry-run are for starting a query")
    if detach and (timeout is not None or limit is not None or dry_run):
        raise click.UsageError("--detach waits for nothing: give it no --timeout, --limit or --dry-run")
    if reuse is not None and reuse > MOST_REUSE_SECONDS:
        raise click.UsageError("--reuse takes a result of the last seven days at most, as Athena does")
    statements = [] if attach else read_statements(Sources(sql, executed, files))
    options = RunOptions(
        limit=limit,
        timeout=timeout,
        dry_run=dry_run,
        budget=Budget(max_bytes, max_cost),
        go_on=on_error == "continue",
        reuse_minutes=math.ceil(reuse / 60) if reuse is not None else None,
    )
    given = {each.name: each for each in params}
    code = 0
    with session.lake() as lake:
        remove_spills = partial(shutil.rmtree, lake.temp_folder, ignore_errors=True)
        with interrupts.cleaned_up(remove_spills):
            runner = Runner(lake, session, options)
            if attach:
                runner.attach(attach)
            elif detach:
                runner.detach(statements, given)
            else:
                code = runner.run(statements, given)
    click.get_current_context().exit(code)
