"""A shell for show: prints a command as it would be typed, runs it in this process, and prints what it printed.

It knows three programs, `tap-lake`, `python -m` and `cd`, and takes a command apart as a shell does, so that what is
shown is what is run. `python -m module | tap-lake …` is two processes, as in any shell.
"""

from __future__ import annotations

import io
import os
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TextIO

import click

import lake

WIDTH = 80
GREEN, CYAN, BOLD, DIM, PLAIN = "\x1b[32m", "\x1b[36m", "\x1b[1m", "\x1b[2m", "\x1b[0m"
OTHER_LAKES = ("TAP_LAKE", "TAP_LAKE_ENV")


class Screen(io.TextIOWrapper):
    """Standard output for a command, which takes it for a terminal; keeps what was written."""

    def __init__(self) -> None:
        self.written = io.BytesIO()
        super().__init__(self.written, encoding="utf-8", write_through=True)

    def isatty(self) -> bool:
        return True

    @property
    def text(self) -> str:
        return self.written.getvalue().decode()


class Shell:
    """Lasts for one `with self.opened()`: the folder that `cd` leads to and the width are the process's own."""

    def __init__(self, out: TextIO, *, color: bool) -> None:
        self._out = out
        self._color = color

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Stand where the process stands and with no other lake in the environment; afterwards all is as before."""
        folder, environment = Path.cwd(), dict(os.environ)
        width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
        try:
            os.environ["COLUMNS"] = str(width)
            for name in OTHER_LAKES:
                os.environ.pop(name, None)
            yield
        finally:
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environment)

    def say(self, *comments: str) -> None:
        """Print comments, each a paragraph."""
        self._print("")
        for comment in comments:
            for line in textwrap.wrap(comment, WIDTH - 2):
                self._print(self._styled(f"# {line}", GREEN))

    def run(self, command: str, *, may_fail: bool = False) -> None:
        """Show and run one command; what it fails with passes through, except for exit code 1 where it `may_fail`."""
        first, *others = command.splitlines()
        self._print(f"{self._styled('$', CYAN)} {self._styled(first, BOLD)}")
        for line in others:
            self._print(f"{self._styled('>', CYAN)} {self._styled(line, BOLD)}")
        self._out.flush()
        screen, side = Screen(), io.StringIO()
        words = shlex.split(command.replace("\\\n", ""))
        sender, words = (words[: words.index("|")], words[words.index("|") + 1 :]) if "|" in words else ([], words)
        with redirect_stdout(screen), redirect_stderr(side), _piped(sender):
            code = PROGRAMS[words[0]](self, words[1:])
        if code and not (may_fail and code == 1):
            raise click.exceptions.Exit(code)
        self._out.write(screen.text)
        for line in side.getvalue().splitlines():
            for part in textwrap.wrap(line, WIDTH):
                self._print(self._styled(part, DIM))
        self._out.flush()

    def tap_lake(self, arguments: Sequence[str]) -> int:
        from lake.commands.console.options import Settings
        from lake.commands.root import root

        color = [] if self._color else ["--no-color"]
        try:
            with root.make_context("tap-lake", [*color, *arguments], obj=Settings()) as context:
                root.invoke(context)
        except click.exceptions.Exit as ended:
            return ended.exit_code
        return 0

    def cd(self, arguments: Sequence[str]) -> int:
        (folder,) = arguments
        os.chdir(folder)
        return 0

    def show(self, *commands: str) -> None:
        """Print commands for the reader to run."""
        for command in commands:
            self._print(f"  {self._styled(command, BOLD)}")

    def _print(self, line: str) -> None:
        self._out.write(f"{line}\n")

    def _styled(self, text: str, style: str) -> str:
        return f"{style}{text}{PLAIN}" if self._color else text


PROGRAMS = {"tap-lake": Shell.tap_lake, "cd": Shell.cd}


@contextmanager
def _piped(sender: Sequence[str]) -> Iterator[None]:
    """Have standard input be what `python -m …` prints, where there is such a sender."""
    if not sender:
        yield
        return
    python, *arguments = sender
    assert python == "python"
    command = [sys.executable, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=_reaching_us()) as process:  # noqa: S603 - our own text
        assert process.stdout is not None
        before = sys.stdin
        sys.stdin = io.TextIOWrapper(process.stdout)
        try:
            yield
        finally:
            sys.stdin.close()
            sys.stdin = before
    if process.returncode:
        raise click.exceptions.Exit(process.returncode)


def _reaching_us() -> dict[str, str]:
    """The environment, with the package to be found where it was found by this process, as from a clone."""
    package = str(Path(lake.__file__).parent.parent)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))}


def path_line() -> str | None:
    """Return the command after which `tap-lake` is this installation's, or None where it is already."""
    here = Path(sys.executable).parent
    found = shutil.which("tap-lake")
    if found is not None and Path(found).parent.resolve() == here.resolve():
        return None
    below = f"$PWD/{here.relative_to(Path.cwd())}" if here.is_relative_to(Path.cwd()) else str(here)
    return f'export PATH="{below}:$PATH"'
