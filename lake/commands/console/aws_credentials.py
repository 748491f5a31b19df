"""Whose credentials are used, where they come from and how long they hold. Of them only the end of the key's id is shown."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from lake.commands.console.aws_account import Account
from lake.commands.console.aws_probe import within
from lake.commands.console.checks import OK, WARN, Check
from lake.config import PROFILE_VARIABLES

CREDENTIAL_SECONDS = 20.0
"""Some are asked for by a program, over the network, or of someone who types a code."""
SOON = timedelta(minutes=15)
SHOWN = 4
ENVIRONMENT = "env"
SOURCES = {
    ENVIRONMENT: "the environment",
    "shared-credentials-file": "~/.aws/credentials",
    "config-file": "~/.aws/config",
    "custom-process": "credential_process",
    "assume-role": "an assumed role",
    "assume-role-with-web-identity": "a web identity",
    "sso": "SSO",
    "login": "aws login",
    "container-role": "the container's role",
    "iam-role": "the instance's role",
}
OF_NO_PROFILE = frozenset({ENVIRONMENT, "container-role", "iam-role"})


def told_credentials(account: Account) -> Check:
    """Raise CredentialsFailed where there are none, or they cannot be had."""
    from botocore.exceptions import NoCredentialsError

    from lake.aws.credentials import sought
    from lake.aws.faults import translated

    with translated("AWS", profile=account.options.profile), sought():
        credentials = within(
            CREDENTIAL_SECONDS, account.connection.session.get_credentials, "the source of credentials"
        )
        if credentials is None:
            raise NoCredentialsError
        frozen = within(CREDENTIAL_SECONDS, credentials.get_frozen_credentials, "the source of credentials")
    method = str(credentials.method)
    left, lasting = _lasting(credentials, frozen, account.clock.now())
    detail = f"from {_source(account, method)}, key {masked(frozen.access_key)}, {lasting}"
    hidden = os.environ.get("AWS_PROFILE")
    if method == ENVIRONMENT and hidden:
        remedy = f"unset AWS_ACCESS_KEY_ID, or give --profile {hidden}"
        return Check("credentials", WARN, f"{detail}; they win over AWS_PROFILE={hidden}", remedy)
    if method == ENVIRONMENT and left is not None and left < SOON:
        return Check("credentials", WARN, detail, "renew them before a long query")
    return Check("credentials", OK, detail)


def masked(key_id: str) -> str:
    return f"****{key_id[-SHOWN:]}" if len(key_id) > 2 * SHOWN else "****"


def _source(account: Account, method: str) -> str:
    source = SOURCES.get(method, method)
    named = (os.environ.get(name) for name in PROFILE_VARIABLES)
    profile = account.options.profile or next(filter(None, named), None)
    return f"{source} of profile {profile}" if profile and method not in OF_NO_PROFILE else source


def _lasting(credentials: Any, frozen: Any, now: datetime) -> tuple[timedelta | None, str]:
    """Say how long they hold, where that is known."""
    # botocore tells it nowhere else.
    until: datetime | None = getattr(credentials, "_expiry_time", None)
    if until is None:
        return None, "temporary, until when is not known" if frozen.token else "without an end"
    left = until - now
    return left, f"until {until.astimezone(UTC):%Y-%m-%d %H:%M} UTC ({_span(left)} from now)"


def _span(left: timedelta) -> str:
    minutes = max(round(left.total_seconds() / 60), 0)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
