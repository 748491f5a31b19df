"""tap-lake init"""

from __future__ import annotations

from pathlib import Path

import click

from lake.commands.console.grouping import LakeCommand
from lake.commands.console.session import Session, pass_session

NEXT = """Next:
  tap-lake {lake}query "CREATE EXTERNAL TABLE t (id string) PARTITIONED BY (dt string) STORED AS PARQUET LOCATION 't/'"
  tap-lake {lake}partitions repair t     finds what you put into data/t/dt=…/
  tap-lake {lake}query "SELECT * FROM t"
"""


@click.command("init", cls=LakeCommand, rows=False)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), required=False)
@click.option("--bucket", metavar="NAME", help="s3://NAME/… are the files in data/; by default the folder's name.")
@pass_session
def command(session: Session, folder: Path | None, bucket: str | None) -> None:
    """Make a lake in DIR, by default in this folder.

    What the folder holds stays; a lake that is there already is left as it is.
    """
    from lake.directory import create_lake
    from lake.settings import DEFAULT_DATABASE

    folder = folder or Path(session.settings.lake or ".")
    made = create_lake(folder, bucket=bucket, database=session.settings.database or DEFAULT_DATABASE)
    where = made.directory
    if not made.is_new:
        session.output.text(f"{where.path} is a lake already (s3://{where.settings.bucket}); nothing was changed\n")
        return
    session.output.text(f"Made a lake in {where.path} (s3://{where.settings.bucket} is its data/)\n")
    option = "" if folder.absolute() == Path.cwd() else f"--lake {folder} "
    session.output.say(NEXT.format(lake=option).rstrip())
