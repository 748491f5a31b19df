"""The command line: a file a command or group, each loaded when it is called, over what they share in `console`."""

from __future__ import annotations

from typing import NoReturn


def main() -> NoReturn:
    """Run the command that was typed and end the process with its exit code."""
    from lake.commands.console import interrupts

    interrupts.install()
    try:
        from lake.commands.root import root

        code = root.run()
    except interrupts.Interrupted:
        code = interrupts.report()
    interrupts.end(code)
