"""Reads what the demo printed: its commands with what each printed, and the rows of the boxes."""

import re
from dataclasses import dataclass

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Step:
    command: str
    output: str


def read_steps(text: str) -> list[Step]:
    """The commands up to the end, or up to what to try next."""
    steps: list[tuple[list[str], list[str]]] = []
    for line in ANSI.sub("", text).split("What to try next:")[0].splitlines():
        if line.startswith("$ "):
            steps.append(([line[2:]], []))
        elif line.startswith("> ") and steps and not steps[-1][1]:
            steps[-1][0].append(line[2:])
        elif line and not line.startswith("# ") and steps:
            steps[-1][1].append(line)
    return [Step("\n".join(command), "\n".join(output)) for command, output in steps]


def output_of(text: str, command_part: str) -> str:
    (found,) = (step.output for step in read_steps(text) if command_part in step.command)
    return found


def rows_of(box: str) -> list[list[str]]:
    """The rows of a box as texts, its header left out."""
    lines = [line for line in box.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines][1:]


def next_commands(text: str) -> list[str]:
    after = ANSI.sub("", text).split("What to try next:")[1]
    return [line.strip() for line in after.splitlines() if line.strip()]
