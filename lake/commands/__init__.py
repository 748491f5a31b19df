"""The command line: a file a command or group, each loaded when it is called, over what they share in `console`."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

COLLECTED_AFTER = 200_000
"""New objects before the garbage collector looks at them: loading modules makes nearly as many, none of which is garbage."""


def main() -> NoReturn:
    """Run the command that was typed and end the process with its exit code."""
    gc.set_threshold(COLLECTED_AFTER)
    open_missing_streams()
    from lake.commands.console import interrupts

    interrupts.install()
    try:
        from lake.commands.root import root

        code = root.run()
    except interrupts.Interrupted:
        code = interrupts.report()
    interrupts.end(code)


def open_missing_streams() -> None:
    """Put /dev/null where a standard stream was closed, as schedules and daemons start programs.

    Else the next file that is opened, a database perhaps, would get its number.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
