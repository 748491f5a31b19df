"""tap-lake partitions"""

from __future__ import annotations

import click

from lake.commands.console.grouping import LakeGroup
from lake.commands.partitions.comparing import diff
from lake.commands.partitions.hand import add, drop
from lake.commands.partitions.listing import layout, list_partitions
from lake.commands.partitions.repairing import repair


@click.group("partitions", cls=LakeGroup)
def command() -> None:
    """The partitions of a table: list, layout, diff, repair, add, drop."""


for each in (list_partitions, layout, diff, repair, add, drop):
    command.add_command(each)
