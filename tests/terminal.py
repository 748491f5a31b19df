"""Runs a command on a terminal of its own, which is where people see tables, colours and progress."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

COLUMNS, LINES = 100, 50


def run_on_terminal(
    argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, seconds: float, columns: int = COLUMNS
) -> tuple[int, str]:
    """Return exit code (negative: the signal) and all that appeared, standard output and error in their order.

    Nobody types: a command that reads from the terminal waits until `seconds` have passed, and is killed with its children.
    """
    terminal, side = pty.openpty()
    settings = termios.tcgetattr(side)
    settings[1] &= ~termios.OPOST  # line ends stay as the command writes them
    settings[3] &= ~termios.ECHO
    termios.tcsetattr(side, termios.TCSANOW, settings)
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, columns, 0, 0))
    process = subprocess.Popen(
        argv, env=env, cwd=cwd, stdin=side, stdout=side, stderr=side, start_new_session=True, close_fds=True
    )
    os.close(side)
    try:
        output = read_until_end(terminal, process, time.monotonic() + seconds)
    finally:
        os.close(terminal)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return process.returncode, output.decode(errors="replace")


def read_until_end(terminal: int, process: subprocess.Popen[bytes], deadline: float) -> bytes:
    """Read until the command has ended and nothing more comes; a child left in the background does not hold us up."""
    chunks = []
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        readable, _, _ = select.select([terminal], [], [], 0 if ended else 0.05)
        if readable:
            try:
                chunk = os.read(terminal, 65536)
            except OSError:  # EIO: the last one closed the other side
                chunk = b""
            chunks.append(chunk)
            if not chunk:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
                break
        elif ended:
            break
    return b"".join(chunks)
