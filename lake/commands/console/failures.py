"""A failure as one line, a hint where there is a remedy, and an exit code."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress

import click

from lake.commands.console import interrupts
from lake.commands.console.options import Settings
from lake.commands.console.terminal import may_color, say
from lake.errors import LakeError
from lake.storage.faults import NO_SPACE

BOLD_RED, DIM, PLAIN = "\x1b[1;31m", "\x1b[2m", "\x1b[0m"


def report(error: BaseException, settings: Settings) -> int:
    """Say what went wrong and return the exit code that is documented for it."""
    if interrupts.was_interrupted() or isinstance(error, KeyboardInterrupt | interrupts.Interrupted):
        return interrupts.report()
    match error:
        case click.exceptions.Exit():
            return _flushed(error.exit_code, settings)
        case SystemExit():
            return error.code if isinstance(error.code, int) else 1
        case BrokenPipeError():
            silence_stdout_if_broken()
            return 0
        case click.exceptions.NoArgsIsHelpError():
            say(error.format_message())
            return error.exit_code
        case click.UsageError():
            show(*_usage(error), settings)
            return error.exit_code
        case click.ClickException():
            show(error.format_message(), None, settings)
            return error.exit_code
        case LakeError():
            show_failure(error, settings)
            silence_stdout_if_broken()
            return error.exit_code
        case OSError() if error.errno in NO_SPACE:
            silence_stdout_if_broken()
            show(
                f"{error.filename or 'standard output'} could not be written: {error.strerror}",
                "free some space",
                settings,
            )
            return 1
    _show_trace(error, settings)
    name = type(error).__name__
    hint = None if settings.verbose else "please report it; --verbose shows the trace"
    show(f"unexpected {name}: {error}" if str(error) else f"unexpected {name}", hint, settings)
    return 1


def show_failure(error: LakeError, settings: Settings, *, place: str = "") -> None:
    """Say what a LakeError says; `place` tells which of several statements it is about."""
    _show_trace(error, settings)
    show(place + error.message, error.hint, settings)


def show(message: str, hint: str | None, settings: Settings) -> None:
    color = may_color(sys.stderr, settings)
    say(f"{BOLD_RED}tap-lake:{PLAIN} {one_line(message)}" if color else f"tap-lake: {one_line(message)}")
    if hint:
        say(f"{DIM}  hint: {one_line(hint)}{PLAIN}" if color else f"  hint: {one_line(hint)}")


def one_line(text: str) -> str:
    """Write a message on one line that no value in it can break or colour."""
    joined = "; ".join(line.strip() for line in text.splitlines() if line.strip())
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", lambda match: repr(match[0])[1:-1], joined)


def silence_stdout_if_broken() -> None:
    """Have what cannot be written go nowhere, so that the end of the process does not complain once more."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)


def _flushed(code: int, settings: Settings) -> int:
    """Help and version are written by Click, and may meet a closed pipe or a full disk as well."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return report(error, settings)
    return code


def _usage(error: click.UsageError) -> tuple[str, str]:
    message = getattr(error, "message", "") if getattr(error, "possibilities", None) else error.format_message()
    message = message.rstrip(".")
    message = message[:1].lower() + message[1:]
    close = getattr(error, "possibilities", None)
    if close:
        return message, f"did you mean {' or '.join(close)}?"
    hint = getattr(error, "hint", None)
    command = error.ctx.command_path if error.ctx is not None else "tap-lake"
    return message, hint or f"{command} --help shows what it takes"


def _show_trace(error: BaseException, settings: Settings) -> None:
    if settings.verbose:
        import traceback

        say("".join(traceback.format_exception(error)).rstrip())
