"""Runs the examples of a Markdown page as a reader would: one after the other, on a terminal, in an empty folder.

A ```console block is lines `$ command`, each followed by what it prints (standard output and error, as on a terminal, which is what the
command gets: 100 columns, no colour). A command that goes on ends its line in `\\` or continues on lines that start with `> `.

- `...` stands for any lines when it is alone on its line, and for any text within a line.
- `$ command  # exit 2` expects that exit code; without it, 0.
- The folder (`cd`) and variables last until the end of the page.

A ```python block runs in one interpreter a page, in the shell's folder and environment, so later blocks see earlier names; with `>>>` in it, its output is compared as doctest does.
`<!-- not run: reason -->` right before a block keeps it from running.
"""

import difflib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.terminal import COLUMNS, run_on_terminal

BLOCK = re.compile(
    r"(?P<skip><!-- not run: (?P<reason>[^\n]+?) -->\n\s*)?"
    r"^(?P<indent> *)(?P<fence>`{3,})(?P<language>console|python)\n(?P<body>.*?)^ *(?P=fence) *$",
    re.DOTALL | re.MULTILINE,
)
EXIT_CODE = re.compile(r"#\s*exit (\d+)\s*$")
COMMAND_SECONDS = 120


@dataclass(frozen=True)
class Block:
    language: str
    text: str
    line: int
    not_run: str = ""


@dataclass(frozen=True)
class Command:
    text: str
    expected: str
    line: int
    exit_code: int = 0


class Mismatch(AssertionError):
    """A documented example does not do what the page says; the message begins with page and line."""


ERASED = re.compile(r"^.*\r\x1b\[2?K", re.MULTILINE)
"""Progress, which a terminal shows for a while."""


def read_blocks(markdown: str) -> list[Block]:
    blocks = []
    for found in BLOCK.finditer(markdown):
        indent = found["indent"]
        body = "".join(line.removeprefix(indent) for line in found["body"].splitlines(keepends=True))
        first_line = markdown.count("\n", 0, found.start("body")) + 1
        blocks.append(Block(found["language"], body, first_line, found["reason"] or ""))
    return blocks


def read_commands(block: Block) -> Iterator[Command]:
    """The commands of a console block with the output that follows each."""
    commands: list[tuple[int, list[str], list[str]]] = []
    for number, line in enumerate(block.text.splitlines(), block.line):
        if line.startswith("$ "):
            commands.append((number, [line[2:]], []))
        elif not commands:
            raise Mismatch(f"line {number}: a console block begins with a line `$ command`, not {line!r}")
        elif not commands[-1][2] and (line.startswith("> ") or commands[-1][1][-1].endswith("\\")):
            commands[-1][1].append(line.removeprefix("> "))
        else:
            commands[-1][2].append(line)
    for number, lines, output in commands:
        text = "\n".join(lines)
        code = EXIT_CODE.search(text)
        yield Command(text, "\n".join(output), number, int(code[1]) if code else 0)


def matches(expected: str, actual: str) -> bool:
    """Compare line by line; blanks at line ends do not count, nor do empty lines at the end."""
    parts = []
    for line in expected.rstrip().splitlines():
        if line.strip() == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append("".join(".*?" if part == "..." else re.escape(part) for part in split_dots(line)) + r"\n")
    given = "".join(line.rstrip() + "\n" for line in actual.rstrip().splitlines())
    return re.fullmatch("".join(parts), given) is not None


def split_dots(line: str) -> list[str]:
    return re.split(r"(\.\.\.)", line.rstrip())


def run_page(page: Path, folder: Path) -> int:
    """Run all blocks of a page in `folder`; return how many ran. Raises Mismatch at the first that differs."""
    ran = 0
    with Session(folder) as session:
        for block in read_blocks(page.read_text(encoding="utf-8")):
            if block.not_run:
                continue
            try:
                session.run(block)
            except Mismatch as mismatch:
                raise Mismatch(f"{page.name}, {mismatch}") from None
            ran += 1
    return ran


class Session:
    """One page's shell and interpreter."""

    def __init__(self, folder: Path) -> None:
        self.state = tempfile.TemporaryDirectory()
        self.saved = Path(self.state.name, "state.sh")
        self.saved.write_text(f"cd '{folder}'\n")
        self.folder = folder
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        size = {"COLUMNS": str(COLUMNS), "TERM": "dumb", "NO_COLOR": "1"}
        self.env = {**os.environ, "PATH": path, **size}
        self.interpreter: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *exc: object) -> None:
        if self.interpreter is not None:
            self.interpreter.communicate()
        self.state.cleanup()

    def run(self, block: Block) -> None:
        if block.language == "python":
            self.run_python(block)
            return
        for command in read_commands(block):
            self.run_command(command)

    def run_command(self, command: Command) -> None:
        # The state is written however the command ends, so that `cd` and variables last.
        script = (
            f". '{self.saved}'\nset -a\ntrap 'code=$?; {{ export -p; echo cd \"\\\"$PWD\\\"\"; }} >'\\''{self.saved}'\\''; exit $code' EXIT\n"
            f"{command.text}\n"
        )
        code, output = run_on_terminal(["bash", "-c", script], env=self.env, cwd=self.folder, seconds=COMMAND_SECONDS)
        output = ERASED.sub("", output)
        if code != command.exit_code:
            raise Mismatch(
                f"line {command.line}: `{command.text}` ended with {code}, not {command.exit_code}:\n{output}"
            )
        if not matches(command.expected, output):
            raise Mismatch(
                f"line {command.line}: `{command.text}` printed otherwise:\n{show(command.expected, output)}"
            )

    def run_python(self, block: Block) -> None:
        if self.interpreter is None:
            self.interpreter = subprocess.Popen(
                [sys.executable, "-u", str(Path(__file__).with_name("docs_interpreter.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=self.folder,
                env=self.env,
            )
        stdin, stdout = self.interpreter.stdin, self.interpreter.stdout
        assert stdin is not None
        assert stdout is not None
        folder, environment = self.shell_state()
        request = {"code": block.text, "line": block.line, "cd": folder, "environment": environment}
        stdin.write(json.dumps(request) + "\n")
        stdin.flush()
        answer = stdout.readline()
        trouble = json.loads(answer) if answer else "the interpreter ended"
        if trouble:
            raise Mismatch(f"line {block.line}: the Python block failed:\n{trouble}")

    def shell_state(self) -> tuple[str, dict[str, str]]:
        script = f". '{self.saved}'; printf '%s\\0' \"$PWD\"; env -0"
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, env=self.env)
        folder, *variables = done.stdout.rstrip("\0").split("\0")
        return folder, dict(variable.split("=", 1) for variable in variables)


def show(expected: str, actual: str) -> str:
    lines = difflib.unified_diff(
        expected.rstrip().splitlines(),
        [line.rstrip() for line in actual.rstrip().splitlines()],
        "page",
        "run",
        lineterm="",
    )
    return "\n".join(lines)
