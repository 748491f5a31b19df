"""What the checks of a lake on AWS share: the account, and what they learn of it on their way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lake.aws.connection import AwsConnection, AwsOptions
from lake.clock import Clock
from lake.commands.console.aws_probe import Probe
from lake.commands.console.checks import FAIL, OK, WARN, Check
from lake.config import AwsChoice
from lake.errors import AccessDenied, ConnectionFailed, LakeError


@dataclass
class Account:
    """`tables` are some of the database's, as Glue tells them, None where it does not; `file` is the location of a table's first one."""

    choice: AwsChoice
    connection: AwsConnection
    probe: Probe
    clock: Clock
    tables: list[dict[str, Any]] | None = None
    file: str | None = None

    @classmethod
    def of(cls, choice: AwsChoice, clock: Clock) -> Account:
        connection = AwsConnection(choice.options)
        return cls(choice, connection, Probe(connection, clock), clock)

    @property
    def options(self) -> AwsOptions:
        return self.choice.options


def attempt(action: str, ask: Callable[[], str], *, lacking: str = FAIL, needed_for: str = "") -> Check:
    """Try what an IAM action allows. `ask` returns what was found; `lacking` is the status where it is refused.

    Raises ConnectionFailed: what comes after would fail as well.
    """
    try:
        return Check(action, OK, ask())
    except ConnectionFailed:
        raise
    except LakeError as error:
        return refused(action, error, lacking, needed_for)


def refused(action: str, error: LakeError, status: str = FAIL, needed_for: str = "") -> Check:
    remedy = error.hint
    if isinstance(error, AccessDenied) and (remedy is None or "allow it" in remedy):
        remedy = f"allow {action} in IAM"
    if remedy and needed_for:
        remedy += f"; only {needed_for} needs it"
    return Check(action, status, error.message, remedy)


def not_tried(action: str, reason: str) -> Check:
    return Check(action, OK, f"not tried: {reason}")


def held_up(action: str, reason: str = "mend the above first") -> Check:
    return Check(action, WARN, "not tried", reason)
